"""Training is repeatable, and its thresholds come from unseen texts."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from handlers.domain.category import load_taxonomy
from nlp import calibration, model_store, training
from nlp.analyst import load_analyst
from nlp.baselines import LINEAR, baselines
from nlp.corpus_file import CorpusText, read_corpus
from nlp.evaluation import Judged, area_figures, has_category, lower_bound, macro_f1
from nlp.wordforms import MarkedText, PatternSet, WordIndex, simplified


def test_the_same_seed_and_texts_give_the_same_settings(
    small_corpus: Path, model_dir: Path, tmp_path: Path
) -> None:
    first = model_store.read_settings(model_dir / model_store.versions(model_dir)[0])

    again = training.train(small_corpus, tmp_path, seed=1, progress=lambda *_: None)

    assert again == first


def test_a_model_is_small(model_dir: Path) -> None:
    size = sum(file.stat().st_size for file in model_dir.rglob("*") if file.is_file())

    assert size < 20_000_000


def test_softening_keeps_the_order_and_the_sum() -> None:
    sharp = np.array([[0.7, 0.2, 0.1]])

    soft = calibration.soften(sharp, 2.0)

    assert soft.sum() == pytest.approx(1.0)
    assert soft[0, 0] > soft[0, 1] > soft[0, 2]
    assert soft[0, 0] < 0.7


def test_the_exact_bound_of_sixty_found_of_sixty_is_95_percent() -> None:
    assert lower_bound(60, 60) == pytest.approx(0.951, abs=0.001)


def test_macro_f1_weighs_every_class_the_same() -> None:
    pairs = [("a", "a")] * 98 + [("b", "a"), ("b", "b")]

    assert macro_f1(pairs) == pytest.approx((2 * 98 / 197 + 2 * 1 / 3) / 2)


@pytest.mark.parametrize(
    ("pattern", "word", "matches"),
    [
        ("*fraktur*", "höftfrakturen", True),
        ("ambulans*", "anbulansen", True),
        ("ambulans*", "balans", False),
        ("medicin*", "medecinen", True),
        ("fall", "fallet", False),
    ],
)
def test_patterns_take_inflection_compounds_and_slips(
    pattern: str, word: str, matches: bool
) -> None:
    index = WordIndex()
    patterns = PatternSet([index.pattern(pattern)])

    assert bool(patterns.found(MarkedText([simplified(word)], index))) is matches


def test_the_linear_baseline_beats_the_majority(small_corpus: Path) -> None:
    taxonomy = load_taxonomy()
    texts = [text for text in read_corpus(small_corpus, taxonomy) if has_category(text)]

    first, again = baselines(texts[::2], [texts[1::2], texts[1::2]], taxonomy)
    found = {name: value for name, value in first.items() if value is not None}

    assert found == again
    assert found["TF-IDF, words and letters, linear"] > found["majority"]
    assert found["keywords of all categories"] > found["two keyword lists"] > found["majority"]


def test_a_baseline_that_is_not_installed_is_said_to_be_missing(
    small_corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.feature_extraction.text", None)
    taxonomy = load_taxonomy()
    texts = [text for text in read_corpus(small_corpus, taxonomy) if has_category(text)]

    (found,) = baselines(texts[::2], [texts[1::2]], taxonomy)

    assert found[LINEAR] is None
    assert None not in {name: found[name] for name in found if name != LINEAR}.values()


def test_acts_are_measured_together_and_each() -> None:
    labelled = [("HSL",), ("HSL", "SoL"), ("LSS",), ("SoL",)]
    guessed = [("HSL",), ("HSL",), ("HSL", "LSS"), ("SoL",)]
    nothing = load_analyst(None).analyse("")
    judged = [
        Judged(
            text=CorpusText(
                text_id="t", voice="usk", kind="deviation", category="fall", areas=own, text="x"
            ),
            analysis=replace(nothing, legal_areas=guess),
            seconds=0.0,
        )
        for own, guess in zip(labelled, guessed, strict=True)
    ]

    found = area_figures(judged)

    assert found["texts"] == 4
    assert (found["exact"], found["covered"], found["exact_of_several"]) == (0.5, 0.75, 0.0)
    assert (found["HSL_precision"], found["HSL_recall"]) == (0.6667, 1.0)
    assert (found["SoL_recall"], found["LSS_precision"]) == (0.5, 1.0)
