"""Maildir as a source: a folder with new/ and cur/ in which each mail is one file."""

import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bot.mail.errors import MailboxTrouble
from bot.mail.sources import RawMail

_HANDLED = ".Handled"  # a Maildir++ folder: other programs show it below the inbox


class MaildirSource:
    """Reads new/ and cur/, never tmp/, where deliveries are still being written.

    The key is the part of the file name before the flags, which stays when a mail program moves
    the file from new/ to cur/. No mark is needed: what lies in the two folders is unhandled.
    """

    def __init__(self, path: Path, *, mailbox: str) -> None:
        self._path = path
        self._mailbox = mailbox

    @property
    def mailbox(self) -> str:
        return self._mailbox

    @property
    def mark(self) -> str:
        return ""

    def fetch(self, after: str | None) -> Iterator[RawMail]:
        for path in self._unhandled():
            found = _read(path)
            if found is not None:
                raw, received_at = found
                yield RawMail(
                    mailbox=self._mailbox, key=_key(path), received_at=received_at, raw=raw
                )

    def settle(self, key: str) -> None:
        target = self._path / _HANDLED / "cur"
        _make_maildir(self._path / _HANDLED)
        for folder in ("new", "cur"):
            for path in (self._path / folder).glob(f"{_glob_escape(key)}*"):
                if _key(path) == key:
                    path.rename(target / f"{key}:2,S")

    def close(self) -> None:
        """Do nothing: between two rounds no file is open."""

    def _unhandled(self) -> list[Path]:
        if not (self._path / "new").is_dir() or not (self._path / "cur").is_dir():
            raise MailboxTrouble("maildir_missing")
        dated = []
        for folder in ("new", "cur"):
            for path in (self._path / folder).iterdir():
                if not path.name.startswith("."):
                    dated.append((_arrived_ns(path), path.name, path))
        return [path for _, _, path in sorted(dated)]


def make_maildir(path: Path) -> None:
    """Create the three folders where they are missing."""
    _make_maildir(path)


def deliver(path: Path, raw: bytes, *, name: str) -> bool:
    """Put one mail into new/ under `name`; False when a mail of that name is there already.

    The file is complete and on disk before it appears: written in tmp/, then linked.
    """
    _make_maildir(path)
    unfinished = path / "tmp" / f"{name}.{os.getpid()}.{socket.gethostname()}"
    with unfinished.open("wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    try:
        if any((path / "cur").glob(f"{_glob_escape(name)}*")):
            return False
        (path / "new" / name).hardlink_to(unfinished)
    except FileExistsError:
        return False
    finally:
        unfinished.unlink(missing_ok=True)
    return True


def _make_maildir(path: Path) -> None:
    for folder in ("tmp", "new", "cur"):
        (path / folder).mkdir(parents=True, exist_ok=True)


def _key(path: Path) -> str:
    return path.name.partition(":2,")[0]


def _glob_escape(name: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


def _arrived_ns(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:  # another program has just moved it; the next round finds it
        return 0


def _read(path: Path) -> tuple[bytes, datetime] | None:
    try:
        moment = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        return path.read_bytes(), moment
    except FileNotFoundError:
        return None
