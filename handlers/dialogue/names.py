"""What happened matters, not who: names in an answer give way to roles when the person agrees."""

import re
from dataclasses import replace
from functools import partial
from string import ascii_uppercase

from handlers.dialogue.state import DialogueContext, DialogueState, Mention
from handlers.dialogue.story import StoryReader
from handlers.domain.report import Answer
from handlers.forms.form import Form

Mentions = tuple[Mention, ...]


def noted(form: Form, state: DialogueState, mentions: Mentions, text: str) -> DialogueState:
    """Return the state with the names of this text that the form would rather do without."""
    if not form.roles:
        return state
    new = tuple(m for m in mentions if m.name in text and m not in state.mentions)
    return replace(state, mentions=(*state.mentions, *new))


def with_roles(state: DialogueState, context: DialogueContext) -> DialogueState:
    """Return the state with a role in the place of every name that was found.

    Several people of one role stay apart: "person A", "person B".
    """
    if context.reader is None:
        return replace(state, mentions=())
    answers = dict(state.answers)
    roles = _roles(state, context.reader)
    for mention in sorted(state.mentions, key=lambda one: -len(one.name)):
        role = roles[mention]
        for key, answer in answers.items():
            answers[key] = Answer(
                value=answer.value, text=_replaced(answer.text, mention.name, role, context.reader)
            )
    return replace(state, answers=answers, mentions=())


def _roles(state: DialogueState, reader: StoryReader) -> dict[Mention, str]:
    """Return what stands in for each name; "Annas" is the same person as "Anna"."""
    written = "\n".join(answer.text for answer in state.answers.values())
    people: dict[str, dict[str, None]] = {}  # of each label, in the order of the text
    for mention in sorted(state.mentions, key=lambda one: written.find(one.name)):
        people.setdefault(mention.label, {})[_person(mention, reader)] = None
    roles = {}
    for mention in state.mentions:
        same = list(people[mention.label])
        word = reader.lettered_role_for(mention.label, state.language)
        before = len(set(re.findall(rf"(?<!\w)(?i:{word}) ([A-Z])(?!\w)", written)))
        letter = ascii_uppercase[(same.index(_person(mention, reader)) + before) % 26]
        alone = len(same) == 1 and not before
        plain = reader.role_for(mention.label, state.language)
        roles[mention] = plain if alone else f"{word} {letter}"
    return roles


def _person(mention: Mention, reader: StoryReader) -> str:
    return mention.name[:-1] if reader.is_owner(mention.name) else mention.name


def _replaced(text: str, name: str, role: str, reader: StoryReader) -> str:
    """Take the name away after a role ("sköterskan Berit"); elsewhere put the role there."""
    bare = re.escape(name)
    owning = "s" if reader.is_owner(name) else ""
    owned = f":{owning}" if owning and role[-1].isupper() else owning
    text = re.sub(rf"(?i)(?<!\w)({reader.role_pattern}) {bare}(?!\w)", rf"\1{owning}", text)
    return re.sub(
        rf"(?P<start>\A|[.!?\n]\s*)?(?<!\w){bare}(?!\w)", partial(_in, role + owned), text
    )


def _in(role: str, found: re.Match[str]) -> str:
    start = found["start"]
    return role if start is None else start + role[:1].upper() + role[1:]
