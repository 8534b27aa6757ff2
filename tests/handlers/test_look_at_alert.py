"""An alert that somebody else takes is sent on no more; the look of MAS or SAS is still owed."""

import pytest

from bot.schedule import sweep
from handlers import alerts
from handlers.domain.case import Case, CaseStatus
from handlers.domain.people import WATCHING
from handlers.errors import GateNotMet
from handlers.records import Alert, Purpose
from handlers.todo import todos_of
from tests.handlers.test_investigation import close, do
from tests.handlers.test_preliminary import investigated
from tests.lotskoping import AGNETA, DAVID, INGER, MONIKA, Lotskoping


@pytest.fixture
def case(lotskoping: Lotskoping) -> Case:
    """A report whose alert has gone on until the area manager has taken it."""
    case = lotskoping.report("Något lugnt skrivet.", harm="hospital")
    with lotskoping.unit_of_work() as uow:
        for _ in range(4):
            lotskoping.clock.advance(hours=1, minutes=1)
            alerts.escalate_due(uow, lotskoping.clock(), lotskoping.services.municipality)
        for found in uow.alerts.of_case(case.id):
            alerts.acknowledge(uow, found.id, AGNETA, lotskoping.clock())
        uow.commit()
    return case


def the_alert(lotskoping: Lotskoping, case: Case) -> Alert:
    with lotskoping.unit_of_work() as uow:
        [found] = [one for one in uow.alerts.of_case(case.id) if one.role in WATCHING]
    return found


def steps_of(lotskoping: Lotskoping, person_id: str) -> list[str]:
    with lotskoping.unit_of_work() as uow:
        todos = todos_of(uow, lotskoping.services.municipality, person_id, lotskoping.clock())
    return [one.step for one in todos]


def test_the_area_manager_ends_the_waiting_and_mas_still_has_to_look(
    lotskoping: Lotskoping, case: Case
):
    found = the_alert(lotskoping, case)
    assert (found.acknowledged_by, found.looked_at) == (AGNETA, None)
    with lotskoping.unit_of_work() as uow:
        assert uow.alerts.unacknowledged() == []
    assert "todo.look_at_alert" in steps_of(lotskoping, INGER)
    do(lotskoping, case, investigated)
    with pytest.raises(GateNotMet) as refusal:
        close(lotskoping, case)
    assert "gate.alert" in refusal.value.missing


@pytest.mark.parametrize("looker", [INGER, DAVID, MONIKA])
def test_the_look_of_mas_or_sas_opens_the_gate_and_keeps_who_took_it(
    lotskoping: Lotskoping, case: Case, looker: str
):
    alert_id = the_alert(lotskoping, case).id
    with lotskoping.unit_of_work() as uow:
        alerts.acknowledge(uow, alert_id, looker, lotskoping.clock())
        uow.commit()
    found = the_alert(lotskoping, case)
    assert (found.acknowledged_by, found.looked_by) == (AGNETA, looker)
    assert "todo.look_at_alert" not in steps_of(lotskoping, INGER)
    do(lotskoping, case, investigated)
    with pytest.raises(GateNotMet) as refusal:
        close(lotskoping, case)
    assert refusal.value.missing == ("gate.class",)


def test_mas_is_reminded_of_the_look_with_the_digest(lotskoping: Lotskoping, case: Case):
    lotskoping.outbox()
    lotskoping.clock.advance(days=1)
    sweep(lotskoping.services)
    told = [q.message for q in lotskoping.outbox() if q.message.purpose == Purpose.DIGEST]
    assert any(m.person_id == INGER and case.number in m.text for m in told)


def test_whoever_works_as_mas_in_the_case_has_looked(lotskoping: Lotskoping, case: Case):
    do(lotskoping, case, investigated, INGER)
    assert the_alert(lotskoping, case).looked_by == INGER
    assert lotskoping.case(case.id).status != CaseStatus.CLOSED
