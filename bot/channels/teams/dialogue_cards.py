"""The dialogue's prompts as Adaptive Cards: one card that is replaced with every answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.channels.teams import cards
from bot.channels.teams.cards import Card, Element
from bot.config import ChatPolicy
from handlers.dialogue.state import Command, Prompt, PromptChoice, PromptKind, SummaryLine

LONGEST_BUTTON_LIST = 8
SIDE_BY_SIDE = 3  # so many short answers fit beside each other
SHORT_LABEL = 16
_MINOR = (Command.PAUSE, Command.CANCEL)

Say = Callable[..., str]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Everything that a card of the dialogue is made of."""

    prompts: tuple[Prompt, ...]
    say: Say  # a text of the catalogue in the person's language
    language: str
    policy: ChatPolicy
    nonce: str  # one for all buttons of a card: the first tap counts
    draft_id: str
    standing_at: str  # the question that the draft stands at, or the summary
    web_link: str
    notices: tuple[str, ...] = ()
    own_words: Mapping[str, str] = field(default_factory=dict)  # question id -> what was written
    without_dialogs: bool = False  # this client cannot open them
    read_aloud: bool = False  # what was gathered is there to be read to a nurse

    @property
    def writes_in_card(self) -> bool:
        return self.without_dialogs or self.policy == ChatPolicy.OPEN

    def data(self, **more: object) -> dict[str, object]:
        return {
            "nonce": self.nonce,
            "draft": self.draft_id,
            "question": self.standing_at,
            **more,
        }


def dialogue_card(view: View) -> Card:
    main = next((p for p in reversed(view.prompts) if _is_main(p)), None)
    body: list[Element] = [cards.note(words) for words in view.notices]
    for prompt in view.prompts:
        if prompt is not main:
            body.append(_before(prompt))
            body += [_guessed_line(line, view) for line in prompt.lines]
    if main is None:
        spoken = view.prompts[-1].text if view.prompts else ""
        return cards.card(body, fallback=spoken, language=view.language)
    actions: list[Element]
    match main.kind:
        case PromptKind.QUESTION:
            body += _question(main, view)
            actions = [*_commands(main.commands, view), *_without_dialog(main, view)]
        case PromptKind.SUMMARY:
            body += _summary(main, view)
            actions = _commands(main.commands, view)
        case PromptKind.RECEIPT:
            body.append(cards.heading(f"✓ {main.case_number}".strip()))
            body += _paragraphs(main.text)
            reading = [_reading(view)] if view.read_aloud else []
            actions = [*reading, *_commands(main.choices, view), *after_report(view)]
        case _:
            body += _list(main, view)
            actions = []
    return cards.card(body, fallback=main.text, language=view.language, actions=actions)


def after_report(view: View) -> list[Element]:
    data = {"nonce": view.nonce}
    return [
        cards.button(view.say("teams.new_report"), "start", data),
        cards.button(view.say("teams.my_reports"), "mine", data),
    ]


def text_dialog(prompt: Prompt, view: View, *, chat_card: str, error: str = "") -> Card:
    """The card inside a dialog; it never reaches the chat."""
    body: list[Element] = [cards.warning(error)] if error else []
    body.append(cards.heading(prompt.text))
    if prompt.help:
        body.append(cards.subtle(prompt.help))
    data = view.data(question=prompt.question_id, card=chat_card)
    if _is_too_long(prompt.earlier_text):
        body += _told_too_long(prompt, view)
        keep = cards.submit_button(
            view.say("choice.keep"), "text", {**data, "command": Command.KEEP.value}
        )
        return cards.card(body, fallback=prompt.text, language=view.language, actions=[keep])
    body.append(
        cards.text_input(
            view.say("teams.your_words"),
            value=prompt.earlier_text,
            error=view.say("rejected.empty"),
        )
    )
    longest = view.say("teams.longest", count=cards.LONGEST_INPUT) if prompt.long_text else ""
    body.append(cards.subtle(f"{view.say('teams.not_in_chat')} {longest}".strip()))
    actions = [cards.submit_button(view.say("teams.save"), "text", data)]
    return cards.card(body, fallback=prompt.text, language=view.language, actions=actions)


def _is_too_long(words: str) -> bool:
    """Whether a box would cut what was written."""
    return len(words) > cards.LONGEST_INPUT


def _told_too_long(prompt: Prompt, view: View) -> list[Element]:
    return [cards.text(view.say("teams.too_long", count=len(prompt.earlier_text)))]


def reading_dialog(prompt: Prompt, view: View) -> Card:
    """Every answer in full, to be read or read aloud; it never reaches the chat."""
    body: list[Element] = [cards.heading(prompt.text)]
    for line in prompt.lines:
        body += [cards.subtle(line.label), *cards.literal(line.answer)]
    return cards.card(body, fallback=prompt.text, language=view.language)


def _is_main(prompt: Prompt) -> bool:
    stands_alone = prompt.kind in (PromptKind.QUESTION, PromptKind.SUMMARY, PromptKind.RECEIPT)
    return stands_alone or bool(prompt.choices)


def _before(prompt: Prompt) -> Element:
    match prompt.kind:
        case PromptKind.ADVICE | PromptKind.REJECTION:
            return cards.warning(prompt.text)
        case PromptKind.INTRO:
            return cards.text(prompt.text)
        case _:
            return cards.note(prompt.text)


def _question(prompt: Prompt, view: View) -> list[Element]:
    progress = view.say("teams.progress", position=prompt.position, total=prompt.total)
    body = [cards.subtle(progress, spacing="Large")] if prompt.position else []
    body.append(cards.heading(prompt.text))
    if prompt.help:
        body.append(cards.subtle(prompt.help))
    body += _answers(prompt, view)
    if prompt.free_text and not _is_found_by_typing(prompt):
        body += _writing(prompt, view)
    return body


def _paragraphs(words: str) -> list[Element]:
    return [cards.text(line) for line in words.split("\n") if line.strip()]


def _list(prompt: Prompt, view: View) -> list[Element]:
    """Drafts, reports, ways in, or the one way on; below the heading may stand people's words."""
    title, _, rest = prompt.text.partition("\n")
    body = [cards.heading(title), *cards.literal(rest)] if rest else [cards.text(title)]
    return body + cards.rows(_commands(prompt.choices, view))


def _without_dialog(prompt: Prompt, view: View) -> list[Element]:
    """The way for clients that cannot open the dialog."""
    if not _opens_dialog(prompt, view):
        return []
    return [cards.button(view.say("teams.write_in_card"), "write", view.data(), minor=True)]


def _opens_dialog(prompt: Prompt, view: View) -> bool:
    """Whether words go into a dialog."""
    wanted = prompt.free_text and not _is_found_by_typing(prompt)
    wanted = wanted and not _is_too_long(prompt.earlier_text)
    return wanted and not view.writes_in_card and view.policy == ChatPolicy.DIALOG


def _is_found_by_typing(prompt: Prompt) -> bool:
    """Whether the list itself takes letters, so that no box for free text is needed."""
    return len(prompt.choices) > LONGEST_BUTTON_LIST


def _answers(prompt: Prompt, view: View) -> list[Element]:
    if _is_found_by_typing(prompt):
        picked = cards.choice_input(
            "choice",
            [(choice.label, choice.choice) for choice in prompt.choices],
            label=view.say("teams.pick_label"),
            error=view.say("teams.pick_error"),
            style="filtered",
            hint=view.say("teams.pick_hint"),
        )
        label = view.say("teams.pick")
        choose = cards.button(label, "answer", view.data(), style="positive", inputs=True)
        return [picked, *cards.side_by_side([choose])]
    buttons = [
        cards.button(_label(choice), "answer", view.data(choice=choice.choice))
        for choice in prompt.choices
    ]
    short = all(len(choice.label) <= SHORT_LABEL for choice in prompt.choices)
    if short and len(buttons) <= SIDE_BY_SIDE:
        return cards.side_by_side(buttons)
    return cards.rows(buttons)


def _label(choice: PromptChoice) -> str:
    return f"✓ {choice.label}" if choice.selected else choice.label


def _writing(prompt: Prompt, view: View) -> list[Element]:
    """The way to free text that the policy asks for; a long text stays, or goes on our page."""
    if _is_too_long(prompt.earlier_text):
        keep = view.data(command=Command.KEEP.value)
        ways = [
            cards.button(view.say("choice.keep"), "answer", keep, style="positive"),
            cards.link(view.say("teams.begin_web"), view.web_link),
        ]
        return [*_told_too_long(prompt, view), *cards.side_by_side(ways)]
    if view.writes_in_card:
        box = cards.text_input(view.say("teams.your_words"), error=view.say("rejected.empty"))
        label = view.say("teams.save")
        save = cards.button(label, "say", view.data(), style="positive", inputs=True)
        return [box, *cards.side_by_side([save])]
    if view.policy == ChatPolicy.STRICT:
        page = cards.link(view.say("teams.begin_web"), view.web_link)
        return [cards.subtle(view.say("teams.write_on_page")), *cards.side_by_side([page])]
    label = view.say("teams.write_own" if prompt.choices else "teams.write")
    style = "" if prompt.choices else "positive"
    return cards.rows([cards.dialog_button(label, "write", view.data(), style=style)])


def _summary(prompt: Prompt, view: View) -> list[Element]:
    body: list[Element] = [cards.heading(prompt.text), cards.subtle(view.say("teams.change_hint"))]
    for line in prompt.lines:
        words = view.own_words.get(line.question_id, "")
        hidden = bool(words) and view.policy != ChatPolicy.OPEN
        shown = view.say("teams.written", count=len(words)) if hidden else line.answer
        change = view.data(command=Command.CHANGE.value, choice=line.question_id)
        title = view.say("teams.change_line", label=line.label)
        action = cards.button(title, "answer", change)
        in_dialog = hidden and not view.without_dialogs and not _is_too_long(words)
        if in_dialog and view.policy == ChatPolicy.DIALOG:
            action = cards.dialog_button(title, "write", view.data(choice=line.question_id))
        body.append(_summary_line(line.label, shown, action))
    send = [
        cards.button(c.label, "answer", _data_of(c, view), style="positive") for c in prompt.choices
    ]
    if _hides_words(view) and view.policy == ChatPolicy.DIALOG and not view.without_dialogs:
        send.append(_reading(view))
    return body + cards.side_by_side(send)


def _reading(view: View) -> Element:
    return cards.dialog_button(view.say("teams.read_all"), "read", view.data())


def _hides_words(view: View) -> bool:
    return any(view.own_words.values()) and view.policy != ChatPolicy.OPEN


def _summary_line(label: str, answer: str, action: Element) -> Element:
    return cards.tappable_row(label, cards.literal(answer), action)


def _guessed_line(line: SummaryLine, view: View) -> Element:
    """Return what was picked out of the story; it holds no words of the person's own."""
    change = view.data(command=Command.CHANGE.value, choice=line.question_id)
    title = view.say("teams.change_line", label=line.label)
    return _summary_line(line.label, line.answer, cards.button(title, "answer", change))


def _data_of(choice: PromptChoice, view: View) -> dict[str, object]:
    return view.data(command=choice.command.value, choice=choice.choice)


def _commands(choices: tuple[PromptChoice, ...], view: View) -> list[Element]:
    return [
        cards.button(c.label, "answer", _data_of(c, view), minor=c.command in _MINOR)
        for c in choices
    ]
