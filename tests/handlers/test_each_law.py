"""An event under several laws is assessed for each of them, or as a whole, before it closes."""

import pytest

from handlers import case_handling, ending, investigation
from handlers.desk import Desk
from handlers.domain.case import Case, CaseStatus
from handlers.domain.risk import Likelihood, Severity
from handlers.errors import GateNotMet, UserFault
from tests.handlers.test_investigation import close, do, handled
from tests.lotskoping import MARIA, Lotskoping


def assess(lotskoping: Lotskoping, case: Case, law: str) -> Case:
    def deed(desk: Desk) -> Case:
        return case_handling.assess_risk(
            desk,
            severity=Severity.MINOR,
            likelihood=Likelihood.RARE,
            legal_area=law,
            legal_areas=("HSL", "SoL"),
        )

    return do(lotskoping, case, deed)


def under_both(lotskoping: Lotskoping) -> Case:
    """Return a case under both laws that is assessed for one of them only."""
    case = lotskoping.report()
    do(
        lotskoping,
        case,
        lambda d: investigation.change_legal_areas(d, legal_areas=("HSL", "SoL")),
    )
    do(lotskoping, case, lambda d: case_handling.write_feedback(d, text="Tack, vi har sett det."))
    return assess(lotskoping, case, "SoL")


def closed_short(lotskoping: Lotskoping, case: Case) -> Case:
    def deed(desk: Desk) -> Case:
        return ending.close_without_investigation(desk, reason="Inget behövs")

    return do(lotskoping, case, deed, MARIA)


def test_the_short_way_is_for_what_is_assessed_under_every_law(lotskoping: Lotskoping):
    case = under_both(lotskoping)
    assert case.unassessed_laws == ("HSL",)
    with pytest.raises(UserFault, match="not_low_risk"):
        closed_short(lotskoping, case)
    assess(lotskoping, case, "HSL")
    assert closed_short(lotskoping, case).status == CaseStatus.CLOSED


def test_a_case_is_not_closed_while_one_of_its_laws_has_never_been_assessed(
    lotskoping: Lotskoping,
):
    case = under_both(lotskoping)
    with pytest.raises(GateNotMet) as refusal:
        close(lotskoping, case)
    assert "gate.risk_law" in refusal.value.missing


def test_an_assessment_of_the_whole_event_covers_every_law(lotskoping: Lotskoping):
    case = assess(lotskoping, under_both(lotskoping), "")
    assert case.unassessed_laws == ()


def test_a_law_that_is_added_later_is_covered_by_the_whole(lotskoping: Lotskoping):
    case = handled(lotskoping)
    do(
        lotskoping,
        case,
        lambda d: investigation.change_legal_areas(d, legal_areas=("HSL", "SoL", "LSS")),
    )
    assert close(lotskoping, case).status == CaseStatus.CLOSED
