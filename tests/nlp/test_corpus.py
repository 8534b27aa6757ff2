"""The corpus is as agreed: labels known, enough texts, nothing of dev in train."""

from collections import Counter, defaultdict
from pathlib import Path

import pytest

from handlers.domain.category import FALLBACK_CATEGORY, load_taxonomy
from handlers.errors import ConfigurationFault
from nlp.corpus_file import (
    DEVELOPMENT_CORPUS,
    TRAINING_CORPUS,
    CorpusText,
    read_corpus,
    read_corpus_file,
    strip_marks,
)

GOOD = '{"id": "a-1", "voice": "usk", "kind": "deviation", "category": "fall", "text": "Föll."}'


@pytest.fixture(scope="module")
def training() -> tuple[CorpusText, ...]:
    return read_corpus(TRAINING_CORPUS, load_taxonomy())


@pytest.fixture(scope="module")
def development() -> tuple[CorpusText, ...]:
    return read_corpus(DEVELOPMENT_CORPUS, load_taxonomy())


def test_every_trained_category_has_enough_texts(training: tuple[CorpusText, ...]) -> None:
    counts = Counter(text.category for text in training)
    trained = {c.code for c in load_taxonomy().offered} - {FALLBACK_CATEGORY}

    assert {code: counts[code] for code in trained if counts[code] < 150} == {}


def test_every_trained_category_is_measured(development: tuple[CorpusText, ...]) -> None:
    counts = Counter(text.category for text in development)
    trained = {c.code for c in load_taxonomy().offered} - {FALLBACK_CATEGORY}

    assert {code: counts[code] for code in trained if counts[code] < 20} == {}


def test_every_kind_stands_in_both_corpora(
    training: tuple[CorpusText, ...], development: tuple[CorpusText, ...]
) -> None:
    kinds = {kind.code for kind in load_taxonomy().kinds}

    assert {text.kind for text in training} == kinds
    assert {text.kind for text in development} == kinds


def test_no_development_text_is_nearly_a_training_text(
    training: tuple[CorpusText, ...], development: tuple[CorpusText, ...]
) -> None:
    texts_with: dict[str, list[int]] = defaultdict(list)
    grams = [_grams(text.text) for text in training]
    for number, own in enumerate(grams):
        for gram in own:
            texts_with[gram].append(number)

    near = []
    for text in development:
        own = _grams(text.text)
        shared = Counter(number for gram in own for number in texts_with[gram])
        for number, common in shared.most_common(3):
            if common / len(own | grams[number]) >= 0.6:
                near.append((text.text_id, training[number].text_id))
    assert near == []


def _grams(text: str) -> frozenset[str]:
    lowered = " ".join(text.lower().split())
    return frozenset(lowered[n : n + 5] for n in range(max(1, len(lowered) - 4)))


def test_marks_are_stripped_into_spans() -> None:
    text, spans = strip_marks("Ring ⟦name:Berit Ek⟧s dotter, ⟦phone:070-1740605⟧.")

    assert text == "Ring Berit Eks dotter, 070-1740605."
    assert [text[span.start : span.end] for span in spans] == ["Berit Ek", "070-1740605"]
    assert [span.label for span in spans] == ["name", "phone"]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("not json", "not JSON"),
        ('{"id": "a-1"}', "needs"),
        (GOOD.replace('"fall"', '"falling"'), "category is 'falling'"),
        (GOOD.replace('"usk"', '"boss"'), "voice is 'boss'"),
        (GOOD.replace('"text"', '"extra": 1, "text"'), "unknown field extra"),
        (GOOD.replace("Föll.", "⟦name:Bo"), "a mark is not"),
        (GOOD.replace('"text"', '"areas": ["PBL"], "text"'), "areas"),
    ],
)
def test_a_broken_line_is_named_with_file_and_number(
    tmp_path: Path, line: str, complaint: str
) -> None:
    file = tmp_path / "broken.jsonl"
    file.write_text(f"{GOOD.replace('a-1', 'a-0')}\n{line}\n", encoding="utf-8")

    with pytest.raises(ConfigurationFault, match=r"broken\.jsonl line 2") as fault:
        read_corpus_file(file, load_taxonomy())
    assert complaint in str(fault.value)


def test_an_id_that_stands_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(GOOD, encoding="utf-8")
    (tmp_path / "b.jsonl").write_text(GOOD, encoding="utf-8")

    with pytest.raises(ConfigurationFault, match="stands twice"):
        read_corpus(tmp_path, load_taxonomy())
