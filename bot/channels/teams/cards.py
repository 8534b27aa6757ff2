"""The building blocks of Adaptive Cards 1.5, as far as Teams shows them on phones and computers."""

from collections.abc import Mapping, Sequence
from typing import Any

Card = dict[str, Any]
Element = dict[str, Any]
Data = Mapping[str, object]
LONGEST_INPUT = 4000  # characters that a box takes

SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
CONTENT_TYPE = "application/vnd.microsoft.card.adaptive"
MESSAGE_TYPE = "application/vnd.microsoft.activity.message"
LARGEST_BYTES = 28_000  # Teams refuses messages above it


def card(
    body: Sequence[Element], *, fallback: str, language: str, actions: Sequence[Element] = ()
) -> Card:
    """`fallback` is what a client that cannot show cards says instead, and the notification."""
    made: Card = {
        "type": "AdaptiveCard",
        "$schema": SCHEMA,
        "version": "1.5",
        "lang": language,
        "fallbackText": fallback,
        "speak": fallback,
        "body": list(body),
    }
    if actions:
        made["actions"] = list(actions)
    return made


def text(words: str, **style: object) -> Element:
    """Our own words; Teams reads simple Markdown in them."""
    return {"type": "TextBlock", "text": words, "wrap": True, **style}


def heading(words: str) -> Element:
    return text(words, weight="Bolder", size="Medium", style="heading")


def subtle(words: str, *, spacing: str = "Small") -> Element:
    return text(words, isSubtle=True, spacing=spacing)


def literal(words: str) -> list[Element]:
    """What a person has written: shown letter by letter, never read as Markdown or links."""
    return [
        {
            "type": "RichTextBlock",
            "spacing": "Small",
            "inlines": [{"type": "TextRun", "text": line or " "}],
        }
        for line in words.split("\n")
    ]


def warning(words: str) -> Element:
    return {
        "type": "Container",
        "style": "attention",
        "items": [text(words, weight="Bolder")],
        "bleed": False,
    }


def note(words: str) -> Element:
    return {"type": "Container", "style": "emphasis", "items": [text(words)]}


def button(
    label: str, verb: str, data: Data, *, style: str = "", inputs: bool = False, minor: bool = False
) -> Element:
    """A tap that the bot answers with the card's next state."""
    made: Element = {
        "type": "Action.Execute",
        "title": label,
        "verb": verb,
        "data": {**data, "verb": verb},
        "associatedInputs": "auto" if inputs else "none",
    }
    if style:
        made["style"] = style
    if minor:
        made["mode"] = "secondary"
    return made


def opening(label: str, body: Sequence[Element], save: Element) -> Element:
    """A tap that opens some questions under the card."""
    return {
        "type": "Action.ShowCard",
        "title": label,
        "card": {"type": "AdaptiveCard", "body": list(body), "actions": [save]},
    }


def dialog_button(label: str, verb: str, data: Data, *, style: str = "") -> Element:
    """A tap that opens a dialog; what is written there never stands in the chat."""
    made: Element = {
        "type": "Action.Submit",
        "title": label,
        "data": {**data, "verb": verb, "msteams": {"type": "task/fetch"}},
        "associatedInputs": "none",
    }
    if style:
        made["style"] = style
    return made


def submit_button(label: str, verb: str, data: Data) -> Element:
    """The way out of a dialog."""
    return {"type": "Action.Submit", "title": label, "data": {**data, "verb": verb}}


def link(label: str, url: str) -> Element:
    return {"type": "Action.OpenUrl", "title": label, "url": url}


def unfolding(label: str, target: str) -> Element:
    """A tap that shows what is hidden under an id, and hides it again."""
    return {"type": "Action.ToggleVisibility", "title": label, "targetElements": [target]}


def folded(words: str, target: str) -> Element:
    return text(words, id=target, isVisible=False, spacing="Small")


def choices_row(actions: Sequence[Element]) -> Element:
    """Buttons among the text, each with its own place in the reading order."""
    return {"type": "ActionSet", "actions": list(actions)}


def tappable_row(label: str, lines: Sequence[Element], action: Element) -> Element:
    """A line with more behind it; `label` is what a screen reader says of the tap."""
    left = {"type": "Column", "width": "stretch", "items": [subtle(label), *lines]}
    right = {
        "type": "Column",
        "width": "auto",
        "verticalContentAlignment": "Center",
        "items": [text("›", size="Large", color="Accent")],
    }
    return {
        "type": "ColumnSet",
        "columns": [left, right],
        "selectAction": action,
        "separator": True,
        "spacing": "Small",
    }


def with_notes(made: Card, notes: Sequence[str]) -> Card:
    return {**made, "body": [*(note(words) for words in notes), *made["body"]]}


def rows(actions: Sequence[Element]) -> list[Element]:
    """One button a row: long answers stay whole on a narrow phone."""
    return [{"type": "ActionSet", "spacing": "Small", "actions": [action]} for action in actions]


def side_by_side(actions: Sequence[Element]) -> list[Element]:
    return [{"type": "ActionSet", "actions": list(actions)}] if actions else []


def text_input(label: str, *, value: str = "", error: str = "", required: bool = True) -> Element:
    made: Element = {
        "type": "Input.Text",
        "id": "text",
        "label": label,
        "isMultiline": True,
        "isRequired": required,
        "errorMessage": error,
        "maxLength": LONGEST_INPUT,
    }
    if value:
        made["value"] = value
    return made


def choice_input(
    input_id: str,
    choices: Sequence[tuple[str, str]],
    *,
    label: str,
    error: str,
    style: str = "expanded",
    hint: str = "",
    value: str = "",
    several: bool = False,
) -> Element:
    """`choices` are label and value; `style` filtered lets a person type to find one.

    `value` is chosen beforehand; of `several` the values are parted by a comma, both ways.
    """
    made: Element = {
        "type": "Input.ChoiceSet",
        "id": input_id,
        "label": label,
        "style": style,
        "isRequired": True,
        "errorMessage": error,
        "choices": [{"title": title, "value": value} for title, value in choices],
    }
    if hint:
        made["placeholder"] = hint
    if value:
        made["value"] = value
    if several:
        made["isMultiSelect"] = True
    return made
