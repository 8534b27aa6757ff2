"""Fetching from every mailbox: each at its own pace, woken by the server, trouble told once."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.app import Services
from bot.intake import SqlMailStore, handle_waiting_mail
from bot.mail.errors import MailboxTrouble
from bot.mail.imap import ImapWatch
from bot.mail.mailboxes import ImapMailbox, open_source
from bot.mail.sources import MailSource, collect
from handlers import mailbox_notices, notices

ALARM_AFTER = timedelta(minutes=10)  # a server that restarts is no trouble
_WATCH_SECONDS = 300.0
_PATIENCE_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MailDoor:
    source: MailSource
    poll: timedelta = timedelta(0)
    watch: ImapWatch | None = None


def open_doors(services: Services) -> list[MailDoor]:
    """Return a door for each mailbox; nothing is connected before the first round."""
    return [
        MailDoor(
            source=open_source(mailbox),
            poll=timedelta(seconds=mailbox.poll_seconds),
            watch=ImapWatch(mailbox.account()) if isinstance(mailbox, ImapMailbox) else None,
        )
        for mailbox in services.mailboxes
    ]


class Collecting:
    """One round at a time, whoever asks for it: the clock, or a server that has news."""

    def __init__(self, services: Services, doors: Sequence[MailDoor]) -> None:
        self._services = services
        self._doors = doors
        self._lock = threading.Lock()
        self._looked_at: dict[str, datetime] = {}

    def round(self, *, news_in: str = "") -> None:
        """Look into the mailboxes that are due, and into the one that is said to have news."""
        with self._lock:
            now = self._services.clock()
            due = [door.source for door in self._doors if self.is_due(door, news_in, now)]
            self._looked_at |= {source.mailbox: now for source in due}
            collect_mail(self._services, due)

    def close(self) -> None:
        with self._lock:
            for door in self._doors:
                door.source.close()

    def is_due(self, door: MailDoor, news_in: str, now: datetime) -> bool:
        name = door.source.mailbox
        last = self._looked_at.get(name)
        return name == news_in or last is None or not last <= now < last + door.poll


class Watching:
    """A thread for each mailbox whose server says by itself that mail has come."""

    def __init__(self, look_into: Callable[[str], object], doors: Sequence[MailDoor]) -> None:
        """`look_into` takes a mailbox's name and raises nothing."""
        self._look_into = look_into
        self._stopped = threading.Event()
        self._watches = {door.source.mailbox: door.watch for door in doors if door.watch}
        self._threads = [
            threading.Thread(target=self._watch, args=watched, daemon=True)
            for watched in self._watches.items()
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End the threads; one that is just connecting is left to end with the process."""
        self._stopped.set()
        for watch in self._watches.values():
            watch.stop()
        for thread in self._threads:
            thread.join(_PATIENCE_SECONDS)

    def _watch(self, mailbox: str, watch: ImapWatch) -> None:
        while not self._stopped.is_set():
            if watch.wait(_WATCH_SECONDS) and not self._stopped.is_set():
                self._look_into(mailbox)
        watch.close()


def collect_mail(services: Services, sources: Sequence[MailSource]) -> None:
    """Take one round from every mailbox; trouble in one is told and delays no other."""
    store = SqlMailStore(services)
    for source in sources:
        fault = ""
        try:
            collect(source, store)
        except MailboxTrouble as trouble:
            fault = trouble.code
        except OSError as error:  # of a folder
            fault = type(error).__name__
        if fault:
            log = structlog.get_logger()
            log.warning("mailbox trouble", mailbox=source.mailbox, error=fault)
        _note(services, source.mailbox, fault)
    handle_waiting_mail(services)


def _note(services: Services, mailbox: str, fault: str) -> None:
    """Keep how a round went; who looks after Lotsen is told once of lasting trouble and its end.

    The moment of the last good round stands still while the trouble lasts, so it names the trouble.
    """
    name = f"mailbox:{mailbox}"
    now, fallback = services.clock(), services.fallback
    with services.unit_of_work() as uow:
        last_ok_at, earlier = uow.heartbeats.last(name) or (now, "")
        told = mailbox_notices.trouble(mailbox, fallback, last_ok_at, services.municipality)
        if fault and now - last_ok_at >= ALARM_AFTER:
            notices.queue(uow, told, now)
        if not fault and earlier and uow.outbox.has(told[0].dedupe_key):
            good = mailbox_notices.recovered(mailbox, fallback, last_ok_at, services.municipality)
            notices.queue(uow, good, now)
        uow.heartbeats.beat(name, now, fault)
        uow.commit()
