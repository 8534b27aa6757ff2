"""An answer that did not get there stands in what is to do, though its case has ended."""

import pytest

from bot.delivery import deliver_outbox
from handlers import case_handling, duplicates, team
from handlers.domain.case import Case
from handlers.errors import PermanentDeliveryError
from handlers.records import Purpose, QueuedMessage
from tests.bot.post import Post
from tests.bot.test_mail_guiding import bounce
from tests.bot.test_own_reports import closed
from tests.bot.test_words_after_the_end import (
    COMPLAINT,
    answer,
    complaint,
    dismiss,
    investigate,
    waits_for,
)
from tests.handlers.test_investigation import do
from tests.lotskoping import JONAS, MARIA, Lotskoping

SLACK = "slack:T:U"


class Gone:
    """A chat whose person is there no more."""

    def send(self, queued: QueuedMessage) -> None:
        if queued.message.purpose == Purpose.FEEDBACK:
            raise PermanentDeliveryError("gone")


@pytest.fixture
def post(lotskoping: Lotskoping) -> Post:
    return Post(lotskoping)


def last_to_anna(post: Post) -> str:
    post.goes_on()
    return str(post.sent_to("anna@mail.example")[-1]["Message-ID"])


def test_an_answer_that_bounces_in_a_closed_case_stands_with_whoever_answered(post: Post):
    lotskoping, case = post.lotskoping, complaint(post)
    do(lotskoping, case, investigate, JONAS)
    do(lotskoping, case, answer, JONAS)
    do(lotskoping, case, case_handling.close_case, JONAS)
    assert waits_for(lotskoping, JONAS, case) == []
    bounce(post, last_to_anna(post))
    assert waits_for(lotskoping, JONAS, case) == ["todo.task"]
    with lotskoping.unit_of_work() as uow:
        [task] = uow.work.tasks.where(case_id=case.id)
    assert case.number in task.text
    do(lotskoping, case, lambda desk: team.finish_task(desk, task_id=task.id), JONAS)
    assert waits_for(lotskoping, JONAS, case) == []


def test_one_that_bounces_twice_is_asked_for_once(post: Post):
    lotskoping, case = post.lotskoping, complaint(post)
    dismiss(lotskoping, case, JONAS, MARIA)
    message_id = last_to_anna(post)
    bounce(post, message_id)
    bounce(post, message_id)
    assert waits_for(lotskoping, JONAS, case) == ["todo.task"]
    with lotskoping.unit_of_work() as uow:
        [task] = uow.work.tasks.where(case_id=case.id)
    do(lotskoping, case, lambda desk: team.finish_task(desk, task_id=task.id), JONAS)
    assert waits_for(lotskoping, JONAS, case) == []


def test_the_receipt_that_bounces_before_any_answer_is_no_lost_answer(post: Post):
    case = complaint(post)
    bounce(post, last_to_anna(post))
    assert waits_for(post.lotskoping, JONAS, case) == ["duty.acknowledge"]


def test_a_merged_complaint_whose_answer_bounces_stands_in_the_case_that_it_is_in(post: Post):
    lotskoping, part = post.lotskoping, complaint(post)
    post.comes(COMPLAINT, From="Bo <bo@mail.example>")
    [main] = [one for one in post.cases() if one.id != part.id]
    do(lotskoping, part, lambda desk: duplicates.merge(desk, into_id=main.id), JONAS)
    do(lotskoping, main, investigate, JONAS)
    for case in (main, part):
        do(lotskoping, case, answer, JONAS)
    do(lotskoping, main, case_handling.close_case, JONAS)
    bounce(post, last_to_anna(post))
    assert waits_for(lotskoping, JONAS, main) == ["todo.task"]
    with lotskoping.unit_of_work() as uow:
        [task] = uow.work.tasks.where(case_id=main.id)
    assert part.number in task.text


def test_an_answer_that_a_chat_does_not_take_stands_there_too(lotskoping: Lotskoping):
    case: Case = lotskoping.report(conversation=SLACK)
    closed(lotskoping, case)
    deliver_outbox(lotskoping.services, {"slack": Gone()})
    assert waits_for(lotskoping, MARIA, case) == ["todo.task"]
