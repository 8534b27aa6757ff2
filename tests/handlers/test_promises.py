"""The ladder goes by what a sender still waits for, so that no kind of case stands without one."""

from datetime import timedelta

import pytest

from handlers import case_handling, kinds
from handlers.domain.case import CaseKind
from handlers.domain.deadline import add_working_days
from handlers.domain.risk import Severity
from handlers.errors import UserFault
from handlers.kinds import kinds_for
from handlers.todo import todos_of
from tests.handlers.test_case_handling import assess
from tests.handlers.test_investigation import do
from tests.handlers.test_kinds import changed, of_kind
from tests.handlers.test_merged_duties import answered
from tests.handlers.test_reminders import about, change, live
from tests.lotskoping import AGNETA, BENGT, INGER, MARIA, Lotskoping


def test_a_complaint_that_is_answered_is_reminded_of_as_any_case_and_not_of_its_answer(
    lotskoping: Lotskoping,
):
    case = of_kind(lotskoping, CaseKind.COMPLAINT)
    do(lotskoping, case, case_handling.acknowledge)
    do(lotskoping, case, answered)
    live(lotskoping, 24)
    assert about(lotskoping, case) == [("not_assessed", MARIA), ("nine_days_left", MARIA)]


def test_what_is_left_of_an_answered_complaint_is_due_by_the_month_and_not_by_the_answer(
    lotskoping: Lotskoping,
):
    case = of_kind(lotskoping, CaseKind.COMPLAINT)
    assess(lotskoping, case, Severity.MODERATE)
    assert case.answer_on is not None
    assert due_on_list(lotskoping, case.id) == ("gate.cause", case.answer_on)
    do(lotskoping, lotskoping.case(case.id), answered)
    assert due_on_list(lotskoping, case.id) == ("gate.cause", case.target_on)


def due_on_list(lotskoping: Lotskoping, case_id: str) -> tuple[str, object]:
    with lotskoping.unit_of_work() as uow:
        todos = todos_of(uow, lotskoping.services.municipality, MARIA, lotskoping.clock())
    [mine] = [one for one in todos if one.case_id == case_id]
    return mine.step, mine.due_on


def test_a_complaint_that_nobody_can_answer_has_the_ladder_of_any_case(lotskoping: Lotskoping):
    case = of_kind(lotskoping, CaseKind.COMPLAINT, reporter_reachable=False)
    live(lotskoping, 24)
    rungs = [rule for rule, _ in about(lotskoping, case)]
    assert rungs == ["not_acknowledged", "not_assessed", "nine_days_left"]


def test_a_complaint_opened_again_is_reminded_of_its_new_answer(lotskoping: Lotskoping):
    case = of_kind(lotskoping, CaseKind.COMPLAINT)
    do(lotskoping, case, answered)
    again = lotskoping.clock() + timedelta(hours=1)
    change(lotskoping, case, reopened_at=again)
    lotskoping.clock.advance(hours=2)
    live(lotskoping, 16)
    rungs = [rule for rule, _ in about(lotskoping, case)]
    assert rungs[-2:] == ["answer_soon", "answer_day"]


@pytest.mark.parametrize("kind", CaseKind)
def test_no_kind_of_case_lies_untouched_for_a_fortnight_without_two_words(
    lotskoping: Lotskoping, kind: CaseKind
):
    case = of_kind(lotskoping, kind)
    live(lotskoping, 16)
    assert len(about(lotskoping, case)) >= 2


def test_an_authority_has_a_day_for_its_answer_and_closes_with_one(lotskoping: Lotskoping):
    case = of_kind(lotskoping, CaseKind.AUTHORITY)
    works = lotskoping.services.municipality.is_working_day
    assert case.answer_on == add_working_days(case.received_on, 10, works)
    assert "gate.answer" in case.missing_for_closing(by_mas=True)
    live(lotskoping, 26)
    assert [rule for rule, _ in about(lotskoping, case)][1:] == [
        "answer_soon",
        "answer_day",
        "answer_late",
    ]
    do(lotskoping, lotskoping.case(case.id), answered)
    assert "gate.answer" not in lotskoping.case(case.id).missing_for_closing(by_mas=True)


@pytest.mark.parametrize("kind", [CaseKind.DEVIATION, CaseKind.SUGGESTION, CaseKind.PRAISE])
def test_no_manager_says_that_a_case_comes_from_an_authority(
    lotskoping: Lotskoping, kind: CaseKind
):
    case = of_kind(lotskoping, kind)
    for person in (MARIA, AGNETA):
        with pytest.raises(UserFault, match="kind_authority"):
            changed(lotskoping, case, CaseKind.AUTHORITY, person)
        with lotskoping.unit_of_work() as uow:
            offered = kinds_for(lotskoping.desk(uow, case, person), case)
        assert CaseKind.AUTHORITY not in offered
    done = do(lotskoping, case, lambda d: kinds.change_kind(d, kind=CaseKind.AUTHORITY), INGER)
    assert done.kind == CaseKind.AUTHORITY


def test_the_registrator_keeps_what_she_says_is_from_an_authority(lotskoping: Lotskoping):
    case = of_kind(lotskoping, CaseKind.SUGGESTION)
    changed(lotskoping, case, CaseKind.AUTHORITY, BENGT)
    assert changed(lotskoping, case, CaseKind.COMPLAINT, BENGT).kind == CaseKind.COMPLAINT
