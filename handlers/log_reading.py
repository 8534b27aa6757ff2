"""The log for those who review it: what was done outside the cases, and who has been in one case.

Lines carry no words of a report. What the reviewer is involved in is in neither; looking in the log
is itself a line of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from handlers.access import Access, told_of
from handlers.domain.case import Case
from handlers.domain.deadline import add_months, midnight
from handlers.errors import NotAllowed, UserFault
from handlers.permissions import Action, Thing
from handlers.ports import UnitOfWork
from handlers.records import AuditEvent, CaseEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """`number` is the case of the line, or empty."""

    event: AuditEvent
    number: str


def month_of_log(
    uow: UnitOfWork, access: Access, first_on: date, now: datetime
) -> Sequence[LogLine]:
    """Return a month's lines, newest first, or raise NotAllowed."""
    _require(access)
    found = uow.audit.between(midnight(first_on), midnight(add_months(first_on, 1)))
    lines = [(event, _case(uow, event)) for event in reversed(found)]
    _note(uow, access, now, month=first_on.isoformat()[:7])
    return [
        LogLine(event=event, number=case.number if case else "")
        for event, case in lines
        if case is None or access.person_id not in case.manager_involved_ids
    ]


def log_of_case(
    uow: UnitOfWork, access: Access, number: str, now: datetime
) -> tuple[Case, Sequence[CaseEvent]]:
    """Return a case's lines, newest first; one that is hidden is answered as one that is not."""
    _require(access)
    case = uow.cases.find_number(number.strip().upper())
    if case is None or access.person_id in case.manager_involved_ids:
        raise UserFault("fault.no_such_case")
    _note(uow, access, now, case=case.id)
    return case, told_of(uow, uow.cases.events(case.id), access.person_id)[::-1]


def note_search(uow: UnitOfWork, person_id: str, hits: int, now: datetime) -> None:
    """Note who looked for words in cases, when, and how many cases had them.

    The words are never kept: they may name somebody (docs/security.md).
    """
    values = {"hits": str(hits)}
    uow.audit.add(AuditEvent(at=now, actor_id=person_id, kind="searched", values=values))


def note_danger_read(uow: UnitOfWork, person_id: str, alert_id: str, now: datetime) -> None:
    """Note who read the words of a report that was not sent yet: there is no case to note it in."""
    values = {"alert": alert_id}
    uow.audit.add(AuditEvent(at=now, actor_id=person_id, kind="danger_read", values=values))


def _require(access: Access) -> None:
    if not access.may_with(Action.OPEN, Thing.ACCESS_LOG):
        raise NotAllowed(Thing.ACCESS_LOG)


def _case(uow: UnitOfWork, event: AuditEvent) -> Case | None:
    found = uow.alerts.find(event.values["alert"]) if "alert" in event.values else None
    case_id = found.case_id if found else event.values.get("case", "")
    return uow.cases.find(case_id) if case_id else None


def _note(uow: UnitOfWork, access: Access, now: datetime, **values: str) -> None:
    uow.audit.add(AuditEvent(at=now, actor_id=access.person_id, kind="log_read", values=values))
