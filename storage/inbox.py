"""The inbox: what came from outside, raw, under a unique key, before anything is made of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, and_, func, select, update

from storage import tables
from storage.claiming import is_free, is_waited_for
from storage.inserting import insert_once

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 5
WAIT = timedelta(minutes=1)

_INBOX = tables.inbox


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxItem:
    id: int
    source: str
    key: str
    raw: bytes
    received_at: datetime
    state: str  # new, done, shown (done, and seen in the mail room), held, failed
    attempts: int
    fault: str
    outcome: Mapping[str, Any]


class SqlInbox:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        *,
        source: str,
        key: str,
        raw: bytes,
        now: datetime,
        erase_at: datetime | None = None,
    ) -> int | None:
        """Store something that came in; None when it is here already.

        From `erase_at` on only the key is kept, so that the same thing is still known again.
        """
        values: dict[str, Any] = {
            "erase_at": erase_at,
            "source": source,
            "key": key,
            "sha256": sha256(raw).hexdigest(),
            "raw": raw,
            "received_at": now,
            "state": "new",
            "attempts": 0,
            "next_attempt_at": now,
            "fault": "",
            "outcome": {},
        }
        return insert_once(self._connection, _INBOX, values)

    def find(self, *, source: str, key: str) -> InboxItem | None:
        here = and_(_INBOX.c.source == source, _INBOX.c.key == key)
        return _item(self._connection.execute(select(_INBOX).where(here)).first())

    def get(self, item_id: int) -> InboxItem | None:
        return _item(self._connection.execute(select(_INBOX).where(_INBOX.c.id == item_id)).first())

    def claim(self, now: datetime, *, source_prefix: str) -> InboxItem | None:
        """Take the oldest waiting item for this process until its lease runs out."""
        due = and_(
            _INBOX.c.state == "new",
            _INBOX.c.source.startswith(source_prefix),
            is_waited_for(_INBOX, now, longest=WAIT * 2**MAX_ATTEMPTS),
            is_free(_INBOX, now, lease=LEASE),
        )
        ids = select(_INBOX.c.id).where(due).order_by(_INBOX.c.id).limit(1)
        if self._connection.dialect.name == "postgresql":
            ids = ids.with_for_update(skip_locked=True)
        statement = (
            update(_INBOX)
            .where(_INBOX.c.id.in_(ids.scalar_subquery()))
            .values(lease_until=now + LEASE, attempts=_INBOX.c.attempts + 1)
            .returning(*_INBOX.c)
        )
        return _item(self._connection.execute(statement).first())

    def settle(
        self, item_id: int, *, state: str, outcome: Mapping[str, Any], message_key: str = ""
    ) -> None:
        """Finish an item: done, or held for a person."""
        values = {"state": state, "outcome": dict(outcome), "lease_until": None, "fault": ""}
        if message_key:
            values["message_key"] = message_key
        self._connection.execute(update(_INBOX).where(_INBOX.c.id == item_id).values(**values))

    def fail(self, item: InboxItem, now: datetime, fault: str) -> bool:
        """Note a failed attempt; True when it was the last one and a person has to look."""
        last = item.attempts >= MAX_ATTEMPTS
        values: dict[str, Any] = {
            "state": "failed" if last else "new",
            "fault": fault,
            "lease_until": None,
            "next_attempt_at": now + WAIT * 2**item.attempts,
        }
        self._connection.execute(update(_INBOX).where(_INBOX.c.id == item.id).values(**values))
        return last

    def erase_due(self, now: datetime) -> int:
        """Empty what has been handled and kept long enough; return how many.

        What still waits, or has failed and waits for a person, is emptied by nobody.
        """
        handled = _INBOX.c.state.not_in(("new", "failed"))
        due = and_(_INBOX.c.erase_at.is_not(None), _INBOX.c.erase_at <= now, handled)
        values: dict[str, Any] = {"raw": b"", "sha256": "", "outcome": {}, "erase_at": None}
        return self._connection.execute(update(_INBOX).where(due).values(**values)).rowcount

    def settled_with(self, message_key: str) -> InboxItem | None:
        """Return an item with the same message and body that has been handled before."""
        statement = (
            select(_INBOX)
            .where(_INBOX.c.message_key == message_key, _INBOX.c.state != "new")
            .order_by(_INBOX.c.id)
            .limit(1)
        )
        return _item(self._connection.execute(statement).first())

    def in_state(self, state: str, *, since: datetime | None = None) -> Sequence[InboxItem]:
        statement = select(_INBOX).where(_INBOX.c.state == state).order_by(_INBOX.c.id)
        if since is not None:
            statement = statement.where(_INBOX.c.received_at >= since)
        found = (_item(row) for row in self._connection.execute(statement))
        return [item for item in found if item is not None]

    def oldest_waiting_at(self) -> datetime | None:
        statement = select(func.min(_INBOX.c.received_at)).where(_INBOX.c.state == "new")
        return self._connection.execute(statement).scalar()

    def high_water(self, mailbox: str) -> str | None:
        table = tables.mailbox_marks
        statement = select(table.c.mark).where(table.c.mailbox == mailbox)
        return self._connection.execute(statement).scalar()

    def set_high_water(self, mailbox: str, mark: str) -> None:
        table = tables.mailbox_marks
        insert_once(self._connection, table, {"mailbox": mailbox, "mark": mark})
        self._connection.execute(update(table).where(table.c.mailbox == mailbox).values(mark=mark))


def _item(row: Row[Any] | None) -> InboxItem | None:
    if row is None:
        return None
    return InboxItem(
        id=row.id,
        source=row.source,
        key=row._mapping["key"],
        raw=row.raw,
        received_at=row.received_at,
        state=row.state,
        attempts=row.attempts,
        fault=row.fault,
        outcome=row.outcome,
    )
