"""Where a person can be written to privately in a chat, as the chat itself told us."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from storage import tables
from storage.inserting import insert_once

_TABLE = tables.chat_addresses


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownChat:
    channel: str
    address: str
    person_id: str  # empty for staff without a role here
    reference: Mapping[str, Any]  # what the channel needs to write first


class SqlChatAddresses:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save(self, known: KnownChat, now: datetime) -> None:
        values = {
            "person_id": known.person_id,
            "reference": dict(known.reference),
            "updated_at": now,
        }
        key = {"channel": known.channel, "address": known.address}
        if insert_once(self._connection, _TABLE, key | values) is None:
            here = (_TABLE.c.channel == known.channel, _TABLE.c.address == known.address)
            self._connection.execute(update(_TABLE).where(*here).values(**values))

    def find(self, channel: str, address: str) -> KnownChat | None:
        statement = select(_TABLE).where(_TABLE.c.channel == channel, _TABLE.c.address == address)
        row = self._connection.execute(statement).first()
        if row is None:
            return None
        return KnownChat(
            channel=row.channel,
            address=row.address,
            person_id=row.person_id,
            reference=row.reference,
        )

    def forget(self, channel: str, address: str) -> None:
        """Stop writing there: the person has left or blocked the bot; mail takes over."""
        here = (_TABLE.c.channel == channel, _TABLE.c.address == address)
        self._connection.execute(delete(_TABLE).where(*here))
