"""Reports that are being written."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, insert, or_, select

from handlers.records import Draft
from storage import tables
from storage.codec import state_from_json, state_to_json
from storage.report_files import remove_unsent_files

MOST_LISTED = 50  # drafts and reports of one person


class SqlDrafts:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, draft_id: str) -> Draft | None:
        statement = select(tables.drafts).where(tables.drafts.c.id == draft_id)
        return _draft(self._connection.execute(statement).first())

    def latest(self, conversation_id: str) -> Draft | None:
        table = tables.drafts
        statement = (
            select(table)
            .where(table.c.conversation_id == conversation_id)
            .order_by(table.c.updated_at.desc(), table.c.created_at.desc())
            .limit(1)
        )
        return _draft(self._connection.execute(statement).first())

    def of_owner(self, conversation_id: str, person_id: str) -> Sequence[Draft]:
        """Return the drafts of a conversation and of its person elsewhere, newest first."""
        table = tables.drafts
        mine = table.c.conversation_id == conversation_id
        if person_id:
            mine = or_(mine, table.c.person_id == person_id)
        order = (table.c.updated_at.desc(), table.c.created_at.desc())
        statement = select(table).where(mine).order_by(*order).limit(MOST_LISTED)
        found = (_draft(row) for row in self._connection.execute(statement))
        return [draft for draft in found if draft is not None]

    def save(self, draft: Draft) -> None:
        table = tables.drafts
        values = {
            "state": state_to_json(draft.state),
            "channel": draft.channel,
            "conversation_id": draft.conversation_id,
            "person_id": draft.person_id,
            "updated_at": draft.updated_at,
            "erase_at": draft.erase_at,
        }
        here = table.c.id == draft.id
        changed = self._connection.execute(table.update().where(here).values(**values))
        if changed.rowcount:
            return
        row = {"id": draft.id, "created_at": draft.created_at, **values}
        self._connection.execute(insert(table).values(**row))

    def remove(self, draft_id: str) -> None:
        remove_unsent_files(self._connection, tables.drafts.c.id == draft_id)
        self._connection.execute(delete(tables.drafts).where(tables.drafts.c.id == draft_id))

    def erase_due(self, now: datetime) -> int:
        """Remove drafts that have lain long enough; return how many."""
        table = tables.drafts
        due = and_(table.c.erase_at.is_not(None), table.c.erase_at <= now)
        remove_unsent_files(self._connection, due)
        return self._connection.execute(delete(table).where(due)).rowcount


def _draft(row: Row[Any] | None) -> Draft | None:
    if row is None:
        return None
    return Draft(
        id=row.id,
        channel=row.channel,
        conversation_id=row.conversation_id,
        person_id=row.person_id,
        state=state_from_json(row.state),
        created_at=row.created_at,
        updated_at=row.updated_at,
        erase_at=row.erase_at,
    )
