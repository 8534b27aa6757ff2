"""Calls to Teams: send, replace, look up a person, open a private chat; its faults as ours.

The library is imported when the door is built: it costs two seconds and warns of parts that are
not used here.
"""

import warnings
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

import httpx
import structlog

from bot.channels.teams.cards import CONTENT_TYPE, Card
from bot.channels.teams.gate import NoRoutes
from bot.channels.teams.settings import TeamsSettings
from handlers.errors import PermanentDeliveryError, TemporaryDeliveryError

if TYPE_CHECKING:
    from microsoft_teams.api.activities.message import MessageActivityInput
    from microsoft_teams.api.auth.cloud_environment import CloudEnvironment
    from microsoft_teams.api.auth.credentials import TokenProvider
    from microsoft_teams.api.clients.conversation.client import ConversationClient
    from microsoft_teams.apps import App

CALL_SECONDS = 10.0
UNAUTHORIZED = 401  # an expired secret, or a wrong one: the operator has to act
GUEST = "guest"

Result = TypeVar("Result")


class ChatGone(PermanentDeliveryError):
    """The person has left, blocked or removed the bot: nothing can be written there again."""


@dataclass(frozen=True, slots=True)
class Connector:
    app: "App"
    tenant_id: str

    async def send(self, service_url: str, conversation: str, card: Card) -> None:
        """Post a card."""
        chats = self._conversations(service_url)
        await _calling(chats.create_activity(conversation, self._message(conversation, card)))

    async def replace(
        self, service_url: str, conversation: str, message_id: str, card: Card
    ) -> None:
        """Put a card in the place of an earlier one."""
        chats = self._conversations(service_url)
        message = self._message(conversation, card)
        message.id = message_id
        await _calling(chats.update_activity(conversation, message_id, message))

    async def mail_of(self, service_url: str, conversation: str, user: str) -> str:
        """Return the mail address in the municipality's directory; empty for guests."""
        chats = self._conversations(service_url)
        member = await _calling(chats.get_member_by_id(conversation, user))
        elsewhere = member.tenant_id and member.tenant_id.lower() != self.tenant_id.lower()
        if elsewhere or (member.user_role or "").lower() == GUEST:
            return ""
        return member.email or member.user_principal_name or ""

    async def open_private(self, service_url: str, user: str) -> str:
        """Return the id of the private chat with somebody who has the app."""
        from microsoft_teams.api.clients.conversation.params import CreateConversationParams
        from microsoft_teams.api.models import Account

        params = CreateConversationParams(
            members=[Account(id=user)],
            tenant_id=self.tenant_id,
            channel_data={"tenant": {"id": self.tenant_id}},
        )
        made = await _calling(self._conversations(service_url).create(params))
        return made.id

    def _conversations(self, service_url: str) -> "ConversationClient":
        from microsoft_teams.api.clients.conversation.client import ConversationClient
        from microsoft_teams.common import ClientOptions

        options = ClientOptions(token=self._token)
        return ConversationClient(service_url, self.app.http_client.clone(options, share_http=True))

    async def _token(self) -> str:
        token = await self.app.token_provider.get_app_token()
        return str(token or "")

    def _message(self, conversation: str, card: Card) -> "MessageActivityInput":
        from microsoft_teams.api.activities.message import MessageActivityInput

        # The summary is the line of the notification on the phone.
        return MessageActivityInput.model_validate(
            {
                "from": {"id": self.app.id},
                "conversation": {"id": conversation},
                "summary": card["fallbackText"],
                "attachments": [{"contentType": CONTENT_TYPE, "content": card}],
            }
        )


def build_app(
    settings: TeamsSettings,
    *,
    cloud: "CloudEnvironment | None" = None,
    token: "TokenProvider | None" = None,
) -> "App":
    """Make the library's app; `cloud` and `token` name other endpoints than Microsoft's."""
    secret = settings.client_secret.get_secret_value()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of previews and old parts that are not used here
        from microsoft_teams.apps import App
        from microsoft_teams.common import ClientOptions

        return App(
            client_id=settings.client_id,
            tenant_id=settings.tenant_id,
            client_secret=None if token else secret or None,
            managed_identity_client_id=settings.managed_identity or None,
            token=token,
            cloud=cloud,
            client=ClientOptions(timeout=CALL_SECONDS),
            http_server_adapter=NoRoutes(),
            dangerously_allow_unauthenticated_requests=False,
        )


async def _calling(call: Awaitable[Result]) -> Result:
    """Await one call; raise what the outbox understands."""
    log = structlog.get_logger()
    try:
        return await call
    except httpx.HTTPStatusError as error:
        fault = _fault_of(error.response)
        if error.response.status_code == UNAUTHORIZED or isinstance(fault, PermanentDeliveryError):
            log.error("teams refused", status=error.response.status_code)
        raise fault from error
    except httpx.TransportError as error:
        raise TemporaryDeliveryError(type(error).__name__) from error
    except ValueError as error:  # no token was to be had: the secret has expired, or Entra is down
        log.error("teams gave no token", error=type(error).__name__)
        raise TemporaryDeliveryError(type(error).__name__) from error


def _fault_of(response: httpx.Response) -> Exception:
    """Teams: 412, 429 and 5xx pass; 403 and 404 say that the chat is gone."""
    status = response.status_code
    reason = f"teams answered {status}"
    if status in (UNAUTHORIZED, 408, 412, 429) or status >= 500:
        return TemporaryDeliveryError(reason, _retry_after(response))
    if status in (403, 404):
        return ChatGone(reason)
    return PermanentDeliveryError(reason)


def _retry_after(response: httpx.Response) -> timedelta | None:
    seconds = response.headers.get("retry-after", "")
    return timedelta(seconds=int(seconds)) if seconds.isascii() and seconds.isdigit() else None
