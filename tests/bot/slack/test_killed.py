"""A process that is killed after it has answered leaves nothing undone."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

from tests.bot.slack.conftest import MakeStage
from tests.bot.slack.fake_slack import FakeSlack
from tests.bot.slack.slack_user import SlackUser
from tests.bot.slack.stage import ANNA
from tests.bot.slack.test_reporting import go_through_the_report
from tests.lotskoping import Lotskoping


def test_a_report_sent_to_a_process_that_is_killed_becomes_one_case(
    lotskoping: Lotskoping, slack: FakeSlack, make_stage: MakeStage
) -> None:
    folder = str(lotskoping.services.settings.data_dir)
    running = subprocess.Popen(
        [sys.executable, "-m", "tests.bot.slack.killed", folder, slack.api_url],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert running.stdout is not None
        slack.app_port = int(running.stdout.readline())
        anna = SlackUser(slack, ANNA)
        anna.command()
        go_through_the_report(anna)
        sending = anna.submission()
        with lotskoping.services.database.transaction():
            # The store is busy, so that the answer is given and nothing is handled yet.
            assert anna.send(sending, "payload").status == 200
            running.kill()
            running.wait()
    finally:
        running.kill()
        running.wait()
        if running.stdout is not None:
            running.stdout.close()

    lotskoping.clock.now = datetime.now(UTC) + timedelta(minutes=5)
    stage = make_stage()
    anna.waits_for("Tack! Din rapport är mottagen")
    stage.settled()
    again = stage.slack.deliver(sending, form="payload")
    stage.settled()
    stage.deliver()
    assert len(stage.cases()) == 1
    number = stage.cases()[0].number
    assert number in str(again.body["view"])
    assert len([m for m in slack.messages if number in m["text"]]) == 1
