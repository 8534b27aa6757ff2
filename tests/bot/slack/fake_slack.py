"""A Slack on 127.0.0.1 that believes nothing: Web API, signed deliveries, Socket Mode.

It runs in a thread of its own; tests call it as one calls a person's phone.
"""

import asyncio
import hashlib
import hmac
import json
import threading
import time
import uuid
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any, TypeVar
from urllib.parse import urlencode

from aiohttp import WSMsgType, web
from slack_sdk.errors import SlackObjectFormationError

from tests.bot.slack.limits import Refused, check_blocks, check_view, need

TEAM, BOT = "T0LOTSEN", "U0BOT"
BOT_TOKEN, APP_TOKEN, SIGNING_SECRET = "xoxb-test", "xapp-test", "shh-only-tests"

Json = dict[str, Any]
T = TypeVar("T")


@dataclass
class Ack:
    status: int
    body: Json
    seconds: float


@dataclass
class Failing:
    """What a method answers for its next calls instead of working."""

    body: Json
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    times: int = 1_000


class FakeSlack:
    def __init__(self) -> None:
        self.app_port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.sockets: list[web.WebSocketResponse] = []
        self.reset()
        self.port = self.run(self._start())

    def reset(self) -> None:
        """Become a Slack where nothing has happened yet."""
        self.users: dict[str, Json] = {}
        self.calls: list[tuple[str, Json]] = []
        self.faults: list[str] = []  # what a real Slack would have refused
        self.failing: dict[str, Failing] = {}
        self.views: dict[str, Json] = {}
        self.homes: dict[str, Json] = {}
        self.messages: list[Json] = []
        self.whispers: list[Json] = []
        self.triggers: dict[str, float] = {}
        self.tapped_by: dict[str, str] = {}
        self.trigger_seconds = 60.0  # Slack: 3; what we need of them is measured by the benchmark
        self.connections = 0
        self.deaf = False  # the socket answers pings and delivers nothing
        self._acks: dict[str, asyncio.Future[Json]] = {}
        self.run(self._cut())

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/"

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def close(self) -> None:
        self.run(self._runner.cleanup())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def fail(self, method: str, body: Json, **more: Any) -> None:
        """Let a method, or "*" every method, answer this from now on."""
        self.failing[method] = Failing(body, **more)

    def add_user(self, user: str, email: str, **more: object) -> None:
        self.users[user] = {
            "id": user,
            "team_id": TEAM,
            "deleted": False,
            "is_bot": False,
            "is_email_confirmed": True,
            "locale": "sv-SE",
            "profile": {"email": email},
            **more,
        }

    # From Slack to the application

    def trigger(self, user: str = "") -> str:
        name = uuid.uuid4().hex
        self.triggers[name] = time.monotonic()
        self.tapped_by[name] = user
        return name

    def deliver(self, payload: Json, *, form: str = "", **headers: str) -> Ack:
        """Send a signed request: an event as JSON, a command as a form, else a payload."""
        if form == "command":
            raw, kind = urlencode(payload), "application/x-www-form-urlencoded"
        elif form == "payload":
            raw, kind = (
                urlencode({"payload": json.dumps(payload)}),
                ("application/x-www-form-urlencoded"),
            )
        else:
            raw, kind = json.dumps(payload), "application/json"
        return self.post(raw, {"Content-Type": kind, **sign(raw), **headers})

    def post(self, raw: str, headers: dict[str, str]) -> Ack:
        connection = HTTPConnection("127.0.0.1", self.app_port, timeout=60)
        began = time.monotonic()
        connection.request("POST", "/slack/events", raw.encode(), headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        seconds = time.monotonic() - began
        body = json.loads(text) if text.startswith("{") else {}
        return Ack(answer.status, body, seconds)

    def deliver_by_socket(self, kind: str, payload: Json, *, seconds: float = 30) -> Ack:
        return self.run(self._by_socket(kind, payload, seconds))

    def answer_submission(self, view_id: str, ack: Ack) -> None:
        """Do with the view what the acknowledgement says."""
        if ack.status != 200:
            return
        match ack.body.get("response_action"):
            case None | "clear":
                self.views[view_id]["open"] = False
            case "update":
                self._put(ack.body["view"], view_id, self.views[view_id]["user"])
            case other:
                self.faults.append(f"response_action {other}")

    # From the application to Slack

    async def _start(self) -> int:
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_get("/link", self._link)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        return int(self._runner.addresses[0][1])

    async def _api(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        sent = await request.json() if request.content_type == "application/json" else {}
        fields = {**request.query, **await request.post()}
        sent = sent or {name: _parsed(str(value)) for name, value in fields.items()}
        self.calls.append((method, sent))
        failing = self.failing.get(method) or self.failing.get("*")
        if failing is not None and failing.times > 0:
            failing.times -= 1
            return web.json_response(failing.body, status=failing.status, headers=failing.headers)
        token = APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN
        if request.headers.get("Authorization") != f"Bearer {token}":
            return web.json_response({"ok": False, "error": "invalid_auth"})
        work: Callable[[Json], Json] | None = getattr(self, f"_{method.replace('.', '_')}", None)
        if work is None:
            self.faults.append(f"unknown method {method}")
            return web.json_response({"ok": False, "error": "unknown_method"})
        try:
            return web.json_response({"ok": True, **work(sent)})
        except Refused as refused:
            if str(refused) not in _EXPECTED:
                self.faults.append(f"{method}: {refused}")
            return web.json_response({"ok": False, "error": str(refused)})
        except (SlackObjectFormationError, KeyError, TypeError) as error:
            self.faults.append(f"{method}: {error!r}")
            return web.json_response({"ok": False, "error": "invalid_arguments"})

    def _users_info(self, sent: Json) -> Json:
        need(sent["user"] in self.users, "user_not_found")
        return {"user": self.users[sent["user"]]}

    def _views_open(self, sent: Json) -> Json:
        began = self.triggers.get(sent["trigger_id"])
        need(began is not None, "invalid_trigger_id")
        need(began != 0.0, "exchanged_trigger_id")
        assert began is not None
        need(time.monotonic() - began < self.trigger_seconds, "expired_trigger_id")
        self.triggers[sent["trigger_id"]] = 0.0
        need(sent["view"]["type"] == "modal", "invalid_view_type")
        return {
            "view": self._put(
                sent["view"], f"V{uuid.uuid4().hex[:8]}", self.tapped_by[sent["trigger_id"]]
            )
        }

    def _views_update(self, sent: Json) -> Json:
        known = self.views.get(sent["view_id"])
        need(known is not None and known["open"], "not_found")
        assert known is not None
        return {"view": self._put(sent["view"], sent["view_id"], known["user"])}

    def _views_publish(self, sent: Json) -> Json:
        check_view(sent["view"])
        need(sent["view"]["type"] == "home", "invalid_view_type")
        self.homes[sent["user_id"]] = sent["view"]
        return {"view": sent["view"]}

    def _put(self, view: Json, view_id: str, user: str) -> Json:
        check_view(view)
        self.views[view_id] = {**view, "id": view_id, "open": True, "user": user}
        return self.views[view_id]

    def _chat_postMessage(self, sent: Json) -> Json:  # noqa: N802
        self._need_alive(sent["channel"])
        need(bool(sent.get("text")), "no_text")
        need(len(sent["text"]) <= 40_000, "msg_too_long")
        check_blocks(sent.get("blocks") or [], "message")
        moment = f"{1_780_000_000 + len(self.messages)}.000100"
        channel = sent["channel"]
        channel = f"D{channel[1:]}" if channel.startswith("U") else channel
        message = {**sent, "ts": moment, "channel": channel, "user_asked": sent["channel"]}
        self.messages.append(message)
        if not channel.startswith("D"):
            event = {"type": "message", "channel": channel, "ts": moment, "bot_id": "B0BOT"}
            asyncio.ensure_future(self._by_socket("events_api", event_of(event), 5))  # noqa: RUF006
        return {"ts": moment, "channel": channel}

    def _chat_postEphemeral(self, sent: Json) -> Json:  # noqa: N802
        self._need_alive(sent["user"])
        check_blocks(sent.get("blocks") or [], "message")
        self.whispers.append(sent)
        return {"message_ts": "1.1"}

    def _chat_update(self, sent: Json) -> Json:
        check_blocks(sent.get("blocks") or [], "message")
        found = [
            m for m in self.messages if (m["ts"], m["channel"]) == (sent["ts"], sent["channel"])
        ]
        need(bool(found), "message_not_found")
        found[0].update(text=sent["text"], blocks=sent.get("blocks") or [])
        return {"ts": sent["ts"], "channel": sent["channel"]}

    def _chat_delete(self, sent: Json) -> Json:
        self.messages = [m for m in self.messages if m["ts"] != sent["ts"]]
        return {}

    def _conversations_open(self, sent: Json) -> Json:
        self._need_alive(sent["users"])
        return {"channel": {"id": f"D{sent['users'][1:]}"}}

    def _conversations_history(self, sent: Json) -> Json:
        found = [m for m in self.messages if m["channel"] == sent["channel"]]
        keep = ("ts", "text", "metadata")
        return {"messages": [{k: m[k] for k in keep if k in m} for m in reversed(found)]}

    def _apps_connections_open(self, sent: Json) -> Json:
        del sent
        return {"url": f"ws://127.0.0.1:{self.port}/link"}

    def _need_alive(self, user: str) -> None:
        if user.startswith("U"):
            need(user in self.users, "channel_not_found")
            need(not self.users[user]["deleted"], "user_disabled")

    # Socket Mode

    async def _link(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.append(socket)
        self.connections += 1
        await socket.send_json({"type": "hello", "num_connections": 1})
        async for message in socket:
            if message.type != WSMsgType.TEXT or not message.data.startswith("{"):
                continue
            answer = json.loads(message.data)
            waiting = self._acks.get(answer.get("envelope_id", ""))
            if waiting is not None and not waiting.done():
                waiting.set_result(answer)
        if socket in self.sockets:
            self.sockets.remove(socket)
        return socket

    async def _by_socket(self, kind: str, payload: Json, seconds: float) -> Ack:
        """Send an envelope and wait for its acknowledgement; status 0 when none comes."""
        began = time.monotonic()
        if self.deaf or not self.sockets:
            return Ack(0, {}, 0)
        envelope = uuid.uuid4().hex
        waiting: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._acks[envelope] = waiting
        await self.sockets[-1].send_json(
            {
                "type": kind,
                "envelope_id": envelope,
                "payload": payload,
                "accepts_response_payload": True,
            }
        )
        done, _ = await asyncio.wait({waiting}, timeout=seconds)
        if not done:
            return Ack(0, {}, time.monotonic() - began)
        return Ack(200, waiting.result().get("payload") or {}, time.monotonic() - began)

    def disconnect(self, reason: str) -> None:
        """Ask the application to connect anew, as Slack does about every hour."""
        self.run(self.sockets[-1].send_json({"type": "disconnect", "reason": reason}))

    def cut(self) -> None:
        """Close the connection without a word."""
        self.run(self._cut())

    async def _cut(self) -> None:
        for socket in list(self.sockets):
            await socket.close(code=1011)


# What our own calls may run into as a matter of course.
_EXPECTED = {
    "expired_trigger_id", "exchanged_trigger_id", "not_found", "user_disabled",
    "channel_not_found", "user_not_found",
}  # fmt: skip


def sign(raw: str, *, secret: str = SIGNING_SECRET, age: int = 0) -> dict[str, str]:
    moment = str(int(time.time()) - age)
    digest = hmac.new(secret.encode(), f"v0:{moment}:{raw}".encode(), hashlib.sha256)
    return {
        "X-Slack-Request-Timestamp": moment,
        "X-Slack-Signature": f"v0={digest.hexdigest()}",
    }


def event_of(event: Json, event_id: str = "") -> Json:
    return {
        "type": "event_callback",
        "token": "secret-verification-token",
        "team_id": TEAM,
        "api_app_id": "A0",
        "event_id": event_id or f"Ev{uuid.uuid4().hex[:10]}",
        "event": event,
        "authorizations": [{"team_id": TEAM, "user_id": BOT, "is_bot": True}],
    }


def _parsed(value: str) -> Any:
    return json.loads(value) if value[:1] in "[{" else value
