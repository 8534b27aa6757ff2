"""What waits for a person at once: alerts that nobody has taken, open cases of their own units."""

from dataclasses import dataclass
from datetime import datetime

from handlers.access import access_of, cases_for
from handlers.alert_chain import may_see
from handlers.domain.case import Case, CaseStatus
from handlers.domain.deadline import local_date
from handlers.municipality import Municipality
from handlers.ports import UnitOfWork
from handlers.records import Alert

SHOWN = 10  # of each; the pages have them all


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    alerts: tuple[Alert, ...]
    cases: tuple[Case, ...]  # first due first


def waiting_for(
    uow: UnitOfWork, person_id: str, now: datetime, municipality: Municipality
) -> Waiting:
    units = uow.organisation.managed_units(person_id, local_date(now))
    access = access_of(uow, municipality, person_id, now)
    cases = [one for one in cases_for(uow, access, open_only=True) if one.unit_id in units]
    cases.sort(key=lambda case: (case.due_on, case.number))
    open_alerts = uow.alerts.unacknowledged()
    mine = [one for one in open_alerts if may_see(uow, one, person_id, now)]
    return Waiting(alerts=tuple(mine[:SHOWN]), cases=tuple(cases[:SHOWN]))


def duty_of(case: Case) -> str:
    """Return the key of the text that names what a case waits for."""
    if case.status == CaseStatus.RECEIVED:
        return "duty.acknowledge"
    return "duty.assess" if case.risk is None else "duty.finish"
