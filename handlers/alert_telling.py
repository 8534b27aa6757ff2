"""Word of an alert: to whoever is to take it, and of one that nobody at work can take."""

from datetime import datetime

from handlers import notices, work_notices
from handlers.access import involved_in
from handlers.alert_chain import has_nobody
from handlers.domain.case import Case
from handlers.domain.deadline import local_date
from handlers.domain.people import FALLBACK, Person, Role
from handlers.municipality import Municipality
from handlers.ports import UnitOfWork
from handlers.records import Alert


def tell(
    uow: UnitOfWork,
    found: Alert,
    case: Case | None,
    person: Person,
    now: datetime,
    municipality: Municipality,
) -> None:
    """Queue the alert for its receiver.

    When everybody of its chain is away it goes to the fallback address only. Then the
    administrators hear, each time, that somebody has to stand in.
    """
    number = case.number if case else ""
    notices.queue(uow, notices.alert(found, number, person, municipality), now)
    if person.id != FALLBACK or not has_nobody(uow, found, now):
        return
    without = involved_in(uow, found)
    for one in uow.organisation.holders(Role.ADMINISTRATOR, "", local_date(now)):
        if one.id not in without:
            notices.queue(uow, work_notices.nobody_takes(found, one, municipality), now)
