"""What is done outside the cases, and the emergency openings of cases."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, exists, insert, select

from handlers.records import AuditEvent, EmergencyAccess
from storage import access_tables

_EMERGENCIES = access_tables.emergency_access
_AUDIT = access_tables.audit_events


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
        self._connection.execute(
            insert(_AUDIT).values(
                at=event.at,
                actor_id=event.actor_id,
                kind=event.kind,
                values=dict(event.values),
            )
        )

    def between(self, first: datetime, last: datetime) -> Sequence[AuditEvent]:
        statement = select(_AUDIT).where(_AUDIT.c.at >= first, _AUDIT.c.at < last)
        return [
            AuditEvent(
                at=row.at,
                actor_id=row.actor_id,
                kind=row.kind,
                values=row._mapping["values"],
            )
            for row in self._connection.execute(statement.order_by(_AUDIT.c.id))
        ]


def _emergency(row: Row[Any]) -> EmergencyAccess:
    return EmergencyAccess(
        id=row.id,
        case_id=row.case_id,
        person_id=row.person_id,
        reason=row.reason,
        opened_at=row.opened_at,
        until_at=row.until_at,
    )
