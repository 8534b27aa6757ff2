"""A person with Slack in the hand: sees windows, messages and the Home tab, taps and writes."""

import time
import uuid
from collections.abc import Mapping
from typing import Any

from tests.bot.slack.fake_slack import TEAM, Ack, FakeSlack, Json, event_of


class SlackUser:
    def __init__(self, slack: FakeSlack, user: str, *, by_socket: bool = False) -> None:
        self.slack = slack
        self.id = user
        self.dm = f"D{user[1:]}"
        self.by_socket = by_socket
        self.acks: list[Ack] = []

    # What the person does

    def command(self, text: str = "", *, trigger: str = "") -> Ack:
        return self.send(self.command_payload(text, trigger=trigger), "command")

    def command_payload(self, text: str = "", *, trigger: str = "") -> Json:
        return {
            "command": "/avvikelse",
            "text": text,
            "user_id": self.id,
            "team_id": TEAM,
            "channel_id": "C0ALL",
            "trigger_id": trigger or self.slack.trigger(self.id),
            "token": "secret-verification-token",
            "response_url": "https://hooks.slack.invalid/secret",
        }

    def shortcut(self, callback_id: str, message: str = "") -> Ack:
        payload = self._payload("message_action" if message else "shortcut")
        payload |= {"callback_id": callback_id, "action_ts": _moment()}
        if message:
            payload |= {"message": {"text": message, "ts": "1.1"}, "channel": {"id": "C0ALL"}}
        return self.send(payload, "payload")

    def tap(self, label: str) -> Ack:
        """Tap the button with this label: in the window if one is open, else the last message."""
        return self.send(self.tap_payload(label), "payload")

    def tap_payload(self, label: str, message: Json | None = None) -> Json:
        surface = message or self.window() or self.last_message()
        block, element = _find(surface["blocks"], label)
        return self.tap_on(surface, block, element)

    def tap_home(self, label: str) -> Ack:
        surface = {**self.slack.homes[self.id], "id": "VHOME", "type": "home"}
        block, element = _find(surface["blocks"], label)
        return self.send(self.tap_on(surface, block, element), "payload")

    def choose(self, label: str) -> Ack:
        """Choose from the list of the window, or the last message."""
        surface = self.window() or self.last_message()
        for block in surface["blocks"]:
            for element in block.get("elements", []):
                for option in element.get("options", []):
                    if option["text"]["text"] == label:
                        chosen = {"selected_option": option}
                        return self.send(self.tap_on(surface, block, element, chosen), "payload")
        raise AssertionError(f"no such option: {label}")

    def write(self, text: str) -> Ack:
        """Fill in the window's text and press its button."""
        return self.send(self.submission(text), "payload")

    def submit(self, **chosen: str) -> Ack:
        return self.send(self.submission(**chosen), "payload")

    def submission(self, text: str | None = None, **chosen: str) -> Json:
        window = self.window()
        assert window is not None, "no window is open"
        assert "submit" in window, "the window has no button to send"
        values = {}
        for block in window["blocks"]:
            if block["type"] != "input":
                continue
            element = block["element"]
            given = text if text is not None else element.get("initial_value")
            state: Json = {"type": element["type"], "value": given}
            if element["type"] == "radio_buttons":
                value = chosen[element["action_id"]]
                option = next(o for o in element["options"] if o["value"] == value)
                state = {"type": element["type"], "selected_option": option}
            if element["type"] == "checkboxes":
                state = {"type": element["type"], "selected_options": _ticked(element, chosen)}
            values[block["block_id"]] = {element["action_id"]: state}
        payload = self._payload("view_submission")
        view = {k: window[k] for k in ("id", "type", "callback_id", "private_metadata", "blocks")}
        return payload | {"view": {**view, "hash": "1.x", "state": {"values": values}}}

    def type_and_tap(self, text: str, label: str) -> Ack:
        """Write in the window and leave it by another button."""
        payload = self.tap_payload(label)
        for block in payload["view"]["blocks"]:
            if block["type"] == "input":
                state = {"type": "plain_text_input", "value": text}
                values = {block["block_id"]: {block["element"]["action_id"]: state}}
                payload["view"]["state"] = {"values": values}
        return self.send(payload, "payload")

    def close(self) -> Ack:
        window = self.window()
        assert window is not None
        self.slack.views[window["id"]]["open"] = False
        if not window["notify_on_close"]:
            return Ack(200, {}, 0)
        return self.send({**self._payload("view_closed"), "view": window}, "payload")

    def say(self, text: str, **more: object) -> Ack:
        return self.send(self.saying(text, "", **more))

    def saying(self, text: str, event_id: str = "", **more: object) -> Json:
        event = {
            "type": "message",
            "channel_type": "im",
            "channel": self.dm,
            "user": self.id,
            "text": text,
            "ts": _moment(),
            **more,
        }
        return event_of(event, event_id)

    def mention(self, text: str) -> Ack:
        event = {"type": "app_mention", "channel": "C0ALL", "user": self.id, "text": text}
        return self.send(event_of({**event, "ts": _moment()}))

    def go_home(self) -> list[str]:
        event = {"type": "app_home_opened", "user": self.id, "channel": self.dm, "tab": "home"}
        self.slack.homes.pop(self.id, None)
        self.send(event_of(event))
        self.until(lambda: self.id in self.slack.homes)
        return texts_of(self.slack.homes[self.id]["blocks"])

    def send(self, payload: Json, form: str = "") -> Ack:
        if self.by_socket:
            kinds = {"": "events_api", "command": "slash_commands", "payload": "interactive"}
            ack = self.slack.deliver_by_socket(kinds[form], payload)
        else:
            ack = self.slack.deliver(payload, form=form)
        self.acks.append(ack)
        if payload.get("type") == "view_submission":
            self.slack.answer_submission(payload["view"]["id"], ack)
        return ack

    # What the person sees

    def window(self) -> Json | None:
        """Return the window that was opened last, unless it is closed."""
        views = list(self.slack.views.values())
        opened = [view for view in views if view["open"] and view["user"] in ("", self.id)]
        return opened[-1] if opened else None

    def last_message(self) -> Json:
        found = [m for m in self.slack.messages if m["channel"] == self.dm and m.get("blocks")]
        return found[-1] if found else {"blocks": []}

    def sees(self) -> list[str]:
        window = self.window()
        return texts_of(window["blocks"]) if window else []

    def reads(self) -> list[str]:
        """Return what stands in the private conversation, all messages."""
        own = [m for m in self.slack.messages if m["channel"] == self.dm]
        return [t for m in own for t in (m["text"], *texts_of(m.get("blocks") or []))]

    def waits_for(self, words: str) -> None:
        """Wait until these words stand in the window."""
        self.until(lambda: any(words in text for text in self.sees()), words)

    def question(self) -> str:
        """Return what names the question in the window; empty while there is none."""
        window = self.window() or {}
        return str(window.get("private_metadata", ""))

    def waits_for_another_question(self, than: str) -> None:
        self.until(lambda: self.question() not in ("", than), "another question")

    def waits_to_read(self, words: str) -> None:
        self.until(lambda: any(words in text for text in self.reads()), words)

    def until(self, holds: Any, what: str = "", seconds: float = 30) -> None:
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                raise AssertionError(f"never came: {what}; sees {self.sees()}; {self.reads()}")
            time.sleep(0.005)

    def _payload(self, kind: str) -> Json:
        return {
            "type": kind,
            "token": "secret-verification-token",
            "team": {"id": TEAM, "domain": "lotsen"},
            "user": {"id": self.id, "team_id": TEAM, "username": "x"},
            "trigger_id": self.slack.trigger(self.id),
        }

    def tap_on(self, surface: Json, block: Json, element: Json, chosen: Json | None = None) -> Json:
        chosen = chosen or {"value": element.get("value"), "text": element.get("text")}
        tapped = {
            "type": element["type"],
            "action_id": element["action_id"],
            "block_id": block.get("block_id", "auto"),
            "action_ts": _moment(),
            **chosen,
        }
        payload = self._payload("block_actions") | {"actions": [tapped]}
        if "ts" in surface:
            place = {"message_ts": surface["ts"], "channel_id": surface["channel"]}
            return payload | {"container": {"type": "message", **place}}
        view = {**surface, "state": {"values": {}}}
        return payload | {"container": {"type": "view"}, "view": view}


def texts_of(blocks: list[Json]) -> list[str]:
    """Return every text that can be read, buttons and filled-in words among them."""
    found = []
    for block in blocks:
        if "text" in block:
            found.append(block["text"]["text"])
        for element in (*block.get("elements", []), block.get("accessory") or {}):
            text = element.get("text", "")
            found.append(text["text"] if isinstance(text, dict) else text)
            found += [o["text"]["text"] for o in element.get("options", [])]
        if block["type"] == "input":
            found += [block["label"]["text"], block["element"].get("initial_value", "")]
    return [text for text in found if text]


def _ticked(element: Json, chosen: Mapping[str, str]) -> list[Json]:
    """Return what is ticked: several with a comma, or what was ticked from the start."""
    initial: list[Json] = element.get("initial_options", [])
    if element["action_id"] not in chosen:
        return initial
    values = chosen[element["action_id"]].split(",")
    return [one for one in element["options"] if one["value"] in values]


def _find(blocks: list[Json], label: str) -> tuple[Json, Json]:
    for block in blocks:
        for element in (*block.get("elements", []), block.get("accessory") or {}):
            text = element.get("text")
            if isinstance(text, dict) and element["type"] == "button" and text["text"] == label:
                return block, element
    raise AssertionError(f"no such button: {label} in {texts_of(blocks)}")


def _moment() -> str:
    return f"{time.time():.4f}{uuid.uuid4().int % 10**6:06d}"
