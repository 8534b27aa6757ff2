"""The dialogue in the terminal: the same engine over standard input and output, also by a pipe."""

from collections.abc import Iterable, Iterator
from typing import TextIO

from bot.app import Services
from bot.conversation import InboundMessage, receive
from bot.scene import ENDED
from handlers.dialogue.state import (
    Command,
    Prompt,
    PromptChoice,
    PromptKind,
    SummaryLine,
    UserInput,
)

CHANNEL = "console"


def talk(
    services: Services, lines: Iterable[str], out: TextIO, *, conversation_id: str, form_id: str
) -> None:
    """Hold one conversation until the report is sent or the input ends."""
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
        if any(prompt.kind == PromptKind.RECEIPT and not prompt.choices for prompt in prompts):
            return
        line = next(turns, None)
        if line is None:
            return
        user_input = as_input(line, prompts)


def as_input(line: str, prompts: tuple[Prompt, ...]) -> UserInput:
    """Read a line as one of the shown choices, by label or, in a list, by number; else as words."""
    main = prompts[-1] if prompts else None
    if main is None or main.kind in (PromptKind.QUESTION, PromptKind.SUMMARY):
        return UserInput(text=line)  # the dialogue itself knows labels and numbers
    word = line.strip().casefold()
    by_number = dict(enumerate(main.choices, 1)) if word.isascii() and word.isdigit() else {}
    by_label = {choice.label.casefold(): choice for choice in main.choices}
    found = by_number.get(int(word)) if by_number else by_label.get(word)
    if found is None:
        return UserInput(text=line)
    return UserInput(choice=found.choice, command=found.command)


def render(prompts: tuple[Prompt, ...]) -> str:
    return "\n\n".join(_render(prompt) for prompt in prompts) + "\n"


def _render(prompt: Prompt) -> str:
    lines = []
    if prompt.position:
        lines.append(f"[{prompt.position}/{prompt.total}]")
    lines.append(prompt.text)
    if prompt.help:
        lines.append(f"({prompt.help})")
    if prompt.earlier_text:
        lines.append(f"  ”{prompt.earlier_text}”")
    lines += [_line(number, line, prompt) for number, line in enumerate(prompt.lines, 1)]
    others = [*prompt.commands]
    if prompt.kind == PromptKind.SUMMARY:
        others = [*prompt.choices, *others]
    else:
        lines += _numbered(prompt.choices)
    if others:
        lines.append("  · " + " · ".join(choice.label for choice in others))
    return "\n".join(lines)


def _line(number: int, line: SummaryLine, prompt: Prompt) -> str:
    mark = f"{number}." if prompt.kind == PromptKind.SUMMARY else "-"
    return f"  {mark} {line.label}: {line.answer}"


def _numbered(choices: tuple[PromptChoice, ...]) -> list[str]:
    return [f"  {number}. {choice.label}" for number, choice in enumerate(choices, 1)]


def _turns(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield line.rstrip("\r\n")


def _is_done(services: Services, conversation_id: str) -> bool:
    with services.unit_of_work(read_only=True) as uow:
        draft = uow.drafts.latest(conversation_id)
    return draft is not None and draft.state.status in ENDED


def _new_messages(services: Services, conversation_id: str) -> list[str]:
    with services.unit_of_work(read_only=True) as uow:
        return [message.text for message in uow.chat.of_conversation(conversation_id)]
