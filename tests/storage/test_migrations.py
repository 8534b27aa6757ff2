"""The migrations make the tables that the code has, forward and back."""

from datetime import timedelta
from importlib import import_module

import pytest
from sqlalchemy import Column, Integer, Table, inspect, text
from sqlalchemy.exc import DatabaseError

from handlers.records import AuditEvent
from storage.audit import SqlAuditLog
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


def test_lines_of_the_log_from_before_the_chain_are_chained(database_url: str):
    database = open_database(database_url)
    migrate(database)
    downgrade(database, "924e53a7d182")
    old = (
        'INSERT INTO audit_events (at, actor_id, kind, "values")'
        " VALUES ('2026-06-01 07:00:00', 'anna', :kind, '{}')"
    )
    with database.engine.begin() as connection:
        for kind in ("logged_in", "log_read"):
            connection.execute(text(old), {"kind": kind})
    migrate(database)
    with database.reading() as connection:
        log = SqlAuditLog(connection)
        assert log.broken_lines() == []
        rows = connection.execute(text("SELECT prev_hash, hash FROM audit_events ORDER BY id"))
        [first, second] = rows
    assert first.hash == second.prev_hash != ""
    database.close()


def test_a_case_from_before_says_again_how_grave_the_harm_was(stored: Lotskoping):
    grave, none = stored.report(harm="hospital"), stored.report()
    old = "UPDATE cases SET harm = CASE harm WHEN 'no' THEN 'no' ELSE 'yes' END"
    migration = import_module("storage.migrations.versions.2026_11_22_how_grave_the_harm_was")
    with stored.services.database.engine.begin() as connection:
        connection.execute(text(old))
        connection.execute(text(migration.AS_ANSWERED))
    assert (stored.case(grave.id).harm, stored.case(none.id).harm) == ("hospital", "no")


def test_who_was_told_last_is_kept_and_a_reminder_can_come_again(stored: Lotskoping):
    case = stored.report(harm="death")
    database = stored.services.database
    with stored.unit_of_work() as uow:
        day = stored.clock().date()
        uow.ledger.add(case_id=case.id, rule_id="late_month", person_id="maria", sent_on=day)
        uow.commit()
    downgrade(database, "2f0c4d91ab73")
    migrate(database)
    check(database)
    with stored.unit_of_work() as uow:
        assert all(one.told_ids == (one.recipient_id,) for one in uow.alerts.all())
        again = {"case_id": case.id, "rule_id": "late_month", "person_id": "maria"}
        assert not uow.ledger.add(**again, sent_on=day)
        assert uow.ledger.add(**again, sent_on=day + timedelta(days=30))


@pytest.mark.parametrize("statement", ["UPDATE {} SET kind = 'other'", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["case_events", "audit_events"])
def test_history_can_be_neither_changed_nor_removed(stored: Lotskoping, statement: str, table: str):
    stored.report()
    with stored.unit_of_work() as uow:
        uow.audit.add(AuditEvent(at=stored.clock(), actor_id="anna", kind="logged_in"))
        uow.commit()
    with stored.unit_of_work() as uow, pytest.raises(DatabaseError, match="append-only"):
        uow.connection.execute(text(statement.format(table)))
