"""Work that nobody at work can take: everybody who could is away, or their chairs are empty.

Such work goes to the fallback address, which nobody logs in with. So an administrator, who names
deputies, sees that it waits, is told each working day, and at once of an alert. Nothing of a case
stands there, only how many.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from handlers.access import involved_in
from handlers.alert_chain import has_nobody, lacks_a_look
from handlers.chairs import units_left_alone
from handlers.domain.deadline import local_date
from handlers.domain.people import FALLBACK, WATCHING, Organisation, Person, Role
from handlers.ports import UnitOfWork
from handlers.records import Alert
from handlers.reporting import receiver_of

PATH = "/organisation"


@dataclass(frozen=True, slots=True, kw_only=True)
class NobodyThere:
    """What waits with the fallback address alone."""

    alerts: int
    cases: int

    @property
    def count(self) -> int:
        return self.alerts + self.cases


def nobody_there(uow: UnitOfWork, now: datetime, *, reader_id: str = "") -> NobodyThere | None:
    """Return what waits for somebody to be at work again; None when nothing does.

    What the reader is involved in is not counted for that person.
    """
    waiting = [one for one in uow.alerts.unacknowledged() if has_nobody(uow, one, now)]
    waiting += _taken_and_not_looked_at(uow, now)
    alerts = sum(reader_id not in involved_in(uow, one) for one in waiting)
    units = _units_to_look_in(uow.organisation, local_date(now))
    found = uow.cases.listed(units, open_only=True) if units is None or units else ()
    mine = (case for case in found if reader_id not in case.manager_involved_ids)
    cases = sum(receiver_of(uow, case, now).id == FALLBACK for case in mine)
    return NobodyThere(alerts=alerts, cases=cases) if alerts or cases else None


def administrators(organisation: Organisation, now: datetime) -> Sequence[Person]:
    """Return who can mend it; the fallback address while they are away too."""
    found = organisation.holders(Role.ADMINISTRATOR, "", local_date(now))
    return found or (organisation.fallback,)


def _taken_and_not_looked_at(uow: UnitOfWork, now: datetime) -> list[Alert]:
    """Return what keeps a case open for good: nobody in a chair may look at its alert."""
    return [
        one
        for one in uow.alerts.not_looked_at(WATCHING)
        if one.acknowledged_at is not None
        and (case := uow.cases.find(one.case_id)) is not None
        and case.is_open
        and lacks_a_look(uow, one, now)
    ]


def _units_to_look_in(organisation: Organisation, day: date) -> frozenset[str] | None:
    """Return the units whose cases can stand with nobody; None: those of any unit.

    While MAS and SAS are at work every chain of a unit ends in one of them, but that of a private
    provider and what is grave where both answer for the unit, and what belongs to no unit yet in
    the registrator. This is asked on every sweep, so
    that few cases are read.
    """
    watching = [role for role in (Role.MAS, Role.SAS) if organisation.holders(role, "", day)]
    if not watching:
        return None
    unrouted = not organisation.holders(Role.REGISTRATOR, "", day)
    alone = len(watching) == 1
    empty = [u for u in organisation.units if len(organisation.unit_chain(u.id, day)) == 1]
    looked_in = [unit.id for unit in empty if alone or unit.provider]
    looked_in += units_left_alone(organisation, day)
    return frozenset([*([""] if unrouted else []), *looked_in])
