"""The Teams door: /api/messages in, the outbox's messages out, and what was left half done."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLong
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar
from weakref import WeakValueDictionary

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from bot.app import Services
from bot.channels.teams import callers
from bot.channels.teams.activities import Activity
from bot.channels.teams.callers import CHANNEL, reference_of
from bot.channels.teams.connector import ChatGone, Connector, build_app
from bot.channels.teams.duties import Duties
from bot.channels.teams.duty_cards import DutyCards
from bot.channels.teams.gate import Gate, Refused
from bot.channels.teams.handling import Body, Handling
from bot.channels.teams.intake import Intake
from bot.channels.teams.loop import Background, DoorLoop
from bot.channels.teams.settings import TeamsSettings, load_teams_settings
from bot.channels.teams.talking import Talk
from bot.channels.teams.turns import Turns
from bot.channels.teams.writing import Writing
from handlers.errors import PermanentDeliveryError, TemporaryDeliveryError
from handlers.records import QueuedMessage

if TYPE_CHECKING:
    from microsoft_teams.api.auth.cloud_environment import CloudEnvironment
    from microsoft_teams.api.auth.credentials import TokenProvider

SEND_SECONDS = 30.0
STOP_SECONDS = 5.0
SWEEP_SECONDS = 30.0
STORING_THREADS = 2
_LEAST_PATIENCE = 0.1

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class TeamsChannel:
    """Implements bot.channel.Channel: notices, alerts and feedback as cards in private chats."""

    services: Services
    connector: Connector
    loop: DoorLoop

    def send(self, queued: QueuedMessage) -> None:
        address = queued.message.recipient
        known = callers.known_chat(self.services, address)
        if known is None:
            raise PermanentDeliveryError("no such chat")
        to = reference_of(known)
        card = DutyCards(self.services).notice(queued.message)
        if not self.loop.is_running:
            raise TemporaryDeliveryError("the door is closed")
        sending = self.loop.submit(self.connector.send(to.service_url, to.conversation, card))
        try:
            sending.result(timeout=SEND_SECONDS)
        except TooLong as error:
            sending.cancel()
            raise TemporaryDeliveryError("no answer") from error
        except ChatGone:
            callers.forget(self.services, address)
            raise


@dataclass(slots=True)
class TeamsDoor:
    """`router` goes into the web application, `channel` to the outbox; start before, stop after."""

    settings: TeamsSettings
    gate: Gate
    intake: Intake
    handling: Handling
    channel: TeamsChannel
    loop: DoorLoop
    background: Background
    router: APIRouter = field(init=False)
    _locks: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)
    # Apart from the threads that handle, so that what comes in waits for nobody's turn.
    _storing: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(STORING_THREADS, "teams-store")
    )
    _sweeper: Future[None] | None = None

    def __post_init__(self) -> None:
        self.router = self._routes()

    def start(self) -> None:
        """Open the gate and begin to look for what an earlier process left half done."""
        self.loop.start()
        self.loop.submit(self.gate.open()).result()
        self._sweeper = self.loop.submit(self._sweep_for_ever())

    def stop(self) -> None:
        """Finish what is under way; what is not done by then is stored and taken up later."""
        if self._sweeper is not None:
            self._sweeper.cancel()
        self.loop.stop(STOP_SECONDS)
        self._storing.shutdown(wait=False)

    def sweep(self) -> int:
        """Handle what was stored and never finished; return how much it was."""
        return self.loop.submit(self._sweep()).result()

    def _routes(self) -> APIRouter:
        router = APIRouter()

        @router.post("/api/messages")
        async def messages(request: Request) -> Response:
            taking = self._take(await request.body(), dict(request.headers))
            status, body = await asyncio.wrap_future(self.loop.submit(taking))
            return JSONResponse(body, status) if body else Response(status_code=status)

        return router

    async def _take(self, raw: bytes, headers: Mapping[str, str]) -> tuple[int, Body | None]:
        """Check, store, then handle; only an invoke waits for its answer."""
        clock = asyncio.get_running_loop().time
        begun = clock()
        try:
            activity = await self.gate.admit(raw, headers)
        except Refused as refused:
            structlog.get_logger().warning("refused", channel=CHANNEL, status=refused.status)
            return refused.status, None
        is_invoke = activity.type == "invoke"
        item_id = await self._stored(self.intake.keep, activity)
        if item_id is None:
            again = await self._stored(self.intake.answer_of, activity)
            answered = dict(again) if again is not None else self.handling.slow(activity)
            return 200, answered if is_invoke else None
        if not is_invoke:
            self.background.run(self._work(item_id, activity))
            return 200, None
        task = asyncio.create_task(self._work(item_id, activity))
        left = self.settings.invoke_patience_seconds - (clock() - begun)
        done, _ = await asyncio.wait({task}, timeout=max(left, _LEAST_PATIENCE))
        if done:
            body = task.result()
            return (500, None) if body is None else (200, body)
        self.background.run(self._show_late(task, activity))
        return 200, self.handling.slow(activity)

    async def _work(self, item_id: int, activity: Activity) -> Body | None:
        """Handle one stored activity, whatever happens, and note how it went."""
        async with self._lock(activity):
            [outcome] = await asyncio.gather(self.handling.handle(activity), return_exceptions=True)
        if not isinstance(outcome, BaseException):
            await self._stored(self.intake.settle, item_id, outcome)
            return outcome
        log = structlog.get_logger()
        log.error("activity failed", inbox=item_id, channel=CHANNEL, error=type(outcome).__name__)
        if isinstance(outcome, ChatGone):
            address = callers.conversation_id(activity)
            await asyncio.to_thread(callers.forget, self.intake.services, address)
        await asyncio.to_thread(self.intake.fail, item_id, outcome)
        return None

    async def _stored(self, work: Callable[..., Result], *given: object) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._storing, work, *given)

    async def _show_late(self, task: asyncio.Task[Body | None], activity: Activity) -> None:
        await self.handling.afterwards(activity, await task)

    async def _sweep_for_ever(self) -> None:
        while True:
            [fault] = await asyncio.gather(self._sweep(), return_exceptions=True)
            if isinstance(fault, BaseException):
                log = structlog.get_logger()
                log.error("sweep failed", channel=CHANNEL, error=type(fault).__name__)
            await asyncio.sleep(SWEEP_SECONDS)

    async def _sweep(self) -> int:
        count = 0
        while item := await asyncio.to_thread(self.intake.claim_left_over):
            activity = Activity.model_validate_json(item.raw)
            body = await self._work(item.id, activity)
            if body is not None:
                await self.handling.afterwards(activity, body)
            count += 1
        return count

    def _lock(self, activity: Activity) -> asyncio.Lock:
        """One turn at a time in a conversation, so that a late card is seen to be late."""
        return self._locks.setdefault(callers.conversation_id(activity), asyncio.Lock())


def build_teams(
    services: Services,
    settings: TeamsSettings | None = None,
    *,
    cloud: "CloudEnvironment | None" = None,
    token: "TokenProvider | None" = None,
) -> TeamsDoor | None:
    """Return the door, or None when Teams is not configured."""
    settings = settings or load_teams_settings()
    if not settings.enabled:
        return None
    app = build_app(settings, cloud=cloud, token=token)
    connector = Connector(app, settings.tenant_id)
    turns = Turns(services)
    talk = Talk(turns)
    duties = Duties(DutyCards(services))
    loop, background = DoorLoop(), Background()
    return TeamsDoor(
        settings=settings,
        gate=Gate(app, settings),
        intake=Intake(services),
        handling=Handling(services, connector, talk, Writing(turns, talk), duties, background),
        channel=TeamsChannel(services, connector, loop),
        loop=loop,
        background=background,
    )
