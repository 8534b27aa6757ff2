"""Mail that is held because it looks like no matter: who is to read it, and when.

A person decides of every one of them. The registrator has it in what is to do; one that has waited
a working day is in the digest until somebody has read it, after a week in that of everybody who
could. Nothing of the mail stands there, only how many.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from handlers.domain.deadline import add_working_days, local_date
from handlers.domain.people import Organisation, Person, Role
from handlers.municipality import Municipality
from handlers.ports import UnitOfWork

PATH = "/brev"
_READ_WITHIN = 1  # working days
_TELL_ALL_AFTER = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldMail:
    count: int
    due_on: date  # of the oldest
    tell_all_on: date

    def receivers(self, organisation: Organisation, today: date) -> Sequence[Person]:
        """Return who is reminded today; nobody before the day it is due."""
        readers = (*organisation.holders(Role.REGISTRATOR, "", today), organisation.fallback)
        if today < self.due_on:
            return ()
        return readers if today >= self.tell_all_on else readers[:1]


def held_mail(uow: UnitOfWork, municipality: Municipality) -> HeldMail | None:
    """Return what waits; None when everything is read."""
    waiting: Sequence[datetime] = uow.letters.held()
    if not waiting:
        return None
    came_on, works = local_date(waiting[0]), municipality.is_working_day
    return HeldMail(
        count=len(waiting),
        due_on=add_working_days(came_on, _READ_WITHIN, works),
        tell_all_on=add_working_days(came_on, _TELL_ALL_AFTER, works),
    )
