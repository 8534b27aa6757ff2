"""Prompts of the dialogue as a modal or as a message in the private conversation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.channels.slack import blocks, turns
from bot.channels.slack.blocks import Block, Message, View
from bot.channels.slack.turns import Turn
from bot.config import ChatPolicy
from handlers.dialogue.state import Command, Prompt, PromptChoice, PromptKind, SummaryLine
from handlers.domain.text import preview
from handlers.own_reports import ADD

Say = Callable[..., str]
MOST_BUTTONS = 8  # more choices become a list
SHOWN_ANSWER = 500  # characters of an answer in the summary; the case has it all


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """How Lotsen looks to one person: language, policy and where its own page is."""

    say: Say
    policy: ChatPolicy
    page: Callable[[], str]  # asked only where a link is shown: it looks for the draft

    @property
    def takes_text(self) -> bool:
        return self.policy != ChatPolicy.STRICT


_LINES_BEFORE = 10  # with a tap each; Slack takes fifty blocks in a message


def main_of(prompts: tuple[Prompt, ...]) -> Prompt | None:
    """Return the prompt that asks for something or ends the dialogue."""
    return next((p for p in reversed(prompts) if _is_main(p)), None)


def report_view(face: Face, prompts: tuple[Prompt, ...], turn: Turn, form_id: str) -> View:
    main = main_of(prompts)
    found = _before(face, prompts, main, turn)
    submit = ""
    if main is not None:
        found += _body(face, main, turn)
        submit = _submit_label(face, main)
    done = main is not None and main.kind == PromptKind.RECEIPT
    title = "title_complaint" if form_id == "complaint" else "title_report"
    return blocks.modal(
        face.say("slack.title_receipt" if done else f"slack.{title}"),
        found,
        close=face.say("slack.close"),
        callback_id=turns.NOTE_VIEW if done else turns.REPORT_VIEW,
        submit=submit,
        metadata=turn.encode(),
        notify_on_close=not done,
    )


def report_message(face: Face, prompts: tuple[Prompt, ...], turn: Turn) -> Message:
    """Return the prompts as a message; its text is typed in a modal unless the policy is open."""
    main = main_of(prompts)
    found = _before(face, prompts, main, turn)
    if main is not None:
        found.append(blocks.strong(main.text))
        found += [_line(line) for line in main.lines]
        found += _choices(face, main, turn)
        ways = [_command_button(n, choice) for n, choice in enumerate(main.commands)]
        if main.kind == PromptKind.QUESTION and main.free_text:
            ways.insert(0, _writing_button(face))
        found += blocks.rows(ways, f"{turn.encode()}|ways")
    text = " ".join(prompt.text for prompt in prompts)
    return Message(text=text, blocks=tuple(found))


def answered_message(question: str, answer: str, face: Face) -> Message:
    """Return what stands where the buttons were, so that an old message cannot be tapped."""
    told = face.say("slack.your_answer", answer=answer)
    body = (blocks.strong(question), blocks.paragraph(told)) if question else ()
    return Message(text=told, blocks=body or (blocks.paragraph(told),))


def note_view(face: Face, title: str, text: str) -> View:
    return blocks.modal(
        title,
        [blocks.paragraph(text)],
        close=face.say("slack.close"),
        callback_id=turns.NOTE_VIEW,
    )


def open_message(face: Face, text: str) -> Message:
    """Return a message whose button opens the report, wherever it stands."""
    label = face.say("slack.open")
    way = blocks.button(label, turns.OPEN, value="open", style="primary")
    return Message(text=text, blocks=(blocks.paragraph(text), *blocks.rows([way])))


def page_message(face: Face, text: str) -> Message:
    """Return a message whose button leads to our page, where the report goes on."""
    way = blocks.button(face.say("slack.to_page"), turns.LINK, url=face.page())
    return Message(text=text, blocks=(blocks.paragraph(text), *blocks.rows([way])))


def own_buttons(choices: Sequence[PromptChoice]) -> list[Block]:
    """Return what can be done with a report of one's own; what needs words opens a window."""
    made = [
        blocks.button(
            choice.label,
            turns.OWN_WINDOW if choice.choice.startswith(f"{ADD}:") else f"{turns.OWN}_{number}",
            value=f"{turns.CHOICE}{choice.choice}",
        )
        for number, choice in enumerate(choices)
    ]
    return blocks.rows(made)


def _is_main(prompt: Prompt) -> bool:
    stands_alone = prompt.kind in (PromptKind.QUESTION, PromptKind.SUMMARY, PromptKind.RECEIPT)
    return stands_alone or bool(prompt.choices)


def _before(
    face: Face, prompts: tuple[Prompt, ...], main: Prompt | None, turn: Turn
) -> list[Block]:
    """Return what is told before the question, with a tap to change what was only guessed."""
    found: list[Block] = []
    room = _LINES_BEFORE
    for prompt in prompts:
        if prompt is main:
            continue
        found.append(blocks.paragraph(prompt.text))
        for line in prompt.lines[:room]:
            found.append(_summary_line(face, line, turn, f"before{len(found)}"))
        if rest := prompt.lines[room:]:
            found.append(blocks.paragraph("\n".join(f"{o.label}: {o.answer}" for o in rest)))
        room = max(0, room - len(prompt.lines))
    return found


def _body(face: Face, main: Prompt, turn: Turn) -> list[Block]:
    found: list[Block] = []
    if main.position:
        step = face.say("slack.step", position=main.position, total=main.total)
        found.append(blocks.small(step))
    found.append(blocks.strong(main.text))
    if main.help:
        found.append(blocks.small(main.help))
    for line in main.lines:
        is_done = main.kind == PromptKind.RECEIPT
        row = _line(line) if is_done else _summary_line(face, line, turn, f"line{len(found)}")
        found.append(row)
    if main.kind != PromptKind.SUMMARY:
        found += _choices(face, main, turn)
    if main.free_text:
        found += _writing(face, main, turn)
    ways = [_command_button(n, choice) for n, choice in enumerate(main.commands)]
    if ways:
        found += [blocks.divider(), *blocks.rows(ways, f"{turn.encode()}|ways")]
    return found


def _writing(face: Face, main: Prompt, turn: Turn) -> list[Block]:
    if not face.takes_text:
        told = blocks.paragraph(face.say("slack.write_on_page"))
        link = blocks.button(face.say("slack.to_page"), turns.LINK, url=face.page())
        return [told, *blocks.rows([link])]
    if _is_too_long(main):
        return _too_long(face, main, turn)
    label = face.say("slack.or_write" if main.choices else "slack.answer_label")
    made = blocks.text_input(
        label,
        "text",
        block_id=f"{turn.nonce}-text",  # new for every turn, so that no old words linger in it
        initial=main.earlier_text,
        long=main.long_text,
        optional=True,  # an empty answer is refused by the dialogue, in its own words
        hint=face.say("slack.longest", count=blocks.LONGEST_INPUT) if main.long_text else "",
    )
    return [made]


def _is_too_long(main: Prompt) -> bool:
    """Whether what was written has no room in an input of Slack's, where it would be cut."""
    return len(main.earlier_text) > blocks.LONGEST_INPUT


def _too_long(face: Face, main: Prompt, turn: Turn) -> list[Block]:
    """Return the two ways on with a long text: it stays as it is, or is changed on our page."""
    told = face.say("slack.too_long", count=len(main.earlier_text))
    label, value = face.say("choice.keep"), f"{turns.COMMANDED}{Command.KEEP}"
    keep = blocks.button(label, f"{turns.ANSWER}_keep", value=value, style="primary")
    page = blocks.button(face.say("slack.to_page"), turns.LINK, url=face.page())
    return [blocks.paragraph(told), *blocks.rows([keep, page], f"{turn.encode()}|keep")]


def _choices(face: Face, main: Prompt, turn: Turn) -> list[Block]:
    if not main.choices:
        return []
    block_id = turn.encode()
    has_commands = any(choice.command for choice in main.choices)
    if has_commands or len(main.choices) <= MOST_BUTTONS:
        primary = len(main.choices) == 1
        taps = [_choice_button(n, choice, primary=primary) for n, choice in enumerate(main.choices)]
        return blocks.rows(taps, block_id)
    options = [blocks.option(c.label, f"{turns.CHOICE}{c.choice}") for c in main.choices]
    chosen = next((o for o, c in zip(options, main.choices, strict=True) if c.selected), None)
    menu = blocks.chooser(f"{turns.ANSWER}_list", face.say("slack.choose"), options, chosen)
    return blocks.rows([menu], block_id)


def _choice_button(number: int, choice: PromptChoice, *, primary: bool) -> Block:
    value = f"{turns.CHOICE}{choice.choice}"
    if choice.command:
        value = f"{turns.COMMANDED}{choice.command}"
    style = "primary" if choice.selected or primary else ""
    return blocks.button(choice.label, f"{turns.ANSWER}_{number}", value=value, style=style)


def _command_button(number: int, choice: PromptChoice) -> Block:
    value = f"{turns.COMMANDED}{choice.command}"
    style = "danger" if choice.command == Command.CANCEL else ""
    return blocks.button(choice.label, f"{turns.ANSWER}_way_{number}", value=value, style=style)


def _writing_button(face: Face) -> Block:
    if not face.takes_text:
        return blocks.button(face.say("slack.to_page"), turns.LINK, url=face.page())
    return blocks.button(face.say("slack.write"), turns.OPEN, value="open", style="primary")


def _summary_line(face: Face, line: SummaryLine, turn: Turn, row: str) -> Block:
    """`row` is unique in the message: several prompts may have lines."""
    change = blocks.button(
        face.say("choice.change"),
        f"{turns.ANSWER}_change_{row}",
        value=f"{turns.CHANGED}{line.question_id}",
    )
    made = _line(line)
    return {**made, "accessory": change, "block_id": f"{turn.encode()}|{row}"}


def _line(line: SummaryLine) -> Block:
    return blocks.paragraph(f"{line.label}: {preview(line.answer, SHOWN_ANSWER)}")


def _submit_label(face: Face, main: Prompt) -> str:
    if main.kind == PromptKind.SUMMARY:
        return main.choices[0].label if main.choices else face.say("slack.next")
    writes = main.free_text and face.takes_text and not _is_too_long(main)
    return face.say("slack.next") if writes else ""
