"""What waits for a person at once: alerts that nobody has taken, open cases of their own units."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.chat_words import distinct
from handlers.access import access_of, cases_for
from handlers.alert_chain import may_see
from handlers.domain.case import Case, CaseStatus
from handlers.domain.deadline import STOCKHOLM, local_date
from handlers.municipality import Municipality
from handlers.ports import UnitOfWork
from handlers.records import Alert

SHOWN = 10  # of each; the pages have them all


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    alerts: tuple[Alert, ...]
    numbers: tuple[str, ...]  # of the alerts' cases; empty of a report that is being written
    cases: tuple[Case, ...]  # first due first

    def alert_names(self, say: Callable[..., str]) -> list[str]:
        """Return what to call each alert: its case's number, else when it came."""
        pairs = list(zip(self.alerts, self.numbers, strict=True))
        short = [number or _clock(alert) for alert, number in pairs]
        roles = [say(f"role.{alert.role}") for alert in self.alerts]
        long = [
            f"{name}, {role}, {_clock(alert)}"
            for alert, name, role in zip(self.alerts, short, roles, strict=True)
        ]
        return distinct(short, long)


def waiting_for(
    uow: UnitOfWork, person_id: str, now: datetime, municipality: Municipality
) -> Waiting:
    units = uow.organisation.managed_units(person_id, local_date(now))
    access = access_of(uow, municipality, person_id, now)
    # Who has no unit, as MAS, would read every open case of the municipality to be shown none.
    seen = cases_for(uow, access, open_only=True) if units else ()
    cases = [one for one in seen if one.unit_id in units]
    cases.sort(key=lambda case: (case.due_on, case.number))
    open_alerts = uow.alerts.unacknowledged()
    mine = [one for one in open_alerts if may_see(uow, one, person_id, now)]
    shown = tuple(mine[:SHOWN])
    about = [uow.cases.find(one.case_id) if one.case_id else None for one in shown]
    numbers = tuple(case.number if case else "" for case in about)
    return Waiting(alerts=shown, numbers=numbers, cases=tuple(cases[:SHOWN]))


def _clock(alert: Alert) -> str:
    return f"{alert.raised_at.astimezone(STOCKHOLM):%H:%M}"


def duty_of(case: Case) -> str:
    """Return the key of the text that names what a case waits for."""
    if case.status == CaseStatus.RECEIVED:
        return "duty.acknowledge"
    return "duty.assess" if case.risk is None else "duty.finish"
