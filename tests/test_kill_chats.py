"""Whatever step of a report in Slack or Teams a process dies at, one case comes of it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("way", ["slack", "teams"])
def test_a_chat_door_killed_at_any_step_leaves_the_draft_one_case_and_one_receipt(
    way: str, tmp_path: Path
):
    run = subprocess.run(
        [sys.executable, "-m", "tests.kill_chats", way, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=500,
    )
    outcomes = [json.loads(line) for line in run.stdout.splitlines()]
    turns = {one["turn"] for one in outcomes}
    assert turns == set(range(len(turns)))
    assert len([one for one in outcomes if one["turn"] == max(turns)]) > 20
    # Where the database answers late a way has a step more or less than when it was counted.
    assert sum(one["died"] for one in outcomes) > 0.9 * len(outcomes)
    for outcome in outcomes:
        at_end = outcome["turn"] == max(turns)
        assert outcome == {
            "turn": outcome["turn"],
            "step": outcome["step"],
            "died": outcome["died"],
            "went_on": True,
            "as_if_nobody_had_died": True,
            "cases": int(at_end),
            "receipts": int(at_end),
        }
