"""Alerts and the reminder ledger."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, String, cast, exists, func, select, update

from handlers.records import Alert
from storage import tables
from storage.inserting import insert_once
from storage.locking import hold_case_of

_ALERTS = tables.alerts
_SWEEP_LOCK = 7_104_227  # any number that nothing else locks


class SqlAlerts:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, alert: Alert) -> bool:
        values = {"id": alert.id, "key": alert.key, "raised_at": alert.raised_at}
        return insert_once(self._connection, _ALERTS, values | _values(alert)) is not None

    def find(self, alert_id: str) -> Alert | None:
        return next(iter(self._load(_ALERTS.c.id == alert_id)), None)

    def find_locked(self, alert_id: str) -> Alert | None:
        hold_case_of(self._connection, _ALERTS, alert_id)
        statement = select(_ALERTS).where(_ALERTS.c.id == alert_id).with_for_update()
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else _alert(row)

    def save(self, alert: Alert) -> None:
        here = _ALERTS.c.id == alert.id
        self._connection.execute(update(_ALERTS).where(here).values(**_values(alert)))

    def unacknowledged(self) -> Sequence[Alert]:
        return self._load(_ALERTS.c.acknowledged_at.is_(None))

    def not_looked_at(self, roles: Collection[str]) -> Sequence[Alert]:
        return self._load(_ALERTS.c.looked_at.is_(None), _ALERTS.c.role.in_(sorted(roles)))

    def of_case(self, case_id: str) -> Sequence[Alert]:
        return self._load(_ALERTS.c.case_id == case_id)

    def of_series(self, since: datetime) -> Sequence[Alert]:
        has_several = cast(_ALERTS.c.series_case_ids, String) != "[]"
        return self._load(_ALERTS.c.raised_at >= since, has_several)

    def attach_draft(self, draft_id: str, case_id: str) -> None:
        here = _ALERTS.c.draft_id == draft_id
        self._connection.execute(update(_ALERTS).where(here).values(case_id=case_id))

    def all(self) -> Sequence[Alert]:
        return self._load()

    def _load(self, *conditions: Any) -> Sequence[Alert]:  # noqa: ANN401 - SQL expressions
        statement = (
            select(_ALERTS)
            .where(*conditions)
            .order_by(_ALERTS.c.raised_at, _ALERTS.c.role, _ALERTS.c.id)
        )
        return [_alert(row) for row in self._connection.execute(statement)]


class SqlReminderLedger:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, *, case_id: str, rule_id: str, person_id: str, sent_on: date) -> bool:
        values = {
            "case_id": case_id,
            "rule_id": rule_id,
            "person_id": person_id,
            "sent_on": sent_on,
        }
        return insert_once(self._connection, tables.reminder_ledger, values) is not None

    def take_turn(self) -> bool:
        if self._connection.dialect.name == "sqlite":
            return True  # a writing transaction is alone there anyhow
        turn = select(func.pg_try_advisory_xact_lock(_SWEEP_LOCK))
        return bool(self._connection.execute(turn).scalar())

    def has_digest(self, person_id: str, sent_on: date) -> bool:
        table = tables.reminder_ledger
        here = exists().where(table.c.person_id == person_id, table.c.sent_on == sent_on)
        return bool(self._connection.execute(select(here)).scalar())


def _values(alert: Alert) -> dict[str, Any]:
    return {
        "role": str(alert.role),
        "reasons": list(alert.reasons),
        "rule_ids": list(alert.rule_ids),
        "case_id": alert.case_id or None,
        "draft_id": alert.draft_id,
        "unit_id": alert.unit_id,
        "urgent": alert.urgent,
        "step": alert.step,
        "recipient_id": alert.recipient_id,
        "told_ids": list(alert.told_ids),
        "notified_at": alert.notified_at,
        "acknowledged_at": alert.acknowledged_at,
        "acknowledged_by": alert.acknowledged_by,
        "looked_at": alert.looked_at,
        "looked_by": alert.looked_by,
        "series_case_ids": list(alert.series_case_ids),
    }


def _alert(row: Row[Any]) -> Alert:
    return Alert(
        id=row.id,
        key=row.key,
        role=row.role,
        reasons=tuple(row.reasons),
        rule_ids=tuple(row.rule_ids),
        raised_at=row.raised_at,
        case_id=row.case_id or "",
        draft_id=row.draft_id,
        unit_id=row.unit_id,
        urgent=row.urgent,
        step=row.step,
        recipient_id=row.recipient_id,
        told_ids=tuple(row.told_ids),
        notified_at=row.notified_at,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=row.acknowledged_by,
        looked_at=row.looked_at,
        looked_by=row.looked_by,
        series_case_ids=tuple(row.series_case_ids),
    )
