"""Fifty people for a minute: what they see, and the Lotsen that they use, a process of its own."""

import random
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.kill_runner import until
from tests.lotskoping import Lotskoping

PEOPLE = 50
SECONDS = 60.0
PAUSE_SECONDS = 2.0
STORY = "Personen fick sin kvällsdos två gånger eftersom listan inte var signerad."
PICKED = ("Nej", "Tidigare i dag", "Nej, inte förut", "Ingen blev påverkad", "Hoppa över")
UNIT = ("Björkgårdens äldreboende", "bjorkgarden")
AIM_SECONDS = 1.0

Row = tuple[str, str, str]


@dataclass(slots=True)
class Minute:
    """What the people have seen."""

    ends_at: float
    seconds: list[float] = field(default_factory=list)  # from sending to acknowledgement
    refused: int = 0
    receipts: list[str] = field(default_factory=list)  # numbers that people were told

    def acknowledged(self, status: int, seconds: float) -> None:
        self.seconds.append(seconds)
        self.refused += status != 200

    def rows(self, database: str, door: str, lotskoping: Lotskoping) -> Iterator[Row]:
        cut = statistics.quantiles(self.seconds, n=100)
        stored = numbers_of(lotskoping)
        lost = set(self.receipts) - set(stored)
        doubled = len(stored) - len(set(self.receipts))
        yield (database, f"{door}: deliveries acknowledged in the minute", str(len(self.seconds)))
        for name, value in (("p50", cut[49]), ("p99", cut[98]), ("slowest", max(self.seconds))):
            yield (database, f"{door}: acknowledgement, {name}", f"{value * 1000:.0f} ms")
        slow = sum(one > AIM_SECONDS for one in self.seconds)
        yield (database, f"{door}: acknowledgements over one second", str(slow))
        yield (database, f"{door}: reports sent", str(len(self.receipts)))
        yield (
            database,
            f"{door}: refused, lost, doubled",
            f"{self.refused}, {len(lost)}, {doubled}",
        )


def numbers_of(lotskoping: Lotskoping) -> list[str]:
    with lotskoping.unit_of_work() as uow:
        return [case.number for case in uow.cases.listed(None, open_only=False)]


def pause() -> None:
    time.sleep(PAUSE_SECONDS * random.uniform(0.5, 1.5))  # noqa: S311 - no secret


def number_in(text: str) -> str:
    start = text.index("AVV-")
    return text[start : start + len("AVV-2026-00001")]


def all_at_once(work: list[Callable[[], None]]) -> None:
    with ThreadPoolExecutor(len(work)) as pool:
        for done in [pool.submit(one) for one in work]:
            done.result()


@contextmanager
def serving(door: str, folder: Path, database_url: str, api: str) -> Iterator[int]:
    """Run Lotsen in a process of its own; yield its port; let it finish at the end."""
    program = [sys.executable, "-m", "tests.bench_chat_server", door, str(folder)]
    with subprocess.Popen(
        [*program, database_url, api], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        assert running.stdin is not None
        port = int(running.stdout.readline())
        until(lambda: _answers(port))
        yield port
        running.stdin.close()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
