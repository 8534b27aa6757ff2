"""A stage for each test; at its end nothing may have been sent that Slack would refuse."""

from collections.abc import Callable, Iterator

import pytest

from tests.bot.slack.fake_slack import FakeSlack
from tests.bot.slack.stage import ANNA, Stage, slack_settings
from tests.lotskoping import Lotskoping

MakeStage = Callable[..., Stage]


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    fake = FakeSlack()
    fake.add_user(ANNA, "anna.okand@lotskoping.example")
    yield fake
    fake.close()


@pytest.fixture
def make_stage(lotskoping: Lotskoping, slack: FakeSlack) -> Iterator[MakeStage]:
    stages: list[Stage] = []

    def make(**settings: object) -> Stage:
        stage = Stage(lotskoping, slack, slack_settings(slack, **settings))  # type: ignore[arg-type]
        stages.append(stage)
        return stage

    yield make
    for stage in stages:
        stage.stop()
    assert slack.faults == []


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    return make_stage()
