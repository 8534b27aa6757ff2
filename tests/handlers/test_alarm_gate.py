"""A case with an alert ends when MAS or SAS has looked; they alone end it uninvestigated."""

import pytest

from handlers import alerts, case_handling, duplicates, ending
from handlers.domain.case import Case, CaseStatus, CauseArea
from handlers.domain.risk import Likelihood, Severity
from handlers.errors import GateNotMet
from handlers.todo import todos_of
from tests.lotskoping import INGER, MARIA, Lotskoping

GRAVE = "Personen föll, bröt höften, svimmade och åkte till sjukhus med ambulans."


def prepared(
    lotskoping: Lotskoping, case: Case, *, likelihood: Likelihood = Likelihood.MONTHLY
) -> Case:
    """Do everything that the manager has to do but closing."""
    severity = Severity.MINOR if likelihood == Likelihood.RARE else Severity.MODERATE
    with lotskoping.unit_of_work() as uow:
        desk = lotskoping.desk(uow, case, MARIA)
        case_handling.assess_risk(desk, severity=severity, likelihood=likelihood)
        if likelihood != Likelihood.RARE:
            case_handling.add_cause(desk, area=CauseArea.ROUTINES, text="Rutinen är otydlig")
            case_handling.need_no_action(desk, reason="Rutinen är redan ändrad")
        done = case_handling.write_feedback(desk, text="Tack. Rutinen är ändrad.")
        uow.commit()
    return done


def close(lotskoping: Lotskoping, case: Case, person: str = MARIA) -> Case:
    with lotskoping.unit_of_work() as uow:
        closed = case_handling.close_case(lotskoping.desk(uow, case, person))
        uow.commit()
    return closed


def close_short(lotskoping: Lotskoping, case: Case, person: str = MARIA) -> Case:
    with lotskoping.unit_of_work() as uow:
        desk = lotskoping.desk(uow, case, person)
        closed = case_handling.close_without_investigation(desk, reason="Engångshändelse")
        uow.commit()
    return closed


def test_a_manager_closes_an_alarmed_case_when_mas_has_looked_and_not_before(
    lotskoping: Lotskoping,
):
    case = prepared(lotskoping, lotskoping.report(GRAVE))
    with pytest.raises(GateNotMet) as refusal:
        close(lotskoping, case)
    assert refusal.value.missing == ("gate.alert",)
    lotskoping.acknowledge_alerts(case)
    assert close(lotskoping, case).status == CaseStatus.CLOSED


def test_the_short_way_of_an_alarmed_case_is_for_mas_alone(lotskoping: Lotskoping):
    case = prepared(lotskoping, lotskoping.report(GRAVE), likelihood=Likelihood.RARE)
    with pytest.raises(GateNotMet) as refusal:
        close_short(lotskoping, case)
    assert refusal.value.missing == ("gate.alert", "gate.alarmed")
    lotskoping.acknowledge_alerts(case)
    with pytest.raises(GateNotMet) as refusal:
        close_short(lotskoping, case)
    assert refusal.value.missing == ("gate.alarmed",)
    assert close_short(lotskoping, case, INGER).status == CaseStatus.CLOSED


def test_mas_takes_the_alert_before_closing_too(lotskoping: Lotskoping):
    case = prepared(lotskoping, lotskoping.report(GRAVE), likelihood=Likelihood.RARE)
    with pytest.raises(GateNotMet) as refusal:
        close_short(lotskoping, case, INGER)
    assert refusal.value.missing == ("gate.alert",)


def test_opening_the_case_again_is_no_way_around(lotskoping: Lotskoping):
    case = prepared(lotskoping, lotskoping.report(GRAVE))
    lotskoping.acknowledge_alerts(case)
    close(lotskoping, case)
    with lotskoping.unit_of_work() as uow:
        desk = lotskoping.desk(uow, case, MARIA)
        ending.reopen(desk, reason="Mer är känt.")
        case_handling.assess_risk(desk, severity=Severity.CATASTROPHIC, likelihood=Likelihood.RARE)
        uow.commit()
    with pytest.raises(GateNotMet) as refusal:
        close(lotskoping, case)
    assert "gate.alert" in refusal.value.missing


def test_joining_an_alarmed_report_to_another_is_no_way_around(lotskoping: Lotskoping):
    alarmed = lotskoping.report(GRAVE)
    case = lotskoping.report()
    with lotskoping.unit_of_work() as uow:
        desk = lotskoping.desk(uow, alarmed, MARIA)
        duplicates.merge(desk, into_id=case.id, reason="Samma morgon")
        uow.commit()
    case = prepared(lotskoping, case, likelihood=Likelihood.RARE)
    with pytest.raises(GateNotMet) as refusal:
        close_short(lotskoping, case)
    assert refusal.value.missing == ("gate.alert", "gate.alarmed")


def test_the_managers_next_step_is_to_wait_until_somebody_has_looked(lotskoping: Lotskoping):
    case = prepared(lotskoping, lotskoping.report(GRAVE))

    def steps() -> list[str]:
        with lotskoping.unit_of_work() as uow:
            rows = todos_of(uow, lotskoping.services.municipality, MARIA, lotskoping.clock())
        return [row.step for row in rows if row.case_id == case.id]

    assert steps() == ["gate.alert"]
    with lotskoping.unit_of_work() as uow:
        for found in uow.alerts.of_case(case.id):
            alerts.acknowledge(uow, found.id, INGER, lotskoping.clock())
        uow.commit()
    assert steps() == ["duty.finish"]
