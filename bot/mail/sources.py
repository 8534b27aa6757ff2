"""Where mail comes from, and how it gets into the store without loss and without doubles.

A source yields raw mails, oldest first. Each is stored before it is settled, which means moved out
of the way on the server. Whoever dies in between finds the mail again in the next round, and the
store's unique key says that it is known.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class RawMail:
    mailbox: str  # the configured name, not an address
    key: str  # names this mail in this mailbox for ever
    received_at: datetime  # aware UTC; as the receiving server says
    raw: bytes


class MailSource(Protocol):
    @property
    def mailbox(self) -> str: ...

    @property
    def mark(self) -> str:
        """Return up to where mails have been handed out, in the source's words; "" for no news."""
        ...

    def fetch(self, after: str | None) -> Iterator[RawMail]:
        """Yield what has come since the mark `after`, and what was never settled; oldest first.

        Raises MailboxTrouble when the mailbox cannot be read.
        """
        ...

    def settle(self, key: str) -> None:
        """Move the mail out of the way; a mail that is already gone is no error."""
        ...

    def close(self) -> None:
        """Let go of connections; a later fetch() makes new ones."""
        ...


class MailStore(Protocol):
    """What the sources need of the database; each call is one transaction."""

    def store(self, mail: RawMail) -> bool:
        """Return False when this mailbox already has this key."""
        ...

    def high_water(self, mailbox: str) -> str | None: ...

    def set_high_water(self, mailbox: str, mark: str) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundResult:
    stored: int
    known: int  # seen before: a round died between storing and settling


def collect(source: MailSource, store: MailStore) -> RoundResult:
    """Take one round of mail: store, then settle, then move the mark, mail by mail.

    Raises MailboxTrouble from the source; what was stored until then stays stored.
    """
    stored = known = 0
    saved = store.high_water(source.mailbox)
    for mail in source.fetch(saved):
        if store.store(mail):
            stored += 1
        else:
            known += 1
        source.settle(mail.key)
        saved = _save_mark(source, store, saved)
    _save_mark(source, store, saved)
    return RoundResult(stored=stored, known=known)


def _save_mark(source: MailSource, store: MailStore, saved: str | None) -> str | None:
    if source.mark and source.mark != saved:
        store.set_high_water(source.mailbox, source.mark)
        return source.mark
    return saved
