"""Whoever reported writes to a case that has ended: somebody takes it up, and they are answered."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.schedule import sweep
from handlers import case_handling, complaints, dismissing, duplicates, shielding, team, todo
from handlers.case_records import AnswerWay
from handlers.desk import Desk
from handlers.domain.case import Case, CaseStatus, CauseArea
from handlers.domain.risk import Likelihood, Severity
from handlers.errors import GateNotMet
from handlers.records import Purpose
from handlers.reopening import open_again
from tests.bot.post import Post, body_of
from tests.bot.test_later_words import add
from tests.bot.test_own_reports import closed
from tests.handlers.test_investigation import do
from tests.lotskoping import CONVERSATION, JONAS, MARIA, MONIKA, Lotskoping

COMPLAINT = "Jag vill klaga. Maten på Solrosens demensboende är alltid kall."
DOORS = (CONVERSATION, "slack:T:U", "teams:t:1")


@pytest.fixture
def post(lotskoping: Lotskoping) -> Post:
    return Post(lotskoping)


def complaint(post: Post) -> Case:
    post.comes(COMPLAINT)
    [case] = post.cases()
    return case


def replies(post: Post, text: str) -> Case:
    [receipt, *_] = post.sent_to("anna@mail.example")
    post.comes(text, In_Reply_To=str(receipt["Message-ID"]))
    return post.cases()[0]


def assess(desk: Desk) -> Case:
    return case_handling.assess_risk(desk, severity=Severity.MINOR, likelihood=Likelihood.RARE)


def answer(desk: Desk) -> Case:
    written = complaints.Answer(
        explanation="Vagnen var trasig.",
        measures="Vi har en ny vagn.",
        about_person=False,
        way=AnswerWay.MAIL,
    )
    return complaints.answer(desk, written)


def investigate(desk: Desk) -> Case:
    case_handling.acknowledge(desk)
    assess(desk)
    case_handling.add_cause(desk, area=CauseArea.ROUTINES, text="Ingen rutin för vagnen.")
    return case_handling.need_no_action(desk, reason="Rutin finns nu.")


def dismiss(lotskoping: Lotskoping, case: Case, by: str, other: str) -> None:
    def ask(desk: Desk) -> Case:
        case_handling.acknowledge(desk)
        case_handling.write_feedback(desk, text="Det hör till köket.")
        return dismissing.propose_dismissal(desk, code="withdrawn", reason="Hör till köket")

    do(lotskoping, case, ask, by)
    do(lotskoping, case, dismissing.confirm_dismissal, other)


def missing(lotskoping: Lotskoping, case: Case, by: str) -> tuple[str, ...]:
    with pytest.raises(GateNotMet) as refusal:
        do(lotskoping, case, case_handling.close_case, by)
    return refusal.value.missing


def waits_for(lotskoping: Lotskoping, person: str, case: Case) -> list[str]:
    with lotskoping.unit_of_work() as uow:
        municipality, now = lotskoping.services.municipality, lotskoping.clock()
        found = todo.todos_of(uow, municipality, person, now)
    return [one.step for one in found if one.number == case.number]


def test_a_letter_opens_a_closed_complaint_to_be_assessed_and_answered_anew(post: Post):
    lotskoping, case = post.lotskoping, complaint(post)
    do(lotskoping, case, investigate, JONAS)
    do(lotskoping, case, answer, JONAS)
    do(lotskoping, case, case_handling.close_case, JONAS)
    lotskoping.clock.advance(days=40)
    opened = replies(post, "Det hände igen. Jag är inte nöjd med svaret.")
    assert opened.status == CaseStatus.INVESTIGATING
    assert opened.reopened_at is not None
    assert not opened.answered
    assert missing(lotskoping, case, JONAS) == ("gate.risk_again", "gate.answer")
    letters = [body_of(mail) for mail in post.sent_to("anna@mail.example")]
    assert any("öppnat igen" in letter for letter in letters)
    lotskoping.clock.advance(hours=1)
    do(lotskoping, case, assess, JONAS)
    before = len(post.sent_to("anna@mail.example"))
    do(lotskoping, case, answer, JONAS)
    do(lotskoping, case, case_handling.close_case, JONAS)
    post.goes_on()
    assert len(post.sent_to("anna@mail.example")) > before


def test_the_reminders_begin_again_with_the_unit_itself(post: Post):
    lotskoping, case = post.lotskoping, complaint(post)
    do(lotskoping, case, investigate, JONAS)
    do(lotskoping, case, answer, JONAS)
    do(lotskoping, case, case_handling.close_case, JONAS)
    lotskoping.clock.advance(days=2)
    replies(post, "Det hände igen. Jag är inte nöjd med svaret.")
    told = set()
    while lotskoping.clock().date() <= case.target_on:
        lotskoping.clock.advance(days=1)
        sweep(lotskoping.services)
        told |= {
            queued.message.person_id
            for queued in lotskoping.outbox()
            if queued.message.purpose == Purpose.DIGEST and case.number in queued.message.text
        }
    assert JONAS in told


@pytest.mark.parametrize("conversation", DOORS)
def test_what_is_added_to_a_case_closed_the_short_way_opens_it_without_that_reason(
    lotskoping: Lotskoping, conversation: str
):
    case = lotskoping.report(conversation=conversation)
    closed(lotskoping, case)
    add(lotskoping, case, "Skylten ramlade på en boende som fick en bula.", conversation)
    opened = lotskoping.case(case.id)
    assert opened.status == CaseStatus.INVESTIGATING
    assert not opened.closed_without_investigation_reason
    assert not opened.feedback
    assert waits_for(lotskoping, MARIA, case)
    told = [q.message for q in lotskoping.outbox() if q.message.recipient == conversation]
    assert any("öppnat igen" in message.text for message in told)


def test_a_letter_opens_a_dismissed_case(post: Post):
    lotskoping, case = post.lotskoping, complaint(post)
    dismiss(lotskoping, case, JONAS, MARIA)
    opened = replies(post, "Ni har missförstått. Mamma låg i tre timmar.")
    assert opened.status == CaseStatus.ACKNOWLEDGED
    assert opened.dismissal is None
    assert waits_for(lotskoping, JONAS, case)


def test_a_letter_long_after_a_dismissal_makes_a_case_of_its_own(post: Post):
    case = complaint(post)
    dismiss(post.lotskoping, case, JONAS, MARIA)
    post.lotskoping.clock.advance(days=91)
    replies(post, "Nu är maten kall igen.")
    [new] = [one for one in post.cases() if one.id != case.id]
    assert post.lotskoping.case(case.id).status == CaseStatus.DISMISSED
    assert "continues" in post.history(new)


@pytest.mark.parametrize("conversation", DOORS)
def test_what_is_added_long_after_the_end_makes_a_case_of_its_own(
    lotskoping: Lotskoping, conversation: str
):
    case = lotskoping.report(conversation=conversation)
    closed(lotskoping, case)
    lotskoping.clock.advance(days=91)
    receipt = add(lotskoping, case, "Hon ramlade på samma ställe i morse igen.", conversation)
    with lotskoping.unit_of_work() as uow:
        [new] = uow.cases.listed(None, open_only=True)
        told = [event.kind for event in uow.cases.events(new.id)]
        later = [event.values for event in uow.cases.events(case.id) if event.kind != "read"]
    assert lotskoping.case(case.id).status == CaseStatus.CLOSED
    assert (new.unit_id, new.kind, new.status) == (case.unit_id, case.kind, CaseStatus.RECEIVED)
    assert "continues" in told
    assert {"number": new.number} in later
    assert waits_for(lotskoping, MARIA, new) == ["duty.acknowledge"]
    assert new.number in receipt.text


@pytest.mark.parametrize("conversation", DOORS)
def test_what_is_added_on_the_last_day_opens_the_case_that_it_was(
    lotskoping: Lotskoping, conversation: str
):
    case = lotskoping.report(conversation=conversation)
    closed(lotskoping, case)
    lotskoping.clock.advance(days=90)
    add(lotskoping, case, "Hon ramlade på samma ställe i morse igen.", conversation)
    assert lotskoping.case(case.id).status == CaseStatus.INVESTIGATING


def test_what_goes_on_from_a_hidden_case_is_hidden_from_the_same_people(lotskoping: Lotskoping):
    case = lotskoping.report()
    hidden = do(lotskoping, case, lambda desk: shielding.shield(desk, named=(MARIA,)), MONIKA)
    ended = replace(hidden, status=CaseStatus.CLOSED, closed_at=lotskoping.clock())
    with lotskoping.unit_of_work() as uow:
        uow.cases.save(ended)
        uow.commit()
    lotskoping.clock.advance(days=91)
    add(lotskoping, case, "Hon ramlade på samma ställe i morse igen.", CONVERSATION)
    with lotskoping.unit_of_work() as uow:
        [new] = uow.cases.listed(None, open_only=True)
    assert new.manager_involved
    assert MARIA in new.manager_involved_ids
    assert waits_for(lotskoping, MARIA, new) == []


def test_what_is_added_to_a_case_that_was_handed_on_opens_it(lotskoping: Lotskoping):
    case = lotskoping.report()

    def ask(desk: Desk) -> Case:
        return dismissing.propose_handing_on(desk, reference="K1", reason="Arbetsmiljö")

    do(lotskoping, case, ask)
    do(lotskoping, case, dismissing.confirm_dismissal, JONAS)
    assert lotskoping.case(case.id).status == CaseStatus.HANDED_ON
    add(lotskoping, case, "Den boende fick också en bula i huvudet.", CONVERSATION)
    assert lotskoping.case(case.id).status == CaseStatus.ACKNOWLEDGED
    assert waits_for(lotskoping, MARIA, case)


def test_what_is_added_to_a_merged_report_opens_the_case_that_it_was_merged_into(
    lotskoping: Lotskoping,
):
    main = lotskoping.report()
    part = lotskoping.report(conversation="webchat:other")
    do(lotskoping, part, lambda desk: duplicates.merge(desk, into_id=main.id))
    closed(lotskoping, main)
    add(lotskoping, part, "Rullstolen var trasig också.", "webchat:other")
    assert lotskoping.case(main.id).status == CaseStatus.INVESTIGATING
    assert lotskoping.case(part.id).status == CaseStatus.MERGED
    told = {q.message.recipient for q in lotskoping.outbox() if "öppnat igen" in q.message.text}
    assert {CONVERSATION, "webchat:other"} <= told


def test_both_who_complained_are_answered_anew_when_a_merged_complaint_opens(post: Post):
    lotskoping, main = post.lotskoping, complaint(post)
    post.comes(COMPLAINT, From="Bo <bo@mail.example>")
    part = post.cases()[1]
    do(lotskoping, part, lambda desk: duplicates.merge(desk, into_id=main.id), JONAS)
    do(lotskoping, main, investigate, JONAS)
    for case in (main, part):
        do(lotskoping, case, answer, JONAS)
    do(lotskoping, main, case_handling.close_case, JONAS)
    lotskoping.clock.advance(days=1)
    [receipt, *_] = post.sent_to("bo@mail.example")
    post.comes(
        "Det hände igen. Jag är inte nöjd.",
        From="Bo <bo@mail.example>",
        In_Reply_To=str(receipt["Message-ID"]),
    )
    lotskoping.clock.advance(hours=1)
    do(lotskoping, main, assess, JONAS)
    do(lotskoping, main, answer, JONAS)
    assert missing(lotskoping, main, JONAS) == ("gate.part_answer",)


def test_the_same_words_are_sent_again_when_the_case_closes_again(lotskoping: Lotskoping):
    case = lotskoping.report()
    closed(lotskoping, case)
    add(lotskoping, case, "Rullstolen var trasig också.", CONVERSATION)
    lotskoping.clock.advance(hours=1)
    closed(lotskoping, case)
    sent = [q.message for q in lotskoping.outbox() if q.message.purpose == Purpose.FEEDBACK]
    assert len([message for message in sent if message.recipient == CONVERSATION]) == 2


def test_thanks_open_nothing_and_wait_to_be_read_by_whoever_answers_for_the_case(
    lotskoping: Lotskoping,
):
    case = lotskoping.report()
    closed(lotskoping, case)
    add(lotskoping, case, "Tusen tack för hjälpen, ni är fantastiska.", CONVERSATION)
    assert lotskoping.case(case.id).status == CaseStatus.CLOSED
    assert waits_for(lotskoping, MARIA, case) == ["todo.task"]
    with lotskoping.unit_of_work() as uow:
        [task] = uow.work.tasks.where(case_id=case.id)
    assert task.due_on - lotskoping.clock().date() <= timedelta(days=4)
    do(lotskoping, case, lambda desk: team.finish_task(desk, task_id=task.id))
    assert waits_for(lotskoping, MARIA, case) == []


def test_an_hour_without_minutes_opens_the_case_after_it_was_closed(lotskoping: Lotskoping):
    """Of an anonymous reporter only the hour is kept; what was assessed before does not count."""
    case = lotskoping.report()
    lotskoping.clock.advance(minutes=20)
    closed(lotskoping, case)
    ended, hour = lotskoping.case(case.id), lotskoping.clock().replace(minute=0)
    with lotskoping.unit_of_work() as uow:
        municipality = lotskoping.services.municipality
        opened = open_again(uow, ended, hour, municipality, by="reporter")
    assert opened.wants_new_assessment
