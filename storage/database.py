"""Opening the database: SQLite embedded or PostgreSQL, with durable commits on both."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from storage.organisation_revision import KeptOrganisation, watch_changes

SQLITE_BUSY_MILLISECONDS = 20_000
POOL = 20  # a thread pool of forty serves the pages; PostgreSQL allows a hundred connections


@dataclass(frozen=True, slots=True)
class Database:
    engine: Engine
    # SQLite lets one writer in at a time and makes the others poll; queueing here keeps the
    # slowest of fifty writers near the fastest (stack study 8: p99 1.5 s without it).
    _writer: threading.Lock = field(default_factory=threading.Lock)
    organisation: KeptOrganisation = field(default_factory=KeptOrganisation)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A writing transaction; it is rolled back unless the caller commits."""
        if not self.is_sqlite:
            with self.engine.connect() as connection:
                yield connection
            return
        with self._writer, self.engine.connect() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that writes nothing and so waits for nobody."""
        with self.engine.connect() as connection:
            yield connection.execution_options(lotsen_reading=True)

    def close(self) -> None:
        self.engine.dispose()


def open_database(url: str) -> Database:
    if url.startswith("sqlite"):
        engine = _sqlite(url)
    else:
        engine = create_engine(url, pool_pre_ping=True, pool_size=POOL, max_overflow=POOL)
    watch_changes(engine)
    return Database(engine)


def _sqlite(url: str) -> Engine:
    engine = create_engine(url, connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def on_connect(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        del record
        # The driver's own BEGIN is deferred and lets two processes claim one row (stack study 8).
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={SQLITE_BUSY_MILLISECONDS}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("lotsen_reading", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine
