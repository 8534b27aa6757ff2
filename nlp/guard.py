"""The border to the model: whatever it raises and however long it takes, the caller goes on.

spaCy, thinc, msgpack and numpy name no common exception for files or texts that they cannot take:
an empty weights file is an EOFError, half an archive a BadZipFile. So here, and only here in the
language part, everything is caught; the two outer loops of the service are the other places
(docs/adr/0006).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import TypeVar

Result = TypeVar("Result")
TOO_LATE = "too late"
NO_THREAD = "no thread"
THREAD = "lotsen-model"  # the name of the threads that wait for a model
# So many calls may run on after their deadline; then nobody waits before one of them has ended.
MOST_LATE = 2


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why there is no answer: the name of an exception, TOO_LATE or NO_THREAD; never its words."""

    name: str


def attempted(work: Callable[[], Result]) -> Result | Trouble:
    """Return what the work gives, or what stopped it."""
    try:
        return work()
    except Exception as error:  # noqa: BLE001 - the border to the model: rules must go on without it
        return Trouble(type(error).__name__)


@dataclass(slots=True, kw_only=True)
class Deadline:
    """Waits no longer than `seconds` for any piece of work.

    Work cannot be stopped from outside, so each piece has a thread that ends with it. At most
    MOST_LATE of them, and those begun before these were late, are alive after their deadline.
    """

    seconds: float
    _late: list[Thread] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def attempted(self, work: Callable[[], Result]) -> Result | Trouble:
        """Return what the work gives in time, or what stopped it."""
        if self._given_up():
            return Trouble(TOO_LATE)
        answer: SimpleQueue[Result | Trouble] = SimpleQueue()
        # A daemon: a model that hangs must not keep the process from stopping.
        thread = Thread(target=lambda: answer.put(attempted(work)), name=THREAD, daemon=True)
        try:
            thread.start()
        except RuntimeError:  # the machine gives no more threads
            return Trouble(NO_THREAD)
        try:
            return answer.get(timeout=self.seconds)
        except Empty:
            with self._lock:
                self._late.append(thread)
            return Trouble(TOO_LATE)

    def _given_up(self) -> bool:
        with self._lock:
            self._late = [thread for thread in self._late if thread.is_alive()]
            return len(self._late) >= MOST_LATE
