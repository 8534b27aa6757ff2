"""IMAP against a real Dovecot: by password and token, moved and kept, killed at every step."""

import threading
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from bot.mail.errors import MailboxTrouble
from bot.mail.imap import ImapSource, ImapWatch
from bot.mail.imap_connection import AfterStoring, Security, connect
from bot.mail.sources import collect
from tests.bot.mail.crashing import collect_with_a_kill_at_every_step
from tests.bot.mail.dovecot import Dovecot, dovecot_or_skip
from tests.bot.mail.servers import free_port
from tests.bot.mail.stores import FileStore

USERS = count(1)


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with dovecot_or_skip() as it:
        yield it


@pytest.fixture
def user() -> str:
    return f"synpunkter{next(USERS)}@lotskoping.example"


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "store.db")


class Tokens:
    """The first token is a dead one; after forget() come living ones."""

    def __init__(self, user: str) -> None:
        self.user = user
        self.is_alive = False

    def token(self) -> str:
        return f"good:{self.user}" if self.is_alive else "dead"

    def forget(self) -> None:
        self.is_alive = True


def test_mails_are_taken_oldest_first_and_moved_to_the_handled_folder(
    dovecot: Dovecot, user: str, store: FileStore
) -> None:
    dovecot.deliver(user, "ett", "två", "tre")

    with closing(ImapSource(dovecot.account(user), mailbox="synpunkter")) as source:
        assert collect(source, store).stored == 3
        dovecot.deliver(user, "fyra")
        assert collect(source, store).stored == 1
        assert collect(source, store).stored == 0

    assert store.subjects() == ["ett", "två", "tre", "fyra"]
    with closing(connect_as(dovecot, user)) as client:
        assert client.select_folder("INBOX")[b"EXISTS"] == 0
        assert client.select_folder("Lotsen")[b"EXISTS"] == 4


class connect_as:  # noqa: N801 - reads as a function
    def __init__(self, dovecot: Dovecot, user: str) -> None:
        self.client = connect(dovecot.account(user))

    def __getattr__(self, name: str):
        return getattr(self.client, name)

    def close(self) -> None:
        self.client.shutdown()


def test_a_mail_that_somebody_has_read_is_taken_all_the_same(
    dovecot: Dovecot, user: str, store: FileStore
) -> None:
    dovecot.deliver(user, "läst")
    with closing(connect_as(dovecot, user)) as client:
        client.select_folder("INBOX")
        client.add_flags(client.search(["ALL"]), [b"\\Seen"])

    with closing(ImapSource(dovecot.account(user), mailbox="m")) as source:
        assert collect(source, store).stored == 1


def test_kept_mails_stay_unread_in_the_inbox_and_are_taken_once(
    dovecot: Dovecot, user: str, store: FileStore
) -> None:
    account = dovecot.account(user, after_storing=AfterStoring.KEEP)
    dovecot.deliver(user, "ett", "två")
    with closing(ImapSource(account, mailbox="m")) as source:
        collect(source, store)
    dovecot.deliver(user, "tre")

    with closing(ImapSource(account, mailbox="m")) as source:  # another process, later
        result = collect(source, store)

    assert (result.stored, result.known) == (1, 0)
    with closing(connect_as(dovecot, user)) as client:
        client.select_folder("INBOX")
        assert len(client.search(["UNSEEN"])) == 3


def test_a_dead_token_is_told_and_the_next_round_comes_in_with_a_new_one(
    dovecot: Dovecot, user: str, store: FileStore
) -> None:
    dovecot.deliver(user, "ett")
    account = dovecot.account(user, tokens=Tokens(user))

    with closing(ImapSource(account, mailbox="m")) as source:
        with pytest.raises(MailboxTrouble, match="imap_login_refused"):
            collect(source, store)
        assert collect(source, store).stored == 1


def test_a_wrong_password_and_a_missing_server_are_told(
    dovecot: Dovecot, user: str, store: FileStore
) -> None:
    wrong = ImapSource(dovecot.account(user, password="fel"), mailbox="m")
    with pytest.raises(MailboxTrouble, match="imap_login_refused"):
        collect(wrong, store)

    account = dovecot.account(user)
    gone = type(account)(host="127.0.0.1", port=free_port(), user=user, tls=account.tls)
    with pytest.raises(MailboxTrouble, match="imap_unreachable"):
        collect(ImapSource(gone, mailbox="m"), store)


def test_starttls_is_used_when_asked_for(dovecot: Dovecot, user: str, store: FileStore) -> None:
    dovecot.deliver(user, "ett")
    account = dovecot.account(user)
    account = type(account)(
        host="127.0.0.1",
        port=dovecot.imap_port,
        user=user,
        password=account.password,
        security=Security.STARTTLS,
        tls=account.tls,
    )

    with closing(ImapSource(account, mailbox="m")) as source:
        assert collect(source, store).stored == 1


def test_a_lost_connection_heals_within_the_same_round(
    dovecot: Dovecot, user: str, store: FileStore
) -> None:
    with closing(ImapSource(dovecot.account(user), mailbox="m")) as source:
        collect(source, store)
        dovecot.control("kick", user)
        dovecot.deliver(user, "efter")

        assert collect(source, store).stored == 1


def test_a_backlog_comes_in_whole_and_in_order(
    dovecot: Dovecot, user: str, store: FileStore
) -> None:
    subjects = [str(number) for number in range(70)]
    dovecot.deliver(user, *subjects)

    with closing(ImapSource(dovecot.account(user), mailbox="m")) as source:
        assert collect(source, store).stored == 70

    assert store.subjects() == subjects


def test_killed_at_any_step_no_mail_is_lost_or_doubled(
    dovecot: Dovecot, user: str, store: FileStore
) -> None:
    number = collect_with_a_kill_at_every_step(
        lambda: ImapSource(dovecot.account(user), mailbox="m"),
        store,
        lambda at: dovecot.deliver(user, str(at)),
    )

    assert sorted(store.subjects()) == sorted(str(at) for at in range(number))


def test_the_watch_wakes_up_when_mail_comes(dovecot: Dovecot, user: str) -> None:
    with closing(ImapWatch(dovecot.account(user))) as watch:
        timer = threading.Timer(0.3, dovecot.deliver, (user, "ny"))
        timer.start()

        assert watch.wait(60)  # true is news; false would be that the time ran out
        timer.join()
        assert not watch.wait(0.2)


def test_without_a_server_the_watch_only_waits(dovecot: Dovecot, user: str) -> None:
    account = dovecot.account(user)
    gone = type(account)(host="127.0.0.1", port=free_port(), user=user, tls=account.tls)
    waited: list[float] = []

    assert not ImapWatch(gone, pause=waited.append).wait(30)
    assert waited == [30]
