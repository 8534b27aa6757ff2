"""What Slack refuses while somebody reports is logged with its code, and nothing is lost."""

from collections.abc import Mapping, Sequence

import pytest
from structlog.testing import capture_logs

from bot.channels.slack.settings import Transport
from tests.bot.slack.conftest import MakeStage
from tests.bot.slack.fake_slack import FakeSlack
from tests.bot.slack.stage import ANNA, Stage
from tests.bot.slack.test_socket import wait_for
from tests.lotskoping import MARIA


def told(logs: Sequence[Mapping[str, object]]) -> list[tuple[object, object]]:
    return [(line["event"], line.get("error")) for line in logs]


@pytest.mark.parametrize(
    "code", ["expired_trigger_id", "missing_scope", "token_revoked", "user_disabled"]
)
def test_a_window_that_slack_refuses_is_logged_and_the_report_kept(stage: Stage, code: str) -> None:
    anna = stage.user()
    stage.slack.fail("views.open", {"ok": False, "error": code})
    with capture_logs() as logs:
        assert anna.command("Dörren stod öppen hela natten").status == 200
        stage.settled()
    assert ("slack refused", code) in told(logs)
    assert stage.draft(anna).state.answers["what"].text == "Dörren stod öppen hela natten"
    stage.slack.failing.clear()
    anna.command()
    anna.waits_for("fara just nu")


def test_an_answer_is_kept_when_no_window_can_be_shown(stage: Stage) -> None:
    anna = stage.user()
    anna.command()
    anna.waits_for("fara just nu")
    anna.tap("Nej")
    anna.waits_for("Vad hände?")
    stage.settled()
    stage.slack.fail("*", {"ok": False, "error": "missing_scope"})
    anna.write("Dörren stod öppen hela natten")
    stage.settled()
    assert stage.draft(anna).state.answers["what"].text == "Dörren stod öppen hela natten"
    assert stage.inbox("failed") == []


def test_a_deleted_user_who_had_a_role_has_none(stage: Stage) -> None:
    maria = stage.staff(MARIA)
    stage.slack.users[maria.id]["deleted"] = True
    stage.lotskoping.clock.advance(hours=25)
    assert "Det här väntar på dig" not in maria.go_home()


def test_a_profile_that_slack_does_not_tell_keeps_nobody_from_reporting(stage: Stage) -> None:
    anna = stage.user()
    stage.slack.fail("users.info", {"ok": False, "error": "missing_scope"})
    with capture_logs() as logs:
        anna.command()
        anna.waits_for("fara just nu")
        stage.settled()
    assert ("slack user not read", "missing_scope") in told(logs)
    assert stage.draft(anna).conversation_id.endswith(ANNA)


@pytest.mark.parametrize("code", ["invalid_auth", "token_revoked", "internal_error"])
def test_a_socket_that_is_refused_at_first_is_opened_when_slack_allows_it(
    make_stage: MakeStage, slack: FakeSlack, code: str
) -> None:
    slack.fail("apps.connections.open", {"ok": False, "error": code}, times=2)
    stage = make_stage(transport=Transport.SOCKET, ping_seconds=0.2)  # waits for the socket
    anna = stage.user()
    assert anna.command().status == 200
    anna.waits_for("fara just nu")


def test_a_socket_refused_when_it_is_opened_anew_is_logged_and_tried_again(
    make_stage: MakeStage,
) -> None:
    stage = make_stage(transport=Transport.SOCKET, quiet_seconds=0.3)
    stage.slack.fail("apps.connections.open", {"ok": False, "error": "token_revoked"})
    with capture_logs() as logs:
        wait_for(lambda: ("slack socket refused", "token_revoked") in told(logs))
    stage.slack.failing.clear()
    wait_for(lambda: stage.slack.connections > 1)
    wait_for(lambda: stage.slack.sockets)
    assert stage.user().say("Dörren stod öppen i natt").status == 200
    stage.settled()
