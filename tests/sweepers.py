"""Three processes that sweep and deliver side by side, for test_exactly_once.py to kill.

Run as a program: python -m tests.sweepers DATABASE_URL FOLDER. The time stands in FOLDER/now, one
line; each process adds a skew of its own. On standard input: `kill 1` ends process 1 by SIGKILL and
starts it again; the end of input ends them all.
"""

import os
import signal
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import OperationalError

from bot.app import build_services
from bot.channels.webchat import StoredConversation
from bot.config import Settings
from bot.delivery import deliver_outbox
from bot.schedule import sweep

SKEWS = (timedelta(0), timedelta(seconds=-40), timedelta(minutes=3))
PAUSE_SECONDS = 0.01


class WrittenClock:
    """Reads the time that the test has written."""

    def __init__(self, path: Path, skew: timedelta) -> None:
        self._path = path
        self._skew = skew

    def __call__(self) -> datetime:
        return datetime.fromisoformat(self._path.read_text(encoding="ascii")) + self._skew


def work(url: str, folder: Path, number: int) -> None:
    settings = Settings(_env_file=None, data_dir=folder, database_url=url)
    clock = WrittenClock(folder / "now", SKEWS[number])
    services = build_services(settings, clock)
    stored = StoredConversation(services)
    channels = {"mail": stored, "webchat": stored}
    while True:
        try:
            before = clock()
            sweep(services)
            deliver_outbox(services, channels)
        except OperationalError:
            continue  # as the scheduler does: the next tick comes
        (folder / f"seen-{number}").write_text(before.isoformat(), encoding="ascii")
        time.sleep(PAUSE_SECONDS)


def start(url: str, folder: Path, number: int) -> int:
    child = os.fork()
    if child == 0:
        try:
            work(url, folder, number)
        finally:
            os._exit(1)
    return child


def main() -> None:
    url, folder = sys.argv[1], Path(sys.argv[2])
    children = {number: start(url, folder, number) for number in range(len(SKEWS))}
    for line in sys.stdin:
        number = int(line.split()[1])
        os.kill(children[number], signal.SIGKILL)
        os.waitpid(children[number], 0)
        children[number] = start(url, folder, number)
    for child in children.values():
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
