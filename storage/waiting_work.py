"""Who was reminded of which piece of work, and what waits of it in open cases."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import Connection, exists, func, select

from handlers.case_records import Profession, TeamMember
from handlers.domain.moves import OPEN
from storage import case_tables, tables
from storage.inserting import insert_once

_OPEN = [status.value for status in OPEN]
_REMINDERS = tables.work_reminders


class SqlWaitingWork:
    """Implements handlers.ports.WaitingWork."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def members(self) -> Sequence[TeamMember]:
        team, comments, cases = case_tables.team_members, case_tables.case_comments, tables.cases
        said = exists().where(
            comments.c.case_id == team.c.case_id, comments.c.author_id == team.c.person_id
        )
        statement = (
            select(team)
            .join(cases, cases.c.id == team.c.case_id)
            .where(cases.c.status.in_(_OPEN), ~said)
            .order_by(team.c.invited_at, team.c.id)
        )
        return [
            TeamMember(**(dict(row._mapping) | {"profession": Profession(row.profession)}))
            for row in self._connection.execute(statement)
        ]

    def told_on(self, until: date) -> Mapping[str, date]:
        told = select(_REMINDERS.c.item, func.max(_REMINDERS.c.sent_on))
        statement = told.where(_REMINDERS.c.sent_on <= until).group_by(_REMINDERS.c.item)
        return {row[0]: row[1] for row in self._connection.execute(statement)}

    def note_told(self, item: str, person_id: str, sent_on: date) -> bool:
        values = {"item": item, "person_id": person_id, "sent_on": sent_on}
        return insert_once(self._connection, _REMINDERS, values) is not None
