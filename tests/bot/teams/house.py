"""A Lotsen with an open Teams door, and short ways to do what people do there."""

import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.channels.teams.cards import CONTENT_TYPE, LARGEST_BYTES
from bot.channels.teams.door import TeamsDoor, build_teams
from bot.channels.teams.settings import TeamsSettings
from tests.bot.teams.fake_teams import BOT, TENANT, Call, FakeTeams
from tests.lotskoping import Lotskoping

Json = dict[str, Any]


def settings_of_tests(**more: Any) -> TeamsSettings:
    return TeamsSettings(
        _env_file=None,
        client_id=BOT,
        tenant_id=TENANT,
        client_secret="local",
        service_hosts=("127.0.0.1", "localhost"),
        **{"invoke_patience_seconds": 3.0, **more},  # a busy machine is no slow database
    )


def open_door(lotskoping: Lotskoping, fake: FakeTeams, settings: TeamsSettings) -> TeamsDoor:
    from microsoft_teams.api.auth.cloud_environment import PUBLIC, with_overrides

    cloud = with_overrides(
        PUBLIC, openid_metadata_url=f"{fake.url}/v1/.well-known/openidconfiguration"
    )
    door = build_teams(
        lotskoping.services, settings, cloud=cloud, token=lambda scope, tenant: fake.bot_token()
    )
    assert door is not None
    return door


@dataclass
class House:
    """What the person `user` sees: `chat` is the card that stands last in the private chat."""

    lotskoping: Lotskoping
    fake: FakeTeams
    door: TeamsDoor
    client: TestClient
    user: str = "nadia"
    _ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def address(self) -> str:
        return f"teams:{TENANT}:aad-{self.user}"

    def activity(self, kind: str = "message", **more: Any) -> Json:
        return {
            "type": kind,
            "id": f"a-{next(self._ids)}",
            "serviceUrl": self.fake.service_url,
            "channelId": "msteams",
            "from": {"id": self.user, "aadObjectId": f"aad-{self.user}", "name": "Nadia Påhittad"},
            "recipient": {"id": f"28:{BOT}"},
            "conversation": {
                "id": f"chat-{self.user}",
                "tenantId": TENANT,
                "conversationType": "personal",
            },
            "channelData": {"tenant": {"id": TENANT}},
            "locale": "sv-SE",
        } | more

    def post(self, activity: Json, token: str | None = None) -> Any:
        token = self.fake.token() if token is None else token
        headers = {"authorization": f"Bearer {token}"} if token else {}
        return self.client.post("/api/messages", json=activity, headers=headers)

    def write(self, text: str, **more: Any) -> Json:
        """Write in the chat and return the card that answers."""
        before = len(self.fake.calls)
        assert self.post(self.activity(text=text, **more)).status_code == 200
        return self.fake.wait_for(before + 1)[-1].card

    def tap(self, card: Json, label: str, **inputs: str) -> Json:
        """Tap a button and return the card that stands in its place."""
        return self.invoke(button(card, label), **inputs)

    def invoke(self, action: Json, activity_id: str = "", **inputs: str) -> Json:
        data = {**action["data"], **inputs}
        value = {"action": {"type": "Action.Execute", "verb": action["verb"], "data": data}}
        activity = self.activity(
            "invoke", name="adaptiveCard/action", value=value, replyToId="card-1"
        )
        if activity_id:
            activity["id"] = activity_id
        answer = self.post(activity)
        assert answer.status_code == 200, answer.text
        body: Json = answer.json()
        return body["value"] if isinstance(body["value"], dict) else body

    def open_dialog(self, card: Json, label: str) -> Json:
        """Tap a button that opens a dialog and return the dialog's task."""
        value = {"data": button(card, label)["data"], "context": {"theme": "default"}}
        answer = self.post(
            self.activity("invoke", name="task/fetch", value=value, replyToId="card-1")
        )
        check_task(answer)
        task: Json = answer.json()["task"]
        return task

    def fill_dialog(self, task: Json, text: str, *, label: str = "") -> Any:
        """Write in a dialog and press its first button, or another; return Teams' answer."""
        dialog = task["value"]["card"]["content"]
        pressed = next(one for one in dialog["actions"] if label in ("", one["title"]))
        data = {**pressed["data"], "text": text}
        answer = self.post(self.activity("invoke", name="task/submit", value={"data": data}))
        check_task(answer)
        return answer

    def answer_in_dialog(self, card: Json, text: str, label: str = "Skriv svaret") -> Json:
        """Open, write, save; return the card that stands in the chat afterwards."""
        before = len(self.fake.calls)
        assert self.fill_dialog(self.open_dialog(card, label), text).status_code == 200
        return self.fake.wait_for(before + 1)[-1].card

    def begin(self) -> Json:
        return self.tap(self.write("hej"), "Rapportera en händelse")

    def to_summary(self, what: str = "Hittad på golvet vid sängen.") -> Json:
        card = self.tap(self.begin(), "Nej")
        card = self.answer_in_dialog(card, what)
        card = self.tap(card, "Tidigare i dag")
        card = self.choose(card, "bjorkgarden")
        card = self.tap(card, "Nej, inte förut")
        card = self.tap(card, "Ingen blev påverkad")
        card = self.tap(card, "Sjuksköterska fick veta")
        return self.invoke(first_answer(card))

    def choose(self, card: Json, value: str) -> Json:
        """Choose from a list, or tap the button with that value."""
        for action in actions(card):
            if action.get("data", {}).get("choice") == value:
                return self.invoke(action)
        return self.tap(card, "Välj", choice=value)

    def cards(self) -> list[Call]:
        return self.fake.calls


@contextmanager
def open_house(
    lotskoping: Lotskoping, fake: FakeTeams, settings: TeamsSettings | None = None
) -> Iterator[House]:
    door = open_door(lotskoping, fake, settings or settings_of_tests())
    door.start()
    app = FastAPI()
    app.include_router(door.router)
    with TestClient(app) as client:
        yield House(lotskoping=lotskoping, fake=fake, door=door, client=client)
    door.stop()


def check_task(answer: Any) -> None:
    """Refuse what Teams would not take as the answer to a dialog; nothing closes it."""
    from microsoft_teams.api.models import TaskModuleResponse
    from microsoft_teams.cards import AdaptiveCard

    if answer.status_code != 200 or not answer.content:
        return
    TaskModuleResponse.model_validate(answer.json())
    task = answer.json()["task"]
    assert task["type"] in ("continue", "message"), task
    if task["type"] == "message":
        assert isinstance(task["value"], str), task
        return
    value = task["value"]
    assert 0 < len(value["title"]) <= 64, value["title"]
    assert {value["height"], value["width"]} <= {"small", "medium", "large"}, value
    assert value["card"]["contentType"] == CONTENT_TYPE, value["card"]
    AdaptiveCard.model_validate(value["card"]["content"])
    # A dialog answers with Submit; Execute is for cards in the chat.
    kinds = {action["type"] for action in actions(value["card"]["content"])}
    assert kinds <= {"Action.Submit"}, kinds
    assert len(json.dumps(answer.json()).encode()) < LARGEST_BYTES


def elements(node: Any) -> Iterator[Json]:
    """Every element and action of a card, also inside others."""
    if isinstance(node, dict):
        if "type" in node:
            yield node
        for inner in node.values():
            yield from elements(inner)
    if isinstance(node, list):
        for inner in node:
            yield from elements(inner)


def actions(card: Json) -> list[Json]:
    return [e for e in elements(card) if str(e.get("type", "")).startswith("Action.")]


def button(card: Json, label: str) -> Json:
    found = [a for a in actions(card) if a.get("title") == label]
    assert found, f"{label!r} is not among {[a.get('title') for a in actions(card)]}"
    return found[0]


def labels(card: Json) -> list[str]:
    return [str(a.get("title")) for a in actions(card)]


def first_answer(card: Json) -> Json:
    return next(a for a in actions(card) if a.get("data", {}).get("choice"))


def words(card: Json) -> str:
    """Everything that a person reads on a card, its buttons left out."""
    return "\n".join(str(e["text"]) for e in elements(card) if "text" in e)
