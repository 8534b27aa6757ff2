"""Fifty people report in Slack, in Teams or on the web at once for a minute; part of `make bench`.

Lotsen runs in a process of its own, as in operation: door, pages, and the worker that sends. The
people and their local Slack or Teams are in this one. Everybody answers about two seconds after the
question is there, and begins anew when the report is sent. Alone: python -m tests.bench_chats
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.logs import configure_logs
from tests.bench_minute import (
    PEOPLE,
    PICKED,
    SECONDS,
    STORY,
    UNIT,
    Minute,
    Row,
    all_at_once,
    number_in,
    pause,
    serving,
)
from tests.bench_web_chat import in_web
from tests.bot.slack.fake_slack import FakeSlack
from tests.bot.slack.slack_user import SlackUser
from tests.bot.teams.fake_teams import FakeTeams
from tests.bot.teams.house import House, Json, actions
from tests.kill_runner import until
from tests.lotskoping import open_lotskoping
from tests.postgres import fresh_database, running_postgres


def in_slack(folder: Path, database_url: str) -> Minute:
    slack = FakeSlack()
    with serving("slack", folder, database_url, slack.api_url) as port:
        slack.app_port = port
        people = []
        for number in range(PEOPLE):
            slack.add_user(f"U0P{number}", f"p{number}@lotskoping.example")
            people.append(SlackUser(slack, f"U0P{number}"))
        minute = Minute(time.monotonic() + SECONDS)
        all_at_once([partial(report_in_slack, one, minute) for one in people])
    assert slack.faults == [], slack.faults[:3]
    slack.close()
    return minute


def report_in_slack(someone: SlackUser, minute: Minute) -> None:
    pause()
    while time.monotonic() < minute.ends_at:
        shown, acks = "", len(someone.acks)
        someone.command()
        while True:
            for ack in someone.acks[acks:]:
                minute.acknowledged(ack.status, ack.seconds)
            acks = len(someone.acks)
            someone.until(partial(_has_another_question, someone, shown), seconds=60)
            window, shown = someone.window() or {}, someone.question()
            if window["callback_id"] != "lotsen_report":
                minute.receipts.append(number_in(" ".join(someone.sees())))
                someone.slack.views[window["id"]]["open"] = False
                break
            pause()
            answer_in_slack(someone, window)


def _has_another_question(someone: SlackUser, shown: str) -> bool:
    return someone.question() not in ("", shown)


def answer_in_slack(someone: SlackUser, window: Json) -> None:
    seen = someone.sees()
    label = next((one for one in PICKED if one in seen), "")
    if UNIT[0] in seen and "Välj i listan" in json.dumps(window, ensure_ascii=False):
        someone.choose(UNIT[0])
    elif label:
        someone.tap(label)
    elif any(block["type"] == "input" for block in window["blocks"]):
        someone.write(STORY)
    elif "submit" in window:
        someone.submit()
    else:
        someone.tap("Vet inte")


def in_teams(folder: Path, database_url: str) -> Minute:
    fake = FakeTeams()
    with serving("teams", folder, database_url, fake.url) as port:
        minute = Minute(time.monotonic() + SECONDS)
        people = [TeamsPerson(fake, port, f"p{number}", minute) for number in range(PEOPLE)]
        all_at_once([one.report for one in people])
    fake.close()
    return minute


@dataclass(slots=True)
class TeamsPerson:
    fake: FakeTeams
    port: int
    user: str
    minute: Minute

    def report(self) -> None:
        sending = House(
            lotskoping=None,  # type: ignore[arg-type]
            fake=self.fake,
            door=None,  # type: ignore[arg-type]
            client=None,  # type: ignore[arg-type]
            user=self.user,
        )
        count = 0
        pause()
        while time.monotonic() < self.minute.ends_at:
            count += 1
            told = sending.activity(id=f"{self.user}-{count}", text=f"{STORY} Nummer {count}.")
            seen = len(self._own_cards())
            self._post(told)
            until(partial(self._has_more_than, seen), 60)
            card = self._own_cards()[-1]
            while "✓" not in json.dumps(card, ensure_ascii=False):
                pause()
                count += 1
                card = self._answered(sending, card, f"{self.user}-{count}")
            self.minute.receipts.append(number_in(json.dumps(card)))

    def _answered(self, sending: House, card: Json, activity_id: str) -> Json:
        found = {str(a.get("title")): a for a in actions(card)}
        inputs = {}
        wanted = (*PICKED, "Skicka rapporten", "Välj", "Vet inte")
        label = next(one for one in wanted if one in found)
        if label == "Välj":
            inputs = {"choice": UNIT[1]}
        action = found[label]
        value = {"action": {"verb": action["verb"], "data": {**action["data"], **inputs}}}
        tap = sending.activity(
            "invoke", id=activity_id, name="adaptiveCard/action", value=value, replyToId="c"
        )
        seen = len(self._own_cards())
        body = self._post(tap)
        if isinstance(body.get("value"), dict):
            return body["value"]
        until(
            partial(self._has_more_than, seen), 60
        )  # "it takes a little longer": the card follows
        return self._own_cards()[-1]

    def _post(self, activity: Json) -> Json:
        headers = {
            "authorization": f"Bearer {_token(self.fake)}",
            "content-type": "application/json",
        }
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        began = time.monotonic()
        connection.request("POST", "/api/messages", json.dumps(activity).encode(), headers)
        answer = connection.getresponse()
        raw = answer.read()
        self.minute.acknowledged(answer.status, time.monotonic() - began)
        connection.close()
        return json.loads(raw) if raw else {}

    def _own_cards(self) -> list[Json]:
        place = f"/chat-{self.user}/"
        return [
            c.card for c in list(self.fake.calls) if place in c.path and "attachments" in c.body
        ]

    def _has_more_than(self, count: int) -> bool:
        return len(self._own_cards()) > count


def _token(fake: FakeTeams) -> str:
    """Sign once: it is the bot that is measured."""
    made = fake.__dict__.setdefault("bench_token", fake.token())
    return str(made)


MINUTES: dict[str, Callable[[Path, str], Minute]] = {
    "Slack": in_slack,
    "Teams": in_teams,
    "Web": in_web,
}


def fifty_people(door: str, database: str) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if database == "SQLite":
            yield from _measured(database, door, folder, "")
            return
        with running_postgres() as server, fresh_database(server) as url:
            yield from _measured(database, door, folder, url)


def _measured(database: str, door: str, folder: Path, database_url: str) -> Iterator[Row]:
    lotskoping = open_lotskoping(folder, database_url=database_url)
    minute = MINUTES[door](folder, database_url)
    yield from minute.rows(database, door, lotskoping)
    lotskoping.services.database.close()


def main() -> None:
    configure_logs(Path("/dev/null").open("w"))  # noqa: SIM115 - for the life of the process
    table = Table("database", "measure", "value")
    doors: Any = sys.argv[1:] or list(MINUTES)
    for database in ("SQLite", "PostgreSQL"):
        for door in doors:
            for row in fifty_people(door, database):
                table.add_row(*row)
    Console(file=sys.stdout, width=100).print(table)


if __name__ == "__main__":
    main()
