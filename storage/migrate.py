"""Bringing a database up to date with the tables."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from storage.database import Database

# Any number: processes that start together on PostgreSQL take turns on it.
_MIGRATION_LOCK = 7_104_226


def migrate(database: Database, revision: str = "head") -> None:
    """Run every missing migration, in one transaction; harmless when there is none."""
    with database.transaction() as connection:
        if not database.is_sqlite:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")
        command.upgrade(_config(connection), revision)
        connection.commit()


def downgrade(database: Database, revision: str) -> None:
    with database.transaction() as connection:
        command.downgrade(_config(connection), revision)
        connection.commit()


def check(database: Database) -> None:
    """Raise when the tables in code and the migrated database differ."""
    with database.transaction() as connection:
        command.check(_config(connection))


def write_migration(database: Database, message: str) -> None:
    """Write a new migration file from the difference."""
    with database.transaction() as connection:
        command.revision(_config(connection), message=message, autogenerate=True)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(slug)s")
    config.attributes["connection"] = connection
    return config
