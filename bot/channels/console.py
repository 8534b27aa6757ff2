"""The dialogue in the terminal: the same engine over standard input and output, also by a pipe."""

from collections.abc import Iterable, Iterator
from typing import TextIO

from bot.app import Services
from bot.conversation import InboundMessage, receive
from handlers.dialogue.state import Command, Prompt, PromptKind, UserInput

CHANNEL = "console"


def talk(
    services: Services, lines: Iterable[str], out: TextIO, *, conversation_id: str, form_id: str
) -> None:
    """Hold one conversation until the report is sent, cancelled or the input ends."""
    turns = _turns(lines)
    user_input = UserInput(command=Command.RESUME)
    begin_anew = _is_done(services, conversation_id)
    for message in _new_messages(services, conversation_id):
        out.write(f"{message}\n\n")
    while True:
        prompts = receive(
            services,
            InboundMessage(
                channel=CHANNEL,
                conversation_id=conversation_id,
                message_id=services.municipality.new_id(),
                user_input=user_input,
                form_id=form_id,
                new_report=begin_anew,
            ),
        )
        begin_anew = False
        out.write(render(prompts) + "\n")
        out.flush()
        if any(prompt.kind == PromptKind.RECEIPT for prompt in prompts):
            return
        line = next(turns, None)
        if line is None:
            return
        user_input = UserInput(text=line)


def render(prompts: tuple[Prompt, ...]) -> str:
    return "\n\n".join(_render(prompt) for prompt in prompts) + "\n"


def _render(prompt: Prompt) -> str:
    lines = []
    if prompt.position:
        lines.append(f"[{prompt.position}/{prompt.total}]")
    lines.append(prompt.text)
    if prompt.help:
        lines.append(f"({prompt.help})")
    lines += [f"  {n}. {line.label}: {line.answer}" for n, line in enumerate(prompt.lines, 1)]
    if prompt.kind == PromptKind.QUESTION:
        lines += [f"  {n}. {choice.label}" for n, choice in enumerate(prompt.choices, 1)]
    others = [*prompt.commands]
    if prompt.kind != PromptKind.QUESTION:
        others = [*prompt.choices, *others]
    if others:
        lines.append("  · " + " · ".join(choice.label for choice in others))
    return "\n".join(lines)


def _turns(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield line.rstrip("\r\n")


def _is_done(services: Services, conversation_id: str) -> bool:
    with services.unit_of_work(read_only=True) as uow:
        draft = uow.drafts.latest(conversation_id)
    return draft is not None and bool(draft.state.case_number)


def _new_messages(services: Services, conversation_id: str) -> list[str]:
    with services.unit_of_work(read_only=True) as uow:
        return [message.text for message in uow.chat.of_conversation(conversation_id)]
