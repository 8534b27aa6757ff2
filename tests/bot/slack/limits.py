"""Slack's rules for views and blocks, checked with the SDK's models and beyond them."""

from collections.abc import Iterator
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

LIMITS = {"plain_text": 3000, "mrkdwn": 3000}
MOST_BLOCKS = {"modal": 100, "home": 100, "message": 50}


class Refused(Exception):
    """Carries Slack's error code."""


def check_view(view: dict[str, Any]) -> None:
    kind = view.get("type")
    need(kind in ("modal", "home"), "invalid_view_type")
    View(**view).validate_json()
    need(len(view.get("private_metadata", "")) <= 3000, "metadata_too_long")
    need(len(view.get("callback_id", "")) <= 255, "callback_id_too_long")
    if kind == "modal":
        for part in ("title", "submit", "close"):
            if part in view:
                need(0 < len(view[part]["text"]) <= 24, f"{part}_too_long")
                need(view[part]["type"] == "plain_text", f"{part}_not_plain")
        need("title" in view, "no_title")
        has_input = any(block["type"] == "input" for block in view["blocks"])
        need(not has_input or "submit" in view, "input_without_submit")
    check_blocks(view["blocks"], str(kind))


def check_blocks(blocks: list[dict[str, Any]], surface: str) -> None:
    need(len(blocks) <= MOST_BLOCKS[surface], "too_many_blocks")
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    need(len(ids) == len(set(ids)), "block_id_twice")
    need(all(0 < len(one) <= 255 for one in ids), "block_id_too_long")
    for block in blocks:
        model = Block.parse(block)
        need(model is not None, "unknown_block")
        assert model is not None
        model.validate_json()
        _check_block(block, surface)


def _check_block(block: dict[str, Any], surface: str) -> None:
    for text in _texts(block):
        need(0 < len(text["text"]) <= LIMITS[text["type"]], "text_length")
    match block["type"]:
        case "section":
            need("text" in block or "fields" in block, "empty_section")
        case "actions":
            need(0 < len(block["elements"]) <= 25, "too_many_elements")
        case "context":
            need(0 < len(block["elements"]) <= 10, "too_many_elements")
        case "input":
            need(surface != "home", "input_in_home")
            need(0 < len(block["label"]["text"]) <= 2000, "label_length")
        case "divider":
            pass
        case other:
            raise Refused(f"unexpected_block_{other}")
    elements = list(_elements(block))
    ids = [element["action_id"] for element in elements]
    need(len(ids) == len(set(ids)), "action_id_twice")
    for element in elements:
        _check_element(element)


def _check_element(element: dict[str, Any]) -> None:
    need(0 < len(element["action_id"]) <= 255, "action_id_length")
    match element["type"]:
        case "button":
            need(len(element["text"]["text"]) <= 75, "button_text")
            need(element["text"]["type"] == "plain_text", "button_not_plain")
            need(len(element.get("value", "x")) in range(1, 2001), "button_value")
            need(len(element.get("url", "")) <= 3000, "button_url")
            need(element.get("style", "primary") in ("primary", "danger"), "button_style")
        case "static_select" | "radio_buttons" | "checkboxes":
            _check_options(element)
        case "plain_text_input":
            most = element.get("max_length", 3000)
            need(1 <= most <= 3000, "max_length")
            need(len(element.get("initial_value", "")) <= most, "initial_value")
        case other:
            raise Refused(f"unexpected_element_{other}")


def _check_options(element: dict[str, Any]) -> None:
    groups = element.get("option_groups") or [{"options": element["options"]}]
    need(len(groups) <= 100, "too_many_groups")
    found = []
    for group in groups:
        most = 100 if element["type"] == "static_select" else 10
        need(0 < len(group["options"]) <= most, "option_count")
        need(len(group.get("label", {"text": "x"})["text"]) <= 75, "group_label")
        found += group["options"]
    for option in found:
        need(0 < len(option["text"]["text"]) <= 75, "option_text")
        need(0 < len(option["value"]) <= 150, "option_value")
        need(len(option.get("description", {"text": ""})["text"]) <= 75, "option_description")
    initial = element.get("initial_option")
    need(initial is None or initial in found, "initial_option_not_offered")
    several = element.get("initial_options", found)
    need(bool(several) and all(one in found for one in several), "initial_options_not_offered")


def _texts(block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "text" in block:
        yield block["text"]
    if block["type"] == "context":
        yield from block["elements"]


def _elements(block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if block["type"] == "actions":
        yield from block["elements"]
    if block["type"] == "input":
        yield block["element"]
    if "accessory" in block:
        yield block["accessory"]


def need(holds: bool, code: str) -> None:
    if not holds:
        raise Refused(code)
