"""Slack gets its answer in time, and nothing that got one is lost."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.exc import OperationalError

from bot.channels.slack import turns
from bot.channels.slack.deliveries import Delivery, Kind
from bot.channels.slack.intake import SOURCE
from bot.channels.slack.spool import Spool
from tests.bot.slack.fake_slack import event_of, sign
from tests.bot.slack.stage import ANNA, Stage
from tests.lotskoping import Lotskoping


class Strain:
    """Makes every transaction wait, or fail, as a database in trouble does."""

    def __init__(self, lotskoping: Lotskoping) -> None:
        self.through = threading.Event()  # nobody begins until it is set
        self.through.set()
        self.broken = False
        self._engine = lotskoping.services.database.engine
        event.listen(self._engine, "begin", self._begin)

    def _begin(self, connection: Connection) -> None:
        del connection
        if self.broken:
            raise OperationalError("BEGIN", {}, OSError("gone"))
        self.through.wait(60)

    def release(self) -> None:
        event.remove(self._engine, "begin", self._begin)


@pytest.fixture
def strain(lotskoping: Lotskoping) -> Iterator[Strain]:
    """To be asked for before the stage: nobody listens anew while others use the engine."""
    made = Strain(lotskoping)
    yield made
    made.release()


def spool_of(stage: Stage) -> Spool:
    return Spool(stage.lotskoping.services.settings.data_dir / "slack")


def spooled(stage: Stage) -> list[Path]:
    return [path for path, _ in spool_of(stage).waiting()]


def wait_for(holds: Callable[[], object], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_every_kind_is_acknowledged_while_the_database_answers_nobody(
    strain: Strain, stage: Stage
) -> None:
    anna = stage.user()
    anna.command()
    anna.waits_for("fara just nu")
    anna.tap("Nej")
    anna.waits_for("Vad hände?")
    stage.settled()

    strain.through.clear()
    acks = [
        anna.write("Vi hittade personen på golvet."),
        anna.command(),
        anna.say("Dörren stod öppen hela natten"),
        anna.shortcut(turns.REPORT_SHORTCUT),
    ]
    strain.through.set()

    assert [ack.status for ack in acks] == [200] * 4
    assert acks[0].body["response_action"] == "update"
    assert "Ett ögonblick" in str(acks[0].body["view"])
    wait_for(lambda: not spooled(stage))
    stage.settled()
    draft = stage.draft(anna)
    assert {name: answer.text for name, answer in draft.state.answers.items() if answer.text} == {
        "what": "Vi hittade personen på golvet.",
        "when": "Dörren stod öppen hela natten",
    }


def test_what_the_database_refuses_lies_in_the_spool_until_it_is_back(
    strain: Strain, stage: Stage
) -> None:
    anna = stage.user()
    anna.go_home()
    strain.broken = True
    ack = anna.say("Dörren stod öppen hela natten")
    assert ack.status == 200
    assert len(spooled(stage)) == 1

    strain.broken = False
    anna.waits_to_read("Skriv helst i fönstret")
    wait_for(lambda: not spooled(stage))


def test_without_database_and_disk_nothing_is_acknowledged(strain: Strain, stage: Stage) -> None:
    anna = stage.user()
    folder = stage.lotskoping.services.settings.data_dir / "slack"
    folder.write_text("a file where the folder should be")
    strain.broken = True
    ack = anna.say("Dörren stod öppen hela natten")
    strain.broken = False
    folder.unlink()
    assert ack.status == 500


def test_a_delivery_in_the_spool_of_a_killed_process_is_taken_at_the_next_start(
    stage: Stage,
) -> None:
    anna = stage.user()
    stage.stop()
    left = Delivery(
        kind=Kind.MESSAGE,
        key="event/Ev1",
        team="T0LOTSEN",
        user=ANNA,
        text="Dörren stod öppen hela natten",
        channel="D0ANNA",
        message="1.5",
    )
    spool_of(stage).write(left.key, left.model_dump_json().encode())
    stage.restart()
    anna.waits_to_read("Skriv helst i fönstret")
    wait_for(lambda: not spooled(stage))
    again = anna.saying("Dörren stod öppen hela natten", event_id="Ev1")
    anna.send(again)
    stage.settled()
    assert sum("Skriv helst" in m["text"] for m in stage.slack.messages) == 1


def test_a_delivery_that_a_killed_process_had_stored_is_finished_by_another(stage: Stage) -> None:
    anna = stage.user()
    left = Delivery(
        kind=Kind.COMMAND,
        key="command/old-trigger",
        team="T0LOTSEN",
        user=ANNA,
        action="/avvikelse",
        trigger="old-trigger",
    )
    with stage.lotskoping.unit_of_work() as uow:
        now = stage.lotskoping.clock()
        raw = left.model_dump_json().encode()
        uow.inbox.add(source=SOURCE, key=left.key, raw=raw, now=now)
        uow.commit()
    stage.lotskoping.clock.now += timedelta(minutes=2)
    anna.waits_to_read("Allt är sparat")
    stage.slack.faults.clear()  # the trigger that nobody knows is what this is about
    anna.tap("Öppna")
    anna.waits_for("fara just nu")


def test_a_spool_file_that_cannot_be_read_stops_no_other(stage: Stage) -> None:
    anna = stage.user()
    stage.stop()
    folder = stage.lotskoping.services.settings.data_dir / "slack"
    folder.mkdir(exist_ok=True)
    (folder / "broken.json").write_text("{")
    said = Delivery(
        kind=Kind.MESSAGE,
        key="event/Ev2",
        team="T0LOTSEN",
        user=ANNA,
        text="Dörren stod öppen i natt",
    )
    spool_of(stage).write(said.key, said.model_dump_json().encode())
    stage.restart()
    anna.waits_to_read("Skriv helst i fönstret")
    wait_for(lambda: not spooled(stage))
    assert (folder / "broken.unreadable").exists()


def test_an_event_delivered_three_times_is_handled_once(stage: Stage) -> None:
    anna = stage.user()
    said = anna.saying("Dörren stod öppen hela natten")
    with ThreadPoolExecutor(3) as pool:
        acks = list(pool.map(lambda _: stage.slack.deliver(said), range(3)))
    assert [ack.status for ack in acks] == [200] * 3
    anna.waits_to_read("Skriv helst i fönstret")
    stage.settled()
    assert sum("Skriv helst" in m["text"] for m in stage.slack.messages) == 1


def test_fifty_people_at_once_are_all_acknowledged_and_answered(stage: Stage) -> None:
    people = []
    for number in range(50):
        stage.slack.add_user(f"U0P{number}", f"p{number}@lotskoping.example")
        people.append(stage.user(f"U0P{number}"))
    with ThreadPoolExecutor(50) as pool:
        acks = list(pool.map(lambda person: person.say("Dörren stod öppen i natt"), people))
    assert [ack.status for ack in acks] == [200] * 50
    for person in people:
        person.waits_to_read("fara just nu")


def test_trouble_at_slack_is_tried_again_and_the_answer_is_not_lost(stage: Stage) -> None:
    anna = stage.user()
    anna.command()
    anna.waits_for("fara just nu")
    anna.tap("Nej")
    anna.waits_for("Vad hände?")
    stage.settled()
    down = {"ok": False, "error": "ratelimited"}
    stage.slack.fail("chat.postMessage", down, status=429, headers={"Retry-After": "1"})
    anna.say("Vi hittade personen på golvet vid sängen")
    wait_for(lambda: any(item.fault for item in stage.inbox("new")))
    stage.slack.failing.clear()
    stage.lotskoping.clock.now += timedelta(minutes=5)
    anna.waits_to_read("När hände det?")
    stage.settled()


def test_bad_signatures_and_old_ones_are_refused(stage: Stage) -> None:
    raw = json.dumps(event_of({"type": "app_home_opened", "user": ANNA, "tab": "home"}))
    kind = {"Content-Type": "application/json"}
    refused = [
        stage.slack.post(raw, {**kind, **sign(raw, secret="another")}),
        stage.slack.post(raw, {**kind, **sign(raw, age=600)}),
        stage.slack.post(raw + " ", {**kind, **sign(raw)}),
        stage.slack.post(raw, kind),
    ]
    assert [ack.status for ack in refused] == [401] * 4
    assert stage.inbox("done") == stage.inbox("new") == []


def test_slack_may_check_the_address(stage: Stage) -> None:
    ack = stage.slack.deliver({"type": "url_verification", "challenge": "xyz"})
    assert ack.body == {"challenge": "xyz"}


def test_what_slack_sent_is_emptied_after_a_day_but_not_before_it_is_handled(stage: Stage) -> None:
    anna = stage.user()
    anna.say("Dörren stod öppen hela natten på avdelningen")
    anna.waits_to_read("fara just nu")
    stage.settled()
    with stage.lotskoping.unit_of_work() as uow:
        now = stage.lotskoping.clock()
        waiting = uow.inbox.add(source="other", key="k", raw=b"x", now=now, erase_at=now)
        uow.erase_due(now + timedelta(hours=25))
        uow.commit()
    assert not any(b"natten" in item.raw for item in stage.inbox("done"))
    assert [(item.id, item.raw) for item in stage.inbox("new")] == [(waiting, b"x")]
    with stage.lotskoping.unit_of_work() as uow:  # the stage waits for nothing that is not Slack's
        uow.inbox.settle(waiting or 0, state="done", outcome={})
        uow.commit()
