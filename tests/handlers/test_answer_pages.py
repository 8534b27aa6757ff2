"""The sender always gets the answer: the code opens once, and nobody's page closes unheard."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from bot.schedule import sweep
from handlers import answer_pages, case_handling, complaints
from handlers.case_records import AnswerWay, ComplaintAnswer
from handlers.domain.case import Case, CaseStatus, CauseArea
from handlers.domain.risk import Likelihood, Severity
from handlers.errors import NotAllowed, UserFault
from handlers.records import Purpose
from handlers.todo import todos_of
from tests.bot.web.test_casework import Browser
from tests.handlers.test_complaints import CODE, OTHER, complain, send_answer, to_sender
from tests.handlers.test_work_reminders import do
from tests.lotskoping import ERIK, MARIA, Lotskoping

BY_HAND, BY_MAIL = AnswerWay.CODE_BY_HAND, AnswerWay.CODE_BY_MAIL


def at_once(stored: Lotskoping, answer: ComplaintAnswer, codes: list[str]) -> list[bool]:
    """Try all codes in the same moment; return which opened the answer."""
    together = Barrier(len(codes))

    def attempt(code: str) -> bool:
        together.wait(timeout=60)
        with stored.unit_of_work() as uow:
            municipality = stored.services.municipality
            found = complaints.open_answer(uow, answer.id, code, stored.clock(), municipality)
            uow.commit()
        return found is not None

    with ThreadPoolExecutor(len(codes)) as pool:
        return list(pool.map(attempt, codes))


def try_code(lotskoping: Lotskoping, answer: ComplaintAnswer, code: str) -> bool:
    return at_once(lotskoping, answer, [code])[0]


def stands(lotskoping: Lotskoping, answer: ComplaintAnswer) -> ComplaintAnswer:
    with lotskoping.unit_of_work() as uow:
        found = uow.work.answers.find(answer.id)
    assert found is not None
    return found


def steps_of(lotskoping: Lotskoping, person_id: str) -> dict[str, str]:
    """Return the path of each step of a to-do list."""
    with lotskoping.unit_of_work() as uow:
        todos = todos_of(uow, lotskoping.services.municipality, person_id, lotskoping.clock())
    return {one.step: one.path for one in todos}


def closed(lotskoping: Lotskoping, case: Case) -> Case:
    def handle(desk: case_handling.Desk) -> Case:
        case_handling.assess_risk(desk, severity=Severity.MINOR, likelihood=Likelihood.RARE)
        case_handling.add_cause(desk, area=CauseArea.ROUTINES, text="Rutin saknas.")
        case_handling.need_no_action(desk, reason="Rutinen finns nu.")
        return case_handling.close_case(desk)

    ended = do(lotskoping, case, MARIA, handle)
    assert ended.status == CaseStatus.CLOSED
    return ended


def test_the_right_code_at_once_from_six_opens_once(stored: Lotskoping):
    answer = send_answer(stored, complain(stored), way=BY_HAND)
    assert at_once(stored, answer, [CODE] * 6).count(True) == 1


def test_every_wrong_code_counts_when_twelve_are_tried_at_once(stored: Lotskoping):
    answer = send_answer(stored, complain(stored), way=BY_HAND)
    codes = [f"0000{number:04}" for number in range(12)]
    assert not any(at_once(stored, answer, codes))
    assert stands(stored, answer).code_attempts == 5
    assert not try_code(stored, answer, CODE)


def test_codes_asked_for_at_once_are_counted(stored: Lotskoping):
    answer = send_answer(stored, complain(stored), way=BY_MAIL)
    together = Barrier(10)

    def ask(code: str) -> bool:
        together.wait(timeout=60)
        with stored.unit_of_work() as uow:
            municipality = stored.services.municipality
            sent = complaints.send_code(uow, answer.id, code, stored.clock(), municipality)
            uow.commit()
        return sent

    with ThreadPoolExecutor(10) as pool:
        sent = list(pool.map(ask, [f"1111{number:04}" for number in range(10)]))
    assert sent.count(True) == stored.services.municipality.clocks.answer_page.codes_a_day


def test_who_told_a_code_by_hand_hears_that_it_died_and_gives_a_new_one(lotskoping: Lotskoping):
    case = complain(lotskoping)
    answer = send_answer(lotskoping, case, way=BY_HAND)
    for _ in range(5):
        assert not try_code(lotskoping, answer, OTHER)
    assert steps_of(lotskoping, MARIA)["todo.dead_code"] == f"/arenden/{case.id}#svara"
    with lotskoping.unit_of_work() as uow:
        assert "answer_code_dead" in [one.kind for one in uow.cases.events(case.id)]
    lotskoping.clock.advance(days=1)
    sweep(lotskoping.services)
    digests = [q.message for q in lotskoping.outbox() if q.message.purpose == Purpose.DIGEST]
    assert [one.person_id for one in digests if "#svara" in one.text] == [MARIA]
    renew(lotskoping, case, answer, BY_HAND, OTHER)
    assert "todo.dead_code" not in steps_of(lotskoping, MARIA)
    assert not try_code(lotskoping, answer, CODE)
    assert try_code(lotskoping, answer, OTHER)


def renew(
    lotskoping: Lotskoping, case: Case, answer: ComplaintAnswer, way: AnswerWay, code: str = ""
) -> Case:
    return do(lotskoping, case, MARIA, answer_pages.renew, answer_id=answer.id, way=way, code=code)


@pytest.mark.parametrize("way", [BY_HAND, BY_MAIL])
def test_an_answer_that_nobody_opens_is_told_before_its_page_closes(
    lotskoping: Lotskoping, way: AnswerWay
):
    case = complain(lotskoping)
    answer = send_answer(lotskoping, case, way=way)
    closed(lotskoping, case)
    lotskoping.clock.advance(days=20)
    assert "todo.unopened_answer" not in steps_of(lotskoping, MARIA)
    lotskoping.clock.advance(days=4)
    assert "todo.unopened_answer" in steps_of(lotskoping, MARIA)
    lotskoping.clock.advance(days=30)
    assert {"todo.unopened_answer", "todo.dead_code"} & steps_of(lotskoping, MARIA).keys()
    assert stands(lotskoping, answer).opened_at is None


def test_an_answer_that_was_opened_waits_for_nobody(lotskoping: Lotskoping):
    answer = send_answer(lotskoping, complain(lotskoping), way=BY_HAND)
    assert try_code(lotskoping, answer, CODE)
    lotskoping.clock.advance(days=29)
    assert "todo.unopened_answer" not in steps_of(lotskoping, MARIA)


def test_only_the_last_answer_of_a_case_waits_to_be_opened(lotskoping: Lotskoping):
    case = complain(lotskoping)
    send_answer(lotskoping, case, way=BY_HAND)
    lotskoping.clock.advance(hours=1)
    with lotskoping.unit_of_work() as uow:
        given = complaints.Answer(
            explanation="Mer.", measures="Mer.", about_person=True, way=BY_HAND, code=OTHER
        )
        complaints.answer(lotskoping.desk(uow, case, MARIA), given)
        last = uow.work.answers.where(case_id=case.id)[-1]
        uow.commit()
    assert try_code(lotskoping, last, OTHER)
    lotskoping.clock.advance(days=40)
    assert not {"todo.unopened_answer", "todo.dead_code"} & steps_of(lotskoping, MARIA).keys()


def test_a_closed_case_gives_a_new_code_and_stays_closed(lotskoping: Lotskoping):
    case = complain(lotskoping)
    answer = send_answer(lotskoping, case, way=BY_HAND)
    closed(lotskoping, case)
    lotskoping.clock.advance(days=40)
    assert not try_code(lotskoping, answer, CODE)
    assert renew(lotskoping, case, answer, BY_HAND, OTHER).status == CaseStatus.CLOSED
    assert try_code(lotskoping, answer, OTHER)


def test_the_sender_is_told_of_the_page_again(lotskoping: Lotskoping):
    case = complain(lotskoping)
    answer = send_answer(lotskoping, case, way=BY_MAIL)
    lotskoping.clock.advance(days=40)
    renew(lotskoping, case, answer, BY_MAIL)
    links = [q.message.link for q in to_sender(lotskoping) if q.message.link]
    assert len(links) == 2
    with lotskoping.unit_of_work() as uow:
        municipality = lotskoping.services.municipality
        assert complaints.send_code(uow, answer.id, OTHER, lotskoping.clock(), municipality)


def test_that_the_sender_has_had_it_otherwise_ends_the_waiting_and_is_kept(
    lotskoping: Lotskoping,
):
    case = complain(lotskoping)
    answer = send_answer(lotskoping, case, way=BY_HAND)
    lotskoping.clock.advance(days=26)
    tell: Callable[..., Case] = answer_pages.delivered
    do(lotskoping, case, MARIA, tell, answer_id=answer.id, how="Läst upp i telefon.")
    assert "todo.unopened_answer" not in steps_of(lotskoping, MARIA)
    with lotskoping.unit_of_work() as uow:
        [said] = uow.work.comments.where(case_id=case.id)
    assert said.text == "Läst upp i telefon."


def test_nobody_else_gives_a_new_code_and_no_code_is_mailed_where_no_mail_came_from(
    lotskoping: Lotskoping,
):
    case = complain(lotskoping, by_mail=False)
    answer = send_answer(lotskoping, case, way=BY_HAND)
    with pytest.raises(UserFault, match="not_this_way"):
        renew(lotskoping, case, answer, BY_MAIL)
    with pytest.raises(UserFault, match="bad_input"):
        renew(lotskoping, case, answer, BY_HAND, "123")
    with pytest.raises(UserFault, match="bad_input"):
        renew(lotskoping, case, replace(answer, id="another"), BY_HAND, OTHER)
    do(lotskoping, case, MARIA, case_handling.acknowledge)
    with pytest.raises(NotAllowed):
        do(lotskoping, case, ERIK, answer_pages.renew, answer_id=answer.id, way=BY_HAND, code=OTHER)


def test_the_page_of_a_closed_case_offers_a_new_code(lotskoping: Lotskoping):
    case = complain(lotskoping)
    answer = send_answer(lotskoping, case, way=BY_HAND)
    closed(lotskoping, case)
    lotskoping.clock.advance(days=40)
    maria = Browser(lotskoping, MARIA)
    page = maria.page(f"/arenden/{case.id}")
    assert "Koden går inte att använda längre. Ge en ny." in page
    assert "Skicka länken igen" in page  # it came by mail
    page = maria.do(case, "ny-kod", answer_id=answer.id, way=BY_HAND, code=OTHER)
    assert "Svaret kan öppnas igen" in page
    assert try_code(lotskoping, answer, OTHER)
