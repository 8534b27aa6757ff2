"""An open Teams door on a temporary Lotsen."""

from collections.abc import Iterator

import pytest

from tests.bot.teams.fake_teams import FakeTeams
from tests.bot.teams.house import House, open_house
from tests.lotskoping import Lotskoping


@pytest.fixture(scope="session")
def local_teams() -> Iterator[FakeTeams]:
    """One server for all tests: making its key takes a while."""
    opened = FakeTeams()
    yield opened
    opened.close()


@pytest.fixture
def fake(local_teams: FakeTeams) -> FakeTeams:
    local_teams.calls.clear()
    local_teams.members.clear()
    local_teams.answers.clear()
    local_teams.held = None
    return local_teams


@pytest.fixture
def house(lotskoping: Lotskoping, fake: FakeTeams) -> Iterator[House]:
    with open_house(lotskoping, fake) as opened:
        yield opened
