"""Runs one way of a report or mail again and again, each time killed one step later."""

import json
import subprocess
import sys
from pathlib import Path


def die_at_every_step(way: str, folder: Path, *, danger_alerts: int = 0, files: int = 0) -> None:
    """Assert that each death left one case, one receipt, and nothing doubled or waiting."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.kill_runner", way, str(folder)],
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
