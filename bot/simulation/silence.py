"""Whether a case has been forgotten: by the ladder, or by the messages that went out."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select

from handlers.digest_room import TOGETHER
from handlers.domain.case import Case
from handlers.domain.deadline import before_working_days, local_date
from handlers.municipality import Municipality
from handlers.records import DueCase
from handlers.reminder_rules import ReminderRule
from handlers.reminders import due_reminders
from storage import tables
from storage.unit_of_work import SqlUnitOfWork

_FULL = TOGETHER  # rows of a digest that is full at least; duties and letters leave none


def forgotten(uow: SqlUnitOfWork, today: date, municipality: Municipality) -> int:
    """Count open cases with a rung that fell due before today and was never sent.

    What a full digest of today counts without naming it is not forgotten: it comes in the next.
    """
    works = municipality.is_working_day
    if not works(today):
        return 0  # it moves to the next working day
    late = due_reminders(uow, today, municipality)
    counted = _counted(uow, today, today, municipality)
    return sum(
        one.rule.due_on(one.case, works) < today
        and not _reopened_on(one.case, today)
        and one.case.case_id not in counted
        for one in late
    )


def _counted(uow: SqlUnitOfWork, since: date, today: date, municipality: Municipality) -> set[str]:
    """Return the cases that a full digest since a day has counted, to whoever is to be told."""
    ledger = tables.reminder_ledger
    named: Counter[tuple[str, date]] = Counter()
    rows = select(ledger.c.person_id, ledger.c.sent_on).where(ledger.c.sent_on >= since)
    work = tables.work_reminders
    also = select(work.c.person_id, work.c.sent_on).where(work.c.sent_on >= since)
    for row in (*uow.connection.execute(rows), *uow.connection.execute(also)):
        named[row.person_id, row.sent_on] += 1
    full = {person_id for (person_id, _), count in named.items() if count >= _FULL}
    due = due_reminders(uow, today, municipality)
    return {one.case.case_id for one in due if one.person.id in full}


def _reopened_on(case: DueCase, day: date) -> bool:
    return case.reopened_at is not None and local_date(case.reopened_at) == day


def gone_silent(
    uow: SqlUnitOfWork, cases: Sequence[Case], today: date, municipality: Municipality
) -> int:
    """Count open cases with a rung behind them of which nobody has been told since.

    It asks the messages, not the ladder: since a case was last opened, and for what is very late
    within the time after which the last rung comes again. What a full digest has counted waits.
    """
    works = municipality.is_working_day
    settled = before_working_days(today, 2, works)  # what changed since may wait for its digest
    ledger = tables.reminder_ledger
    last_on: dict[str, date] = {}
    for row in uow.connection.execute(select(ledger.c.case_id, ledger.c.sent_on)):
        last_on[row.case_id] = max(row.sent_on, last_on.get(row.case_id, row.sent_on))
    counted = _counted(uow, settled, today, municipality)
    return sum(
        case.is_open
        and case.id not in counted
        and _is_silent(case, last_on.get(case.id), settled, municipality)
        for case in cases
    )


def _is_silent(case: Case, last_on: date | None, settled: date, municipality: Municipality) -> bool:
    rules = [r for r in municipality.reminder_rules if r.concerns(case)]
    rules = [r for r in rules if case.status in r.states]
    due = [r for r in rules if _fell_due(r, case, municipality) < settled]
    if not due or (case.reopened_at is not None and local_date(case.reopened_at) >= settled):
        return False
    if last_on is None:
        return True
    if case.reopened_at is not None and last_on < local_date(case.reopened_at):
        return True
    spans = [r.repeat_days for r in due if r.repeat_days is not None]
    return bool(spans) and last_on < settled - timedelta(days=max(spans))


def _fell_due(rule: ReminderRule, case: Case, municipality: Municipality) -> date:
    plain = DueCase(
        case_id=case.id,
        number=case.number,
        unit_id=case.unit_id,
        received_on=case.received_on,
        target_on=case.target_on,
        moved_at=case.moved_at,
        reopened_at=case.reopened_at,
        kind=case.kind,
    )
    return rule.due_on(plain, municipality.is_working_day)
