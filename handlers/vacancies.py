"""Offices that nobody is in at work, and what goes to the fallback address because of it.

Shown to whoever names deputies. Of a case nothing stands there, only how many alerts wait.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handlers import duties
from handlers.access import involved_in
from handlers.alert_chain import has_nobody
from handlers.domain.deadline import local_date
from handlers.domain.people import FALLBACK, Absence, Organisation, Role
from handlers.in_office import place_of
from handlers.municipality import Municipality
from handlers.ports import UnitOfWork

PLACE = "vakanser"  # on the organisation's page


@dataclass(frozen=True, slots=True, kw_only=True)
class Vacancy:
    """`since` is the first day without anybody; None: nobody has ever held the office."""

    role: Role
    scope: str  # unit or area; empty: the whole municipality
    since: date | None
    duty_ids: tuple[str, ...]
    alerts: int


def vacancies(
    uow: UnitOfWork, municipality: Municipality, now: datetime, *, reader_id: str = ""
) -> tuple[Vacancy, ...]:
    """Return the empty offices of everything that nobody but the fallback address has.

    Alerts of what the reader is involved in are not counted for that person.
    """
    found: dict[tuple[Role, str], list[str]] = defaultdict(list)
    for due in duties.tasks_of(uow, FALLBACK, now, municipality):
        found[due.rule.owners[0], due.task.scope].append(due.rule.id)
    alerts: dict[tuple[Role, str], int] = defaultdict(int)
    for one in uow.alerts.unacknowledged():
        if has_nobody(uow, one, now) and reader_id not in involved_in(uow, one):
            alerts[_office(uow, Role(one.role), place_of(uow, one))] += 1
    today = local_date(now)
    return tuple(
        Vacancy(
            role=role,
            scope=scope,
            since=_since(uow.organisation, role, scope, today),
            duty_ids=tuple(dict.fromkeys(found.get((role, scope), ()))),
            alerts=alerts.get((role, scope), 0),
        )
        for role, scope in sorted({*found, *alerts})
    )


def _office(uow: UnitOfWork, role: Role, unit_id: str) -> tuple[Role, str]:
    """Return the office that an alert goes to first: of the unit, its area or the municipality."""
    unit = uow.organisation.unit(unit_id)
    if unit is None or role not in (Role.UNIT_MANAGER, Role.AREA_MANAGER):
        return role, ""
    return role, unit.id if role == Role.UNIT_MANAGER else unit.area_id


def _since(organisation: Organisation, role: Role, scope: str, today: date) -> date | None:
    """Return the day after the last on which somebody in the office was at work."""
    last = [
        day
        for one in organisation.assignments
        if (one.role, one.scope) == (role, scope)
        for day in _last_day_at_work(
            one.valid.first_on,
            min(one.valid.last_on or today, today),
            [a for a in organisation.absences if a.person_id == one.person_id],
        )
    ]
    return max(last) + timedelta(days=1) if last else None


def _last_day_at_work(first_on: date, last_on: date, absences: list[Absence]) -> Iterator[date]:
    """Return the last day of a span that no absence covers, if there is one."""
    day = last_on
    while covering := [one for one in absences if one.valid.holds(day)]:
        day = min(one.valid.first_on for one in covering) - timedelta(days=1)
    if day >= first_on:
        yield day
