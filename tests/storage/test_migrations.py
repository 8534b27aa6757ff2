"""The migrations make the tables that the code has, forward and back."""

import pytest
from sqlalchemy import Column, Integer, Table, inspect, text
from sqlalchemy.exc import DatabaseError

from storage.database import open_database
from storage.migrate import check, downgrade, migrate
from storage.tables import metadata
from tests.lotskoping import Lotskoping


def test_an_empty_database_migrated_has_the_tables_of_the_code(database_url: str):
    database = open_database(database_url)
    migrate(database)
    check(database)
    migrate(database)
    database.close()


def test_a_table_changed_without_a_migration_is_noticed(database_url: str):
    database = open_database(database_url)
    migrate(database)
    forgotten = Table("forgotten", metadata, Column("id", Integer, primary_key=True))
    try:
        with pytest.raises(Exception, match="forgotten"):
            check(database)
    finally:
        metadata.remove(forgotten)
        database.close()


def test_migrations_go_back_to_nothing_and_forward_again(database_url: str):
    database = open_database(database_url)
    migrate(database)
    downgrade(database, "base")
    with database.reading() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    migrate(database)
    check(database)
    database.close()


@pytest.mark.parametrize(
    "statement", ["UPDATE case_events SET kind = 'other'", "DELETE FROM case_events"]
)
def test_history_can_be_neither_changed_nor_removed(stored: Lotskoping, statement: str):
    stored.report()
    with stored.unit_of_work() as uow, pytest.raises(DatabaseError, match="append-only"):
        uow.connection.execute(text(statement))
