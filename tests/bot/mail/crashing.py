"""Killing a process at a chosen step of collecting mail, until one gets through alive."""

import os
import signal
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass

from bot.mail.sources import MailSource, MailStore, RawMail, collect


@dataclass
class Fuse:
    """Counts the steps of a process and kills it at the chosen one, as a power cut would."""

    steps_left: int

    def step(self) -> None:
        if self.steps_left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.steps_left -= 1


@dataclass
class FragileSource:
    inner: MailSource
    fuse: Fuse

    @property
    def mailbox(self) -> str:
        return self.inner.mailbox

    @property
    def mark(self) -> str:
        return self.inner.mark

    def fetch(self, after: str | None) -> Iterator[RawMail]:
        for mail in self.inner.fetch(after):
            self.fuse.step()
            yield mail
            self.fuse.step()

    def settle(self, key: str) -> None:
        self.fuse.step()
        self.inner.settle(key)
        self.fuse.step()

    def close(self) -> None:
        self.inner.close()


@dataclass
class FragileStore:
    inner: MailStore
    fuse: Fuse

    def store(self, mail: RawMail) -> bool:
        self.fuse.step()
        is_new = self.inner.store(mail)
        self.fuse.step()
        return is_new

    def high_water(self, mailbox: str) -> str | None:
        self.fuse.step()
        return self.inner.high_water(mailbox)

    def set_high_water(self, mailbox: str, mark: str) -> None:
        self.fuse.step()
        self.inner.set_high_water(mailbox, mark)
        self.fuse.step()


def collect_in_dying_process(
    open_source: Callable[[], MailSource], store: MailStore, *, die_at_step: int
) -> bool:
    """Collect in a child process that is killed at that step; False when it got through alive."""
    with warnings.catch_warnings():
        # From Python 3.12 on: the servers' threads stay behind in the parent, as they should.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        fuse = Fuse(die_at_step)
        try:
            collect(FragileSource(open_source(), fuse), FragileStore(store, fuse))
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def collect_with_a_kill_at_every_step(
    open_source: Callable[[], MailSource], store: MailStore, add_mail: Callable[[int], None]
) -> int:
    """For every step there is: put two mails in, die there, collect the rest. Return the mails."""
    number = step = 0
    was_killed = True
    while was_killed:
        for _ in range(2):
            add_mail(number)
            number += 1
        was_killed = collect_in_dying_process(open_source, store, die_at_step=step)
        with closing(open_source()) as source:
            collect(source, store)
        step += 1
    return number
