"""Advice from MAS: a question with a day, a deputy and an answer."""

import pytest

from bot.schedule import sweep
from handlers import advice, case_handling
from handlers.domain.case import Case
from handlers.domain.risk import Likelihood, Severity
from handlers.errors import UserFault
from tests.handlers.test_work_reminders import away, do, waiting
from tests.lotskoping import DAVID, ERIK, INGER, MARIA, Lotskoping


def asked(lotskoping: Lotskoping, question: str = "Ska vi byta lyft?") -> Case:
    case = lotskoping.report()
    do(
        lotskoping,
        case,
        MARIA,
        case_handling.assess_risk,
        severity=Severity.MODERATE,
        likelihood=Likelihood.MONTHLY,
    )
    return do(lotskoping, case, MARIA, advice.ask_mas, question=question)


def told(lotskoping: Lotskoping, subject: str) -> list[str]:
    found = [q.message for q in lotskoping.outbox()]
    return [one.person_id for one in found if one.subject.startswith(subject)]


def the_question(lotskoping: Lotskoping, case: Case) -> str:
    with lotskoping.unit_of_work() as uow:
        [found] = advice.of_case(uow, case.id)
    return found.id


def test_a_question_waits_on_the_list_of_mas_and_asking_again_doubles_nothing(
    lotskoping: Lotskoping,
):
    case = asked(lotskoping)
    do(lotskoping, case, MARIA, advice.ask_mas)
    assert waiting(lotskoping, INGER) == ["todo.advice"]
    assert told(lotskoping, "Råd önskas") == [INGER]


def test_an_answer_reaches_who_asked_and_stands_on_the_case(lotskoping: Lotskoping):
    case = asked(lotskoping)
    question_id = the_question(lotskoping, case)
    for _ in range(2):
        do(lotskoping, case, INGER, advice.answer, question_id=question_id, text="Ja, byt.")
    assert waiting(lotskoping, INGER) == []
    assert told(lotskoping, "Svar på din fråga") == [MARIA]
    with lotskoping.unit_of_work() as uow:
        assert [one.text for one in uow.work.comments.where(case_id=case.id)] == ["Ja, byt."]
    do(lotskoping, case, MARIA, advice.ask_mas, question="En till?")
    assert waiting(lotskoping, INGER) == ["todo.advice"]


def test_when_mas_goes_away_the_question_is_the_deputys(lotskoping: Lotskoping):
    case = asked(lotskoping)
    lotskoping.clock.advance(days=1)
    away(lotskoping, INGER)
    assert waiting(lotskoping, DAVID) == ["todo.advice"]
    question_id = the_question(lotskoping, case)
    do(lotskoping, case, DAVID, advice.answer, question_id=question_id, text="Ja.")


def test_unanswered_for_a_working_day_the_next_is_asked_once(lotskoping: Lotskoping):
    asked(lotskoping)
    for _ in range(30):
        lotskoping.clock.advance(hours=1)
        sweep(lotskoping.services)
    found = told(lotskoping, "Råd önskas")
    assert found[:2] == [INGER, DAVID]
    assert len(found) == len(set(found))


def test_nobody_else_answers_and_no_one_answers_with_nothing(lotskoping: Lotskoping):
    case = asked(lotskoping)
    question_id = the_question(lotskoping, case)
    with pytest.raises(UserFault, match="no_right"):
        do(lotskoping, case, MARIA, advice.answer, question_id=question_id, text="Ja.")
    with pytest.raises(UserFault, match="empty_text"):
        do(lotskoping, case, INGER, advice.answer, question_id=question_id, text=" ")
    assert ERIK not in told(lotskoping, "Råd önskas")
