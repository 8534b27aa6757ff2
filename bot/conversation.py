"""The imperative shell of the dialogue: one turn in, replies out, all of it in one transaction.

A turn is stored under its message id together with what it led to. The same message again, from a
double tap, a client's retry or a killed process, gives the stored replies.
"""

import json
from dataclasses import replace
from datetime import datetime, timedelta

from pydantic import TypeAdapter

from bot.app import Services
from bot.conversation_turn import Turn
from bot.masking import MASK, covered
from bot.scene import InboundMessage, Scene, context_for
from handlers.dialogue.state import Command, Mention, Prompt, PromptKind, UserInput
from handlers.domain.text import clean
from handlers.records import Draft
from storage.inbox import InboxItem

__all__ = ["PROMPTS", "InboundMessage", "context_for", "current", "receive"]

PROMPTS = TypeAdapter(tuple[Prompt, ...])
REPLIES_KEPT = timedelta(hours=24)  # then only the key of a turn is left


def receive(services: Services, message: InboundMessage) -> tuple[Prompt, ...]:
    """Return what the person is to see next."""
    now = _moment(services, message)
    said, masked = _masked(services, message.user_input)
    key = f"{message.conversation_id}/{message.message_id}"
    raw = json.dumps({"text": said.text, "choice": said.choice, "command": said.command})
    with services.unit_of_work() as uow:
        item_id = uow.inbox.add(
            source=message.channel,
            key=key,
            raw=raw.encode(),
            now=now,
            erase_at=now + REPLIES_KEPT,
        )
        turn = Turn(Scene(services=services, uow=uow, message=message, now=now))
        if item_id is None:
            return _again(turn, uow.inbox.find(source=message.channel, key=key))
        prompts = turn.take(said)
        if masked:
            prompts = (_masking_notice(services, message.language), *prompts)
        outcome = {"prompts": PROMPTS.dump_python(prompts, mode="json")}
        uow.inbox.settle(item_id, state="done", outcome=outcome)
        uow.commit()
    return prompts


def current(services: Services, conversation_id: str) -> Draft | None:
    """Return the draft that a conversation stands at."""
    with services.unit_of_work(read_only=True) as uow:
        return uow.drafts.latest(conversation_id)


def _again(turn: Turn, known: InboxItem | None) -> tuple[Prompt, ...]:
    """Return the replies that a turn has had; those long gone give way to where things stand."""
    if known is not None and "prompts" in known.outcome:
        return PROMPTS.validate_python(known.outcome["prompts"])
    return turn.present()


def _moment(services: Services, message: InboundMessage) -> datetime:
    """Return the time to note: for anonymous reports only the hour."""
    now = services.clock()
    return now.replace(minute=0, second=0, microsecond=0) if message.is_anonymous else now


def _masked(services: Services, said: UserInput) -> tuple[UserInput, bool]:
    """Hide personal identity numbers before anything is stored, and find the names in a text."""
    text = clean(said.text)
    if said.command == Command.SUGGESTED:  # only the turn itself may say so
        said = UserInput(text=said.text)
    if len(text.split()) < 2 and not any(c.isdigit() for c in text):
        return replace(said, text=text), False
    found = services.analyst.analyse(text).personal_data
    mentions = tuple(
        Mention(name=text[span.start : span.end], label=span.label)
        for span in found
        if span.label in ("colleague", "name")
    )
    hidden = covered(text, found)
    # A chat's door covers what it stores, so the text may come here with the mask in it.
    return replace(said, text=hidden, mentions=tuple(dict.fromkeys(mentions))), MASK in hidden


def _masking_notice(services: Services, language: str) -> Prompt:
    text = services.municipality.catalogue.get("dialogue.masked", language)
    return Prompt(kind=PromptKind.NOTICE, text=text)
