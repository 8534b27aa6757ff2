"""Five thousand mails after thirty days without Lotsen, through a real Dovecot: `make backlog`.

All are taken, oldest first, though one of them cannot be read and a process dies on the way.
"""

import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import select

from bot.intake import SqlMailStore, handle_waiting_mail
from bot.logs import configure_logs
from bot.mail.imap import ImapSource
from bot.mail.sources import collect
from storage import tables
from tests.bot.mail.dovecot import Dovecot, running_dovecot, why_not
from tests.lotskoping import Lotskoping, open_lotskoping

MAILS = 5_000
BAD = MAILS // 3  # the one that cannot be read
DIES_AFTER = MAILS // 2
FIRST_SECOND = 1_772_000_000
USER = "synpunkter@lotskoping.example"


def fill(dovecot: Dovecot, count: int) -> None:
    """Lay the mails where Dovecot keeps them, as its own delivery would, a minute apart."""
    folder = dovecot.folder / "mail" / USER
    for part in ("", "new", "cur", "tmp"):
        (folder / part).mkdir(exist_ok=True)
        shutil.chown(folder / part, "mail", "mail")
    for number in range(count):
        mail = (
            f"From: anhorig{number}@mail.example\nTo: {USER}\nSubject: Fråga {number}\n"
            f"Message-ID: <backlog-{number}@mail.example>\n"
            "Content-Type: text/plain; charset=utf-8\n\n"
            f"Ingen kom till min mamma i går kväll. Det är gång nummer {number}.\n"
        )
        second = FIRST_SECOND + 60 * number
        path = folder / "new" / f"{second}.M{number:06d}P1.localhost"
        path.write_bytes(b"\n" if number == BAD else mail.encode())
        os.utime(path, (second, second))
        shutil.chown(path, "mail", "mail")


class DyingStore(SqlMailStore):
    """Takes its process with it in the middle of the outage's mails."""

    stored = 0

    def set_high_water(self, mailbox: str, mark: str) -> None:
        super().set_high_water(mailbox, mark)
        self.stored += 1
        if self.stored == DIES_AFTER:
            os.kill(os.getpid(), signal.SIGKILL)


def fetch_until_killed(dovecot: Dovecot, folder: Path) -> None:
    child = os.fork()
    if child == 0:
        opened = open_lotskoping(folder)
        collect(
            ImapSource(dovecot.account(USER), mailbox="synpunkter"), DyingStore(opened.services)
        )
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)


def check(opened: Lotskoping) -> None:
    inbox = tables.inbox.c
    with opened.unit_of_work() as uow:
        rows = uow.connection.execute(select(inbox.key, inbox.outcome).order_by(inbox.id)).all()
    uids = [int(row.key.partition("-")[2]) for row in rows]
    assert uids == list(range(1, MAILS + 1)), "lost, doubled or out of order"
    outcomes = [row.outcome["outcome"] for row in rows]
    assert outcomes.count("held") == 1
    assert set(outcomes) <= {"case", "held", "irrelevant"}
    sys.stdout.write(f"outcomes: { {name: outcomes.count(name) for name in set(outcomes)} }\n")


def main() -> None:
    reason = why_not()
    if reason:
        sys.exit(reason)
    configure_logs(Path(os.devnull).open("w"))  # noqa: SIM115 - for the life of the process
    with (
        tempfile.TemporaryDirectory(prefix="lotsen") as place,
        tempfile.TemporaryDirectory() as data,
        running_dovecot(Path(place)) as dovecot,
    ):
        fill(dovecot, MAILS)
        fetch_until_killed(dovecot, Path(data))
        opened = open_lotskoping(Path(data))
        begun = time.perf_counter()
        source = ImapSource(dovecot.account(USER), mailbox="synpunkter")
        done = collect(source, SqlMailStore(opened.services))
        fetched = time.perf_counter() - begun
        source.close()
        begun = time.perf_counter()
        handle_waiting_mail(opened.services)
        handled = time.perf_counter() - begun
        sys.stdout.write(
            f"after the kill {done.stored} fetched in {fetched:.0f} s, {done.known} known already\n"
            f"{MAILS} mails to cases in {handled:.0f} s, {MAILS / handled:.0f} a second\n"
        )
        check(opened)
        opened.services.database.close()


if __name__ == "__main__":
    main()
