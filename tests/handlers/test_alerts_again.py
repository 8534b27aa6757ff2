"""What is grave a second time is told a second time, and nothing is told twice."""

from datetime import timedelta

from handlers import alerts, case_handling, investigation
from handlers.case_handling import Desk
from handlers.domain.case import Case
from handlers.domain.injury import InjuryClass, MisconductDegree
from handlers.domain.people import Role
from handlers.domain.risk import Likelihood, Severity
from tests.lotskoping import INGER, MARIA, MONIKA, Lotskoping


def assess(
    lotskoping: Lotskoping, case: Case, who: str, severity: int, likelihood: int = 1
) -> None:
    with lotskoping.unit_of_work() as uow:
        case_handling.assess_risk(
            lotskoping.desk(uow, case, who),
            severity=Severity(severity),
            likelihood=Likelihood(likelihood),
        )
        uow.commit()
    lotskoping.clock.advance(hours=1)


def rules_told(lotskoping: Lotskoping, case: Case) -> list[tuple[str, ...]]:
    """Return the rules of every alert to MAS that somebody has to take, in order."""
    with lotskoping.unit_of_work() as uow:
        found = uow.alerts.of_case(case.id)
    to_mas = [one for one in found if one.role == Role.MAS]
    return [one.rule_ids for one in to_mas if one.acknowledged_at != one.raised_at]


def test_severity_four_tells_mas_again_after_mas_has_lowered_it(lotskoping: Lotskoping):
    case = lotskoping.report()
    assess(lotskoping, case, MARIA, 4)
    assess(lotskoping, case, INGER, 1)
    lotskoping.clock.advance(days=2)
    assess(lotskoping, case, MARIA, 4)
    assert rules_told(lotskoping, case) == [("A1",), ("A1",)]
    with lotskoping.unit_of_work() as uow:
        waiting = [one for one in uow.alerts.of_case(case.id) if one.acknowledged_at is None]
    assert sorted(one.recipient_id for one in waiting) == [INGER, MONIKA]


def test_the_same_assessment_twice_tells_once(lotskoping: Lotskoping):
    case = lotskoping.report()
    assess(lotskoping, case, MARIA, 4)
    assess(lotskoping, case, MARIA, 4)
    lotskoping.acknowledge_alerts(case)
    assess(lotskoping, case, MARIA, 4)
    assert rules_told(lotskoping, case) == [("A1",)]


def test_what_mas_has_not_taken_yet_is_not_told_again(lotskoping: Lotskoping):
    case = lotskoping.report()
    for likelihood in (1, 2, 3):
        assess(lotskoping, case, MARIA, 4, likelihood)
    assert rules_told(lotskoping, case) == [("A1",)]


def test_a_high_score_is_told_though_the_severity_was_known(lotskoping: Lotskoping):
    case = lotskoping.report()
    assess(lotskoping, case, MARIA, 3, 1)
    assess(lotskoping, case, MARIA, 3, 4)
    assert rules_told(lotskoping, case) == [("A2",), ("A3",)]


def test_every_lowering_is_told(lotskoping: Lotskoping):
    case = lotskoping.report()
    for severity in (4, 1):
        assess(lotskoping, case, MARIA, severity)
    lotskoping.acknowledge_alerts(case)
    for severity in (4, 1):
        assess(lotskoping, case, MARIA, severity)
    assert rules_told(lotskoping, case) == [("A1",), ("A18",), ("A1",), ("A18",)]


def classify(
    lotskoping: Lotskoping,
    case: Case,
    who: str,
    misconduct: MisconductDegree | None = None,
    injury: InjuryClass | None = None,
) -> None:
    with lotskoping.unit_of_work() as uow:
        desk: Desk = lotskoping.desk(uow, case, who)
        investigation.classify(desk, misconduct=misconduct, injury=injury)
        uow.commit()
    lotskoping.clock.now += timedelta(hours=1)


def of_rule(lotskoping: Lotskoping, case: Case, rule: str) -> int:
    """Count the times that SAS or MAS was told by a rule."""
    with lotskoping.unit_of_work() as uow:
        found = [one for one in uow.alerts.of_case(case.id) if rule in one.rule_ids]
    return len({one.raised_at for one in found if one.acknowledged_at != one.raised_at})


def test_misconduct_that_becomes_graver_is_told_again(lotskoping: Lotskoping):
    case = lotskoping.report()
    classify(lotskoping, case, MARIA, misconduct=MisconductDegree.RISK)
    lotskoping.acknowledge_alerts(case)
    classify(lotskoping, case, MARIA, misconduct=MisconductDegree.RISK)
    assert of_rule(lotskoping, case, "A5") == 1
    classify(lotskoping, case, MARIA, misconduct=MisconductDegree.SERIOUS)
    assert of_rule(lotskoping, case, "A5") == 2
    lotskoping.acknowledge_alerts(case)
    classify(lotskoping, case, MONIKA, misconduct=MisconductDegree.NONE)
    classify(lotskoping, case, MARIA, misconduct=MisconductDegree.RISK)
    assert of_rule(lotskoping, case, "A5") == 3


def test_a_serious_care_injury_is_told_again_after_mas_has_taken_it_back(lotskoping: Lotskoping):
    case = lotskoping.report()
    classify(lotskoping, case, MARIA, injury=InjuryClass.SERIOUS_INJURY)
    lotskoping.acknowledge_alerts(case)
    classify(lotskoping, case, INGER, injury=InjuryClass.RISK)
    classify(lotskoping, case, MARIA, injury=InjuryClass.SERIOUS_INJURY)
    assert of_rule(lotskoping, case, "A2") == 2


def test_what_is_told_again_still_waits_after_an_old_alert_was_taken(lotskoping: Lotskoping):
    case = lotskoping.report()
    assess(lotskoping, case, MARIA, 4)
    assess(lotskoping, case, INGER, 1)
    assess(lotskoping, case, MARIA, 4)
    with lotskoping.unit_of_work() as uow:
        assert alerts.escalate_due(uow, lotskoping.clock(), lotskoping.services.municipality) == 2
