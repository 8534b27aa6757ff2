"""A case's history: append-only, and every line carries the hash of the line before it.

Whoever changes a stored line past the database's triggers breaks the chain, and `broken_chains`
names the case. Lines cut off at the end show when the head is compared with one noted earlier.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from handlers.records import AuditEvent, CaseEvent
from storage import tables

_EVENTS = tables.case_events


def add_event(connection: Connection, event: CaseEvent) -> None:
    before = _last_hash(connection, event.case_id)
    connection.execute(
        insert(_EVENTS).values(
            case_id=event.case_id,
            at=event.at,
            actor_id=event.actor_id,
            kind=event.kind,
            values=dict(event.values),
            prev_hash=before,
            hash=line_hash(before, event, event.case_id),
        )
    )


def events_of(connection: Connection, case_id: str) -> Sequence[CaseEvent]:
    rows = connection.execute(
        select(_EVENTS).where(_EVENTS.c.case_id == case_id).order_by(_EVENTS.c.id)
    )
    return [_event(row) for row in rows]


def reads_between(connection: Connection, first: datetime, last: datetime) -> Sequence[CaseEvent]:
    inside = (_EVENTS.c.kind == "read", _EVENTS.c.at >= first, _EVENTS.c.at < last)
    rows = connection.execute(select(_EVENTS).where(*inside).order_by(_EVENTS.c.id))
    return [_event(row) for row in rows]


def broken_chains(connection: Connection) -> Iterator[str]:
    """Yield the id of every case whose stored history is not what was written."""
    last: dict[str, str] = {}
    broken: set[str] = set()
    for row in _all(connection):
        before = last.get(row.case_id, "")
        if row.prev_hash != before or row.hash != line_hash(before, _event(row), row.case_id):
            broken.add(row.case_id)
        last[row.case_id] = row.hash
    yield from sorted(broken)


def head_of_all(connection: Connection) -> tuple[int, str]:
    """Return the number of lines and one hash over all of them, to be kept somewhere else."""
    count, head = 0, sha256()
    for row in _all(connection):
        head.update(row.hash.encode())
        count += 1
    return count, head.hexdigest()


def _all(connection: Connection) -> Iterator[Row[Any]]:
    yield from connection.execute(select(_EVENTS).order_by(_EVENTS.c.id))


def _last_hash(connection: Connection, case_id: str) -> str:
    if connection.dialect.name == "postgresql":
        # Two writers of one case take turns; otherwise both would build on the same line.
        held = select(tables.cases.c.id).where(tables.cases.c.id == case_id).with_for_update()
        connection.execute(held)
    newest = (
        select(_EVENTS.c.hash)
        .where(_EVENTS.c.case_id == case_id)
        .order_by(_EVENTS.c.id.desc())
        .limit(1)
    )
    return connection.execute(newest).scalar() or ""


def line_hash(before: str, event: CaseEvent | AuditEvent, about: str = "") -> str:
    """Return the hash of a line that stands on the line before it."""
    values = dict(sorted(event.values.items()))
    at = event.at.astimezone(UTC).isoformat()
    parts = [before, about, at, event.actor_id, event.kind, values]
    written = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return sha256(written.encode("utf-8", "surrogatepass")).hexdigest()


def _event(row: Row[Any]) -> CaseEvent:
    return CaseEvent(
        case_id=row.case_id,
        at=row.at,
        actor_id=row.actor_id,
        kind=row.kind,
        values=row._mapping["values"],
    )
