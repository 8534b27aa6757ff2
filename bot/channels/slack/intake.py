"""From Slack to the inbox in time: stored durably, then answered, then handled.

Slack waits three seconds for an answer, and repeats interactions never. So a delivery is answered
when it is in the inbox; when the database is slow, when it lies in the spool on disk; and when
neither takes it, not at all: then Slack repeats the event, or the person sees that it failed.
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from bot.app import Services
from bot.channels.slack.blocks import View
from bot.channels.slack.deliveries import TEXT, Delivery, Kind
from bot.channels.slack.spool import Spool
from bot.conversation import replies_kept
from bot.masking import masked
from storage.inbox import MAX_ATTEMPTS, InboxItem

SOURCE = "slack:events"
STORED_WITHIN_SECONDS = 0.15  # then the spool
LAST_WAIT_SECONDS = 2.0  # when the spool refuses too
REPLIED_WITHIN_SECONDS = 0.4  # what is not decided by then comes as an update of the window
OURS_FOR = timedelta(minutes=1)  # after that another process may take it over


class NotStored(Exception):
    """Neither database nor disk has taken the delivery; it must not be acknowledged."""


class Reply:
    """The answer to a submission, for as long as Slack waits for it."""

    def __init__(self) -> None:
        self._view: asyncio.Future[View] = asyncio.get_running_loop().create_future()

    def offer(self, view: View) -> bool:
        """Return False when the answer has been given already."""
        if self._view.done():
            return False
        self._view.set_result(view)
        return True

    def close(self) -> None:
        self._view.cancel()

    async def within(self, seconds: float, work: asyncio.Task[None]) -> View | None:
        """Return the view, or None when the time is up or the work has ended without one."""
        waited: set[asyncio.Future[Any]] = {self._view, work}
        await asyncio.wait(waited, timeout=max(seconds, 0), return_when=asyncio.FIRST_COMPLETED)
        if self._view.done():
            return self._view.result()
        self.close()
        return None


@dataclass(frozen=True, slots=True)
class Stored:
    item_id: int
    delivery: Delivery


Handle = Callable[[Stored, Reply], Awaitable[None]]


class Intake:
    def __init__(self, services: Services, spool: Spool, handle: Handle) -> None:
        self._services = services
        self._spool = spool
        self._handle = handle
        self._work: set[asyncio.Task[None]] = set()
        self._in_flight: set[Path] = set()
        # Apart from each other, so that a slow database keeps no thread from the disk.
        self._local = ThreadPoolExecutor(2, "slack-local")
        self._database = ThreadPoolExecutor(4, "slack-database")

    async def take(self, delivery: Delivery) -> View | None:
        """Store, and return the view that answers a submission when it is ready in time."""
        loop = asyncio.get_running_loop()
        until = loop.time() + REPLIED_WITHIN_SECONDS
        kept = await loop.run_in_executor(self._local, kept_part, self._services, delivery)
        path = self._spool.path_of(kept.key)
        self._in_flight.add(path)
        inserting = loop.run_in_executor(self._database, self._insert, kept)
        reply = Reply()
        try:
            await self._made_safe(inserting, kept)
        except NotStored:
            self._in_flight.discard(path)
            raise
        work = self._begin(self._go_on(inserting, kept, path, reply))
        if kept.kind != Kind.SUBMISSION:
            reply.close()
            return None
        return await reply.within(until - loop.time(), work)

    async def recover(self) -> None:
        """Take what lies in the spool, and what another process has left unfinished."""
        loop = asyncio.get_running_loop()
        for path, raw in await loop.run_in_executor(self._local, list, self._spool.waiting()):
            if path in self._in_flight:
                continue
            try:
                delivery = Delivery.model_validate_json(raw)
            except ValidationError:
                structlog.get_logger().error("slack spool file unreadable")
                self._spool.set_aside(path)
                continue
            item_id = await loop.run_in_executor(self._database, self._insert, delivery)
            self._spool.drop(path)
            if item_id is not None:
                await self._handled(Stored(item_id, delivery))
        while (item := await loop.run_in_executor(self._database, self._claim)) is not None:
            if item.attempts > MAX_ATTEMPTS:  # it has taken whole processes down
                await loop.run_in_executor(self._database, self._give_up, item)
                continue
            await self._handled(Stored(item.id, Delivery.model_validate_json(item.raw)))

    @property
    def is_idle(self) -> bool:
        """Whether everything that was taken here has been handled, or at least tried."""
        return not self._work

    async def finish(self) -> None:
        """Wait for what has begun."""
        while self._work:
            await asyncio.wait(set(self._work))
        self._local.shutdown(wait=False)
        self._database.shutdown(wait=False)

    async def _made_safe(self, inserting: asyncio.Future[int | None], delivery: Delivery) -> None:
        """Return when the delivery survives a crash; raise NotStored when it cannot."""
        if await _succeeded(inserting, STORED_WITHIN_SECONDS):
            return
        raw = delivery.model_dump_json().encode()
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._local, self._spool.write, delivery.key, raw)
        except OSError as error:
            if not await _succeeded(inserting, LAST_WAIT_SECONDS):
                raise NotStored from error

    async def _go_on(
        self,
        inserting: asyncio.Future[int | None],
        delivery: Delivery,
        path: Path,
        reply: Reply,
    ) -> None:
        try:
            item_id = await inserting
        except SQLAlchemyError as error:
            # It lies in the spool; recover() puts it into the inbox when the database is back.
            structlog.get_logger().error("slack delivery spooled", error=type(error).__name__)
            return
        finally:
            self._in_flight.discard(path)
        self._spool.drop(path)
        if item_id is not None:
            await self._handle(Stored(item_id, delivery), reply)
        elif delivery.kind == Kind.SUBMISSION:
            # Slack waits for an answer again: the same one, out of what is stored.
            item = await asyncio.get_running_loop().run_in_executor(
                self._database, self._find, delivery.key
            )
            if item is not None:
                await self._handle(Stored(item.id, delivery), reply)

    async def _handled(self, stored: Stored) -> None:
        reply = Reply()
        reply.close()  # nobody waits any more
        await self._handle(stored, reply)

    def _begin(self, work: Awaitable[None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(work)
        self._work.add(task)  # the loop keeps only weak references
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        """Note work that could not even settle its row; recover() does it again."""
        self._work.discard(task)
        fault = None if task.cancelled() else task.exception()
        if fault is not None:
            structlog.get_logger().error("slack work failed", error=type(fault).__name__)

    def _insert(self, delivery: Delivery) -> int | None:
        raw = delivery.model_dump_json().encode()
        with self._services.unit_of_work() as uow:
            now = self._services.clock()
            item_id = uow.inbox.add(
                source=SOURCE,
                key=delivery.key,
                raw=raw,
                now=now,
                erase_at=now + replies_kept(self._services),
            )
            uow.commit()
        return item_id

    def _claim(self) -> InboxItem | None:
        with self._services.unit_of_work() as uow:
            now = self._services.clock() - OURS_FOR
            item = uow.inbox.claim(now, source_prefix=SOURCE)
            uow.commit()
        return item

    def _give_up(self, item: InboxItem) -> None:
        with self._services.unit_of_work() as uow:
            uow.inbox.settle(item.id, state="failed", outcome={})
            uow.commit()

    def _find(self, key: str) -> InboxItem | None:
        with self._services.unit_of_work(read_only=True) as uow:
            return uow.inbox.find(source=SOURCE, key=key)


def kept_part(services: Services, delivery: Delivery) -> Delivery:
    """Return the delivery with what may be stored of its words."""
    keep = partial(masked, services.analyst)
    answers = {
        name: keep(text) if name == TEXT else text for name, text in delivery.answers.items()
    }
    return delivery.model_copy(update={"text": keep(delivery.text), "answers": answers})


async def _succeeded(work: asyncio.Future[int | None], seconds: float) -> bool:
    done, _ = await asyncio.wait({work}, timeout=seconds)
    return bool(done) and work.exception() is None
