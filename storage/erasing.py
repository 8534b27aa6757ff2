"""Erases what is kept for a set time only: drafts, turns of chats, hand-overs."""

from datetime import datetime

from sqlalchemy import Connection, delete

from storage import tables
from storage.drafts import SqlDrafts
from storage.inbox import SqlInbox


def erase_due(connection: Connection, now: datetime) -> int:
    """Erase everything whose time has come; return how many things."""
    handovers = tables.handovers
    gone = connection.execute(delete(handovers).where(handovers.c.erase_at <= now)).rowcount
    return gone + SqlDrafts(connection).erase_due(now) + SqlInbox(connection).erase_due(now)
