"""The first assessment: risk, laws, and whether the person knows when somebody needed care."""

from dataclasses import replace

import pytest

from handlers import case_handling, duplicates, investigation
from handlers.desk import Desk
from handlers.domain.case import Case, CaseStatus, CauseArea
from handlers.domain.injury import InjuryClass, MisconductDegree, PersonTold
from handlers.domain.risk import Likelihood, Severity
from handlers.errors import GateNotMet, UserFault
from tests.handlers.test_investigation import close, do
from tests.lotskoping import INGER, Lotskoping

NEEDED_CARE = ("care", "hospital", "death")


def assess(desk: Desk, told: PersonTold | None = None) -> Case:
    return case_handling.assess_risk(
        desk, severity=Severity.MINOR, likelihood=Likelihood.RARE, told=told
    )


def investigated(desk: Desk) -> Case:
    assess(desk, PersonTold.NOT_YET)
    case_handling.add_cause(desk, area=CauseArea.ROUTINES, text="Rutin saknas")
    case_handling.need_no_action(desk, reason="Rutinen är ny och fungerar")
    return case_handling.write_feedback(desk, text="Tack, vi har en ny rutin.")


def short(desk: Desk) -> Case:
    return case_handling.close_without_investigation(desk, reason="Inget att utreda")


def reported(lotskoping: Lotskoping, harm: str) -> Case:
    case = lotskoping.report("Något lugnt skrivet.", harm=harm)
    lotskoping.acknowledge_alerts(case)
    return case


@pytest.mark.parametrize("harm", NEEDED_CARE)
def test_when_somebody_needed_care_the_assessment_asks_whether_the_person_knows(
    lotskoping: Lotskoping, harm: str
):
    case = reported(lotskoping, harm)
    assert case.harm == harm
    with pytest.raises(UserFault, match="person_told"):
        do(lotskoping, case, assess)
    told = do(lotskoping, case, lambda desk: assess(desk, PersonTold.NOT_YET))
    assert told.person_told == PersonTold.NOT_YET
    assert do(lotskoping, case, assess).status == CaseStatus.ASSESSED  # it is asked once


@pytest.mark.parametrize("harm", ["nobody", "mild", "unknown"])
def test_a_case_where_nobody_needed_care_is_as_quick_as_ever(lotskoping: Lotskoping, harm: str):
    case = reported(lotskoping, harm)

    def quick(desk: Desk) -> Case:
        assess(desk)
        case_handling.write_feedback(desk, text="Tack!")
        return short(desk)

    assert do(lotskoping, case, quick).status == CaseStatus.CLOSED


@pytest.mark.parametrize("harm", NEEDED_CARE)
def test_care_that_was_needed_asks_for_the_class_and_shuts_the_short_way(
    lotskoping: Lotskoping, harm: str
):
    case = reported(lotskoping, harm)
    do(lotskoping, case, investigated)
    with pytest.raises(UserFault, match="not_low_risk"):
        do(lotskoping, case, short)
    with pytest.raises(GateNotMet) as refusal:
        close(lotskoping, case)
    assert refusal.value.missing == ("gate.class",)
    no_injury = InjuryClass.NO_INJURY
    do(lotskoping, case, lambda desk: investigation.classify(desk, injury=no_injury))
    assert close(lotskoping, case).status == CaseStatus.CLOSED


def test_a_care_injury_of_low_risk_is_investigated(lotskoping: Lotskoping):
    case = reported(lotskoping, "nobody")
    do(lotskoping, case, assess)
    injury = InjuryClass.CARE_INJURY
    do(lotskoping, case, lambda desk: investigation.classify(desk, injury=injury))
    with pytest.raises(UserFault, match="not_low_risk"):
        do(lotskoping, case, short)


def test_what_is_social_only_is_classed_as_misconduct_or_not(lotskoping: Lotskoping):
    case = reported(lotskoping, "care")

    def judge(desk: Desk) -> Case:
        investigated(desk)
        investigation.change_legal_areas(desk, legal_areas=["LSS"], reason="Stöd, inte vård")
        return investigation.classify(desk, misconduct=MisconductDegree.NONE)

    do(lotskoping, case, judge)
    lotskoping.acknowledge_alerts(case)  # MAS has seen that it is no more under her law
    assert close(lotskoping, case).status == CaseStatus.CLOSED


def test_a_merged_report_of_care_asks_the_same_of_the_case_it_is_merged_into(
    lotskoping: Lotskoping,
):
    main, other = reported(lotskoping, "nobody"), reported(lotskoping, "care")
    do(lotskoping, other, lambda desk: duplicates.merge(desk, into_id=main.id))
    do(lotskoping, main, investigated)
    with pytest.raises(UserFault, match="not_low_risk"):
        do(lotskoping, main, short)
    with pytest.raises(GateNotMet) as refusal:
        close(lotskoping, main)
    assert refusal.value.missing == ("gate.class",)


def test_the_first_assessment_says_the_laws_and_else_they_are_those_of_the_unit(
    lotskoping: Lotskoping,
):
    plain, chosen, lost = (lotskoping.report() for _ in range(3))
    with lotskoping.unit_of_work() as uow:
        for case in (plain, chosen):
            uow.cases.save(replace(case, legal_areas=()))
        uow.cases.save(replace(lost, legal_areas=(), unit_id=""))
        uow.commit()

    def under_lss(desk: Desk) -> Case:
        return case_handling.assess_risk(
            desk, severity=Severity.MINOR, likelihood=Likelihood.RARE, legal_areas=["LSS"]
        )

    assert do(lotskoping, plain, assess).legal_areas == ("HSL", "SoL")
    assert do(lotskoping, chosen, under_lss).legal_areas == ("LSS",)
    with pytest.raises(UserFault, match="legal_areas"):
        do(lotskoping, lost, assess, INGER)
