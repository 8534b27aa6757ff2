"""The outbox: messages queued with the change that they tell of, sent by whoever claims them.

A claim is one UPDATE ... RETURNING with a lease, safe with any number of processes on both
databases (stack study 8). A worker that dies leaves its lease to run out.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, func, insert, or_, select, update

from handlers.records import Button, OutboxMessage, Purpose, QueuedMessage
from storage import tables
from storage.claiming import is_free, is_waited_for
from storage.inserting import insert_once

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 12  # with doubling waits from a minute: about three days
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=12)

_OUTBOX = tables.outbox


class SqlOutbox:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, message: OutboxMessage, now: datetime) -> bool:
        values = {
            "dedupe_key": message.dedupe_key,
            "channel": message.channel,
            "recipient": message.recipient,
            "subject": message.subject,
            "text": message.text,
            "purpose": message.purpose.value,
            "case_id": message.case_id or None,
            "language": message.language,
            "person_id": message.person_id,
            "automatic": message.automatic,
            "alert_id": message.alert_id,
            "link": message.link,
            "buttons": [list(one) for one in message.buttons],
            "in_reply_to": message.in_reply_to,
            "text_version": message.text_version,
            "created_at": now,
            "state": "pending",
            "attempts": 0,
            "next_attempt_at": now,
            "fault": "",
        }
        return insert_once(self._connection, _OUTBOX, values) is not None

    def claim(
        self, now: datetime, limit: int, channels: Collection[str] | None = None
    ) -> Sequence[QueuedMessage]:
        """Take up to `limit` due messages for this process until the lease runs out.

        Alerts come first. Only of the channels that this process has; what is for another waits
        for one that has it.
        """
        due = and_(
            _OUTBOX.c.state == "pending",
            is_waited_for(_OUTBOX, now, longest=LONGEST_WAIT),
            is_free(_OUTBOX, now, lease=LEASE),
        )
        if channels is not None:
            due = and_(due, _OUTBOX.c.channel.in_(sorted(channels)))
        first = (
            _OUTBOX.c.purpose != Purpose.ALERT,
            _OUTBOX.c.id,
        )  # alerts pass a morning's digests
        ids = select(_OUTBOX.c.id).where(due).order_by(*first).limit(limit)
        if self._connection.dialect.name == "postgresql":
            ids = ids.with_for_update(skip_locked=True)
        statement = (
            update(_OUTBOX)
            .where(_OUTBOX.c.id.in_(ids.scalar_subquery()))
            .values(lease_until=now + LEASE, attempts=_OUTBOX.c.attempts + 1)
            .returning(*_OUTBOX.c)
        )
        rows = self._connection.execute(statement).all()
        rows = sorted(rows, key=lambda row: (row.purpose != Purpose.ALERT, row.id))
        return [_queued(row) for row in rows]

    def waiting_about(self, case_id: str, number: str) -> Sequence[QueuedMessage]:
        """Return what is to go to staff and is about a case or names it, and is not sent yet."""
        about = or_(_OUTBOX.c.case_id == case_id, _OUTBOX.c.text.contains(number, autoescape=True))
        waits = and_(_OUTBOX.c.state == "pending", _OUTBOX.c.person_id != "", about)
        statement = select(_OUTBOX).where(waits).order_by(_OUTBOX.c.id)
        return [_queued(row) for row in self._connection.execute(statement)]

    def rewrite(self, message_id: int, message: OutboxMessage) -> None:
        """Let a message that is not sent yet say something else."""
        buttons = [list(one) for one in message.buttons]
        said = {"subject": message.subject, "text": message.text, "buttons": buttons}
        self._change(message_id, ("pending",), **said)

    def withdraw(self, message_id: int) -> None:
        """Never send a message that is not sent yet; nobody is told that it did not come."""
        self._change(message_id, ("pending",), state="withdrawn", lease_until=None)

    def find(self, message_id: int) -> QueuedMessage | None:
        row = self._connection.execute(select(_OUTBOX).where(_OUTBOX.c.id == message_id)).first()
        return None if row is None else _queued(row)

    def mark_sent(self, message_id: int, now: datetime) -> None:
        self._settle(message_id, state="sent", sent_at=now, lease_until=None, fault="")

    def postpone(
        self, queued: QueuedMessage, now: datetime, fault: str, wait: timedelta | None
    ) -> bool:
        """Try again later; True when the message has used up its attempts and is dead."""
        if queued.attempts >= MAX_ATTEMPTS:
            self.bury(queued.id, fault)
            return True
        doubled = min(FIRST_WAIT * 2 ** (queued.attempts - 1), LONGEST_WAIT)
        next_at = now + min(wait or doubled, LONGEST_WAIT)
        self._settle(queued.id, next_attempt_at=next_at, lease_until=None, fault=fault)
        return False

    def bury(self, message_id: int, fault: str) -> bool:
        """Give up on a message; it stays where people see it. False: it has been withdrawn."""
        given_up = {"state": "dead", "lease_until": None, "fault": fault}
        return self._change(message_id, ("pending", "dead"), **given_up)

    def deliver_to_conversation(self, queued: QueuedMessage, now: datetime) -> None:
        """Put a message into its web or terminal conversation; a second time changes nothing."""
        message = queued.message
        values = {
            "outbox_id": queued.id,
            "conversation_id": message.recipient,
            "case_id": message.case_id or None,
            "text": message.text,
            "sent_at": now,
        }
        insert_once(self._connection, tables.chat_messages, values)

    def has(self, dedupe_key: str) -> bool:
        """Whether a message with this key was ever queued."""
        here = select(_OUTBOX.c.id).where(_OUTBOX.c.dedupe_key == dedupe_key)
        return self._connection.execute(here).first() is not None

    def dead(self) -> Sequence[QueuedMessage]:
        statement = select(_OUTBOX).where(_OUTBOX.c.state == "dead").order_by(_OUTBOX.c.id)
        return [_queued(row) for row in self._connection.execute(statement)]

    def oldest_pending_at(self) -> datetime | None:
        statement = select(func.min(_OUTBOX.c.next_attempt_at)).where(_OUTBOX.c.state == "pending")
        return self._connection.execute(statement).scalar()

    def _change(self, message_id: int, states: Collection[str], **values: Any) -> bool:  # noqa: ANN401 - column values
        """Change a message that is in one of these states; False when it is in another."""
        here = and_(_OUTBOX.c.id == message_id, _OUTBOX.c.state.in_(states))
        return bool(self._connection.execute(update(_OUTBOX).where(here).values(**values)).rowcount)

    def _settle(self, message_id: int, **values: Any) -> None:  # noqa: ANN401 - column values
        statement = update(_OUTBOX).where(_OUTBOX.c.id == message_id).values(**values)
        self._connection.execute(statement)


class SqlHeartbeats:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def beat(self, name: str, now: datetime, fault: str = "") -> None:
        """Note that a loop has run; with a fault only that it failed, the old time stays."""
        table = tables.heartbeats
        values: dict[str, Any] = {"fault": fault} if fault else {"fault": "", "last_ok_at": now}
        changed = self._connection.execute(
            update(table).where(table.c.name == name).values(**values)
        )
        if not changed.rowcount:
            first = {"name": name, "last_ok_at": now, "fault": fault}
            self._connection.execute(insert(table).values(**first))

    def last(self, name: str) -> tuple[datetime, str] | None:
        """Return when a loop last ran well, and its fault since; None before its first beat."""
        return self.all().get(name)

    def all(self) -> dict[str, tuple[datetime, str]]:
        rows = self._connection.execute(select(tables.heartbeats))
        return {row.name: (row.last_ok_at, row.fault) for row in rows}


def _queued(row: Row[Any]) -> QueuedMessage:
    return QueuedMessage(
        id=row.id,
        attempts=row.attempts,
        message=OutboxMessage(
            dedupe_key=row.dedupe_key,
            channel=row.channel,
            recipient=row.recipient,
            subject=row.subject,
            text=row.text,
            purpose=Purpose(row.purpose),
            case_id=row.case_id or "",
            language=row.language,
            person_id=row.person_id,
            automatic=row.automatic,
            alert_id=row.alert_id,
            link=row.link,
            buttons=tuple(Button(*one) for one in row.buttons),
            in_reply_to=row.in_reply_to,
            text_version=row.text_version,
        ),
    )
