"""An OpenID Connect provider on this machine, over TLS, strict about PKCE and secrets."""

import base64
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

CLIENT_ID = "lotsen"
CLIENT_SECRET = "a secret of the tests"
TENANT = "kommunen"


@dataclass(slots=True)
class LocalProvider:
    """`claims` change what the next id token says; None takes a claim away."""

    port: int
    ca_file: Path
    now: datetime
    user: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    requests: dict[str, dict[str, str]] = field(default_factory=dict)  # by authorization code
    denied: bool = False
    client_secret: str = CLIENT_SECRET
    has_logout: bool = True

    @property
    def issuer(self) -> str:
        return f"https://127.0.0.1:{self.port}/{TENANT}"

    def configuration(self) -> dict[str, str]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            **({"end_session_endpoint": f"{self.issuer}/logout"} if self.has_logout else {}),
        }

    def authorize(self, query: dict[str, str]) -> str:
        """Return where the browser is sent after the person has chosen an account."""
        assert query["client_id"] == CLIENT_ID
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        assert "openid" in query["scope"].split()
        answer = {"state": query["state"]}
        if self.denied:
            answer["error"] = "access_denied"
        else:
            answer["code"] = token_urlsafe(16)
            self.requests[answer["code"]] = query
        return f"{query['redirect_uri']}?{urlencode(answer)}"

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        asked = self.requests.pop(form.get("code", ""), None)
        verifier = sha256(form.get("code_verifier", "").encode()).digest()
        if asked is None or asked["code_challenge"] != _base64(verifier):
            return 400, {"error": "invalid_grant"}
        if form.get("client_secret") != self.client_secret:
            return 401, {"error": "invalid_client"}
        if form.get("redirect_uri") != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        return 200, {
            "token_type": "Bearer",
            "expires_in": 3600,
            "access_token": token_urlsafe(16),
            "id_token": self._id_token(asked["nonce"]),
        }

    def _id_token(self, nonce: str) -> str:
        seconds = int(self.now.timestamp())
        said: dict[str, Any] = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "subject-1",
            "nonce": nonce,
            "iat": seconds,
            "exp": seconds + 3600,
            "preferred_username": self.user,
        }
        said |= self.claims
        body = {name: value for name, value in said.items() if value is not None}
        parts = ({"alg": "ES256", "typ": "JWT"}, body)
        return ".".join([*(_base64(json.dumps(part).encode()) for part in parts), "signature"])


@contextmanager
def running_provider(folder: Path, now: datetime) -> Iterator[LocalProvider]:
    certificate = _certificate(folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    provider = LocalProvider(port=server.server_port, ca_file=certificate, now=now)
    server.RequestHandlerClass = _handler(provider)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, folder / "provider.key")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield provider
    server.shutdown()
    server.server_close()
    thread.join(timeout=5)


def _handler(provider: LocalProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            address = urlsplit(self.path)
            if address.path.endswith("/.well-known/openid-configuration"):
                return self._answer(200, provider.configuration())
            if address.path.endswith("/authorize"):
                self.send_response(302)
                self.send_header("Location", provider.authorize(dict(parse_qsl(address.query))))
                self.send_header("Content-Length", "0")
                return self.end_headers()
            return self._answer(404, {})

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            form = dict(parse_qsl(self.rfile.read(length).decode()))
            self._answer(*provider.token(form))

        def _answer(self, status: int, content: dict[str, Any]) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


def _certificate(folder: Path) -> Path:
    """Write a certificate of its own authority for 127.0.0.1, and the key beside it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "provider")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "provider.pem"
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "provider.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
