"""`lotsen evaluate`: figures of the model in use, or of two models on the same texts."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from nlp.analyst import Analyst
    from nlp.corpus_file import CorpusText
    from nlp.evaluation import Judged

DataDir = Callable[[], Path]
MODEL_FOLDER = "model"
REPOSITORY = Path(__file__).resolve().parent.parent.parent


def register_evaluation(app: typer.Typer, data_dir: DataDir) -> None:
    @app.command()
    def evaluate(
        corpus: Annotated[
            Path | None, typer.Option(help="Labelled .jsonl: a file, or a folder.")
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help="One object, no tables.")] = False,
        compare: Annotated[
            str | None, typer.Option(help="A second model version, on the same texts.")
        ] = None,
        with_baselines: Annotated[
            bool, typer.Option("--baselines/--no-baselines", help="Measure simpler ways beside it.")
        ] = True,
        write: Annotated[
            bool, typer.Option(help="Write metrics.json, MODEL_CARD.md and the plots.")
        ] = True,
    ) -> None:
        """Measure the model in use on texts that it was not trained on."""
        model_dir = data_dir() / MODEL_FOLDER
        texts = _texts(corpus)
        training = _training_texts() if with_baselines else ()
        if compare is not None:
            _show(compared(model_dir, compare, texts, training), as_json=as_json)
            return
        figures, judged = _figures(model_dir, texts)
        if corpus is None:
            figures["independent"] = _independent(model_dir)
        if with_baselines:
            _add_baselines(figures, [texts, *_independent_texts(figures)], training)
        if write and with_baselines and corpus is None:
            _write_all(figures, judged)
        _show(figures, as_json=as_json)


def _warn_of_learnt(model_dir: Path, version: str | None, texts: "tuple[CorpusText, ...]") -> None:
    from nlp import model_store

    count = model_store.learnt(model_dir / (version or ""), (text.text for text in texts))
    if version and count:
        typer.echo(
            f"{version} was trained on {count} of these {len(texts)} texts: its figures are too "
            "good. Measure on texts that it has not learnt from.",
            err=True,
        )


def _texts(corpus: Path | None) -> "tuple[CorpusText, ...]":
    """The development texts without the independent ones, or those of another corpus."""
    from handlers.domain.category import load_taxonomy
    from nlp import corpus_file

    taxonomy = load_taxonomy()
    if corpus is None:
        independent = corpus_file.INDEPENDENT_TEXTS
        return corpus_file.read_corpus(
            corpus_file.DEVELOPMENT_CORPUS, taxonomy, without=independent
        )
    if corpus.is_file():
        return corpus_file.read_corpus_file(corpus, taxonomy)
    return corpus_file.read_corpus(corpus, taxonomy)


def _independent(model_dir: Path) -> list[dict[str, Any]]:
    from nlp.corpus_file import INDEPENDENT_TEXTS

    return [_figures(model_dir, _texts(file))[0] for file in INDEPENDENT_TEXTS]


def _figures(
    model_dir: Path, texts: "tuple[CorpusText, ...]"
) -> "tuple[dict[str, Any], tuple[Judged, ...]]":
    from nlp.analyst import load_analyst
    from nlp.evaluation import judge, measured

    analyst = load_analyst(model_dir)
    _warn_of_learnt(model_dir, analyst.model.settings.version if analyst.model else None, texts)
    judged = judge(analyst, texts, time.perf_counter)
    return {"model": _model_facts(analyst, model_dir), **measured(judged)}, judged


def _training_texts() -> "tuple[CorpusText, ...]":
    from handlers.domain.category import load_taxonomy
    from nlp.corpus_file import TRAINING_CORPUS, read_corpus

    return read_corpus(TRAINING_CORPUS, load_taxonomy())


def _independent_texts(figures: Mapping[str, Any]) -> "list[tuple[CorpusText, ...]]":
    from nlp.corpus_file import INDEPENDENT_TEXTS

    return [_texts(file) for file in INDEPENDENT_TEXTS] if "independent" in figures else []


def _add_baselines(
    figures: dict[str, Any],
    sets: "Sequence[Sequence[CorpusText]]",
    training: "Sequence[CorpusText]",
) -> None:
    """Put the baselines beside the figures of the first set and of each independent one."""
    from handlers.domain.category import load_taxonomy
    from nlp.baselines import baselines
    from nlp.evaluation import has_category

    counted = [[text for text in texts if has_category(text)] for texts in (training, *sets)]
    found = baselines(counted[0], counted[1:], load_taxonomy())
    for side, own in zip([figures, *figures.get("independent", ())], found, strict=True):
        side["baselines"] = own


def _write_all(figures: dict[str, Any], judged: "tuple[Judged, ...]") -> None:
    from nlp.model_card import model_card
    from nlp.plots import draw

    metrics = json.dumps(figures, indent=2, ensure_ascii=False)
    (REPOSITORY / "nlp" / "metrics.json").write_text(f"{metrics}\n", encoding="utf-8")
    (REPOSITORY / "nlp" / "MODEL_CARD.md").write_text(model_card(figures), encoding="utf-8")
    draw(judged, REPOSITORY / "docs")


def _model_facts(analyst: "Analyst", model_dir: Path) -> dict[str, object]:
    if analyst.model is None:
        return {"version": "keywords", "training_texts": 0, "megabytes": 0.0}
    settings = analyst.model.settings
    files = (model_dir / settings.version).rglob("*")
    size = sum(file.stat().st_size for file in files if file.is_file())
    return {
        "version": settings.version,
        "training_texts": settings.texts + settings.corrections,
        "megabytes": round(size / 1e6, 1),
    }


def compared(
    model_dir: Path,
    other: str,
    texts: "Sequence[CorpusText]",
    training: "Sequence[CorpusText]" = (),
) -> dict[str, dict[str, Any]]:
    """The figures of the model in use and of another one, by version.

    With texts to train them on, those of the simpler ways stand beside as "baselines".
    """
    from dataclasses import replace

    from nlp.analyst import load_analyst
    from nlp.evaluation import judge, measured
    from nlp.model import load_model

    current = load_analyst(model_dir)
    for version in (current.model.settings.version if current.model else None, other):
        _warn_of_learnt(model_dir, version, tuple(texts))
    challenger = replace(current, model=load_model(model_dir, other))
    found: dict[str, dict[str, Any]] = {}
    for name, analyst in (("in use", current), (other, challenger)):
        found[name] = measured(judge(analyst, texts, time.perf_counter))
    if training:
        _add_baselines(found, [texts], training)
    return found


def _show(figures: Mapping[str, Any], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(figures, ensure_ascii=False))
        return
    console = Console()
    measured_once = "category" in figures
    sides = {name: side for name, side in figures.items() if name != "baselines"}
    if measured_once:
        independent = {f"independent {n}": own for n, own in enumerate(_independent_of(figures), 1)}
        sides = {figures["model"]["version"]: figures, **independent}
    console.print(_summary(sides))
    if measured_once:
        console.print(_classes(figures["per_class"]))
    if "baselines" in figures:
        console.print(_simpler(figures, sides))


def _independent_of(figures: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return tuple(figures.get("independent", ()))


def _simpler(figures: Mapping[str, Any], sides: Mapping[str, Mapping[str, Any]]) -> Table:
    """The baselines on each set of texts; two models that are compared share one set."""
    sets = {"all": figures} if "category" not in figures else sides
    table = Table("way", *sets, title="Macro-F1 of simpler ways")
    for name in figures["baselines"]:
        values = [own["baselines"][name] for own in sets.values()]
        table.add_row(
            name, *("needs scikit-learn" if value is None else f"{value:.3f}" for value in values)
        )
    return table


def _summary(sides: Mapping[str, Mapping[str, Any]]) -> Table:
    table = Table("measure", *sides, title="On texts kept apart from training")
    for part in ("category", "kind", "serious", "legal_areas", "personal_data"):
        for name in next(iter(sides.values()))[part]:
            label = f"{part}: {name}".replace("_", " ")
            table.add_row(label, *(str(side[part][name]) for side in sides.values()))
    times = (str(side["milliseconds_p50"]) for side in sides.values())
    table.add_row("milliseconds for a report, p50", *times)
    return table


def _classes(classes: Mapping[str, Mapping[str, float]]) -> Table:
    table = Table("category", "precision", "recall", "F1", "texts")
    for code, found in classes.items():
        values = (found["precision"], found["recall"], found["f1"])
        table.add_row(code, *(f"{value:.2f}" for value in values), f"{found['support']:.0f}")
    return table
