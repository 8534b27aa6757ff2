"""What each activity leads to: a card in the chat, an answer to a tap, a dialog, or a refusal."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.app import Services
from bot.channels.teams import callers, cards
from bot.channels.teams.activities import PERSONAL, Activity, Conversation, Tap, tap_of
from bot.channels.teams.callers import DEFAULT_LANGUAGE, Caller
from bot.channels.teams.cards import CONTENT_TYPE, MESSAGE_TYPE, Card
from bot.channels.teams.connector import Connector
from bot.channels.teams.duties import Duties
from bot.channels.teams.loop import Background
from bot.channels.teams.talking import Talk
from bot.channels.teams.writing import Writing
from handlers.errors import DeliveryError

Body = dict[str, Any]

PRIVATE_CHAT = "https://teams.microsoft.com/l/chat/0/0?users="


@dataclass(frozen=True, slots=True)
class Handling:
    services: Services
    connector: Connector
    talk: Talk
    writing: Writing
    duties: Duties
    background: Background

    async def handle(self, activity: Activity) -> Body | None:
        """Return the answer to an invoke; everything else is answered in the chat."""
        match activity.type:
            case "invoke":
                return await self._invoke(activity)
            case "message" if activity.is_personal:
                await self._message(activity)
            case "message":
                await self._refuse_in_group(activity)
            case "conversationUpdate" if activity.is_personal and activity.bot_was_added:
                caller = await self._caller(activity)
                await self._send(activity, await asyncio.to_thread(self.talk.hello, caller))
            case "installationUpdate" if activity.is_personal:
                await self._installation(activity)
        return None

    async def afterwards(self, activity: Activity, body: Body | None) -> None:
        """Put an answer that came too late for its tap in the card's place."""
        if body and body.get("type") == CONTENT_TYPE:
            await self._show(activity, activity.reply_to_id, body["value"])

    def slow(self, activity: Activity) -> Body:
        """What a tap is answered while the database takes its time."""
        words = self._say("teams.slow", DEFAULT_LANGUAGE)
        return _said_in_dialog(words) if activity.name.startswith("task/") else _said(words)

    async def _message(self, activity: Activity) -> None:
        caller = await self._caller(activity)
        tap = tap_of(activity)
        if tap is not None:
            card = await self._tapped(caller, tap)
            await self._show(activity, activity.reply_to_id, card)
            return
        if activity.has_files:
            await self._send(activity, await asyncio.to_thread(self.talk.no_files, caller))
        if activity.text and activity.text.strip():
            message_id = f"message/{activity.id}"
            card = await asyncio.to_thread(self.talk.typed, caller, activity.text, message_id)
            await self._send(activity, card)

    async def _invoke(self, activity: Activity) -> Body:
        tap = tap_of(activity)
        language = DEFAULT_LANGUAGE
        if not activity.is_personal:
            return _said(self._say("teams.group", language))
        if tap is None:
            return _said(self._say("teams.unknown_button", language))
        caller = await self._caller(activity)
        match activity.name:
            case "task/fetch":
                return await self._open_dialog(activity, caller, tap)
            case "task/submit":
                return await self._take_dialog(activity, caller, tap)
        if tap.verb == "own":
            card, new = await asyncio.to_thread(self.talk.own, caller, tap)
            if new is not None:
                self.background.run(self._send(activity, new))
        else:
            card = await self._tapped(caller, tap)
        return {"statusCode": 200, "type": CONTENT_TYPE, "value": card}

    async def _tapped(self, caller: Caller, tap: Tap) -> Card:
        """Do what a button says and return what stands in its card's place."""
        talk, duties = self.talk, self.duties
        deeds: dict[str, Callable[[Caller, Tap], Card]] = {
            "start": talk.start,
            "language": talk.speak,
            "answer": talk.answer,
            "say": talk.answer,  # with words from a box in the card
            "mine": talk.my_reports,
            "drafts": talk.drafts,
            "write": self.writing.in_card,
            "receive": duties.receive,
            "ask_risk": duties.ask_risk,
            "assess": duties.assess,
            "put_off": duties.put_off,
            "case": duties.show,
            "waiting": duties.waiting,
            "take_alert": duties.take_alert,
        }
        return await asyncio.to_thread(deeds.get(tap.verb, talk.show), caller, tap)

    async def _open_dialog(self, activity: Activity, caller: Caller, tap: Tap) -> Body:
        dialog = await asyncio.to_thread(self.writing.dialog, caller, tap, activity.reply_to_id)
        if dialog is None:
            return _said_in_dialog(self._say("teams.late", caller.language))
        return self._dialog(dialog, caller)

    async def _take_dialog(self, activity: Activity, caller: Caller, tap: Tap) -> Body:
        reply = await asyncio.to_thread(self.writing.written, caller, tap)
        # The dialog is answered first: it does not wait for a call to Teams.
        self.background.run(self._show(activity, tap.card or activity.reply_to_id, reply.card))
        return self._dialog(reply.dialog, caller) if reply.dialog else {}

    def _dialog(self, card: Card, caller: Caller) -> Body:
        value = {
            "title": self._say("teams.dialog_title", caller.language),
            "height": "medium",
            "width": "medium",
            "card": {"contentType": CONTENT_TYPE, "content": card},
        }
        return {"task": {"type": "continue", "value": value}}

    async def _refuse_in_group(self, activity: Activity) -> None:
        """Say kindly that others read here, and open the private chat if Teams lets us."""
        language = DEFAULT_LANGUAGE
        words = self._say("teams.group", language)
        try:
            await self._write_privately(activity)
        except DeliveryError:  # the person has not added the app yet; the link does it
            opened = False
        else:
            opened = True
        body = [cards.text(words)]
        if opened:
            body.append(cards.text(self._say("teams.group_opened", language)))
        link = f"{PRIVATE_CHAT}{activity.recipient.id}"
        actions = [cards.link(self._say("teams.open_private", language), link)]
        card = cards.card(body, fallback=words, language=language, actions=actions)
        await self._send(activity, card)

    async def _write_privately(self, activity: Activity) -> None:
        chat = await self.connector.open_private(activity.service_url, activity.sender.id)
        private = Conversation(id=chat, tenant_id=activity.tenant_id, conversation_type=PERSONAL)
        there = activity.model_copy(update={"conversation": private})
        caller = await self._caller(there)
        await self._send(there, await asyncio.to_thread(self.talk.hello, caller))

    async def _installation(self, activity: Activity) -> None:
        if activity.action == "remove":
            address = callers.conversation_id(activity)
            await asyncio.to_thread(callers.forget, self.services, address)
        else:
            await self._caller(activity)

    async def _caller(self, activity: Activity) -> Caller:
        """Return who writes; where to reach them is stored on the way."""
        address = callers.conversation_id(activity)
        known = await asyncio.to_thread(callers.known_chat, self.services, address)
        mail: str | None = None
        if callers.needs_profile(self.services, known):
            try:
                mail = await self.connector.mail_of(
                    activity.service_url, activity.conversation.id, activity.sender.id
                )
            except DeliveryError:
                mail = None  # asked again next time; until then nobody in particular
        return await asyncio.to_thread(callers.remember, self.services, activity, known, mail)

    async def _send(self, activity: Activity, card: Card) -> None:
        await self.connector.send(activity.service_url, activity.conversation.id, card)

    async def _show(self, activity: Activity, message_id: str, card: Card) -> None:
        """Replace a card; if it is gone, write a new one."""
        chat = (activity.service_url, activity.conversation.id)
        if message_id:
            try:
                await self.connector.replace(*chat, message_id, card)
            except DeliveryError:  # deleted, or too old to be edited
                await self.connector.send(*chat, card)
            return
        await self.connector.send(*chat, card)

    def _say(self, key: str, language: str) -> str:
        return self.services.municipality.catalogue.get(key, language)


def _said(words: str) -> Body:
    return {"statusCode": 200, "type": MESSAGE_TYPE, "value": words}


def _said_in_dialog(words: str) -> Body:
    return {"task": {"type": "message", "value": words}}
