"""Block Kit pieces that keep Slack's limits, whatever text goes in.

Text that people have written is shown as plain text: in Slack's markup "<!channel>" would call
everybody.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]
View = dict[str, Any]

LONGEST_TITLE = 24
LONGEST_BUTTON = 75
LONGEST_OPTION = 75
LONGEST_TEXT = 3000
LONGEST_INPUT = 3000
LONGEST_HINT = 2000
LONGEST_LABEL = 2000
MOST_OPTIONS = 100
MOST_BLOCKS = 100
BUTTONS_IN_ROW = 5  # more wrap into a wall on a phone


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`text` is what notifications and screen readers give."""

    text: str
    blocks: tuple[Block, ...] = ()


def clip(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain(text: str, limit: int = LONGEST_TEXT) -> Block:
    return {"type": "plain_text", "text": clip(text, limit) or "–", "emoji": False}


def paragraph(text: str, **more: Block) -> Block:
    return {"type": "section", "text": plain(text), **more}


def strong(text: str) -> Block:
    """Return a paragraph in bold; only for Lotsen's own sentences."""
    bold = f"*{escape(clip(text, 2000))}*"
    return {"type": "section", "text": {"type": "mrkdwn", "text": bold}}


def small(text: str) -> Block:
    return {"type": "context", "elements": [plain(text, LONGEST_HINT)]}


def divider() -> Block:
    return {"type": "divider"}


def button(
    label: str, action_id: str, *, value: str = "", url: str = "", style: str = "", spoken: str = ""
) -> Block:
    """Return a button; `spoken` is what a screen reader says, where the label alone is vague."""
    made: Block = {
        "type": "button",
        "text": plain(label, LONGEST_BUTTON),
        "action_id": action_id,
    }
    heard = clip(spoken, LONGEST_BUTTON)
    ways = (("value", value), ("url", url), ("style", style), ("accessibility_label", heard))
    for name, given in ways:
        if given:
            made[name] = given
    return made


def rows(buttons: Sequence[Block], block_id: str = "") -> list[Block]:
    """Return the buttons in rows; each row's block_id is the given one with its number."""
    found = []
    for start in range(0, len(buttons), BUTTONS_IN_ROW):
        row: Block = {
            "type": "actions",
            "elements": list(buttons[start : start + BUTTONS_IN_ROW]),
        }
        if block_id:
            row["block_id"] = f"{block_id}|{start}"
        found.append(row)
    return found


def option(label: str, value: str) -> Block:
    return {"text": plain(label, LONGEST_OPTION), "value": value}


def chooser(
    action_id: str, placeholder: str, options: Sequence[Block], selected: Block | None
) -> Block:
    """Return a list to choose from; more than a hundred options are put into groups."""
    made: Block = {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": plain(placeholder, 150),
    }
    if len(options) <= MOST_OPTIONS:
        made["options"] = list(options)
    else:
        starts = range(0, min(len(options), MOST_OPTIONS**2), MOST_OPTIONS)
        groups = [options[start : start + MOST_OPTIONS] for start in starts]
        made["option_groups"] = [
            {"label": plain(_span_of(group), LONGEST_OPTION), "options": list(group)}
            for group in groups
        ]
    if selected is not None:
        made["initial_option"] = selected
    return made


def text_input(
    label: str,
    action_id: str,
    *,
    block_id: str,
    initial: str,
    long: bool,
    optional: bool,
    hint: str = "",
) -> Block:
    """Return an input; the caller sees to it that what stands in it is no longer than it takes."""
    element: Block = {
        "type": "plain_text_input",
        "action_id": action_id,
        "multiline": long,
        "max_length": LONGEST_INPUT,
    }
    if initial:
        element["initial_value"] = initial
    made: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, LONGEST_LABEL),
        "element": element,
        "optional": optional,
    }
    if hint:
        made["hint"] = plain(hint, LONGEST_HINT)
    return made


def choice_input(
    label: str, action_id: str, options: Sequence[Block], *, initial: str = "", hint: str = ""
) -> Block:
    """Return a choice of one; `initial` is the value of what is chosen beforehand."""
    element: Block = {
        "type": "radio_buttons",
        "action_id": action_id,
        "options": list(options),
    }
    if chosen := [one for one in options if one["value"] == initial]:
        element["initial_option"] = chosen[0]
    return _input(label, action_id, element, hint)


def several_input(
    label: str, action_id: str, options: Sequence[Block], initial: Collection[str]
) -> Block:
    """Return a choice of one or more."""
    element: Block = {"type": "checkboxes", "action_id": action_id, "options": list(options)}
    if chosen := [one for one in options if one["value"] in initial]:
        element["initial_options"] = chosen
    return _input(label, action_id, element, "")


def _input(label: str, action_id: str, element: Block, hint: str) -> Block:
    made: Block = {
        "type": "input",
        "block_id": action_id,
        "label": plain(label, LONGEST_LABEL),
        "element": element,
    }
    if hint:
        made["hint"] = plain(hint, LONGEST_HINT)
    return made


def modal(
    title: str,
    blocks: Iterable[Block],
    *,
    close: str,
    callback_id: str = "lotsen",
    submit: str = "",
    metadata: str = "",
    notify_on_close: bool = False,
) -> View:
    made: View = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, LONGEST_TITLE),
        "close": plain(close, LONGEST_TITLE),
        "blocks": list(blocks)[:MOST_BLOCKS],
        "private_metadata": metadata,
        "notify_on_close": notify_on_close,
    }
    if submit:
        made["submit"] = plain(submit, LONGEST_TITLE)
    return made


def home(blocks: Iterable[Block]) -> View:
    return {"type": "home", "blocks": list(blocks)[:MOST_BLOCKS]}


def _span_of(group: Sequence[Block]) -> str:
    first, last = (str(one["text"]["text"])[:20] for one in (group[0], group[-1]))
    return f"{first} – {last}"
