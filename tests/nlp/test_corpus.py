"""The corpus is as agreed: labels known, enough texts, nothing of dev in train."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pytest

from handlers.domain.category import FALLBACK_CATEGORY, load_taxonomy
from handlers.errors import ConfigurationFault
from nlp.corpus_file import (
    DEVELOPMENT_CORPUS,
    INDEPENDENT_TEXTS,
    TRAINING_CORPUS,
    CorpusText,
    read_corpus,
    read_corpus_file,
    strip_marks,
)

GOOD = '{"id": "a-1", "voice": "usk", "kind": "deviation", "category": "fall", "text": "Föll."}'
NEAR = 0.6


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


def test_no_text_of_one_set_is_nearly_a_text_of_another(
    training: tuple[CorpusText, ...], development: tuple[CorpusText, ...]
) -> None:
    independent = [read_corpus_file(file, load_taxonomy()) for file in INDEPENDENT_TEXTS]
    apart = {text.text_id for texts in independent for text in texts}
    own = tuple(text for text in development if text.text_id not in apart)
    sets = [training, own, *independent]
    assert sum(len(texts) for texts in sets) == len(training) + len(development)

    for place, texts in enumerate(sets):
        later = [text for others in sets[place + 1 :] for text in others]
        assert near_duplicates(texts, later) == []


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("Hon ramlade i badrummet i natt och slog i höften.", True),
        ("HON RAMLADE  i badrummet i natt, och slog i höften", True),
        ("Hon ramlade i badrummet i natt och slog i armen", True),
        ("Han föll i köket i går och slog i handen.", False),
        # Its parts stand in a longer text, but the texts are not alike.
        ("badrummet i natt", False),
    ],
)
def test_near_duplicates_are_found_by_how_much_two_texts_share(text: str, near: bool) -> None:
    first = CorpusText(
        text_id="a",
        voice="usk",
        kind="deviation",
        category="fall",
        text="Hon ramlade i badrummet i natt och slog i höften.",
    )
    long = replace(
        first, text_id="long", text=first.text + " ".join(f"{n} av {n**3}" for n in range(99))
    )
    other = replace(first, text_id="b", text=text)

    assert near_duplicates([first, long, long], [other]) == ([("a", "b")] if near else [])


def near_duplicates(
    texts: Sequence[CorpusText], others: Sequence[CorpusText]
) -> list[tuple[str, str]]:
    """Return all pairs of which letter 5-grams have a Jaccard index of 0.6 or more."""
    texts_with: dict[str, list[int]] = defaultdict(list)
    grams = [_grams(text.text) for text in texts]
    for number, own in enumerate(grams):
        for gram in own:
            texts_with[gram].append(number)
    near = []
    for text in others:
        own = _grams(text.text)
        shared = Counter(chain.from_iterable(texts_with.get(gram, ()) for gram in own))
        near += [
            (texts[number].text_id, text.text_id)
            for number, common in shared.items()
            if common >= NEAR * (len(own) + len(grams[number]) - common)
        ]
    return near


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
