"""Training is repeatable, and its thresholds come from unseen texts."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.domain.category import load_taxonomy
from nlp import calibration, model_store, training
from nlp.baselines import baselines
from nlp.corpus_file import read_corpus
from nlp.evaluation import has_category, lower_bound, macro_f1
from nlp.noise import noisy
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


@given(st.text(max_size=120), st.randoms(use_true_random=False))
def test_noise_takes_any_text(text: str, chance: object) -> None:
    assert isinstance(noisy(text, chance), str)  # type: ignore[arg-type]


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

    found = baselines(texts[::2], texts[1::2], taxonomy)

    assert found["TF-IDF, words and letters, linear"] > found["majority"]
    assert found["keywords of all categories"] > found["two keyword lists"] > found["majority"]
