"""The scripts of tests/transcripts/ leave in Slack what they leave in the terminal."""

from pathlib import Path

import pytest

from tests.bot.slack.conftest import MakeStage
from tests.bot.slack.player import Player
from tests.lotskoping import open_lotskoping
from tests.scenarios import Script, left_over, play, records, scripts

SCRIPTS = scripts()


@pytest.mark.parametrize("script", SCRIPTS, ids=[script.name for script in SCRIPTS])
def test_slack_gives_the_same_records_as_the_terminal(
    script: Script, make_stage: MakeStage, tmp_path: Path
) -> None:
    in_terminal = open_lotskoping(tmp_path / "console")
    play(in_terminal, script)
    stage = make_stage()
    someone = stage.staff(script.person_id) if script.person_id else stage.user()
    Player(stage, someone).play(script)
    assert records(stage.lotskoping) == records(in_terminal)
    assert left_over(stage.lotskoping) == left_over(in_terminal)
    in_terminal.services.database.close()
