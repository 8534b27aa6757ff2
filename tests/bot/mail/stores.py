"""A mail store in one SQLite file, with the guarantees that the sources count on."""

import sqlite3
from contextlib import closing
from pathlib import Path

from bot.mail.sources import RawMail


class FileStore:
    """Each call is one transaction on a connection of its own, as after a crash."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with closing(self._open()) as database, database:
            database.execute(
                "create table if not exists mail (id integer primary key, mailbox, key, raw,"
                " unique (mailbox, key))"
            )
            database.execute("create table if not exists mark (mailbox primary key, mark)")

    def store(self, mail: RawMail) -> bool:
        with closing(self._open()) as database, database:
            done = database.execute(
                "insert or ignore into mail (mailbox, key, raw) values (?, ?, ?)",
                (mail.mailbox, mail.key, mail.raw),
            )
            return done.rowcount == 1

    def high_water(self, mailbox: str) -> str | None:
        with closing(self._open()) as database:
            row = database.execute("select mark from mark where mailbox = ?", (mailbox,)).fetchone()
        return str(row[0]) if row else None

    def set_high_water(self, mailbox: str, mark: str) -> None:
        with closing(self._open()) as database, database:
            database.execute("insert or replace into mark values (?, ?)", (mailbox, mark))

    def subjects(self) -> list[str]:
        """Return the subjects in the order in which the mails were stored."""
        with closing(self._open()) as database:
            rows = database.execute("select raw from mail order by id").fetchall()
        lines = [line for (raw,) in rows for line in bytes(raw).split(b"\n")]
        return [line[9:].decode().strip() for line in lines if line.startswith(b"Subject: ")]

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=10)
