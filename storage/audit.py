"""What is done outside the cases, one chain of hashes, and the emergency openings of cases."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, exists, func, insert, select

from handlers.records import AuditEvent, EmergencyAccess
from storage import access_tables
from storage.history import line_hash

_EMERGENCIES = access_tables.emergency_access
_AUDIT = access_tables.audit_events
_CHAIN_LOCK = 0x10_75_E0  # any number that no other lock of ours has


class SqlEmergencies:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, access: EmergencyAccess) -> None:
        self._connection.execute(
            insert(_EMERGENCIES).values(
                id=access.id,
                case_id=access.case_id,
                person_id=access.person_id,
                reason=access.reason,
                opened_at=access.opened_at,
                until_at=access.until_at,
            )
        )

    def is_open(self, case_id: str, person_id: str, now: datetime) -> bool:
        here = exists().where(
            _EMERGENCIES.c.case_id == case_id,
            _EMERGENCIES.c.person_id == person_id,
            _EMERGENCIES.c.opened_at <= now,
            _EMERGENCIES.c.until_at > now,
        )
        return bool(self._connection.execute(select(here)).scalar())

    def all(self) -> Sequence[EmergencyAccess]:
        statement = select(_EMERGENCIES).order_by(_EMERGENCIES.c.opened_at.desc())
        return [_emergency(row) for row in self._connection.execute(statement)]


class SqlAuditLog:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, event: AuditEvent) -> None:
        before = self._last_hash()
        self._connection.execute(
            insert(_AUDIT).values(
                at=event.at,
                actor_id=event.actor_id,
                kind=event.kind,
                values=dict(event.values),
                prev_hash=before,
                hash=line_hash(before, event),
            )
        )

    def _last_hash(self) -> str:
        if self._connection.dialect.name == "postgresql":
            # Two writers take turns; otherwise both would build on the same line.
            self._connection.execute(select(func.pg_advisory_xact_lock(_CHAIN_LOCK)))
        newest = select(_AUDIT.c.hash).order_by(_AUDIT.c.id.desc()).limit(1)
        return self._connection.execute(newest).scalar() or ""

    def broken_lines(self) -> Sequence[int]:
        """Return the ids of the lines that are not what was written, or follow on another."""
        broken, before = [], ""
        for row in self._connection.execute(select(_AUDIT).order_by(_AUDIT.c.id)):
            if row.prev_hash != before or row.hash != line_hash(before, _audited(row)):
                broken.append(row.id)
            before = row.hash
        return broken

    def between(self, first: datetime, last: datetime) -> Sequence[AuditEvent]:
        statement = select(_AUDIT).where(_AUDIT.c.at >= first, _AUDIT.c.at < last)
        rows = self._connection.execute(statement.order_by(_AUDIT.c.id))
        return [_audited(row) for row in rows]


def _audited(row: Row[Any]) -> AuditEvent:
    return AuditEvent(
        at=row.at, actor_id=row.actor_id, kind=row.kind, values=row._mapping["values"]
    )


def _emergency(row: Row[Any]) -> EmergencyAccess:
    return EmergencyAccess(
        id=row.id,
        case_id=row.case_id,
        person_id=row.person_id,
        reason=row.reason,
        opened_at=row.opened_at,
        until_at=row.until_at,
    )
