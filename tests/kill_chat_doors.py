"""Two phones for tests/kill_chats.py: one person's Slack, one person's Teams, and the doors."""

import copy
import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.channels.slack.door import build_slack
from bot.channels.teams.connector import build_app
from bot.delivery import deliver_outbox
from bot.serving import build_channels
from tests.bot.slack.fake_slack import FakeSlack, Json, sign
from tests.bot.slack.slack_user import SlackUser
from tests.bot.slack.stage import ANNA, slack_settings
from tests.bot.teams.fake_teams import FakeTeams
from tests.bot.teams.house import House, actions, button, open_door, settings_of_tests
from tests.kill_runner import until
from tests.lotskoping import Lotskoping

STORY = "Personen fick fel dos insulin"


class SlackPhone:
    """The report by command, taps and windows; one answer is typed in the conversation."""

    def __init__(self) -> None:
        self.slack = FakeSlack()
        self.slack.add_user(ANNA, "anna.okand@lotskoping.example")
        self.anna = SlackUser(self.slack, ANNA)
        anna = self.anna
        self._does: tuple[Callable[[], Json], ...] = (
            anna.command_payload,
            lambda: anna.tap_payload("Ja, fara nu"),
            lambda: anna.submission(STORY),
            lambda: anna.tap_payload("Nyss"),
            lambda: anna.saying("björkgården", "Ev1", ts="1780000000.5"),
            lambda: self._message("Nej, inte förut"),
            lambda: self._message("Oro, obehag eller litet sår"),
            lambda: self._message("Hoppa över"),
            lambda: self._message("Hoppa över"),
            lambda: self._message("Skicka rapporten"),
        )
        self.turns = len(self._does)

    def copy(self) -> Any:
        slack = self.slack
        return copy.deepcopy((slack.views, slack.messages, slack.homes))

    def put_back(self, kept: Any) -> None:
        self.slack.views, self.slack.messages, self.slack.homes = copy.deepcopy(kept)

    def payload(self, turn: int) -> Json:
        return self._does[turn]()

    def again(self, turn: int, payload: Json) -> Json:
        """Slack repeats an event; the person taps or sends again, from what stands there now."""
        return payload if payload.get("type") == "event_callback" else self.payload(turn)

    def deliver(self, lotskoping: Lotskoping, payload: Json | None) -> Iterator[Json]:
        door = build_slack(lotskoping.services, slack_settings(self.slack))
        assert door is not None
        app = FastAPI()
        app.include_router(door.router)
        with TestClient(app) as client:
            until(lambda: _is_handled(lotskoping))  # what a dead process has left
            if payload is not None:
                raw, kind = _encoded(payload)
                answer = client.post(
                    "/slack/events", content=raw, headers={"Content-Type": kind, **sign(raw)}
                )
                if answer.status_code == 200:
                    body = answer.json() if answer.text.startswith("{") else {}
                    yield {"body": body}
            until(lambda: door.intake.is_idle and _is_handled(lotskoping))
        channels = {**build_channels(lotskoping.services), "slack": door.channel}
        deliver_outbox(lotskoping.services, channels)

    def take_answer(self, payload: Json, answer: Json) -> None:
        body = answer["body"]
        view_id = (payload.get("view") or {}).get("id", "")
        if payload.get("type") == "view_submission" and "view" in body:
            known = self.slack.views[view_id]
            # What came as an update meanwhile is newer than the answer.
            if known["private_metadata"] == payload["view"]["private_metadata"]:
                self.slack.views[view_id] = {**known, **body["view"]}

    def receipts(self, number: str) -> int:
        dm = (m for m in self.slack.messages if m["channel"] == self.anna.dm)
        kept = (m for m in dm if "outbox" in str(m.get("metadata")))
        return sum(number in m["text"] for m in kept)

    def _message(self, label: str) -> Json:
        return self.anna.tap_payload(label, self.anna.last_message())


class TeamsPhone:
    """The report by a typed story, taps on cards and a dialog."""

    def __init__(self) -> None:
        # The library is loaded here, so that no child has to.
        build_app(settings_of_tests())
        self.fake = FakeTeams()
        self.card: Json = {}
        self._ids = (f"a-{uuid.uuid4().hex}" for _ in iter(int, 1))
        self._does: tuple[Callable[[], Json], ...] = (
            lambda: self._activity(id="first", text=f"{STORY} i natt på Björkgården"),
            lambda: self._tap("Ja, fara nu"),
            lambda: self._tap("Nej, inte förut"),
            lambda: self._tap("Oro, obehag eller litet sår"),
            lambda: self._written("done", "Ringde sjuksköterskan"),
            lambda: self._tap("Hoppa över"),
            lambda: self._tap("Skicka rapporten"),
        )
        self.turns = len(self._does)

    def copy(self) -> Any:
        return copy.deepcopy(self.card)

    def put_back(self, kept: Any) -> None:
        self.card = copy.deepcopy(kept)
        self.fake.calls.clear()

    def payload(self, turn: int) -> Json:
        return self._does[turn]()

    def again(self, turn: int, payload: Json) -> Json:
        """Teams repeats a message; the person taps again on the card that stands there."""
        return payload if payload["type"] == "message" else {**payload, "id": next(self._ids)}

    def deliver(self, lotskoping: Lotskoping, payload: Json | None) -> Iterator[Json]:
        door = open_door(lotskoping, self.fake, settings_of_tests())
        door.start()
        app = FastAPI()
        app.include_router(door.router)
        with TestClient(app) as client:
            door.sweep()
            if payload is not None:
                token = {"authorization": f"Bearer {self.fake.token()}"}
                answer = client.post("/api/messages", json=payload, headers=token)
                if answer.status_code == 200:
                    yield {"body": answer.json() if answer.content else {}}
            until(lambda: _is_handled(lotskoping))
        door.stop()
        channels = {**build_channels(lotskoping.services), "teams": door.channel}
        deliver_outbox(lotskoping.services, channels)

    def take_answer(self, payload: Json, answer: Json) -> None:
        """See the card that stands in the chat now: the answer to a tap, or what was sent."""
        body = answer["body"]
        shown = [call.card for call in self.fake.calls if "attachments" in call.body]
        if isinstance(body.get("value"), dict):
            self.card = body["value"]
        elif shown:
            self.card = shown[-1]

    def receipts(self, number: str) -> int:
        """Return in how many places the receipt stands: the card's, and messages of its own."""
        in_place = number in json.dumps(self.card)
        messages = [c for c in self.fake.calls if c.method == "POST" and "attachments" in c.body]
        return in_place + sum(number in json.dumps(call.body) for call in messages)

    def _activity(self, kind: str = "message", **more: Any) -> Json:
        house = House(lotskoping=None, fake=self.fake, door=None, client=None)  # type: ignore[arg-type]
        return house.activity(kind, **{"id": next(self._ids), **more})

    def _tap(self, label: str) -> Json:
        action = button(self.card, label)
        value = {
            "action": {"type": "Action.Execute", "verb": action["verb"], "data": action["data"]}
        }
        return self._activity("invoke", name="adaptiveCard/action", value=value, replyToId="card-1")

    def _written(self, question: str, text: str) -> Json:
        """A dialog that was opened from the card and is saved now."""
        opened = next(a for a in actions(self.card) if a.get("data", {}).get("verb") == "write")
        data = {**opened["data"], "verb": "text", "question": question, "card": "card-1"}
        data = {**data, "nonce": f"dialog-{opened['data']['nonce']}", "text": text}
        return self._activity("invoke", name="task/submit", value={"data": data})


def _is_handled(lotskoping: Lotskoping) -> bool:
    with lotskoping.services.unit_of_work(read_only=True) as uow:
        return not uow.inbox.in_state("new")


def _encoded(payload: Json) -> tuple[str, str]:
    form = "application/x-www-form-urlencoded"
    if "command" in payload:
        return urlencode(payload), form
    if payload["type"] == "event_callback":
        return json.dumps(payload), "application/json"
    return urlencode({"payload": json.dumps(payload)}), form
