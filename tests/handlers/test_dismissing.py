"""Dismissing asks what closing asks of what is owed to people, merged reports included."""

import pytest

from handlers import case_handling, dismissing, duplicates, exchanges, investigation
from handlers.case_records import PartyKind
from handlers.desk import Desk
from handlers.domain.case import Case, CaseStatus
from handlers.domain.injury import InjuryClass
from handlers.errors import GateNotMet, UserFault
from handlers.records import Purpose
from tests.handlers.test_investigation import do
from tests.handlers.test_merged_duties import answered, as_complaint, merge
from tests.handlers.test_work_environment import told
from tests.lotskoping import ERIK, INGER, JONAS, Lotskoping


def propose(lotskoping: Lotskoping, case: Case, code: str = "not_a_deviation") -> Case:
    def ask(desk: Desk) -> Case:
        case_handling.acknowledge(desk)
        return dismissing.propose_dismissal(desk, code=code, reason="En fråga om schema")

    return do(lotskoping, case, ask)


def write(lotskoping: Lotskoping, case: Case) -> Case:
    return do(lotskoping, case, lambda d: case_handling.write_feedback(d, text="Tack, en fråga."))


def confirm(lotskoping: Lotskoping, case: Case, person: str = JONAS) -> Case:
    return do(lotskoping, case, dismissing.confirm_dismissal, person)


def missing(lotskoping: Lotskoping, case: Case, person: str = JONAS) -> tuple[str, ...]:
    with pytest.raises(GateNotMet) as refusal:
        confirm(lotskoping, case, person)
    return refusal.value.missing


def test_whoever_was_hurt_by_care_is_informed_before_the_case_is_dismissed(lotskoping: Lotskoping):
    case = write(lotskoping, lotskoping.report())
    do(lotskoping, case, lambda d: investigation.classify(d, injury=InjuryClass.CARE_INJURY))
    propose(lotskoping, case)
    assert missing(lotskoping, case) == ("gate.informed",)
    do(lotskoping, case, told)
    assert confirm(lotskoping, case).status == CaseStatus.DISMISSED


def test_where_somebody_needed_care_the_class_is_stated_before_the_case_is_dismissed(
    lotskoping: Lotskoping,
):
    case = write(lotskoping, lotskoping.report(harm="care"))
    propose(lotskoping, case)
    assert missing(lotskoping, case) == ("gate.class",)


def test_a_complaint_is_not_dismissed_without_explanation_and_measures(lotskoping: Lotskoping):
    case = write(lotskoping, as_complaint(lotskoping, lotskoping.report()))
    propose(lotskoping, case)
    assert missing(lotskoping, case) == ("gate.answer",)
    do(lotskoping, case, answered)
    assert confirm(lotskoping, case).status == CaseStatus.DISMISSED


def test_whoever_takes_a_complaint_back_is_told_that_it_has_ended(lotskoping: Lotskoping):
    case = as_complaint(lotskoping, lotskoping.report())
    propose(lotskoping, case, dismissing.WITHDRAWN)
    assert confirm(lotskoping, case).status == CaseStatus.DISMISSED
    [sent] = [m.message for m in lotskoping.outbox() if m.message.purpose == Purpose.FEEDBACK]
    assert "tar tillbaka" in sent.text
    assert case.number in sent.text


def test_nobody_takes_back_what_others_have_complained_of(lotskoping: Lotskoping):
    case, other = (as_complaint(lotskoping, lotskoping.report()) for _ in range(2))
    merge(lotskoping, other, case)
    propose(lotskoping, case, dismissing.WITHDRAWN)
    assert missing(lotskoping, case) == ("gate.answer", "gate.part_answer")


def test_what_a_merged_report_owes_keeps_the_case_from_being_dismissed(lotskoping: Lotskoping):
    case, part = write(lotskoping, lotskoping.report()), lotskoping.report()
    do(
        lotskoping,
        part,
        lambda desk: exchanges.was_asked(desk, party_kind=PartyKind.REGION, party="Regionen"),
    )
    do(lotskoping, part, lambda d: investigation.classify(d, injury=InjuryClass.CARE_INJURY))
    merge(lotskoping, part, case)
    propose(lotskoping, case)
    assert missing(lotskoping, case, INGER) == ("gate.informed", "gate.part_senders")


def test_a_proposal_ends_when_the_case_is_moved(lotskoping: Lotskoping):
    case = propose(lotskoping, write(lotskoping, lotskoping.report()))
    moved = do(lotskoping, case, lambda d: case_handling.move_to_unit(d, unit_id="hemtjanst-norr"))
    assert moved.dismissal is None
    do(lotskoping, case, case_handling.acknowledge, ERIK)
    with pytest.raises(UserFault, match="no_dismissal"):
        confirm(lotskoping, case, ERIK)


@pytest.mark.parametrize("proposed_in", ["part", "main"])
def test_a_proposal_ends_when_two_reports_are_merged(lotskoping: Lotskoping, proposed_in: str):
    main, part = lotskoping.report(), lotskoping.report()
    propose(lotskoping, main if proposed_in == "main" else part)
    merge(lotskoping, part, main)
    assert lotskoping.case(main.id).dismissal is None
    assert do(lotskoping, part, duplicates.undo_merge).dismissal is None
    with lotskoping.unit_of_work() as uow:
        case = main if proposed_in == "main" else part
        assert "proposal_ended" in {one.kind for one in uow.cases.events(case.id)}


def test_a_complaint_that_was_taken_back_can_be_answered_after_all(lotskoping: Lotskoping):
    case = as_complaint(lotskoping, lotskoping.report())
    propose(lotskoping, case, dismissing.WITHDRAWN)
    ended = confirm(lotskoping, case)
    again = do(lotskoping, ended, lambda d: case_handling.reopen(d, reason="Hon ångrade sig"))
    assert (again.feedback, again.must_be_answered, again.answered) == ("", True, False)
