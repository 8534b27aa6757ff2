"""INSERT ... ON CONFLICT DO NOTHING on both databases."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_once(connection: Connection, table: Table, values: Mapping[str, Any]) -> int | None:
    """Insert a row and return its first primary key; None when a unique key is taken already.

    The database decides, so two processes cannot both get a row.
    """
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    key = next(iter(table.primary_key.columns))
    statement = make(table).values(**values).on_conflict_do_nothing().returning(key)
    row = connection.execute(statement).first()
    return None if row is None else row[0]
