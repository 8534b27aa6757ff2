"""The commands of the language part: train, evaluate, classify, model."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bot.commands.evaluation import MODEL_FOLDER, DataDir, register_evaluation
from bot.commands.models import register_models
from bot.config import load_settings
from handlers.errors import ConfigurationFault
from handlers.ports import TextAnalysis, TextAnalyst

if TYPE_CHECKING:
    from nlp.corpus_file import CorpusText

NOTHING_NEW = (
    "Nobody has changed a category or kind, or judged an alert, yet: there is nothing new to learn."
)


def _sound(value: object) -> object:
    """Half a pair of surrogates, as cut-off emoji leave behind, is no letter of any language."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value


Sound = Annotated[str, BeforeValidator(_sound)]


class TextToClassify(BaseModel):
    """One line of the input of `lotsen classify`."""

    model_config = ConfigDict(extra="ignore")

    id: str | int
    text: Sound
    subject: Sound | None = None


def register(app: typer.Typer, data_dir: DataDir) -> None:
    """Add the commands to `lotsen`; `data_dir` says where the models live."""
    _register_train(app, data_dir)
    _register_classify(app, data_dir)
    register_evaluation(app, data_dir)
    register_models(app, data_dir)


def _register_train(app: typer.Typer, data_dir: DataDir) -> None:
    @app.command()
    def train(
        corpus: Annotated[Path | None, typer.Option(help="Folder of .jsonl texts.")] = None,
        seed: Annotated[int, typer.Option(help="Same seed and texts, same model.")] = 7,
        with_corrections: Annotated[
            bool,
            typer.Option(help="Also learn from what people have corrected."),
        ] = False,
        history: Annotated[
            list[Path] | None, typer.Option(help="Also learn from what import-history wrote.")
        ] = None,
    ) -> None:
        """Train a model from the corpus and put it in use.

        With corrections or history it is a challenger: compare it, then promote it.
        """
        from nlp.corpus_file import TRAINING_CORPUS

        own = _own_texts(with_corrections=with_corrections, history=history or [])
        if (with_corrections or history) and not own:
            raise ConfigurationFault(NOTHING_NEW)
        model_dir = data_dir() / MODEL_FOLDER
        train_showing_progress(corpus or TRAINING_CORPUS, model_dir, seed=seed, own=own)


def _own_texts(*, with_corrections: bool, history: Sequence[Path]) -> "tuple[CorpusText, ...]":
    from handlers.domain.category import load_taxonomy
    from nlp.corpus_file import read_corpus_file

    found = [text for file in history for text in read_corpus_file(file, load_taxonomy())]
    if with_corrections:
        found += _corrections()
    return tuple(found)


def _corrections() -> "tuple[CorpusText, ...]":
    from bot.app import build_services
    from bot.corrections import corrected_texts
    from bot.preparing import open_migrated
    from nlp.analyst import load_analyst
    from nlp.personal_data import load_personal_data_finder

    settings = load_settings()
    open_migrated(settings).close()
    services = build_services(settings, analyst=load_analyst(None))
    try:
        return corrected_texts(services, load_personal_data_finder())
    finally:
        services.database.close()


def train_showing_progress(
    corpus: Path, model_dir: Path, *, seed: int, own: "Sequence[CorpusText]" = ()
) -> None:
    """Train and say how long it took; a model without the site's own texts is put in use."""
    # Imported here: spaCy takes seconds, and the other commands should not wait for it.
    from nlp import model_store, training

    console = Console(stderr=True)
    if not console.is_terminal:  # a log shows no bar
        console.print("Training the model; it takes two to three minutes.")
    with _progress(console) as bar:
        settings = training.train(
            corpus, model_dir, seed=seed, progress=_reporter(bar), corrections=own
        )
        elapsed = max((task.elapsed or 0.0 for task in bar.tasks), default=0.0)
    counted = f"{settings.texts} texts, {settings.corrections} of the site's own"
    if own:
        console.print(
            f"Model {settings.version}: {counted}, in {elapsed:.0f} s. Not in use yet:\n"
            f"  lotsen evaluate --compare {settings.version}\n"
            f"  lotsen model promote {settings.version}",
            soft_wrap=True,
        )
        return
    model_store.promote(model_dir, settings.version)
    console.print(
        f"Model {settings.version}: {settings.texts} texts in {elapsed:.0f} s, in use now."
    )


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description:<22}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
        console=console,
    )


def _reporter(bar: Progress) -> Callable[[str, int, int], None]:
    task = bar.add_task("reading the corpus", total=None)
    return lambda stage, done, total: bar.update(
        task, description=stage, completed=done, total=total
    )


def _register_classify(app: typer.Typer, data_dir: DataDir) -> None:
    @app.command()
    def classify(
        file: Annotated[
            typer.FileText | None, typer.Argument(help="JSON Lines; standard input without it.")
        ] = None,
    ) -> None:
        """Read texts as JSON Lines (id, text, subject) and write what the machine makes of each."""
        from nlp.analyst import load_analyst

        analyst = load_analyst(data_dir() / MODEL_FOLDER)
        if analyst.model is None:
            typer.echo("No model is trained here: keywords answer. See `lotsen train`.", err=True)
        for line in classified(file or sys.stdin, analyst):
            typer.echo(line)


def classified(lines: TextIO, analyst: TextAnalyst) -> Iterator[str]:
    """One line of JSON for each line that is not empty; one that cannot be read says its fault.

    Raises ConfigurationFault after the last line when any could not be read.
    """
    faults = []
    for number, line in enumerate(lines, start=1):
        if not line.strip("\ufeff \t\r\n"):
            continue
        try:
            wanted = _text_in(line)
        except ValueError as fault:
            faults.append(f"line {number}: {fault}")
            yield json.dumps({"id": None, "line": number, "fault": str(fault)})
            continue
        analysis = analyst.analyse(wanted.text, subject=wanted.subject or "")
        yield json.dumps(_answer(wanted.id, analysis), ensure_ascii=False)
    if faults:
        raise ConfigurationFault("\n".join(faults))


def _text_in(line: str) -> TextToClassify:
    """Raise ValueError with what is wrong, in words that repeat nothing of the line."""
    try:
        given = json.loads(line.lstrip("\ufeff"))
    except ValueError as fault:
        raise ValueError("not JSON") from fault
    try:
        return TextToClassify.model_validate(given)
    except ValidationError as fault:
        problem = fault.errors(include_input=False)[0]
        place = ".".join(str(part) for part in problem["loc"])
        raise ValueError(f"{place}: {problem['msg']}") from fault


def _answer(text_id: str | int, analysis: TextAnalysis) -> dict[str, object]:
    return {
        "id": text_id,
        "kind": analysis.kind,
        "category": analysis.suggestions[0].category,
        "certain": analysis.certain,
        "suggestions": [
            {"category": found.category, "probability": round(found.probability, 4)}
            for found in analysis.suggestions
        ],
        "possible_medical_harm": analysis.possible_medical_harm,
        "possible_misconduct": analysis.possible_misconduct,
        "reasons": list(analysis.reasons),
        "rules": list(analysis.rule_ids),
        "legal_areas": list(analysis.legal_areas),
        "personal_data": [asdict(span) for span in analysis.personal_data],
        "model": analysis.model_version,
    }
