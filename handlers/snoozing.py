"""What keeps the reminders of a case at rest, and what ends that before its day."""

from datetime import date, datetime

from handlers.case_records import Snooze
from handlers.domain.case import Case
from handlers.domain.deadline import local_date
from handlers.gravity import Gravity, gravity_of
from handlers.ports import UnitOfWork


def resting(uow: UnitOfWork, today: date) -> frozenset[str]:
    """Return the ids of the cases that nobody is reminded of today, merged reports with them."""
    held = [case for case in uow.cases.put_off(today) if running(uow, case, today)]
    parts = (part.id for case in held for part in uow.cases.merged_into(case.id))
    return frozenset({*(case.id for case in held), *parts})


def running(uow: UnitOfWork, case: Case, today: date) -> Snooze | None:
    """Return the last snooze that holds today.

    None holds for a case that has become serious since, nor one that was opened again or moved to
    another unit after it, nor one that was made while the clock was ahead.
    """
    made = uow.work.snoozes.where(case_id=case.id)
    held = [one for one in made if one.until_on > today and _stands(case, one, today)]
    return held[-1] if held and not is_serious(uow, case) else None


def is_serious(uow: UnitOfWork, case: Case) -> bool:
    """Whether a case, or a report that is merged into it, may not be put off."""
    return gravity_of(uow, case) != Gravity.ORDINARY


def _stands(case: Case, snooze: Snooze, today: date) -> bool:
    after: list[datetime] = [at for at in (case.reopened_at, case.moved_at) if at is not None]
    return local_date(snooze.created_at) <= today and all(at <= snooze.created_at for at in after)
