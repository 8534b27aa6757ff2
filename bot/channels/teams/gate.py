"""What is let in: the library's token check, then our tenant and the Bot Connector's hosts."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pydantic import ValidationError

from bot.channels.teams.activities import Activity
from bot.channels.teams.settings import TeamsSettings

if TYPE_CHECKING:
    from microsoft_teams.api import InvokeResponse
    from microsoft_teams.apps import App
    from microsoft_teams.apps.events import ActivityEvent
    from microsoft_teams.apps.http import HttpMethod, HttpRouteHandler

LARGEST_BYTES = 262_144
_VERIFIED = 202


@dataclass(frozen=True, slots=True)
class Refused(Exception):
    """`status` is the HTTP answer; nothing of the request has been kept."""

    status: int


class NoRoutes:
    """The library's view of a web server; the route stands in the door's own router."""

    def register_route(self, method: "HttpMethod", path: str, handler: "HttpRouteHandler") -> None:
        pass

    def serve_static(self, path: str, directory: str) -> None:
        pass

    async def start(self, port: int) -> None:
        pass

    async def stop(self) -> None:
        pass


@dataclass(frozen=True, slots=True)
class Gate:
    app: "App"
    settings: TeamsSettings

    async def open(self) -> None:
        """Make the check ready; from here on it answers 202 for what it has verified."""
        await self.app.initialize()
        self.app.server.on_request = _verified

    async def admit(self, raw: bytes, headers: Mapping[str, str]) -> Activity:
        """Return what was sent if Teams has signed for it; raise Refused."""
        if len(raw) > LARGEST_BYTES:
            raise Refused(413)
        body = _object(raw)
        checked = await self.app.server.handle_request({"body": body, "headers": dict(headers)})
        if checked["status"] != _VERIFIED:
            raise Refused(checked["status"])
        try:
            activity = Activity.model_validate(body)
        except ValidationError:
            raise Refused(400) from None  # its text would repeat what was sent
        # A token vouches for the address that answers go to only if the activity names one.
        if urlsplit(activity.service_url).hostname not in self.settings.service_hosts:
            raise Refused(401)
        if activity.tenant_id.lower() != self.settings.tenant_id.lower():
            raise Refused(403)
        return activity


async def _verified(event: "ActivityEvent") -> "InvokeResponse[Any]":
    from microsoft_teams.api import InvokeResponse

    del event
    return InvokeResponse(status=_VERIFIED)


def _object(raw: bytes) -> dict[str, object]:
    try:
        body = json.loads(raw)
    except ValueError:
        raise Refused(400) from None
    if not isinstance(body, dict):
        raise Refused(400)
    return body
