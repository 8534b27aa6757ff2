"""A mailbox on an IMAP server."""

import math
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from bot.mail.errors import MailboxTrouble
from bot.mail.imap_connection import (
    FAILURES,
    AfterStoring,
    ImapAccount,
    batches,
    connect,
    contents,
    hang_up,
    make_folder,
    put_away,
)
from bot.mail.sources import RawMail

_LONGEST_IDLE_SECONDS = 25 * 60  # RFC 2177: servers may hang up after 30 minutes
_IDLE_SLICE_SECONDS = 1.0  # how long a stop may take


class ImapSource:
    """Takes mails by UID, never by flags, which other programs change.

    Moved mode: whatever lies in the folder is unhandled. Kept mode: whatever has a higher UID than
    the mark, which is "UIDVALIDITY:UID"; a new UIDVALIDITY makes all mails new, and the store knows
    them by their content. The connection is kept between rounds and made anew when it is lost.
    """

    def __init__(self, account: ImapAccount, *, mailbox: str) -> None:
        self._account = account
        self._mailbox = mailbox
        self._client: IMAPClient | None = None
        self._validity = 0
        self._mark = ""

    @property
    def mailbox(self) -> str:
        return self._mailbox

    @property
    def mark(self) -> str:
        return self._mark

    def fetch(self, after: str | None) -> Iterator[RawMail]:
        self._mark = ""
        try:
            yield from self._fetch(after or "")
        except FAILURES as error:
            self.close()
            raise MailboxTrouble("imap_connection") from error

    def settle(self, key: str) -> None:
        validity, _, uid = key.partition("-")
        if self._client is None or validity != str(self._validity):
            return  # the connection or the folder is a new one: the next round finds the mail again
        try:
            put_away(self._client, int(uid), self._account)
        except FAILURES as error:
            self.close()
            raise MailboxTrouble("imap_connection") from error

    def close(self) -> None:
        client, self._client = self._client, None
        hang_up(client)

    def _fetch(self, after: str) -> Iterator[RawMail]:
        client = self._selected()
        marked_validity, _, marked_uid = after.partition(":")
        is_kept = self._account.after_storing is AfterStoring.KEEP
        first = int(marked_uid) + 1 if is_kept and marked_validity == str(self._validity) else 1
        uids = sorted(uid for uid in client.search(["ALL"]) if uid >= first)
        is_whole = True
        for batch in batches(client, uids):
            for uid, found in contents(client, batch):
                if found is None:
                    is_whole = False  # the mark stays here, so that this one comes again
                    continue
                yield self._raw_mail(uid, found)
                if is_whole:
                    self._mark = f"{self._validity}:{uid}"
        if not is_whole:
            raise MailboxTrouble("imap_mail_not_given")

    def _raw_mail(self, uid: int, found: Mapping[bytes, Any]) -> RawMail:
        moment = found.get(b"INTERNALDATE")
        received_at = moment if isinstance(moment, datetime) else datetime.fromtimestamp(0, UTC)
        return RawMail(
            mailbox=self._mailbox,
            key=f"{self._validity}-{uid}",
            received_at=received_at.astimezone(UTC),
            raw=bytes(found[b"BODY[]"]),
        )

    def _selected(self) -> IMAPClient:
        """Return a live connection in the folder, a new one when the old has died meanwhile."""
        if self._client is not None:
            try:
                self._client.noop()
            except FAILURES:
                self.close()
        if self._client is None:
            self._client = connect(self._account)
            if self._account.after_storing is AfterStoring.MOVE:
                make_folder(self._client, self._account.handled_folder)
        try:
            self._validity = int(self._client.select_folder(self._account.folder)[b"UIDVALIDITY"])
        except IMAPClientAbortError:
            raise
        except (IMAPClientError, KeyError) as error:
            raise MailboxTrouble("imap_folder_missing") from error
        return self._client


class ImapWatch:
    """Waits on a connection of its own until the server says that mail has come."""

    def __init__(
        self, account: ImapAccount, *, pause: Callable[[float], object] | None = None
    ) -> None:
        self._account = account
        self._stopped = threading.Event()
        self._pause = pause or self._stopped.wait
        self._client: IMAPClient | None = None

    def wait(self, seconds: float) -> bool:
        """Return True as soon as there is news, False after `seconds` without or once stopped.

        Where the server has no IDLE, or is not to be reached, it waits the whole time: then the
        polling alone brings the mail.
        """
        try:
            if self._client is None:
                self._client = connect(self._account)
                self._client.select_folder(self._account.folder, readonly=True)
            if self._client.has_capability("IDLE"):
                return self._idle(self._client, min(seconds, _LONGEST_IDLE_SECONDS))
        except (*FAILURES, MailboxTrouble):
            self.close()
        self._pause(seconds)
        return False

    def stop(self) -> None:
        """Let whoever waits go on within about a second; from any thread."""
        self._stopped.set()

    def close(self) -> None:
        client, self._client = self._client, None
        hang_up(client)

    def _idle(self, client: IMAPClient, seconds: float) -> bool:
        client.idle()
        news: list[tuple[object, ...]] = []
        for _ in range(max(1, math.ceil(seconds / _IDLE_SLICE_SECONDS))):
            news = client.idle_check(timeout=min(seconds, _IDLE_SLICE_SECONDS))
            if any(line[0] == b"BYE" for line in news if line):
                self.close()
                return True  # look at once, and connect anew afterwards
            if self._stopped.is_set() or any(b"EXISTS" in line for line in news):
                break
        client.idle_done()
        return any(b"EXISTS" in line for line in news)
