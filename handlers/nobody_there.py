"""Work that nobody at work can take: everybody who could is away, or their chairs are empty.

Such work goes to the fallback address, which nobody logs in with. So an administrator, who names
deputies, sees that it waits, is told each working day, and at once of an alert. Nothing of a case
stands there, only how many.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.alert_chain import has_nobody
from handlers.domain.deadline import local_date
from handlers.domain.people import FALLBACK, Organisation, Person, Role
from handlers.ports import UnitOfWork
from handlers.reporting import receiver_of

PATH = "/organisation"
_LAST_BEFORE_FALLBACK = (Role.MAS, Role.SAS, Role.REGISTRATOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class NobodyThere:
    """What waits with the fallback address alone."""

    alerts: int
    cases: int

    @property
    def count(self) -> int:
        return self.alerts + self.cases


def nobody_there(uow: UnitOfWork, now: datetime) -> NobodyThere | None:
    """Return what waits for somebody to be at work again; None when nothing does."""
    alerts = sum(has_nobody(uow, one, now) for one in uow.alerts.unacknowledged())
    cases = 0
    if _may_have_nobody(uow.organisation, now):
        found = uow.cases.listed(None, open_only=True)
        cases = sum(receiver_of(uow, case, now).id == FALLBACK for case in found)
    return NobodyThere(alerts=alerts, cases=cases) if alerts or cases else None


def administrators(organisation: Organisation, now: datetime) -> Sequence[Person]:
    """Return who can mend it; the fallback address while they are away too."""
    found = organisation.holders(Role.ADMINISTRATOR, "", local_date(now))
    return found or (organisation.fallback,)


def _may_have_nobody(organisation: Organisation, now: datetime) -> bool:
    """Whether a case can stand with nobody; while these are at work every chain ends in one."""
    day = local_date(now)
    return not all(organisation.holders(role, "", day) for role in _LAST_BEFORE_FALLBACK)
