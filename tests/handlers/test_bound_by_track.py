"""A lex Sarah or lex Maria track takes closing, lowering and moving from the manager."""

import pytest

from handlers import case_handling, dismissing, investigation, tracks
from handlers.desk import Desk
from handlers.domain.case import Case, CaseStatus
from handlers.domain.injury import MisconductDegree
from handlers.domain.moves import Machine, MariaStep, SarahStep
from handlers.domain.risk import Likelihood, RiskAssessment, Severity, governing_risk
from handlers.errors import GateNotMet, UserFault
from tests.clock import T0
from tests.handlers.test_investigation import close, do, handled
from tests.lotskoping import INGER, MARIA, MONIKA, Lotskoping

LEADS = [(Machine.LEX_MARIA, INGER), (Machine.LEX_SARAH, MONIKA)]


def start(lotskoping: Lotskoping, case: Case, machine: Machine, lead: str) -> None:
    do(lotskoping, case, lambda desk: tracks.start(desk, machine, reason="Kan vara grovt"), lead)


@pytest.mark.parametrize(("machine", "lead"), LEADS)
def test_the_manager_does_not_close_a_case_with_a_track_but_mas_and_sas_do(
    lotskoping: Lotskoping, machine: Machine, lead: str
):
    case = handled(lotskoping)
    start(lotskoping, case, machine, lead)
    with pytest.raises(GateNotMet) as refusal:
        close(lotskoping, case)
    assert refusal.value.missing == ("gate.track",)
    assert close(lotskoping, case, lead).status == CaseStatus.CLOSED


@pytest.mark.parametrize(("machine", "lead"), LEADS)
def test_the_manager_neither_lowers_nor_moves_a_case_with_a_track(
    lotskoping: Lotskoping, machine: Machine, lead: str
):
    case = handled(lotskoping)
    start(lotskoping, case, machine, lead)

    def lower(desk: Desk) -> Case:
        return case_handling.assess_risk(desk, severity=Severity.MINOR, likelihood=Likelihood.RARE)

    with pytest.raises(UserFault, match="may_not_lower"):
        do(lotskoping, case, lower)
    with pytest.raises(UserFault, match="bound_by_track"):
        do(lotskoping, case, lambda d: case_handling.move_to_unit(d, unit_id="hemtjanst-norr"))
    assert do(lotskoping, case, lower, lead).risk == lotskoping.case(case.id).assessments[-1]


def test_a_track_that_began_after_the_question_keeps_a_case_from_being_dismissed(
    lotskoping: Lotskoping,
):
    case = lotskoping.report()

    def ask(desk: Desk) -> Case:
        case_handling.acknowledge(desk)
        case_handling.write_feedback(desk, text="Tack, det var ingen avvikelse.")
        return dismissing.propose_dismissal(desk, code="not_a_deviation", reason="Inget hände")

    do(lotskoping, case, ask)
    start(lotskoping, case, *LEADS[1])
    with pytest.raises(GateNotMet) as refusal:
        do(lotskoping, case, dismissing.confirm_dismissal, MONIKA)
    assert refusal.value.missing == ("gate.open_track",)


def test_lex_maria_that_was_not_reported_gives_the_case_back_to_its_manager(
    lotskoping: Lotskoping,
):
    case = handled(lotskoping)
    start(lotskoping, case, *LEADS[0])
    no, why = MariaStep.NOT_REPORTED, "Ingen vårdskada"
    do(lotskoping, case, lambda d: tracks.take_step(d, Machine.LEX_MARIA, no, reason=why), INGER)
    assert close(lotskoping, case).status == CaseStatus.CLOSED


@pytest.mark.parametrize("found", [MisconductDegree.MISCONDUCT, MisconductDegree.NONE])
def test_after_lex_sarah_the_manager_closes_only_what_was_no_misconduct(
    lotskoping: Lotskoping, found: MisconductDegree
):
    case = handled(lotskoping)
    start(lotskoping, case, *LEADS[1])

    def finish(desk: Desk) -> Case:
        investigation.classify(desk, misconduct=found)
        for step in list(SarahStep)[1:]:
            if step != SarahStep.REPORTED:
                tracks.take_step(
                    desk, Machine.LEX_SARAH, step, reason="Nästa", investigator_id=_free(step)
                )
        return desk.uow.cases.find(case.id) or case

    do(lotskoping, case, finish, MONIKA)
    lotskoping.acknowledge_alerts(case)
    if found == MisconductDegree.NONE:
        assert close(lotskoping, case).status == CaseStatus.CLOSED
    else:
        with pytest.raises(GateNotMet) as refusal:
            close(lotskoping, case)
        assert "gate.track" in refusal.value.missing


def _free(step: SarahStep) -> str:
    return "erik-vasterlund" if step == SarahStep.INVESTIGATING else ""


def test_another_law_lowers_nothing():
    def judged(area: str, severity: Severity, *, may_lower: bool = False) -> RiskAssessment:
        return RiskAssessment(
            severity=severity,
            likelihood=Likelihood.RARE,
            assessed_by=MARIA,
            assessed_at=T0,
            legal_area=area,
            may_lower=may_lower,
        )

    grave, light = judged("HSL", Severity.CATASTROPHIC), judged("SoL", Severity.MINOR)
    assert governing_risk([grave, light], ["SoL"]) == grave
    by_mas = judged("", Severity.MINOR, may_lower=True)
    assert governing_risk([grave, light, by_mas], ["SoL"]) == by_mas


def test_a_manager_does_not_close_what_was_grave_under_the_law_that_was_taken_away(
    lotskoping: Lotskoping,
):
    case = handled(lotskoping)

    def judge(desk: Desk) -> Case:
        investigation.change_legal_areas(desk, legal_areas=["HSL"], reason="Det var vård")
        case_handling.assess_risk(
            desk, severity=Severity.CATASTROPHIC, likelihood=Likelihood.RARE, legal_area="HSL"
        )
        investigation.change_legal_areas(desk, legal_areas=["SoL"], reason="Det var mat")
        return case_handling.assess_risk(
            desk, severity=Severity.MINOR, likelihood=Likelihood.RARE, legal_area="SoL"
        )

    do(lotskoping, case, judge)
    lotskoping.acknowledge_alerts(case)
    with pytest.raises(GateNotMet) as refusal:
        close(lotskoping, case)
    assert refusal.value.missing == ("gate.mas",)
