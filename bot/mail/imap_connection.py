"""The connection to an IMAP server: log in, fetch in bearable portions, put away."""

import ssl
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from bot.mail.errors import MailboxTrouble
from bot.mail.microsoft import TokenSource

_BATCH_MAILS = 50
_BATCH_BYTES = 8_000_000
_TAKEN = b"$LotsenTaken"
FAILURES = (IMAPClientError, OSError)


class Security(StrEnum):
    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


class AfterStoring(StrEnum):
    MOVE = "move"  # to the handled folder
    KEEP = "keep"  # mark it and leave it: people read the mailbox as well


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapAccount:
    """Who we are and where; with `tokens` the login is XOAUTH2, else by password."""

    host: str
    user: str
    port: int = 993
    password: str = ""
    tokens: TokenSource | None = None
    security: Security = Security.TLS
    tls: ssl.SSLContext | None = None  # the machine's own authorities when None
    folder: str = "INBOX"
    handled_folder: str = "Lotsen"
    after_storing: AfterStoring = AfterStoring.MOVE
    timeout_seconds: float = 60


def connect(account: ImapAccount) -> IMAPClient:
    """Return a client that is logged in; raises MailboxTrouble."""
    tls = account.tls or ssl.create_default_context()
    try:
        client = IMAPClient(
            account.host,
            port=account.port,
            ssl=account.security is Security.TLS,
            ssl_context=tls,
            timeout=account.timeout_seconds,
        )
    except FAILURES as error:
        raise MailboxTrouble("imap_unreachable") from error
    client.normalise_times = False  # aware moments instead of local ones
    try:
        if account.security is Security.STARTTLS:
            client.starttls(tls)
        _log_in(client, account)
    except LoginError as error:
        hang_up(client)
        if account.tokens is not None:
            account.tokens.forget()
        raise MailboxTrouble("imap_login_refused") from error
    except FAILURES as error:
        hang_up(client)
        raise MailboxTrouble("imap_unreachable") from error
    return client


def _log_in(client: IMAPClient, account: ImapAccount) -> None:
    if account.tokens is not None:
        client.oauth2_login(account.user, account.tokens.token())
    else:
        client.login(account.user, account.password)


def hang_up(client: IMAPClient | None) -> None:
    if client is not None:
        try:
            client.shutdown()
        except FAILURES:
            return


def make_folder(client: IMAPClient, name: str) -> None:
    try:
        if not client.folder_exists(name):
            client.create_folder(name)
    except IMAPClientAbortError:
        raise
    except IMAPClientError as error:
        raise MailboxTrouble("imap_handled_folder") from error


def put_away(client: IMAPClient, uid: int, account: ImapAccount) -> None:
    if account.after_storing is AfterStoring.KEEP:
        client.add_flags([uid], [_TAKEN], silent=True)
    elif client.has_capability("MOVE"):
        client.move([uid], account.handled_folder)
    else:
        client.copy([uid], account.handled_folder)
        client.delete_messages([uid], silent=True)
        client.expunge([uid] if client.has_capability("UIDPLUS") else None)


def batches(client: IMAPClient, uids: Sequence[int]) -> Iterator[list[int]]:
    """Group UIDs so that neither their number nor their size is too much to hold at once."""
    for start in range(0, len(uids), _BATCH_MAILS):
        part = uids[start : start + _BATCH_MAILS]
        sizes = client.fetch(part, ["RFC822.SIZE"])
        batch: list[int] = []
        total = 0
        for uid in part:
            size = int(sizes.get(uid, {}).get(b"RFC822.SIZE", 0))
            if batch and total + size > _BATCH_BYTES:
                yield batch
                batch, total = [], 0
            batch.append(uid)
            total += size
        if batch:
            yield batch


def contents(
    client: IMAPClient, batch: Sequence[int]
) -> Iterator[tuple[int, Mapping[bytes, Any] | None]]:
    """Yield each mail; None for one that the server has but does not give.

    A mail that is gone meanwhile is left out. When a whole batch fails, each is asked for alone.
    """
    wanted = ["BODY.PEEK[]", "INTERNALDATE"]
    try:
        found: Mapping[int, Mapping[bytes, Any]] = client.fetch(batch, wanted)
    except IMAPClientAbortError:
        raise
    except IMAPClientError:
        if len(batch) == 1:
            yield batch[0], None
            return
        for uid in batch:
            yield from contents(client, [uid])
        return
    for uid in batch:
        if b"BODY[]" in found.get(uid, {}):
            yield uid, found[uid]
