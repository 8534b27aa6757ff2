"""Login at the municipality's identity provider with OpenID Connect, through msal.

Authorization code flow with PKCE, state and nonce. msal keeps state and PKCE; it does not check the
id token any more (since 1.38), so issuer, audience, times and nonce are checked here. The token
comes straight from the token endpoint over TLS, which stands for its signature (OpenID Connect Core
3.1.3.7, point 6).
"""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import msal
import requests

from bot.config import Settings
from handlers.errors import UserFault

CLOCK_SKEW = timedelta(minutes=2)
TIMEOUT_SECONDS = 10.0


class LoginRefused(UserFault):
    pass


class _Http(requests.Session):
    """Asks with a time-out, and takes no proxy or certificates from the environment.

    The environment's certificate bundle would win over the one that the settings name.
    """

    def __init__(self, ca_file: str) -> None:
        super().__init__()
        self.trust_env = False
        self.verify = ca_file or True

    def request(self, *args: Any, **values: Any) -> requests.Response:  # noqa: ANN401 - as requests
        values.setdefault("timeout", TIMEOUT_SECONDS)
        return super().request(*args, **values)


@dataclass(slots=True)
class IdentityProvider:
    settings: Settings
    _client: msal.ConfidentialClientApplication | None = field(default=None, init=False)
    _end_session: str | None = field(default=None, init=False)

    def begin(self, redirect_uri: str) -> dict[str, Any]:
        """Return the flow to keep on the server; `auth_uri` in it is where the browser goes."""
        client = self._connected()
        with warnings.catch_warnings():
            # msal would have a form post, but one from another site comes without our cookie; the
            # code in the address is worth nothing without the verifier, and we log no addresses.
            warnings.filterwarnings("ignore", message="response_mode=")
            flow = client.initiate_auth_code_flow(
                scopes=self.settings.oidc_scopes.split(),
                redirect_uri=redirect_uri,
                prompt="select_account",  # on a shared computer nobody is let in as the last one
                response_mode="query",
            )
        return dict(flow)

    def finish(self, flow: Mapping[str, Any], answer: Mapping[str, str], now: datetime) -> str:
        """Return what the provider calls the person; raise LoginRefused for anything amiss."""
        try:
            result = self._connected().acquire_token_by_auth_code_flow(dict(flow), dict(answer))
        # msal: ValueError for another state, RuntimeError for another nonce.
        except (ValueError, RuntimeError, requests.RequestException) as error:
            raise LoginRefused("login.refused") from error
        claims = result.get("id_token_claims")
        if not isinstance(claims, dict):
            raise LoginRefused("login.refused")
        self._check(claims, flow, now)
        name = claims.get(self.settings.oidc_person_claim)
        if not isinstance(name, str) or not name:
            raise LoginRefused("login.refused")
        return name

    def leave_address(self, back_to: str) -> str:
        """Return where the browser logs out at the provider too, and then comes `back_to`.

        Empty when the provider names no such place (OpenID Connect RP-Initiated Logout 1.0) or does
        not answer: our own session has ended in any case.
        """
        try:
            endpoint = self._end_session_endpoint()
        except (ValueError, requests.RequestException):
            return ""
        if not endpoint.startswith("https://"):
            return ""
        asked = {"client_id": self.settings.oidc_client_id, "post_logout_redirect_uri": back_to}
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    def _end_session_endpoint(self) -> str:
        """Ask once; msal reads the same page but keeps only what it needs itself."""
        if self._end_session is None:
            address = f"{self.settings.oidc_issuer}/.well-known/openid-configuration"
            with self._http() as http:
                answer = http.get(address)
            answer.raise_for_status()
            self._end_session = str(answer.json().get("end_session_endpoint", ""))
        return self._end_session

    def _http(self) -> _Http:
        return _Http(str(self.settings.oidc_ca_file or ""))

    def _check(self, claims: Mapping[str, Any], flow: Mapping[str, Any], now: datetime) -> None:
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        nonce = sha256(str(flow.get("nonce", "")).encode("ascii")).hexdigest()
        moment, skew = now.timestamp(), CLOCK_SKEW.total_seconds()
        checks = (
            str(claims.get("iss", "")).rstrip("/") == self.settings.oidc_issuer,
            self.settings.oidc_client_id in audiences,
            len(audiences) == 1 or claims.get("azp") == self.settings.oidc_client_id,
            claims.get("nonce") == nonce,
            _number(claims.get("exp")) + skew > moment,
            _number(claims.get("nbf", 0)) - skew <= moment,
        )
        if not all(checks):
            raise LoginRefused("login.refused")

    def _connected(self) -> msal.ConfidentialClientApplication:
        """Ask the provider for its addresses at the first login; start-up needs no network."""
        if self._client is None:
            settings = self.settings
            try:
                self._client = msal.ConfidentialClientApplication(
                    settings.oidc_client_id,
                    client_credential=settings.oidc_client_secret.get_secret_value(),
                    oidc_authority=settings.oidc_issuer,
                    http_client=self._http(),
                )
            except (ValueError, KeyError, requests.RequestException) as error:
                raise LoginRefused("login.unavailable") from error
        return self._client


def _number(value: object) -> float:
    """Return a time of a token; one that is no number lies before all time."""
    return float(value) if isinstance(value, (int, float)) else float("-inf")
