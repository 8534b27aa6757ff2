"""The real local Teams client, Microsoft's Agents Playground, in front of a running Lotsen.

The client cannot sign what it sends, so a post office between the two does, with the keys of the
tests: the bot's token checks stay on.
"""

import json
import shutil
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from tests.bot.teams.fake_teams import BOT, TENANT, FakeTeams

PROGRAM = Path(__file__).parent / "node_modules/@microsoft/m365agentsplayground/cli.js"
START_SECONDS = 60.0


def missing() -> str:
    """Return what keeps the client from running here; empty when nothing does."""
    if shutil.which("node") is None:
        return "node saknas: Teams prövades inte i en riktig klient."
    if not PROGRAM.exists():
        return "npm ci i tests/bot/teams är inte körd: Teams prövades inte i en riktig klient."
    return ""


@dataclass(frozen=True)
class Person:
    user: str
    name: str
    mail: str


@dataclass(frozen=True)
class Client:
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def wait_until_open(self) -> None:
        _wait_until(lambda: _answers(self.port))


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Serve an application on a free port and yield its address."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    _wait_until(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@contextmanager
def post_office(bot: str, fake: FakeTeams) -> Iterator[str]:
    """Sign what the client sends and carry it to the bot."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("content-length", 0)))
            token = fake.token(serviceurl=json.loads(raw)["serviceUrl"])
            headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
            request = urllib.request.Request(f"{bot}/api/messages", raw, headers)  # noqa: S310
            try:
                with urllib.request.urlopen(request) as answer:  # noqa: S310 - our own server
                    status, body = answer.status, answer.read()
            except urllib.error.HTTPError as error:
                with error:
                    status, body = error.code, error.read()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/api/messages"
    server.shutdown()
    server.server_close()


@contextmanager
def playground(person: Person, endpoint: str, folder: Path) -> Iterator[Client]:
    """Start the client for one person."""
    folder.mkdir(parents=True)
    # JSON is YAML too.
    config = folder / ".m365agentsplayground.yml"
    config.write_text(json.dumps(_config(person)), encoding="utf-8")
    port = _free_port()
    options = ["-e", endpoint, "-c", "msteams", "-p", str(port), "--disable-telemetry"]
    # node itself, not npx: npx leaves its child behind.
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            ["node", str(PROGRAM), *options], cwd=folder, stdout=log, stderr=log
        )
        try:
            yield Client(port)
        finally:
            process.terminate()
            process.wait()


def _config(person: Person) -> dict[str, object]:
    user = person.user
    others = [Person(f"other{n}-{user}", "Någon Annan", f"annan{n}@example.org") for n in range(5)]
    return {
        "version": "0.1.1",
        "tenantId": TENANT,
        "bot": {"id": BOT, "name": "Lotsen"},
        "currentUser": _user(person),
        "users": [_user(other) for other in others],
        "personalChat": {"id": f"chat-{user}"},
        "groupChat": {"id": f"group-{user}", "name": "Gruppchatt"},
        "team": {
            "id": f"team-{user}",
            "name": "Hemtjänsten",
            "aadGroupId": "00000000-0000-4000-8000-000000000031",
            "channels": [{"id": f"channel-{user}", "name": "Allmänt"}],
        },
    }


def _user(person: Person) -> dict[str, str]:
    given, _, surname = person.name.partition(" ")
    return {
        "id": person.user,
        "name": person.name,
        "userPrincipleName": person.mail,
        "aadObjectId": f"aad-{person.user}",
        "givenName": given,
        "surname": surname,
        "email": person.mail,
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + START_SECONDS
    while not holds():
        assert time.monotonic() < end, "did not start"
        time.sleep(0.05)
