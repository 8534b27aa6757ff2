"""A stage for each test; at its end nothing may have been sent that Slack would refuse."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.app import build_services
from bot.config import ChatPolicy, Settings
from tests.bot.slack.fake_slack import FakeSlack
from tests.bot.slack.stage import ANNA, Server, Stage, slack_settings
from tests.clock import SetClock
from tests.lotskoping import Lotskoping, open_lotskoping, with_policy

MakeStage = Callable[..., Stage]


@pytest.fixture(scope="session")
def lotskoping_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database with the invented municipality, to be copied."""
    folder = tmp_path_factory.mktemp("lotskoping")
    open_lotskoping(folder).services.database.close()
    return folder


@pytest.fixture
def lotskoping(lotskoping_folder: Path, tmp_path: Path) -> Iterator[Lotskoping]:
    folder = tmp_path / "data"
    shutil.copytree(lotskoping_folder, folder)
    clock = SetClock()
    services = build_services(Settings(_env_file=None, data_dir=folder), clock)
    yield Lotskoping(services, clock)
    services.database.close()


@pytest.fixture(scope="session")
def the_slack() -> Iterator[FakeSlack]:
    fake = FakeSlack()
    yield fake
    fake.close()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


@pytest.fixture
def slack(the_slack: FakeSlack) -> FakeSlack:
    the_slack.reset()
    the_slack.add_user(ANNA, "anna.okand@lotskoping.example")
    return the_slack


@pytest.fixture
def make_stage(lotskoping: Lotskoping, slack: FakeSlack, server: Server) -> Iterator[MakeStage]:
    stages: list[Stage] = []

    def make(policy: ChatPolicy = ChatPolicy.DIALOG, **settings: object) -> Stage:
        chosen = slack_settings(slack, **settings)  # type: ignore[arg-type]
        stages.append(Stage(with_policy(lotskoping, policy), slack, server, chosen))
        return stages[-1]

    yield make
    for stage in stages:
        stage.stop()
    assert slack.faults == []


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    return make_stage()
