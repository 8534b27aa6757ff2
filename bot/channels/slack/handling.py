"""One delivery from the inbox to its end: who, what to do, and telling Slack.

What changes something here happens in the database first; what Slack refuses afterwards costs a
view or a message, never what the person has said.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from weakref import WeakValueDictionary

import structlog
from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import SQLAlchemyError

from bot.app import Services
from bot.channels.slack import rendering, turns
from bot.channels.slack.blocks import View
from bot.channels.slack.calls import Calls
from bot.channels.slack.casework import CaseDesk
from bot.channels.slack.deliveries import Delivery, Kind
from bot.channels.slack.errors import code_of
from bot.channels.slack.home import HomeDesk
from bot.channels.slack.intake import Reply, Stored
from bot.channels.slack.people import Directory, Visitor, address_of
from bot.channels.slack.reactions import NOTHING, Reaction
from bot.channels.slack.reporting import ReportDesk
from handlers.errors import TemporaryDeliveryError

Decide = Callable[[Delivery, Visitor], Reaction]

_SHORTCUTS = {
    turns.REPORT_SHORTCUT: "deviation",
    turns.MESSAGE_SHORTCUT: "deviation",
    turns.COMPLAINT_SHORTCUT: "complaint",
}
_COMPLAINT_WORDS = ("synpunkt", "klagomål", "complaint")
_OPENING_TAPS = (turns.OPEN, turns.OPEN_COMPLAINT, turns.RISK, turns.SNOOZE, turns.OWN_WINDOW)


class Handling:
    def __init__(
        self,
        services: Services,
        directory: Directory,
        calls: Calls,
        reports: ReportDesk,
    ) -> None:
        self._services = services
        self._directory = directory
        self._calls = calls
        self._reports = reports
        self._cases = CaseDesk(services, reports.face)
        self._home = HomeDesk(services)
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def handle(self, stored: Stored, reply: Reply) -> None:
        """Handle and settle; what fails is tried again later and stays visible when it is dead."""
        log = structlog.get_logger().bind(inbox=stored.item_id)
        # Gathered, so that any failure of one delivery is noted on its row and harms no other.
        (fault,) = await asyncio.gather(
            self._handle(stored.delivery, reply), return_exceptions=True
        )
        if fault is None:
            await asyncio.to_thread(self._settle, stored.item_id)
            return
        name = code_of(fault) if isinstance(fault, SlackApiError) else type(fault).__name__
        log.error("slack delivery failed", error=name)
        await asyncio.to_thread(self._fail, stored.item_id, name)

    async def _handle(self, delivery: Delivery, reply: Reply) -> None:
        if delivery.kind == Kind.REVOKED:
            structlog.get_logger().error("slack installation lost", error=delivery.action)
            return
        if delivery.kind == Kind.OTHER or not delivery.user:
            return
        opened = ""
        if _wants_modal(delivery):
            # Before anything that waits: a trigger lives for three seconds.
            opened = await self._calls.open_modal(delivery.trigger, self.loading())
        address = address_of(delivery.team, delivery.user)
        lock = self._locks.setdefault(address, asyncio.Lock())
        try:
            async with lock:  # one person's taps and words keep their order
                visitor = await self._directory.visitor(delivery.team, delivery.user)
                reaction = await asyncio.to_thread(self._decide, delivery, visitor)
                await self._carry_out(reaction, delivery, opened, reply)
        except (SQLAlchemyError, TemporaryDeliveryError):
            if not reply.offer(self._apology()):
                await self._calls.update_modal(opened or delivery.view, self._apology())
            raise

    def _decide(self, delivery: Delivery, visitor: Visitor) -> Reaction:
        deciders: Mapping[Kind, Decide] = {
            Kind.COMMAND: self._commanded,
            Kind.SHORTCUT: self._shortcut,
            Kind.TAP: self._tapped,
            Kind.SUBMISSION: self._submitted,
            Kind.CLOSED: self._reports.closed,
            Kind.MESSAGE: self._written,
            Kind.MENTION: self._mentioned,
            Kind.HOME: self._at_home,
        }
        return deciders[delivery.kind](delivery, visitor)

    def _written(self, delivery: Delivery, visitor: Visitor) -> Reaction:
        """Take the words of a message, and say what becomes of the files beside them."""
        reaction = self._reports.typed(delivery, visitor)
        if not delivery.has_files or not delivery.text:
            return reaction
        told = self._reports.no_files(visitor)  # with a link to the report that the words began
        return replace(reaction, messages=(told, *reaction.messages))

    def _commanded(self, delivery: Delivery, visitor: Visitor) -> Reaction:
        word = delivery.text.strip().casefold()
        if word in _COMPLAINT_WORDS:
            plain = delivery.model_copy(update={"text": ""})
            return self._reports.open(plain, visitor, "complaint")
        return self._reports.open(delivery, visitor)

    def _shortcut(self, delivery: Delivery, visitor: Visitor) -> Reaction:
        form_id = _SHORTCUTS.get(delivery.action, "deviation")
        return self._reports.open(delivery, visitor, form_id)

    def _tapped(self, delivery: Delivery, visitor: Visitor) -> Reaction:
        if delivery.action.startswith(turns.ANSWER):
            return self._reports.answer(delivery, visitor)
        if delivery.action.startswith(f"{turns.OWN}_") and delivery.action != turns.OWN_WINDOW:
            return self._own(delivery, visitor)
        taps: Mapping[str, Decide] = {
            turns.OPEN: self._reports.open,
            turns.OPEN_COMPLAINT: lambda d, v: self._reports.open(d, v, "complaint"),
            turns.OWN_WINDOW: self._reports.own_in_window,
            turns.LANGUAGE: self._other_language,
            turns.RECEIVE: self._cases.receive,
            turns.RISK: self._cases.ask_risk,
            turns.SNOOZE: self._cases.ask_snooze,
            turns.ALERT: self._cases.take_alert,
        }
        decide = taps.get(delivery.action)
        return decide(delivery, visitor) if decide else NOTHING

    def _submitted(self, delivery: Delivery, visitor: Visitor) -> Reaction:
        if delivery.action == turns.RISK_VIEW:
            return self._cases.assess(delivery, visitor)
        if delivery.action == turns.SNOOZE_VIEW:
            return self._cases.snooze(delivery, visitor)
        return self._reports.answer(delivery, visitor)

    def _mentioned(self, delivery: Delivery, visitor: Visitor) -> Reaction:
        """Decline kindly where others read, and open the private way."""
        del delivery
        face = self._reports.face(visitor)
        text = face.say("slack.in_channel")
        return Reaction(whisper=rendering.open_message(face, text))

    def _at_home(self, delivery: Delivery, visitor: Visitor) -> Reaction:
        del delivery
        return Reaction(home=self._home_of(visitor))

    def _home_of(self, visitor: Visitor) -> View:
        return self._home.view(visitor, self._reports.face(visitor))

    def _own(self, delivery: Delivery, visitor: Visitor) -> Reaction:
        told = self._reports.own(delivery, visitor)
        return told if delivery.message else replace(told, home=self._home_of(visitor))

    def _other_language(self, delivery: Delivery, visitor: Visitor) -> Reaction:
        other = replace(visitor, language="en" if visitor.language == "sv" else "sv")
        self._directory.save(other)
        return self._at_home(delivery, other)

    async def _carry_out(
        self, reaction: Reaction, delivery: Delivery, opened: str, reply: Reply
    ) -> None:
        user = delivery.user
        if reaction.view is not None:
            await self._show(reaction, delivery, opened, reply)
        if reaction.replacement is not None:
            channel, moment = reaction.place if all(reaction.place) else _place_of(delivery)
            replaced = moment and await self._calls.replace(channel, moment, reaction.replacement)
            if not replaced:
                await self._calls.post(user, reaction.replacement)
        for message in reaction.messages:
            await self._calls.post(user, message)
        if reaction.whisper is not None:
            heard = await self._calls.whisper(delivery.channel, user, reaction.whisper)
            if not heard:
                await self._calls.post(user, reaction.whisper)
        if reaction.home is not None:
            await self._calls.publish_home(user, reaction.home)

    async def _show(
        self, reaction: Reaction, delivery: Delivery, opened: str, reply: Reply
    ) -> None:
        """Show a view as the answer that Slack waits for, or in the modal, or a way back to it."""
        view = reaction.view or {}
        if not opened and reply.offer(view):
            return
        shown = await self._calls.update_modal(opened or delivery.view, view)
        # Who closes a window is told once, by ReportDesk.closed.
        if not shown and not delivery.view and reaction.without_view is not None:
            await self._calls.post(delivery.user, reaction.without_view)

    def loading(self) -> View:
        return self._note("slack.loading")

    def _apology(self) -> View:
        return self._note("slack.failed")

    def _note(self, key: str) -> View:
        """Return a window in the default language: who it is for is not known yet."""
        face = self._reports.face(Visitor(team="", user=""))
        return rendering.note_view(face, face.say("slack.title_note"), face.say(key))

    def _settle(self, item_id: int) -> None:
        with self._services.unit_of_work() as uow:
            uow.inbox.settle(item_id, state="done", outcome={})
            uow.commit()

    def _fail(self, item_id: int, fault: str) -> None:
        with self._services.unit_of_work() as uow:
            item = uow.inbox.get(item_id)
            if item is not None:
                uow.inbox.fail(item, self._services.clock(), fault[:120])
            uow.commit()


def _place_of(delivery: Delivery) -> tuple[str, str]:
    return delivery.channel, delivery.message


def _wants_modal(delivery: Delivery) -> bool:
    if not delivery.trigger or delivery.view:
        return False
    opening = delivery.kind in (Kind.COMMAND, Kind.SHORTCUT)
    return opening or (delivery.kind == Kind.TAP and delivery.action in _OPENING_TAPS)
