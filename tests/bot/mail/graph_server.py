"""A strict stand-in for Microsoft Graph and its token endpoint on 127.0.0.1.

It takes only what Graph takes: a living token, the header for immutable ids, known paths.
"""

import base64
import http.server
import json
import re
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import requests

LOGIN = "https://login.microsoftonline.com"
USER = "synpunkter@lotskoping.example"
PAGE = 3


@dataclass
class Message:
    id: str
    received: str
    raw: bytes
    folder: str = "inbox"


@dataclass
class Graph:
    """`faults` are answered first, one a call: (status, code, headers)."""

    messages: list[Message] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)  # message ids in the order of their arrival
    folders: dict[str, str] = field(default_factory=dict)
    sent: list[bytes] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    faults: list[tuple[int, str, dict[str, str]]] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)  # ids whose content is never given
    calls: list[tuple[str, str]] = field(default_factory=list)
    forgotten: bool = False  # the next delta link is answered with 410
    foreign_link: bool = False
    secret: str = "hemligt"
    port: int = 0

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1.0"

    def add(self, subject: str, received: str) -> Message:
        number = len(self.messages)
        raw = f"Subject: {subject}\r\nFrom: asa@exempel.example\r\n\r\nHej\r\n".encode()
        message = Message(f"AAk-{number}=", received, raw)
        self.messages.append(message)
        self.changes.append(message.id)
        return message

    def find(self, message_id: str) -> Message | None:
        return next((found for found in self.messages if found.id == message_id), None)

    def login_session(self) -> requests.Session:
        return _ToStandIn(self.port)


class _ToStandIn(requests.Session):
    """Sends what msal asks of Microsoft's login to the stand-in."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.trust_env = False
        self._port = port

    def request(self, method: str, url: str, *args: Any, **options: Any) -> requests.Response:  # type: ignore[override]
        local = url.replace(LOGIN, f"http://127.0.0.1:{self._port}")
        return super().request(method, local, *args, **options)


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65_536  # one packet an answer; else each waits for the last one's receipt
    disable_nagle_algorithm = True
    graph: Graph

    def do_GET(self) -> None:
        self._serve("GET")

    def do_POST(self) -> None:
        self._serve("POST")

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _serve(self, method: str) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        path, _, query = self.path.partition("?")
        self.graph.calls.append((method, path))
        if not path.startswith("/v1.0/"):
            self._login(method, path, body)
            return
        token = self.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.graph.tokens:
            self._fault(401, "InvalidAuthenticationToken")
        elif 'IdType="ImmutableId"' not in self.headers.get("prefer", ""):
            self._fault(400, "ImmutableIdsAreRequiredHere")
        elif self.graph.faults:
            status, code, headers = self.graph.faults.pop(0)
            self._fault(status, code, headers)
        else:
            self._mailbox(method, urllib.parse.unquote(path), query, body)

    def _login(self, method: str, path: str, body: bytes) -> None:
        tenant = path.split("/")[1]
        if method == "GET":
            base = f"{LOGIN}/{tenant}"
            self._json(
                200,
                {
                    "issuer": f"{base}/v2.0",
                    "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                    "token_endpoint": f"{base}/oauth2/v2.0/token",
                },
            )
            return
        form = urllib.parse.parse_qs(body.decode())
        is_certificate = "client_assertion" in form
        if not is_certificate and form.get("client_secret") != [self.graph.secret]:
            self._json(401, {"error": "invalid_client", "error_description": "AADSTS7000215"})
            return
        token = f"token-{len(self.graph.calls)}"
        self.graph.tokens.add(token)
        self._json(200, {"token_type": "Bearer", "expires_in": 3599, "access_token": token})

    def _mailbox(self, method: str, path: str, query: str, body: bytes) -> None:
        inside = path.removeprefix(f"/v1.0/users/{USER}")
        if inside == path:
            self._fault(404, "MailboxNotFound")
        elif method == "GET" and inside == "/mailFolders/inbox/messages/delta":
            self._delta(path, urllib.parse.parse_qs(query))
        elif method == "GET" and (found := re.fullmatch(r"/messages/([^/]+)/\$value", inside)):
            self._value(found[1])
        elif method == "POST" and (found := re.fullmatch(r"/messages/([^/]+)/move", inside)):
            self._move(found[1], json.loads(body)["destinationId"])
        elif inside == "/mailFolders":
            self._folders(method, query, body)
        elif method == "POST" and inside == "/sendMail":
            self._send(body)
        else:
            self._fault(400, "BadRequest")

    def _delta(self, path: str, query: dict[str, list[str]]) -> None:
        if "$deltatoken" in query and self.graph.forgotten:
            self.graph.forgotten = False
            self._fault(410, "syncStateNotFound")
            return
        start = int((query.get("$skiptoken") or query.get("$deltatoken") or ["0"])[0])
        page = self.graph.changes[start : start + PAGE]
        end = start + len(page)
        base = "http://192.0.2.1/v1.0" if self.graph.foreign_link else self.graph.base_url
        link = f"{base}{path.removeprefix('/v1.0')}"
        more = end < len(self.graph.changes)
        name, token = ("nextLink", "skiptoken") if more else ("deltaLink", "deltatoken")
        self._json(
            200,
            {
                "value": [self._entry(message_id) for message_id in page],
                f"@odata.{name}": f"{link}?${token}={end}",
            },
        )

    def _entry(self, message_id: str) -> dict[str, object]:
        message = self.graph.find(message_id)
        if message is None or message.folder != "inbox":
            return {"id": message_id, "@removed": {"reason": "deleted"}}
        return {"id": message.id, "receivedDateTime": message.received}

    def _value(self, message_id: str) -> None:
        message = self.graph.find(message_id)
        if message is None:
            self._fault(404, "ErrorItemNotFound")
        elif message_id in self.graph.broken:
            self._fault(500, "ErrorInternalServerError", {"Retry-After": "900"})
        else:
            self._bytes(200, message.raw, "text/plain")

    def _move(self, message_id: str, folder_id: str) -> None:
        message = self.graph.find(message_id)
        if message is None:
            self._fault(404, "ErrorItemNotFound")
        elif folder_id not in self.graph.folders.values():
            self._fault(400, "ErrorInvalidIdMalformed")
        else:
            message.folder = folder_id
            self._json(201, {"id": message_id})

    def _folders(self, method: str, query: str, body: bytes) -> None:
        if method == "GET":
            wanted = re.search(r"displayName eq '(.*)'", urllib.parse.unquote(query))
            name = wanted[1] if wanted else ""
            found = [{"id": self.graph.folders[name]}] if name in self.graph.folders else []
            self._json(200, {"value": found})
            return
        name = json.loads(body)["displayName"]
        if name in self.graph.folders:
            self._fault(409, "ErrorFolderExists")
            return
        self.graph.folders[name] = f"folder-{len(self.graph.folders)}"
        self._json(201, {"id": self.graph.folders[name]})

    def _send(self, body: bytes) -> None:
        if self.headers.get("content-type") != "text/plain":
            self._fault(400, "ErrorMimeContentInvalid")
            return
        mail = base64.b64decode(body, validate=True)
        if b"400@" in mail:
            self._fault(400, "ErrorInvalidRecipients")
            return
        self.graph.sent.append(mail)
        self._bytes(202, b"", "text/plain")

    def _fault(self, status: int, code: str, headers: dict[str, str] | None = None) -> None:
        self._json(status, {"error": {"code": code, "message": "no"}}, headers)

    def _json(self, status: int, data: object, headers: dict[str, str] | None = None) -> None:
        self._bytes(status, json.dumps(data).encode(), "application/json", headers)

    def _bytes(
        self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def running_graph() -> Iterator[Graph]:
    graph = Graph()
    handler = type("Handler", (_Handler,), {"graph": graph})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    graph.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield graph
    server.shutdown()
    server.server_close()
    thread.join()
