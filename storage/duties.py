"""The tasks of recurring duties, and the newest of each place."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, func, select

from handlers.records import DutyTask
from storage.access_tables import duty_tasks
from storage.record_table import RecordTable


class SqlDuties(RecordTable[DutyTask]):
    """Implements handlers.ports.Duties."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, duty_tasks, DutyTask, "due_on")

    def newest(self, before: datetime) -> Sequence[DutyTask]:
        columns = duty_tasks.c
        last = (
            select(columns.duty_id, columns.scope, func.max(columns.due_on).label("due_on"))
            .where(columns.created_at < before)
            .group_by(columns.duty_id, columns.scope)
            .subquery()
        )
        same = and_(
            last.c.duty_id == columns.duty_id,
            last.c.scope == columns.scope,
            last.c.due_on == columns.due_on,
        )
        statement = (
            select(duty_tasks)
            .join(last, same)
            .where(columns.created_at < before)
            .order_by(columns.due_on, columns.id)
        )
        return [self._record(row) for row in self._connection.execute(statement)]
