"""Which cases have come to a rung of the reminder ladder and have not been told of it.

What is merged into a case keeps its days: the case falls due by the earliest of them, and a report
whose sender was promised an answer goes on counting by itself until it has one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Subquery, and_, exists, func, or_, select

from handlers.domain.case import CaseKind, CaseStatus
from handlers.domain.deadline import local_date, told_until
from handlers.domain.people import FALLBACK
from handlers.records import DueCase
from storage import case_tables, tables

_CASES, _LEDGER = tables.cases, tables.reminder_ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """See handlers.ports.Cases.due."""

    statuses: frozenset[CaseStatus]
    received_until: date | None
    target_until: date | None
    rule_ids: tuple[str, ...]
    today: date
    kinds: frozenset[CaseKind] | None
    again_after: date | None
    promised: bool | None


def due_cases(connection: Connection, rung: Rung) -> Sequence[DueCase]:
    said = [_LEDGER.c.case_id == _CASES.c.id, _LEDGER.c.rule_id.in_(list(rung.rule_ids))]
    said.append(_LEDGER.c.sent_on <= told_until(rung.today))
    # The fallback address takes nothing: it is told again each day, and who is back is told too.
    said.append(or_(_LEDGER.c.person_id != FALLBACK, _LEDGER.c.sent_on >= rung.today))
    if rung.again_after is not None:
        said.append(_LEDGER.c.sent_on > rung.again_after)
    last_on = select(func.max(_LEDGER.c.sent_on)).where(*said).scalar_subquery()
    again = or_(_CASES.c.reopened_at.is_not(None), _CASES.c.moved_at.is_not(None))
    parts = _parts()
    received_on, target_on = parts.c.received_on, parts.c.target_on
    statement = (
        select(
            _CASES,
            last_on.label("last_on"),
            received_on.label("parts_received_on"),
            target_on.label("parts_target_on"),
        )
        .select_from(_CASES.outerjoin(parts, parts.c.merged_into_id == _CASES.c.id))
        .where(_in_state(rung), or_(last_on.is_(None), again))
    )
    until = rung.received_until
    if until is not None:
        ahead = _CASES.c.received_on > rung.today
        old = or_(_CASES.c.received_on <= until, received_on <= until, ahead)
        statement = statement.where(old)
    if rung.target_until is not None:
        last = rung.target_until
        statement = statement.where(or_(_CASES.c.target_on <= last, target_on <= last))
    if rung.kinds is not None:
        statement = statement.where(_CASES.c.kind.in_(sorted(rung.kinds)))
    found = connection.execute(statement.order_by(_CASES.c.number))
    rows = [row for row in found if not _has_been_said(row, rung.today)]
    laws = _laws_of_events(connection, rows)
    due = (_due_case(row, rung, laws.get(row.merged_into_id or row.id)) for row in rows)
    if until is None:
        return list(due)
    return [one for one in due if not until < _since(one, rung) <= rung.today]


def _in_state(rung: Rung) -> Any:  # noqa: ANN401 - an SQL expression
    open_case = _CASES.c.status.in_(sorted(rung.statuses))
    if rung.promised is None:
        return open_case
    if not rung.promised:
        return and_(open_case, ~_is_awaited())
    mains = tables.cases.alias()
    goes_on = exists().where(
        mains.c.id == _CASES.c.merged_into_id, mains.c.status.in_(sorted(rung.statuses))
    )
    merged = and_(_CASES.c.status == CaseStatus.MERGED, goes_on)
    return and_(or_(open_case, merged), _is_awaited())


def _is_awaited() -> Any:  # noqa: ANN401 - an SQL expression
    """Whether somebody still waits for an answer, as Case.awaited_on says."""
    answers = case_tables.complaint_answers
    reopened = _CASES.c.reopened_at
    answered = exists().where(
        answers.c.case_id == _CASES.c.id,
        answers.c.measures != "",
        or_(reopened.is_(None), answers.c.written_at > reopened),
    )
    return and_(_CASES.c.answer_on.is_not(None), _CASES.c.reporter_reachable, ~answered)


def _parts() -> Subquery:
    """Return the earliest days of what is merged into each case, found once for all of them.

    PostgreSQL thinks that every case has parts while few have: asked case by case it read the
    whole table for each.
    """
    columns = tables.cases.alias().c
    earliest = (func.min(columns[name]).label(name) for name in ("received_on", "target_on"))
    merged = select(columns.merged_into_id, *earliest).where(columns.merged_into_id > "")
    return merged.group_by(columns.merged_into_id).subquery()


def _has_been_said(row: Row[Any], today: date) -> bool:
    """Whether a rung was sent since the case was last opened; before that it was another round."""
    if row.last_on is None:
        return False
    if row.moved_at is not None and row.last_on <= local_date(row.moved_at) <= today:
        return False  # said to the unit that it has left
    if row.reopened_at is None or local_date(row.reopened_at) > today:
        return True
    return bool(row.last_on >= local_date(row.reopened_at))


def _since(case: DueCase, rung: Rung) -> date:
    return case.promised_from if rung.promised else case.counts_from


def _laws_of_events(
    connection: Connection, rows: Sequence[Row[Any]]
) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return what each report says of its laws, for every event of several reports."""
    merged = {row.merged_into_id for row in rows if row.merged_into_id}
    main_ids = sorted(merged | {row.id for row in rows if row.parts_target_on is not None})
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for start in range(0, len(main_ids), 10_000):
        chunk = main_ids[start : start + 10_000]
        here = or_(_CASES.c.id.in_(chunk), _CASES.c.merged_into_id.in_(chunk))
        wanted = select(_CASES.c.id, _CASES.c.merged_into_id, _CASES.c.legal_areas).where(here)
        for row in connection.execute(wanted):
            event = row.merged_into_id or row.id
            found[event] = (*found.get(event, ()), tuple(row.legal_areas))
    return found


def _due_case(
    row: Row[Any], rung: Rung, reports_laws: tuple[tuple[str, ...], ...] | None
) -> DueCase:
    received = (row.received_on, None if rung.promised else row.parts_received_on)
    return DueCase(
        case_id=row.id,
        number=row.number,
        unit_id=row.unit_id,
        received_on=min(day for day in received if day is not None),
        target_on=min(row.target_on, row.parts_target_on or row.target_on),
        kind=CaseKind(row.kind),
        manager_involved=row.manager_involved,
        manager_involved_ids=tuple(row.manager_involved_ids),
        is_held=row.look_on is not None,
        reports_laws=reports_laws or (tuple(row.legal_areas),),
        awaited_on=row.answer_on if rung.promised else None,
        reopened_at=row.reopened_at,
        moved_at=row.moved_at,
    )
