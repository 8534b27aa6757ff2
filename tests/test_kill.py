"""Nothing is lost and nothing doubled, whatever instruction the process dies at."""

import json
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("way", "danger_alerts", "files"), [("mail", 0, 0), ("chat", 1, 0), ("web", 0, 1)]
)
def test_a_process_killed_at_any_step_leaves_one_case_and_one_receipt(
    way: str, danger_alerts: int, files: int, tmp_path: Path
):
    run = subprocess.run(
        [sys.executable, "-m", "tests.kill_runner", way, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=500,
    )
    outcomes = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(outcomes) > 50
    assert [one["died"] for one in outcomes] == [True] * (len(outcomes) - 1) + [False]
    expected = {
        "cases": 1,
        "reports": 1,
        "files": files,
        "receipts": 1,
        "danger_alerts": danger_alerts,
        "doubled": 0,
        "waiting": 0,
        "sent": outcomes[-1]["sent"],
    }
    for outcome in outcomes:
        assert outcome == {**expected, "step": outcome["step"], "died": outcome["died"]}
