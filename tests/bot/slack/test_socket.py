"""Socket Mode over a real WebSocket: connected, connected anew, and watched."""

import time
from collections.abc import Callable
from functools import partial

from bot.channels.slack.settings import Transport
from tests.bot.slack.conftest import MakeStage
from tests.bot.slack.stage import Stage


def wait_for(holds: Callable[[], object], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def beats(stage: Stage) -> dict[str, str]:
    with stage.lotskoping.unit_of_work() as uow:
        return {name: fault for name, (_, fault) in uow.heartbeats.all().items()}


def test_the_socket_comes_back_when_slack_asks_for_it_and_when_it_breaks(
    make_stage: MakeStage,
) -> None:
    stage = make_stage(transport=Transport.SOCKET, ping_seconds=0.3)
    anna = stage.user()
    assert anna.command().status == 200
    anna.waits_for("fara just nu")

    endings: list[Callable[[], None]] = [
        partial(stage.slack.disconnect, "refresh_requested"),
        stage.slack.cut,
    ]
    for count, ending in enumerate(endings, 2):
        ending()
        wait_for(partial(stage.is_connected, count))
        time.sleep(0.05)
        assert anna.say("Dörren stod öppen i natt").status == 200
    stage.settled()


def test_an_event_sent_again_through_the_socket_is_handled_once(make_stage: MakeStage) -> None:
    stage = make_stage(transport=Transport.SOCKET)
    anna = stage.user()
    said = anna.saying("Dörren stod öppen hela natten")
    assert [anna.send(said).status, anna.send(said).status] == [200, 200]
    anna.waits_to_read("Skriv helst i fönstret")
    stage.settled()
    assert sum("Skriv helst" in m["text"] for m in stage.slack.messages) == 1


def test_a_silent_socket_that_delivers_is_left_alone(make_stage: MakeStage) -> None:
    stage = make_stage(
        transport=Transport.SOCKET,
        quiet_seconds=0.2,
        proof_seconds=2.0,
        heartbeat_channel="C0LOTSEN",
    )
    wait_for(lambda: [m for m, _ in stage.slack.calls if m == "chat.delete"])
    wait_for(lambda: "slack-socket" in beats(stage))
    assert stage.slack.connections == 1
    assert beats(stage)["slack-socket"] == ""
    assert stage.slack.messages == []


def test_a_socket_that_answers_pings_but_delivers_nothing_is_replaced(
    make_stage: MakeStage,
) -> None:
    stage = make_stage(
        transport=Transport.SOCKET,
        quiet_seconds=0.3,
        proof_seconds=0.2,
        heartbeat_channel="C0LOTSEN",
    )
    stage.slack.deaf = True
    wait_for(lambda: stage.slack.connections > 1)
    assert beats(stage)["slack-socket"] == "silent"
    stage.slack.deaf = False
    wait_for(lambda: beats(stage)["slack-socket"] == "")
    wait_for(lambda: stage.slack.sockets)
    assert stage.user().say("Dörren stod öppen i natt").status == 200
    stage.settled()


def test_without_a_heartbeat_channel_silence_means_a_new_connection(make_stage: MakeStage) -> None:
    stage = make_stage(transport=Transport.SOCKET, quiet_seconds=0.3)
    wait_for(lambda: stage.slack.connections > 1)
    assert stage.slack.messages == []
