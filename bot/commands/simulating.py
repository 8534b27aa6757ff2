"""The command `lotsen simulate`."""

import json
import logging
import sys
import tempfile
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from bot.config import Settings, load_settings
from bot.logs import configure_logs

FIRST_DAY = date(2026, 1, 7)


class SimulatedMunicipality(StrEnum):
    LOTSKOPING = "lotskoping"
    HARNOSAND = "harnosand"
    NYKOPING = "nykoping"


def register(app: typer.Typer) -> None:
    @app.command()
    def simulate(
        days: Annotated[int, typer.Option(min=1, max=4000, help="How many days.")] = 120,
        seed: Annotated[int, typer.Option(help="The same seed, the same days.")] = 7,
        municipality: Annotated[
            SimulatedMunicipality, typer.Option(help="Which municipality.")
        ] = SimulatedMunicipality.LOTSKOPING,
        as_json: Annotated[bool, typer.Option("--json", help="One JSON object last.")] = False,
    ) -> None:
        """Run a municipality on a simulated clock through the real code."""
        configure_logs(level=logging.ERROR)  # a chat that is down is meant here
        figures = _run(municipality.value, days, seed, load_settings())
        if as_json:
            sys.stdout.write(json.dumps(figures, ensure_ascii=False) + "\n")
        else:
            _print(figures)
        if any(figures["invariants"].values()) or figures["duplicates"]:
            raise typer.Exit(1)


def _run(municipality: str, days: int, seed: int, settings: Settings) -> dict[str, Any]:
    from bot.simulation.figures import figures_of
    from bot.simulation.profiles import load_profile
    from bot.simulation.world import build_world
    from handlers.domain.category import load_taxonomy
    from nlp.analyst import load_analyst
    from nlp.corpus_file import TRAINING_CORPUS, read_corpus

    settings.data_dir.mkdir(parents=True, exist_ok=True)
    analyst = load_analyst(settings.model_dir)
    texts = list(read_corpus(TRAINING_CORPUS, load_taxonomy()))
    with tempfile.TemporaryDirectory(prefix="simulation-", dir=settings.data_dir) as folder:
        world = build_world(
            Path(folder),
            seed,
            load_profile(municipality),
            first=FIRST_DAY,
            days=days,
            texts=texts,
            analyst=analyst,
        )
        with _progress() as bar:
            task = bar.add_task("Simulerar", total=days)
            world.live(lambda: bar.advance(task))
        figures = figures_of(world)
        world.services.database.close()
    return {"municipality": municipality, "days": days, "seed": seed, **figures}


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("dagar"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )


def _print(figures: dict[str, Any]) -> None:
    console = Console()
    table = Table("Mått", "Värde", title="Simuleringen")
    for name, value in figures.items():
        if isinstance(value, dict):
            for inner, number in value.items():
                table.add_row(f"{name}: {inner}", str(number))
        else:
            table.add_row(name, str(value))
    console.print(table)
