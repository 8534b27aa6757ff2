"""A local Teams: keys that tokens are checked against, and a Bot Connector that takes cards."""

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

BOT = "11111111-2222-4333-8444-555555555555"
TENANT = "99999999-8888-4777-8666-555555555555"
ISSUER = "https://api.botframework.com"
KEY_ID = "test-key"
PATIENCE_SECONDS = 30.0

Answer = tuple[int, dict[str, str], object]  # status, headers, body


def local_bot_token(audience: str) -> str:
    """What a bot without an Entra shows the connector; nobody here checks who signed it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    now = int(time.time())
    claims = {"iss": "local", "aud": audience, "iat": now, "nbf": now - 10, "exp": now + 3600}
    return jwt.encode(claims, key, algorithm="RS256")


@dataclass
class Call:
    method: str
    path: str
    body: dict[str, Any]
    token: str

    @property
    def card(self) -> dict[str, Any]:
        content = self.body["attachments"][0]["content"]
        assert isinstance(content, dict)
        return content


@dataclass
class FakeTeams:
    calls: list[Call] = field(default_factory=list)
    members: dict[str, dict[str, str]] = field(default_factory=dict)  # Teams' user id -> profile
    answers: list[Answer] = field(default_factory=list)  # given first, one each
    held: threading.Event | None = None  # answers nothing until it is set

    def __post_init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._arrived = threading.Condition()
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def handle_one(self) -> None:
                size = int(self.headers.get("content-length", 0))
                raw = self.rfile.read(size)
                token = self.headers.get("authorization", "")
                call = Call(self.command, self.path, json.loads(raw or b"{}"), token)
                status, headers, body = fake.answer(call)
                content = json.dumps(body).encode()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = handle_one  # noqa: N815 - the names of the library

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def service_url(self) -> str:
        return f"{self.url}/connector/"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, call: Call) -> Answer:
        if call.path.endswith("/keys"):
            return 200, {}, {"keys": [self._public_key()]}
        if call.method == "GET":
            return self._member(call.path.rsplit("/", 1)[-1])
        if self.held is not None:
            self.held.wait(PATIENCE_SECONDS)
        with self._arrived:
            given = self.answers.pop(0) if self.answers else None
            if given is None:
                self.calls.append(call)
            self._arrived.notify_all()
        return given or (201, {}, {"id": f"sent-{len(self.calls)}"})

    def wait_for(self, count: int, seconds: float = PATIENCE_SECONDS) -> list[Call]:
        """Return what arrived, once it is at least so much."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.calls) >= count, seconds), self.calls
            return list(self.calls)

    def bot_token(self) -> str:
        """What the bot shows the connector."""
        return self.token(aud=ISSUER, iss="local")

    def token(self, **changed: object) -> str:
        """What Teams shows the bot; None takes a claim away."""
        return self.token_signed_with(self._key, **changed)

    def token_signed_with(self, key: rsa.RSAPrivateKey, **changed: object) -> str:
        now = int(time.time())
        claims: dict[str, object] = {
            "iss": ISSUER,
            "aud": BOT,
            "serviceurl": self.service_url,
            "iat": now - 10,
            "nbf": now - 10,
            "exp": now + 600,
        }
        kept = {name: value for name, value in (claims | changed).items() if value is not None}
        headers = {"kid": KEY_ID}
        return jwt.encode(kept, key, algorithm="RS256", headers=headers)

    def _member(self, user: str) -> Answer:
        known = self.members.get(user)
        if known is None:
            return 404, {}, {"error": {"code": "MemberNotFoundInConversation"}}
        return 200, {}, {"id": user, "tenantId": TENANT, "userRole": "user", **known}

    def _public_key(self) -> dict[str, Any]:
        key: dict[str, Any] = RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return key | {"kid": KEY_ID, "use": "sig", "alg": "RS256", "endorsements": ["msteams"]}
