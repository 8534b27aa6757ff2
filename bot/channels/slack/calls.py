"""The calls to Slack that follow a delivery, with what each failure means.

A refusal that no retry can mend is logged with Slack's code and told to the caller; anything
temporary is raised, and the delivery is handled again later.
"""

from collections.abc import Awaitable, Mapping
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.blocks import Message, View
from bot.channels.slack.errors import NETWORK_FAULTS, Trouble, code_of, trouble_of
from handlers.errors import TemporaryDeliveryError


class Calls:
    def __init__(self, api: AsyncWebClient) -> None:
        self._api = api

    async def open_modal(self, trigger: str, view: View) -> str:
        """Return the view's id; empty when it could not be opened: a message takes its place."""
        try:
            answer = await self._ask(self._api.views_open(trigger_id=trigger, view=view))
        except TemporaryDeliveryError:
            return ""
        return str((answer.get("view") or {}).get("id", ""))

    async def update_modal(self, view_id: str, view: View) -> bool:
        if not view_id:
            return False
        answer = await self._ask(self._api.views_update(view_id=view_id, view=view))
        return bool(answer)

    async def post(self, user: str, message: Message) -> bool:
        """Write to the person's private conversation."""
        call = self._api.chat_postMessage(
            channel=user, text=message.text, blocks=list(message.blocks), unfurl_links=False
        )
        return bool(await self._ask(call))

    async def replace(self, channel: str, moment: str, message: Message) -> bool:
        call = self._api.chat_update(
            channel=channel, ts=moment, text=message.text, blocks=list(message.blocks)
        )
        return bool(await self._ask(call))

    async def whisper(self, channel: str, user: str, message: Message) -> bool:
        call = self._api.chat_postEphemeral(
            channel=channel, user=user, text=message.text, blocks=list(message.blocks)
        )
        return bool(await self._ask(call))

    async def publish_home(self, user: str, view: View) -> bool:
        return bool(await self._ask(self._api.views_publish(user_id=user, view=view)))

    async def _ask(self, call: Awaitable[Any]) -> Mapping[str, Any]:
        """Return the answer, or nothing when Slack refuses for good."""
        try:
            answer = await call
        except SlackApiError as error:
            if trouble_of(error) == Trouble.TEMPORARY:
                raise TemporaryDeliveryError(code_of(error)) from error
            structlog.get_logger().warning("slack refused", error=code_of(error))
            return {}
        except NETWORK_FAULTS as error:
            raise TemporaryDeliveryError(type(error).__name__) from error
        data = answer.data
        return data if isinstance(data, Mapping) else {}
