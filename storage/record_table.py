"""One table of plain records: the repository of everything that has no logic of its own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Row, Table, delete, select, update

from storage.inserting import insert_once
from storage.locking import hold_case_of

Record = TypeVar("Record")


class RecordTable(Generic[Record]):
    """Implements handlers.case_ports.Records; columns and fields have the same names."""

    def __init__(
        self,
        connection: Connection,
        table: Table,
        build: Callable[..., Record],
        order: str,
        kinds: Mapping[str, type[StrEnum]] | None = None,
    ) -> None:
        self._connection = connection
        self._table = table
        self._build = build
        self._order = order
        self._kinds = kinds or {}

    def add(self, record: Record) -> bool:
        return insert_once(self._connection, self._table, _values(record)) is not None

    def save(self, record: Record) -> None:
        values = _values(record)
        here = self._table.c.id == values.pop("id")
        self._connection.execute(update(self._table).where(here).values(**values))

    def remove(self, record_id: str) -> None:
        self._connection.execute(delete(self._table).where(self._table.c.id == record_id))

    def find(self, record_id: str) -> Record | None:
        return next(iter(self.where(id=record_id)), None)

    def find_locked(self, record_id: str) -> Record | None:
        # SQLite writes nothing of this: its writers queue from the beginning of a transaction.
        if "case_id" in self._table.c:
            hold_case_of(self._connection, self._table, record_id)
        statement = select(self._table).where(self._table.c.id == record_id).with_for_update()
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else self._record(row)

    def where(self, **equals: object) -> Sequence[Record]:
        columns = self._table.c
        conditions = [columns[name] == value for name, value in equals.items()]
        order = (columns[self._order], columns.id)
        statement = select(self._table).where(*conditions).order_by(*order)
        return [self._record(row) for row in self._connection.execute(statement)]

    def _record(self, row: Row[Any]) -> Record:
        values = dict(row._mapping)
        for name, kind in self._kinds.items():
            values[name] = None if values[name] is None else kind(values[name])
        return self._build(**values)


def _values(record: Any) -> dict[str, Any]:  # noqa: ANN401 - any dataclass
    found = {field.name: getattr(record, field.name) for field in fields(record)}
    return {
        name: value.value if isinstance(value, StrEnum) else value for name, value in found.items()
    }
