"""The scripts of tests/transcripts/ leave in Teams what they leave in the terminal."""

from pathlib import Path

import pytest

from tests.bot.teams.house import House
from tests.bot.teams.player import Player
from tests.lotskoping import open_lotskoping
from tests.scenarios import Script, left_over, play, records, scripts

SCRIPTS = scripts()


@pytest.mark.parametrize("script", SCRIPTS, ids=[script.name for script in SCRIPTS])
def test_teams_gives_the_same_records_as_the_terminal(
    script: Script, house: House, tmp_path: Path
) -> None:
    in_terminal = open_lotskoping(tmp_path / "console")
    play(in_terminal, script)
    if script.person_id:
        house.user = script.person_id
        house.fake.members[house.user] = {"email": f"{script.person_id}@lotskoping.example"}
    Player(house).play(script)
    assert records(house.lotskoping) == records(in_terminal)
    assert left_over(house.lotskoping) == left_over(in_terminal)
    in_terminal.services.database.close()
