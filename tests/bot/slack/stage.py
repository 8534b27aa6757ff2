"""Lotsen with the Slack door on a real server, and the Slack beside it."""

import asyncio
import threading
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field

import uvicorn
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from bot.channels.slack.door import SlackDoor, build_slack
from bot.channels.slack.settings import SlackSettings, Transport
from bot.delivery import Channels, deliver_outbox
from bot.web.app import create_app
from handlers.domain.case import Case
from handlers.records import Draft, QueuedMessage
from storage.inbox import InboxItem
from tests.bot.slack.fake_slack import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, TEAM, FakeSlack
from tests.bot.slack.slack_user import SlackUser
from tests.lotskoping import Lotskoping

ANNA = "U0ANNA"  # a care worker: no role here


@dataclass
class Post:
    """A mail channel that keeps what it is given."""

    sent: list[QueuedMessage] = field(default_factory=list)

    def send(self, queued: QueuedMessage) -> None:
        self.sent.append(queued)

    def to(self, address: str) -> list[QueuedMessage]:
        return [queued for queued in self.sent if queued.message.recipient == address]


class Server:
    """One real server for all tests, and the application of the test that runs."""

    def __init__(self) -> None:
        self.app = FastAPI()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        config = uvicorn.Config(
            self._serve,
            host="127.0.0.1",
            port=0,
            interface="asgi3",
            lifespan="off",
            log_config=None,
            access_log=False,
        )
        self._server = uvicorn.Server(config)
        self._serving = asyncio.run_coroutine_threadsafe(self._server._serve(), self._loop)
        while not self._server.started:
            time.sleep(0.005)
        self.port = self._server.servers[0].sockets[0].getsockname()[1]

    def run(self, work: Coroutine[None, None, object]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def close(self) -> None:
        self._server.should_exit = True
        self._serving.result(60)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


class Stage:
    def __init__(
        self, lotskoping: Lotskoping, slack: FakeSlack, server: Server, settings: SlackSettings
    ) -> None:
        self._server = server
        self.lotskoping = lotskoping
        self.slack = slack
        self.settings = settings
        self.post = Post()
        self._is_stopped = True
        self.door = self._door()
        self._serve()

    @property
    def by_socket(self) -> bool:
        return self.settings.transport == Transport.SOCKET

    def user(self, user: str = ANNA) -> SlackUser:
        return SlackUser(self.slack, user, by_socket=self.by_socket)

    def staff(self, person_id: str) -> SlackUser:
        """Return a member of staff who has said hello to Lotsen in Slack."""
        with self.lotskoping.unit_of_work() as uow:
            person = uow.organisation.person(person_id)
        assert person is not None
        user = f"U{person_id.upper().replace('-', '')}"
        self.slack.add_user(user, person.email.upper())
        someone = self.user(user)
        someone.go_home()
        return someone

    def deliver(self) -> None:
        """Let the worker send what is due, as every other second."""
        channels: Channels = {"slack": self.door.channel, "mail": self.post}
        deliver_outbox(self.lotskoping.services, channels)

    def cases(self) -> list[Case]:
        with self.lotskoping.unit_of_work() as uow:
            return list(uow.cases.listed(None, open_only=False))

    def draft(self, someone: SlackUser) -> Draft:
        with self.lotskoping.unit_of_work() as uow:
            draft = uow.drafts.latest(f"slack:{TEAM}:{someone.id}")
        assert draft is not None
        return draft

    def inbox(self, state: str) -> list[InboxItem]:
        with self.lotskoping.unit_of_work() as uow:
            return list(uow.inbox.in_state(state))

    def settled(self) -> None:
        """Wait until every delivery is handled."""
        end = time.monotonic() + 30
        while not self.door.intake.is_idle or self.inbox("new"):
            assert time.monotonic() < end, "something is never handled"
            time.sleep(0.005)

    def is_connected(self, times: int) -> bool:
        """Whether a socket is open, and at least so many have been opened."""
        return self.slack.connections >= times and bool(self.slack.sockets)

    def restart(self) -> None:
        self.stop()
        self.door = self._door()
        self._serve()

    def stop(self) -> None:
        """End the application as a server does: what has begun is finished."""
        if not self._is_stopped:
            self._is_stopped = True
            self._server.run(self._lifespan.__aexit__(None, None, None))

    def _door(self) -> SlackDoor:
        door = build_slack(self.lotskoping.services, self.settings)
        assert door is not None
        return door

    def _serve(self) -> None:
        app = create_app(self.lotskoping.services)
        app.include_router(self.door.router)
        self._lifespan = app.router.lifespan_context(app)
        self._server.app = app
        self._server.run(self._lifespan.__aenter__())
        self._is_stopped = False
        self.slack.app_port = self._server.port
        end = time.monotonic() + 10
        while self.by_socket and not self.slack.sockets:
            assert time.monotonic() < end, "the socket was never opened"
            time.sleep(0.005)


def slack_settings(
    slack: FakeSlack,
    *,
    transport: Transport = Transport.HTTP,
    **more: object,
) -> SlackSettings:
    values: dict[str, object] = {
        "bot_token": BOT_TOKEN,
        "signing_secret": SIGNING_SECRET if transport == Transport.HTTP else "",
        "app_token": APP_TOKEN if transport == Transport.SOCKET else "",
        "api_url": slack.api_url,
        "recover_seconds": 0.2,
        "transport": transport,
        **more,
    }
    return SlackSettings(_env_file=None, **values)  # type: ignore[arg-type]
