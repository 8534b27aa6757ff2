"""The door's own event loop in a thread of its own.

The Teams library is asynchronous, the core and the outbox are not, and the library fetches signing
keys with blocking calls: here they hold up nobody but Teams.
"""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

import structlog

Result = TypeVar("Result")
# Turns are work for the processor: more at once only keep what comes in from being acknowledged.
HANDLING_THREADS = 3


class DoorLoop:
    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._loop.set_default_executor(ThreadPoolExecutor(HANDLING_THREADS, "teams-turns"))
        self._thread = threading.Thread(target=self._loop.run_forever, name="teams", daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def is_running(self) -> bool:
        return self._thread.is_alive()

    def submit(self, work: Coroutine[Any, Any, Result]) -> Future[Result]:
        """Run something here from any other thread."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def stop(self, patience_seconds: float) -> None:
        """Let what is under way finish, then end the thread."""
        if not self.is_running:
            self._loop.close()
            return
        self.submit(_finish(patience_seconds)).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class Background:
    """Work that nobody waits for; it is kept alive until it is done, and its fault is logged."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def run(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._note_end)

    def _note_end(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        fault = None if task.cancelled() else task.exception()
        if fault is not None:
            log = structlog.get_logger()
            log.error("left undone", channel="teams", error=type(fault).__name__)


async def _finish(patience_seconds: float) -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    if not others:
        return
    _, late = await asyncio.wait(others, timeout=patience_seconds)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
