"""The manifest asks for what the code uses, and for nothing else."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from bot.channels.slack import turns
from bot.channels.slack.door import EVENTS_PATH, build_slack
from bot.channels.slack.settings import SlackSettings
from tests.lotskoping import Lotskoping

PATH = Path(__file__).parents[3] / "deploy" / "slack" / "manifest.yaml"


@pytest.fixture(scope="module")
def manifest() -> Any:
    return yaml.safe_load(PATH.read_text(encoding="utf-8"))


def test_command_and_shortcuts_are_the_ones_that_the_code_knows(manifest: Any) -> None:
    features = manifest["features"]
    assert [command["command"] for command in features["slash_commands"]] == [turns.COMMAND]
    assert {s["callback_id"]: s["type"] for s in features["shortcuts"]} == {
        turns.REPORT_SHORTCUT: "global",
        turns.COMPLAINT_SHORTCUT: "global",
        turns.MESSAGE_SHORTCUT: "message",
    }
    assert all(len(shortcut["name"]) <= 24 for shortcut in features["shortcuts"])


def test_everything_comes_to_the_one_address(manifest: Any) -> None:
    settings = manifest["settings"]
    addresses = {
        settings["event_subscriptions"]["request_url"],
        settings["interactivity"]["request_url"],
        *(command["url"] for command in manifest["features"]["slash_commands"]),
    }
    assert len(addresses) == 1
    assert addresses.pop().endswith(EVENTS_PATH)


def test_no_scope_reads_channels(manifest: Any) -> None:
    scopes = set(manifest["oauth_config"]["scopes"]["bot"])
    assert not {scope for scope in scopes if scope.startswith(("channels:", "groups:", "files:"))}
    assert {"users:read.email", "chat:write", "im:history", "commands"} <= scopes


def test_without_a_token_there_is_no_slack_door(lotskoping: Lotskoping) -> None:
    assert build_slack(lotskoping.services, SlackSettings(_env_file=None)) is None


@pytest.mark.parametrize(
    ("transport", "missing"), [("http", "SIGNING_SECRET"), ("socket", "APP_TOKEN")]
)
def test_a_missing_secret_is_named(transport: str, missing: str) -> None:
    with pytest.raises(ValidationError, match=f"LOTSEN_SLACK_{missing}"):
        SlackSettings(_env_file=None, bot_token="xoxb-test", transport=transport)
