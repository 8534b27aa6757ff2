"""The Slack door as the application mounts it: a route or a socket, a channel, background parts."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import structlog
from fastapi import APIRouter, FastAPI, Request, Response
from slack_bolt.adapter.fastapi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.web.async_client import AsyncWebClient

from bot.app import Services
from bot.channels.slack.calls import Calls
from bot.channels.slack.deliveries import Kind, read_delivery
from bot.channels.slack.handling import Handling
from bot.channels.slack.intake import Intake
from bot.channels.slack.outgoing import SlackChannel
from bot.channels.slack.people import Directory
from bot.channels.slack.reporting import ReportDesk
from bot.channels.slack.settings import SlackSettings, Transport, load_slack_settings
from bot.channels.slack.socket import SocketLink
from bot.channels.slack.spool import Spool

EVENTS_PATH = "/slack/events"
CALL_SECONDS = 10
ANYTHING = re.compile(r".*", re.DOTALL)


@dataclass(slots=True)
class SlackDoor:
    """Including `router` in the web application starts and stops the background parts with it."""

    router: APIRouter
    channel: SlackChannel
    intake: Intake
    app: AsyncApp
    link: SocketLink | None
    recover_seconds: float
    recovering: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self.recovering = asyncio.create_task(self._recover())
        if self.link is not None:
            await self.link.start()

    async def stop(self) -> None:
        if self.link is not None:
            await self.link.stop()
        if self.recovering is not None:
            self.recovering.cancel()
            await asyncio.gather(self.recovering, return_exceptions=True)
        await self.intake.finish()

    async def _recover(self) -> None:
        while True:
            # Gathered, so that no failure ends the loop: what is stored waits for nothing else.
            (fault,) = await asyncio.gather(self.intake.recover(), return_exceptions=True)
            if isinstance(fault, Exception):
                structlog.get_logger().error("slack recovery failed", error=type(fault).__name__)
            await asyncio.sleep(self.recover_seconds)


def build_slack(services: Services, settings: SlackSettings | None = None) -> SlackDoor | None:
    """Return the door, or None when no token is set."""
    settings = settings or load_slack_settings()
    if not settings.enabled:
        return None
    token = settings.bot_token.get_secret_value()
    api = AsyncWebClient(token=token, base_url=settings.api_url, timeout=CALL_SECONDS)
    directory = Directory(services, api)
    reports = ReportDesk(services, directory, services.settings.chat_policy)
    handling = Handling(services, directory, Calls(api), reports)
    intake = Intake(services, Spool(services.settings.data_dir / "slack"), handling.handle)
    app = _build_app(settings, token, intake, handling)
    link = None
    if settings.transport == Transport.SOCKET:
        link = SocketLink(services, settings, app, api)
    sync_api = WebClient(token=token, base_url=settings.api_url, timeout=CALL_SECONDS)
    door = SlackDoor(
        router=APIRouter(),
        channel=SlackChannel(services, sync_api),
        intake=intake,
        app=app,
        link=link,
        recover_seconds=settings.recover_seconds,
    )
    door.router = _build_router(door, settings)
    return door


def _build_app(settings: SlackSettings, token: str, intake: Intake, handling: Handling) -> AsyncApp:
    async def authorize(**found: object) -> AuthorizeResult:
        """Answer from the settings: Bolt's own way asks Slack before the acknowledgement."""
        return AuthorizeResult(
            enterprise_id=_text(found.get("enterprise_id")),
            team_id=_text(found.get("team_id")),
            bot_token=token,
        )

    app = AsyncApp(
        signing_secret=settings.signing_secret.get_secret_value(),
        client=AsyncWebClient(base_url=settings.api_url, timeout=CALL_SECONDS),
        authorize=authorize,
        # The listener below only stores; Slack gets its answer when that is done, not before.
        process_before_response=True,
        ignoring_self_events_enabled=False,  # it needs our user id; messages of bots are dropped
    )

    async def take(body: Mapping[str, Any], ack: AsyncAck) -> None:
        delivery = read_delivery(body)
        if delivery.kind == Kind.OTHER:  # nothing that Lotsen acts on, its own messages among it
            await ack()
            return
        view = await intake.take(delivery)
        if delivery.kind == Kind.SUBMISSION:
            await ack(response_action="update", view=view or handling.loading())
        else:
            await ack()

    app.event(ANYTHING)(take)
    app.command(ANYTHING)(take)
    app.shortcut(ANYTHING)(take)
    app.action(ANYTHING)(take)
    app.view_submission(ANYTHING)(take)
    app.view_closed(ANYTHING)(take)
    app.error(_note_error)
    return app


async def _note_error(error: Exception) -> None:
    """Slack gets status 500 and repeats, or tells the person; the text is still in the window."""
    structlog.get_logger().error("slack delivery not taken", error=type(error).__name__)


def _build_router(door: SlackDoor, settings: SlackSettings) -> APIRouter:
    @asynccontextmanager
    async def running(app: FastAPI) -> AsyncIterator[None]:
        del app
        await door.start()
        try:
            yield
        finally:
            await door.stop()

    router = APIRouter(lifespan=running)
    if settings.transport == Transport.HTTP:
        handler = AsyncSlackRequestHandler(door.app)

        @router.post(EVENTS_PATH)
        async def events(request: Request) -> Response:
            return await handler.handle(request)

    return router


def _text(value: object) -> str | None:
    return str(value) if value else None
