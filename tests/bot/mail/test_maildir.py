"""Maildir as a source: nothing lost, nothing doubled, half-written files left alone."""

import os
from pathlib import Path

import pytest

from bot.mail.errors import MailboxTrouble
from bot.mail.maildir import MaildirSource, deliver, make_maildir
from bot.mail.sources import collect
from tests.bot.mail.crashing import collect_with_a_kill_at_every_step
from tests.bot.mail.stores import FileStore


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    make_maildir(tmp_path / "inbox")
    return tmp_path / "inbox"


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "store.db")


def put(inbox: Path, number: int) -> None:
    deliver(inbox, f"Subject: {number}\n\nhej".encode(), name=f"{number:06d}.host")


def source(inbox: Path) -> MaildirSource:
    return MaildirSource(inbox, mailbox="synpunkter")


def test_mails_are_taken_oldest_first_and_moved_out_of_the_way(
    inbox: Path, store: FileStore
) -> None:
    for number in (2, 0, 1):
        put(inbox, number)
        os.utime(inbox / "new" / f"{number:06d}.host", (number, number))

    assert collect(source(inbox), store).stored == 3
    assert store.subjects() == ["0", "1", "2"]
    assert list((inbox / "new").iterdir()) == []
    assert collect(source(inbox), store).stored == 0


def test_a_mail_that_somebody_has_opened_already_is_taken_all_the_same(
    inbox: Path, store: FileStore
) -> None:
    put(inbox, 1)
    (inbox / "new" / "000001.host").rename(inbox / "cur" / "000001.host:2,RS")

    assert collect(source(inbox), store).stored == 1


def test_a_file_that_is_still_being_written_is_left_alone(inbox: Path, store: FileStore) -> None:
    (inbox / "tmp" / "1.host").write_bytes(b"Subject: half")

    assert collect(source(inbox), store).stored == 0
    assert (inbox / "tmp" / "1.host").exists()


def test_a_missing_folder_is_told_and_heals_by_itself(tmp_path: Path, store: FileStore) -> None:
    with pytest.raises(MailboxTrouble, match="maildir_missing"):
        collect(source(tmp_path / "gone"), store)

    put(tmp_path / "gone", 1)
    assert collect(source(tmp_path / "gone"), store).stored == 1


def test_killed_at_any_step_no_mail_is_lost_or_doubled(inbox: Path, store: FileStore) -> None:
    number = collect_with_a_kill_at_every_step(
        lambda: source(inbox), store, lambda at: put(inbox, at)
    )

    assert number > 10
    assert sorted(store.subjects()) == sorted(str(at) for at in range(number))


def test_a_name_delivered_twice_is_one_mail(inbox: Path) -> None:
    assert deliver(inbox, b"x", name="a[1]*.host")
    assert not deliver(inbox, b"x", name="a[1]*.host")
    (inbox / "new" / "a[1]*.host").rename(inbox / "cur" / "a[1]*.host:2,S")
    assert not deliver(inbox, b"x", name="a[1]*.host")
