"""A few simulated days in a process of their own; prints what came of them as JSON."""

import json
import logging
import sys
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

from bot.logs import configure_logs
from bot.simulation.figures import figures_of
from bot.simulation.profiles import load_profile
from bot.simulation.world import build_world
from handlers.domain.category import load_taxonomy
from nlp.analyst import load_analyst
from nlp.corpus_file import TRAINING_CORPUS, read_corpus

FIRST = date(2026, 1, 7)


def live(days: int) -> dict[str, object]:
    """Return the figures, and each case and message in the order in which they came."""
    busy = replace(load_profile("lotskoping"), reports_a_day=4.0, mails_a_day=2.0)
    texts = list(read_corpus(TRAINING_CORPUS, load_taxonomy()))
    with tempfile.TemporaryDirectory() as folder:
        world = build_world(
            Path(folder), 7, busy, first=FIRST, days=days, texts=texts, analyst=load_analyst(None)
        )
        world.live(lambda: None)
        with world.services.unit_of_work(read_only=True) as uow:
            cases = [
                (one.number, one.unit_id, one.status, one.version)
                for one in uow.cases.listed(None, open_only=False)
            ]
            alerts = [(one.id, one.recipient_id, one.step) for one in uow.alerts.all()]
        figures = figures_of(world)
        world.services.database.close()
    return {**figures, "each_case": cases, "each_alert": alerts}


if __name__ == "__main__":
    configure_logs(level=logging.ERROR)
    sys.stdout.write(json.dumps(live(int(sys.argv[1]))) + "\n")
