"""Microsoft's tokens and the few habits of Graph: throttling, expired tokens, links to follow."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

import httpx2
import msal
from requests import RequestException

from bot.mail.errors import MailboxTrouble

GRAPH = "https://graph.microsoft.com/v1.0"
GRAPH_SCOPE = "https://graph.microsoft.com/.default"
IMAP_SCOPE = "https://outlook.office365.com/.default"
LONGEST_WAIT = timedelta(seconds=60)  # what is to wait longer waits for the next round
_ATTEMPTS = 4
_BUSY = frozenset({429, 500, 502, 503, 504})
_IMMUTABLE = 'IdType="ImmutableId"'  # ids that stay when a mail is moved


class TokenSource(Protocol):
    def token(self) -> str:
        """Raise MailboxTrouble when none is to be had."""
        ...

    def forget(self) -> None:
        """Ask for a new one next time: the server did not take this one."""
        ...


class MicrosoftTokens:
    """Client credentials of Entra ID; `credential` is a secret or msal's record of a certificate.

    msal keeps the token until shortly before it expires. `options` go to msal as they are.
    """

    def __init__(
        self,
        *,
        tenant_id: str,
        client_id: str,
        credential: str | Mapping[str, str],
        scope: str = GRAPH_SCOPE,
        **options: object,
    ) -> None:
        self._make: Callable[[], Any] = lambda: msal.ConfidentialClientApplication(
            client_id,
            client_credential=credential,
            authority=f"https://login.microsoftonline.com/{tenant_id}",
            **options,
        )
        self._scope = scope
        self._application: Any = None

    def token(self) -> str:
        try:
            # Made late: msal asks the network for the tenant as soon as it is made.
            self._application = self._application or self._make()
            answer = self._application.acquire_token_for_client([self._scope])
        except (RequestException, ValueError) as error:
            raise MailboxTrouble("token_unreachable") from error
        if "access_token" not in answer:
            raise MailboxTrouble("token_refused")
        return str(answer["access_token"])

    def forget(self) -> None:
        self._application = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphAnswer:
    status: int
    body: bytes
    data: Mapping[str, Any] = field(default_factory=dict)
    retry_after: timedelta | None = None

    @property
    def code(self) -> str:
        fault = self.data.get("error")
        return str(fault.get("code", "")) if isinstance(fault, Mapping) else ""


class GraphClient:
    """Calls of one mailbox's owner; every call raises MailboxTrouble when no answer comes."""

    def __init__(
        self,
        tokens: TokenSource,
        *,
        base_url: str = GRAPH,
        pause: Callable[[float], None] = time.sleep,
        timeout_seconds: float = 60,
    ) -> None:
        self._tokens = tokens
        self._base_url = base_url.rstrip("/")
        self._pause = pause
        self._http = httpx2.Client(timeout=timeout_seconds, trust_env=False)

    def call(
        self,
        method: str,
        path: str,
        *,
        json: Mapping[str, Any] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> GraphAnswer:
        """Return the answer, whatever its status; waits when asked to and renews a dead token."""
        renewed = False
        answer = GraphAnswer(status=0, body=b"")
        for attempt in range(_ATTEMPTS):
            answer = self._once(method, path, json=json, content=content, headers=headers)
            if answer.status == httpx2.codes.UNAUTHORIZED and not renewed:
                renewed = True
                self._tokens.forget()
                continue
            wait = answer.retry_after or timedelta(seconds=2**attempt)
            if answer.status not in _BUSY or wait > LONGEST_WAIT or attempt == _ATTEMPTS - 1:
                break
            self._pause(wait.total_seconds())
        return answer

    def close(self) -> None:
        self._http.close()

    def _once(
        self,
        method: str,
        path: str,
        *,
        json: Mapping[str, Any] | None,
        content: bytes | None,
        headers: Mapping[str, str] | None,
    ) -> GraphAnswer:
        sent = {"Prefer": _IMMUTABLE, "Authorization": f"Bearer {self._tokens.token()}"}
        try:
            response = self._http.request(
                method,
                self._url(path),
                json=json,
                content=content,
                headers={**sent, **(headers or {})},
            )
        except httpx2.HTTPError as error:
            raise MailboxTrouble("graph_unreachable") from error
        return _answer(response)

    def _url(self, path: str) -> str:
        """Return the address of a path or of a link from an answer; our token goes nowhere else."""
        if path.startswith("/"):
            return f"{self._base_url}{path}"
        if not path.startswith(f"{self._base_url}/"):
            raise MailboxTrouble("graph_foreign_link")
        return path


def _answer(response: httpx2.Response) -> GraphAnswer:
    data: object = {}
    if "json" in response.headers.get("content-type", ""):
        try:
            data = response.json()
        except ValueError:
            data = {}
    return GraphAnswer(
        status=response.status_code,
        body=response.content,
        data=data if isinstance(data, Mapping) else {},
        retry_after=_retry_after(response.headers.get("retry-after", "")),
    )


def _retry_after(text: str) -> timedelta | None:
    return timedelta(seconds=int(text)) if text.isdigit() and len(text) < 7 else None
