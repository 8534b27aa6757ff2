"""Several mailboxes at once: kinds, units, languages, and trouble that is told once."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import build_services
from bot.collecting import Collecting, MailDoor, Watching, collect_mail, open_doors
from bot.config import Settings
from bot.demo.loading import load_demo
from bot.mail.errors import MailboxTrouble
from bot.mail.maildir import MaildirSource, deliver, make_maildir
from bot.mail.sources import RawMail
from bot.preparing import open_migrated
from handlers.domain.case import CaseKind
from tests.bot.post import Post
from tests.clock import SetClock
from tests.lotskoping import Lotskoping

FALLBACK = "jour@lotskoping.example"
FILE = """
[[mailbox]]
name = "synpunkter"
address = "synpunkter@lotskoping.example"
report_kind = "complaint"
kind = "maildir"
path = "{folder}/synpunkter"

[[mailbox]]
name = "avvikelser"
address = "avvikelser@lotskoping.example"
report_kind = "deviation"
unit_id = "solrosen"
kind = "maildir"
path = "{folder}/avvikelser"
"""


class BrokenSource:
    mailbox = "synpunkter"
    mark = ""
    works = False

    def __init__(self) -> None:
        self.looked = 0
        self.seen = threading.Event()

    def fetch(self, after: str | None) -> list[RawMail]:
        del after
        self.looked += 1
        self.seen.set()
        if not self.works:
            raise MailboxTrouble("imap_login_refused")
        return []

    def settle(self, key: str) -> None:
        """Nothing was handed out."""

    def close(self) -> None:
        """Nothing is open."""


def round_after(lotskoping: Lotskoping, source: BrokenSource, minutes: int) -> None:
    lotskoping.clock.advance(minutes=minutes)
    collect_mail(lotskoping.services, [source])  # type: ignore[list-item]


def told(post: Post) -> list[str]:
    post.goes_on()
    return [str(mail["Subject"]) for mail in post.sent_to(FALLBACK)]


def test_mailboxes_give_their_cases_kind_and_unit(tmp_path: Path):
    file = tmp_path / "mailboxes.toml"
    file.write_text(FILE.format(folder=tmp_path), encoding="utf-8")
    settings = Settings(_env_file=None, data_dir=tmp_path, mailboxes=file)
    open_migrated(settings).close()
    services = build_services(settings, SetClock())
    load_demo(services)
    doors = open_doors(services)
    mail = "From: {}@mail.example\r\nTo: x@y.example\r\nSubject: Hej\r\n\r\nIngen kom i går.\r\n"
    for name in ("synpunkter", "avvikelser"):
        deliver(tmp_path / name, mail.format(name).encode(), name="one")
    Collecting(services, doors).round()
    with services.unit_of_work() as uow:
        found = {case.unit_id: case.kind for case in uow.cases.listed(None, open_only=False)}
    assert found[""] == CaseKind.COMPLAINT
    assert found["solrosen"] in (CaseKind.DEVIATION, CaseKind.RISK)
    services.database.close()


def test_lasting_trouble_is_told_once_and_its_end_once(lotskoping: Lotskoping):
    post, source = Post(lotskoping), BrokenSource()
    for minutes in (0, 5, 6, 30, 600):
        round_after(lotskoping, source, minutes)
    assert told(post) == ["Brevlådan synpunkter går inte att läsa"]
    source.works = True
    round_after(lotskoping, source, 1)
    round_after(lotskoping, source, 1)
    assert sorted(told(post)) == [
        "Brevlådan synpunkter går inte att läsa",
        "Brevlådan synpunkter läses igen",
    ]


def test_a_restart_of_the_server_is_told_to_nobody(lotskoping: Lotskoping):
    post, source = Post(lotskoping), BrokenSource()
    round_after(lotskoping, source, 0)
    round_after(lotskoping, source, 3)
    source.works = True
    round_after(lotskoping, source, 1)
    assert told(post) == []


def test_trouble_in_one_mailbox_delays_no_other(lotskoping: Lotskoping, tmp_path: Path):
    other = tmp_path / "other"
    make_maildir(other)
    deliver(other, b"From: a@mail.example\r\n\r\nIngen kom till mamma.\r\n", name="one")
    sources = [BrokenSource(), MaildirSource(other, mailbox="other")]
    collect_mail(lotskoping.services, sources)  # type: ignore[arg-type]
    with lotskoping.unit_of_work() as uow:
        assert len(uow.cases.listed(None, open_only=False)) == 1


def test_a_mailbox_is_looked_into_when_it_is_due_or_has_news(lotskoping: Lotskoping):
    source = BrokenSource()
    door = MailDoor(source=source, poll=timedelta(seconds=30))  # type: ignore[arg-type]
    collecting = Collecting(lotskoping.services, [door])
    collecting.round()
    collecting.round()
    assert source.looked == 1
    collecting.round(news_in="synpunkter")
    assert source.looked == 2
    lotskoping.clock.advance(minutes=1)
    collecting.round()
    assert source.looked == 3


class OneNews:
    """Says once that mail has come."""

    def __init__(self) -> None:
        self.said = threading.Event()

    def wait(self, seconds: float) -> bool:
        if self.said.is_set():
            threading.Event().wait(min(seconds, 0.05))
            return False
        self.said.set()
        return True

    def stop(self) -> None:
        """It never waits long."""

    def close(self) -> None:
        """Nothing is open."""


def test_news_from_the_server_brings_the_mail_at_once(lotskoping: Lotskoping):
    source = BrokenSource()
    door = MailDoor(source=source, poll=timedelta(hours=1), watch=OneNews())  # type: ignore[arg-type]
    collecting = Collecting(lotskoping.services, [door])
    watching = Watching(lambda mailbox: collecting.round(news_in=mailbox), [door])
    watching.start()
    assert source.seen.wait(30)
    watching.stop()


@pytest.mark.parametrize("text", ["[receipt]\nmail = 'Hej {okänt}'\n", "[receipt]\nnytt = 'x'\n"])
def test_own_texts_with_a_fault_are_refused_with_file_and_key(tmp_path: Path, text: str):
    from bot.checking import faults_of

    (tmp_path / "texts_sv.toml").write_text(text, encoding="utf-8")
    settings = Settings(_env_file=None, data_dir=tmp_path, texts_dir=tmp_path)
    assert any("texts_sv.toml: receipt." in fault for fault in faults_of(settings))


def test_own_texts_go_before_ours_and_change_the_version(tmp_path: Path):
    from handlers.texts import load_catalogue

    text = "[receipt]\nmail_subject = 'Tack, {number}'\n"
    (tmp_path / "texts_sv.toml").write_text(text, encoding="utf-8")
    ours, own = load_catalogue(), load_catalogue(own=tmp_path)
    assert own.get("receipt.mail_subject", "sv", number="SYN-1") == "Tack, SYN-1"
    assert own.version != ours.version
