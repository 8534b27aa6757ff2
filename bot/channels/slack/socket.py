"""Socket Mode: a connection that we open, and a watchdog that proves that deliveries get through.

A socket can answer pings and deliver nothing (bolt-python 1529). So after a silence the watchdog
posts a message of its own in the heartbeat channel and waits for it to come back; if it does not,
or there is no such channel, it connects anew.
"""

import asyncio
from collections import deque
from typing import Any

import structlog
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import SQLAlchemyError

from bot.app import Services
from bot.channels.slack.errors import NETWORK_FAULTS, code_of
from bot.channels.slack.settings import SlackSettings

BEAT = "slack-socket"
CHECKS_IN_SILENCE = 4  # how often to look, as parts of the allowed silence


class SocketLink:
    def __init__(
        self, services: Services, settings: SlackSettings, app: AsyncApp, api: AsyncWebClient
    ) -> None:
        self._services = services
        self._settings = settings
        self._app = app
        self._api = api
        self._handler: AsyncSocketModeHandler | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._seen_at = 0.0
        self._expected = ""
        self._returned = asyncio.Event()
        self._came_back: deque[str] = deque(maxlen=50)

    async def start(self) -> None:
        """Begin to connect; goes on in the background for as long as Slack cannot be reached."""
        handler = AsyncSocketModeHandler(
            self._app,
            self._settings.app_token.get_secret_value(),
            web_client=self._api,
            ping_interval=self._settings.ping_seconds,
        )
        handler.client.message_listeners.append(self._saw)
        self._handler = handler
        self._seen_at = asyncio.get_running_loop().time()
        self._tasks = [
            asyncio.create_task(handler.client.connect()),  # type: ignore[no-untyped-call]
            asyncio.create_task(self._watch(handler)),
        ]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._handler is not None:
            await self._handler.client.close()  # type: ignore[no-untyped-call]

    async def _saw(self, client: object, message: dict[str, Any], raw: object = None) -> None:
        del client, raw
        self._seen_at = asyncio.get_running_loop().time()
        event = (message.get("payload") or {}).get("event") or {}
        if event.get("channel") == self._settings.heartbeat_channel:
            self._came_back.append(str(event.get("ts", "")))
            if self._expected in self._came_back:
                self._returned.set()

    async def _watch(self, handler: AsyncSocketModeHandler) -> None:
        loop = asyncio.get_running_loop()
        quiet = self._settings.quiet_seconds
        while True:
            await asyncio.sleep(quiet / CHECKS_IN_SILENCE)
            if loop.time() - self._seen_at < quiet or await self._is_proved():
                await asyncio.to_thread(self._beat, "")
                continue
            structlog.get_logger().warning("slack socket silent", state="reconnecting")
            if self._settings.heartbeat_channel:
                await asyncio.to_thread(self._beat, "silent")
            self._seen_at = loop.time()  # the new connection gets its time
            await self._connect_anew(handler)

    async def _connect_anew(self, handler: AsyncSocketModeHandler) -> None:
        try:
            await handler.client.connect_to_new_endpoint(force=True)
        except SlackApiError as error:
            structlog.get_logger().error("slack socket refused", error=code_of(error))
        except NETWORK_FAULTS as error:
            structlog.get_logger().warning("slack socket failed", error=type(error).__name__)

    async def _is_proved(self) -> bool:
        """Whether a message of our own comes back through the socket."""
        channel = self._settings.heartbeat_channel
        if not channel:
            return False
        self._returned.clear()
        try:
            posted = await self._api.chat_postMessage(channel=channel, text="Lotsen")
            self._expected = str(posted["ts"])
            if self._expected in self._came_back:  # before its name was known here
                self._returned.set()
            await asyncio.wait_for(self._returned.wait(), self._settings.proof_seconds)
        except TimeoutError:
            return False
        except SlackApiError as error:
            structlog.get_logger().warning("slack heartbeat refused", error=code_of(error))
            return False
        except NETWORK_FAULTS as error:
            structlog.get_logger().warning("slack heartbeat failed", error=type(error).__name__)
            return False
        await self._tidy(channel)
        return True

    async def _tidy(self, channel: str) -> None:
        try:
            await self._api.chat_delete(channel=channel, ts=self._expected)
        except SlackApiError as error:
            structlog.get_logger().warning("slack heartbeat stays", error=code_of(error))
        self._expected = ""

    def _beat(self, fault: str) -> None:
        try:
            with self._services.unit_of_work() as uow:
                uow.heartbeats.beat(BEAT, self._services.clock(), fault)
                uow.commit()
        except SQLAlchemyError as error:  # the watch goes on; /health sees the old beat
            structlog.get_logger().warning("slack beat not kept", error=type(error).__name__)
