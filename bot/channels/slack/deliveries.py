"""What Slack sends, reduced at the door to the little that Lotsen needs.

Only this is stored: no tokens, no response addresses, no copies of our own views.
"""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from hashlib import sha256
from typing import Any

from pydantic import BaseModel, ConfigDict

_MENTION = re.compile(r"<@[^>]*>")
_LINK = re.compile(r"<(?P<target>[^|>]*)(?:\|(?P<label>[^>]*))?>")

TEXT = "text"  # the action id of every text input


class Kind(StrEnum):
    COMMAND = "command"
    SHORTCUT = "shortcut"
    TAP = "tap"  # a button or a list
    SUBMISSION = "submission"
    CLOSED = "closed"  # a window, by the person
    MESSAGE = "message"  # in the private conversation
    MENTION = "mention"
    HOME = "home"
    REVOKED = "revoked"
    OTHER = "other"


class Delivery(BaseModel):
    """`key` is unique for what the person did, and the same when Slack sends it again."""

    model_config = ConfigDict(frozen=True)

    kind: Kind
    key: str
    team: str
    user: str = ""
    text: str = ""
    action: str = ""
    value: str = ""
    label: str = ""  # what stands on the button, or the chosen line of a list
    block: str = ""
    trigger: str = ""
    view: str = ""  # the modal that it happened in
    metadata: str = ""
    answers: dict[str, str] = {}
    channel: str = ""
    message: str = ""  # the moment that names the message that it happened in
    has_files: bool = False


Body = Mapping[str, Any]


def read_delivery(body: Body) -> Delivery:
    """Return the delivery; raises pydantic's ValidationError on what Slack never sends."""
    if "command" in body:
        return _command(body)
    reader = _READERS.get(str(body.get("type", "")), _other)
    return reader(body)


def _command(body: Body) -> Delivery:
    return Delivery(
        kind=Kind.COMMAND,
        key=f"command/{body['trigger_id']}",
        team=body["team_id"],
        user=body["user_id"],
        action=body["command"],
        text=body.get("text") or "",
        trigger=body["trigger_id"],
        channel=body.get("channel_id") or "",
    )


def _shortcut(body: Body) -> Delivery:
    message = body.get("message") or {}
    return Delivery(
        kind=Kind.SHORTCUT,
        key=f"shortcut/{body['trigger_id']}",
        team=_team(body),
        user=_user(body),
        action=body["callback_id"],
        text=_readable(message.get("text") or ""),
        trigger=body["trigger_id"],
        channel=(body.get("channel") or {}).get("id", ""),
    )


def _tap(body: Body) -> Delivery:
    tapped = body["actions"][0]
    view = body.get("view") or {}
    chosen = tapped.get("selected_option") or {}
    container = body.get("container") or {}
    in_modal = view.get("type") == "modal"
    return Delivery(
        kind=Kind.TAP,
        key=f"tap/{_user(body)}/{tapped.get('action_ts', '')}/{tapped['action_id'][:100]}",
        team=_team(body),
        user=_user(body),
        action=tapped["action_id"],
        value=tapped.get("value") or chosen.get("value") or "",
        label=str(((chosen or tapped).get("text") or {}).get("text") or ""),
        block=tapped.get("block_id") or "",
        trigger=body.get("trigger_id") or "",
        view=view.get("id", "") if in_modal else "",
        metadata=view.get("private_metadata") or "" if in_modal else "",
        answers=_answers(view),
        channel=container.get("channel_id") or (body.get("channel") or {}).get("id", ""),
        message=container.get("message_ts") or "",
    )


def _submission(body: Body) -> Delivery:
    view = body["view"]
    answers = _answers(view)
    # A submission has no id of its own; its trigger is new for every press.
    content = body.get("trigger_id") or repr(sorted(answers.items()))
    digest = sha256(f"{view.get('private_metadata')}/{content}".encode()).hexdigest()[:32]
    return Delivery(
        kind=Kind.SUBMISSION,
        key=f"submission/{view['id']}/{digest}",
        team=_team(body),
        user=_user(body),
        action=view.get("callback_id") or "",
        trigger=body.get("trigger_id") or "",
        view=view["id"],
        metadata=view.get("private_metadata") or "",
        answers=answers,
    )


def _closed(body: Body) -> Delivery:
    view = body["view"]
    return Delivery(
        kind=Kind.CLOSED,
        key=f"closed/{view['id']}",
        team=_team(body),
        user=_user(body),
        action=view.get("callback_id") or "",
        metadata=view.get("private_metadata") or "",
    )


def _event(body: Body) -> Delivery:
    event = body["event"]
    kind = _kind_of_event(event)
    return Delivery(
        kind=kind,
        key=f"event/{body['event_id']}",
        team=body["team_id"],
        user=_name(event.get("user")),
        # What is said in channels is not ours to keep.
        text=_readable(event.get("text") or "") if kind == Kind.MESSAGE else "",
        action=event.get("type") or "",
        channel=_name(event.get("channel")),
        message=event.get("ts") or "",
        has_files=bool(event.get("files")),
    )


def _kind_of_event(event: Body) -> Kind:
    kind = str(event.get("type", ""))
    from_machine = bool(event.get("bot_id"))
    # Edits, deletions and joins are messages with a subtype; a file is a message of the person.
    said = event.get("subtype") in (None, "", "file_share")
    if kind == "message" and event.get("channel_type") == "im" and said and not from_machine:
        return Kind.MESSAGE
    if kind == "app_mention" and not from_machine:
        return Kind.MENTION
    if kind == "app_home_opened" and event.get("tab", "home") == "home":
        return Kind.HOME
    return Kind.REVOKED if kind in ("tokens_revoked", "app_uninstalled") else Kind.OTHER


def _other(body: Body) -> Delivery:
    digest = sha256(repr(sorted(body.items())).encode()).hexdigest()
    return Delivery(kind=Kind.OTHER, key=f"other/{digest}", team=_team(body))


def _answers(view: Body) -> dict[str, str]:
    """Return what stands in the inputs: action id to text or chosen value, several with a comma."""
    found = {}
    for block in ((view.get("state") or {}).get("values") or {}).values():
        for action_id, state in block.items():
            one = state.get("selected_option")
            chosen = [one] if one else state.get("selected_options") or []
            values = ",".join(str(option.get("value") or "") for option in chosen)
            found[str(action_id)] = str(state.get("value") or values)
    return found


def _team(body: Body) -> str:
    team = body.get("team") or {}
    return str(team.get("id") or body.get("team_id") or "") if isinstance(team, Mapping) else ""


def _user(body: Body) -> str:
    return str(body["user"]["id"])


def _readable(text: str) -> str:
    """Return a message as it was typed, with "[kollega]" where somebody was mentioned."""
    text = _MENTION.sub("[kollega]", text)
    text = _LINK.sub(lambda found: found["label"] or found["target"], text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _name(value: object) -> str:
    """Return an id; some events carry the whole object in its place."""
    return str(value.get("id", "")) if isinstance(value, Mapping) else str(value or "")


_READERS: Mapping[str, Callable[[Body], Delivery]] = {
    "event_callback": _event,
    "block_actions": _tap,
    "view_submission": _submission,
    "view_closed": _closed,
    "shortcut": _shortcut,
    "message_action": _shortcut,
}
