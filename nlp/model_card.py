"""The model card: what the model is, what it was measured on, and what it cannot do."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nlp.corpus_file import LEGAL_AREAS

Figures = Mapping[str, Any]

FRAME = Path(__file__).resolve().parent / "model_card_frame.md"


def model_card(figures: Figures) -> str:
    """Take the object that evaluation writes to metrics.json."""
    parts = [
        f"Model `{figures['model']['version']}`, {figures['model']['training_texts']} training "
        f"texts, {figures['texts']} texts to measure on, {figures['model']['megabytes']} MB, "
        f"{figures['milliseconds_p50']} ms for a report (median, one core).\n",
        "## Figures\n\n" + _measures(figures),
        *(_independent(own) for own in figures.get("independent", ())),
        _baselines(figures),
        _classes(figures["per_class"]),
        _confusions(figures["confusions"]),
        _slices(figures["slices"]),
    ]
    return FRAME.read_text(encoding="utf-8").replace("{figures}", "\n".join(parts))


def _measures(figures: Figures) -> str:
    category, kind, serious = figures["category"], figures["kind"], figures["serious"]
    personal, areas = figures["personal_data"], figures["legal_areas"]
    rows = [
        ("macro-F1 over 17 categories", category["macro_f1"]),
        (
            "… 95 % interval (bootstrap)",
            f"{category['macro_f1_low']} to {category['macro_f1_high']}",
        ),
        ("right category among the first three", category["top3"]),
        ("expected calibration error", category["calibration_error"]),
        ("share shown as certain", category["certain_share"]),
        ("… of which right", category["certain_accuracy"]),
        ("kind right (risk counted as deviation)", kind["accuracy"]),
        ("irrelevant mail recognised", kind["irrelevant_found"]),
        ("real matter called irrelevant", kind["real_called_irrelevant"]),
        (f"serious events found, of {serious['texts']:.0f}", serious["recall"]),
        ("… at least, with 95 % confidence", serious["recall_at_least"]),
        ("… found by the rules alone", serious["found_by_rules"]),
        ("precision of the alarms", serious["precision"]),
        ("… if every other text were serious", serious["precision_at_half"]),
        ("other texts that raise an alarm", serious["others_alarmed"]),
        (f"acts (HSL, SoL, LSS) just right, of {areas['texts']:.0f} texts", areas["exact"]),
        ("… all found, perhaps with one more", areas["covered"]),
        ("… just right where there are several", areas["exact_of_several"]),
        *(
            (
                f"… {act}: precision, recall",
                f"{areas[f'{act}_precision']}, {areas[f'{act}_recall']}",
            )
            for act in LEGAL_AREAS
        ),
        (f"personal data covered, of {personal['spans']:.0f} spans", personal["covered"]),
        ("… with exactly the marked borders", personal["exact"]),
        ("other characters masked", personal["other_characters_masked"]),
    ]
    return _table(("measure", "value"), rows)


def _independent(own: Figures) -> str:
    return (
        f"## On {own['texts']} independent texts\n\n"
        "Written by somebody who had read none of the other texts, and used for nothing but\n"
        "measuring; richer in serious events and near misses than everyday reports.\n\n"
        + _measures(own)
    )


def _baselines(figures: Figures) -> str:
    """One column a set of texts: the development texts, then the independent ones."""
    sides = [figures, *figures.get("independent", ())]
    rows = [
        (name, *(_or_not_measured(side["baselines"][name]) for side in sides))
        for name in figures["baselines"]
    ]
    rows.append(("**this model**", *(side["category"]["macro_f1"] for side in sides)))
    sets = [f"{side['texts']} independent texts" for side in sides[1:]]
    head = ("way", "development texts", *sets)
    return "## Beside simpler ways (macro-F1)\n\n" + _table(head, rows)


def _or_not_measured(value: float | None) -> object:
    return "not measured: scikit-learn is not installed" if value is None else value


def _classes(classes: Figures) -> str:
    rows = [
        (code, f["precision"], f["recall"], f["f1"], int(f["support"]))
        for code, f in classes.items()
    ]
    head = ("category", "precision", "recall", "F1", "texts")
    return "## Each category\n\n" + _table(head, rows)


def _confusions(pairs: Sequence[Sequence[object]]) -> str:
    return "## Commonest mistakes\n\n" + _table(("true", "taken for", "times"), pairs)


def _slices(slices: Figures) -> str:
    rows = [
        (name, group, f["accuracy"], int(f["texts"]))
        for name, groups in slices.items()
        for group, f in groups.items()
    ]
    return "## By voice, length and writing\n\n" + _table(
        ("by", "group", "accuracy", "texts"), rows
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [_row(head), _row(["---"] * len(head)), *(_row(row) for row in rows)]
    return "\n".join(lines) + "\n"


def _row(cells: Sequence[object]) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"
