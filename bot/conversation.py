"""The imperative shell of the dialogue: one turn in, replies out, all of it in one transaction.

A turn is stored under its message id together with what it led to. The same message again, from a
double tap, a client's retry or a killed process, gives the stored replies. Something else under the
same id, such as another button of the same page, is another turn, and may come too late.
"""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from pydantic import TypeAdapter

from bot.app import Services
from bot.conversation_turn import Turn
from bot.late import Late, fits, names_something
from bot.masking import MASK, covered, masked
from bot.scene import InboundMessage, Position, Scene, UploadedFile, context_for
from handlers.dialogue.state import Command, Mention, Prompt, PromptKind, UserInput
from handlers.domain.text import clean
from handlers.records import Draft
from storage.inbox import InboxItem

__all__ = ["PROMPTS", "InboundMessage", "context_for", "current", "receive"]

PROMPTS = TypeAdapter(tuple[Prompt, ...])
LONGEST_KEPT = timedelta(hours=24)  # then only the key of a turn is left


def receive(services: Services, message: InboundMessage) -> tuple[Prompt, ...]:
    """Return what the person is to see next."""
    now = _moment(services, message)
    said, is_masked = _masked(services, message.user_input)
    with services.unit_of_work() as uow:
        turn = Turn(Scene(services=services, uow=uow, message=message, now=now))
        item_id, known = _stored(turn.scene, said)
        if item_id is None:
            return _again(turn, known)
        draft = uow.drafts.latest(message.conversation_id)
        late = _late(turn.scene, said, draft, known)
        prompts = late.take(said, turn.present()) if late else turn.take(said)
        if is_masked:
            prompts = (_masking_notice(services, message.language), *prompts)
        outcome: dict[str, object] = {"prompts": PROMPTS.dump_python(prompts, mode="json")}
        if draft is not None:
            outcome["asked"] = (draft.id, draft.state.current)
        uow.inbox.settle(item_id, state="done", outcome=outcome)
        uow.commit()
    return prompts


def replies_kept(services: Services) -> timedelta:
    """Return how long a turn's words and replies are kept, in every channel.

    Never longer than what is handed over to the nurse: it is promised that all of it is erased.
    """
    return min(LONGEST_KEPT, timedelta(hours=services.municipality.handover_hours))


def current(services: Services, conversation_id: str) -> Draft | None:
    """Return the draft that a conversation stands at."""
    with services.unit_of_work(read_only=True) as uow:
        return uow.drafts.latest(conversation_id)


def _stored(scene: Scene, said: UserInput) -> tuple[int | None, InboxItem | None]:
    """Store a turn; return its id, None if it is known, and what came under its message id before.

    What was sent is compared too: two buttons of one page have the same message id.
    """
    message, inbox = scene.message, scene.uow.inbox
    raw = _raw(said, message.files)
    key = f"{message.conversation_id}/{message.message_id}"
    known: InboxItem | None = None
    for one in (key, f"{key}/{sha256(raw).hexdigest()[:16]}"):
        item_id = inbox.add(
            source=message.channel,
            key=one,
            raw=raw,
            now=scene.now,
            erase_at=scene.now + replies_kept(scene.services),
        )
        if item_id is not None:
            return item_id, known
        known = inbox.find(source=message.channel, key=one)
        if known is not None and known.raw == raw:
            break
    return None, known


def _raw(said: UserInput, files: tuple[UploadedFile, ...]) -> bytes:
    content: dict[str, object] = {
        "text": said.text,
        "choice": said.choice,
        "command": said.command,
    }
    if files:
        content["files"] = [sha256(file.content).hexdigest() for file in files]
    return json.dumps(content).encode()


def _late(
    scene: Scene, said: UserInput, draft: Draft | None, known: InboxItem | None
) -> Late | None:
    """Return what takes a turn whose page is behind; None: it is an answer to where things stand.

    `known` is the turn that came under the same message id and said something else.
    """
    position = scene.message.position
    if known is None:
        in_time = position is None or fits(position, draft, said)
        return None if in_time else Late(scene=scene, position=position)
    if known.raw and fits(position, draft, said):
        return None
    if position is None and "asked" in known.outcome:
        draft_id, question_id = known.outcome["asked"]
        position = Position(draft_id=draft_id, question_id=question_id)
    return Late(scene=scene, position=position)


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
    if not names_something(said):  # no button says more than a word, but anything can be sent
        said = replace(said, choice=masked(services.analyst, said.choice))
    if len(text.split()) < 2 and not any(c.isdigit() for c in text):
        return replace(said, text=text), MASK in said.choice
    found = services.analyst.personal_data_in(text)
    mentions = tuple(
        Mention(name=text[span.start : span.end], label=span.label)
        for span in found
        if span.label in ("colleague", "name")
    )
    hidden = covered(text, found)
    # A chat's door covers what it stores, so the text may come here with the mask in it.
    is_masked = MASK in hidden or MASK in said.choice
    return replace(said, text=hidden, mentions=tuple(dict.fromkeys(mentions))), is_masked


def _masking_notice(services: Services, language: str) -> Prompt:
    text = services.municipality.catalogue.get("dialogue.masked", language)
    return Prompt(kind=PromptKind.NOTICE, text=text)
