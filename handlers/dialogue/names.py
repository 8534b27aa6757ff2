"""What happened matters, not who: names in an answer give way to roles when the person agrees."""

import re
from dataclasses import replace
from functools import partial

from handlers.dialogue.state import DialogueContext, DialogueState, Mention
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
    """Return the state with a role in the place of every name that was found."""
    if context.reader is None:
        return replace(state, mentions=())
    answers = dict(state.answers)
    for mention in sorted(state.mentions, key=lambda one: -len(one.name)):
        role = context.reader.role_for(mention.label, state.language)
        for key, answer in answers.items():
            answers[key] = Answer(
                value=answer.value, text=_replaced(answer.text, mention.name, role, context)
            )
    return replace(state, answers=answers, mentions=())


def _replaced(text: str, name: str, role: str, context: DialogueContext) -> str:
    """Take the name away after a role ("sköterskan Berit"); elsewhere put the role there."""
    reader = context.reader
    if reader is None:
        return text
    bare = re.escape(name)
    owning = "s" if reader.is_owner(name) else ""
    text = re.sub(rf"(?i)(?<!\w)({reader.role_pattern}) {bare}(?!\w)", rf"\1{owning}", text)
    return re.sub(
        rf"(?P<start>\A|[.!?\n]\s*)?(?<!\w){bare}(?!\w)", partial(_in, role + owning), text
    )


def _in(role: str, found: re.Match[str]) -> str:
    start = found["start"]
    return role if start is None else start + role[:1].upper() + role[1:]
