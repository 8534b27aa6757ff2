"""What people wrote, made safe to store."""

import unicodedata

import pytest

from handlers.domain.text import clean


def test_letters_in_parts_are_composed_and_unseen_signs_go() -> None:
    assert clean(unicodedata.normalize("NFD", "Åsa låg på golvet")) == "Åsa låg på golvet"
    assert clean("\ufefffast\u00adspänd\u200b i\u2060 sängen") == "fastspänd i sängen"


def test_a_picture_of_several_stays_one() -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    assert clean(f"Tack {family}") == f"Tack {family}"


@pytest.mark.parametrize("marks", ["\u0300", "\u0315\u0300", "\u05b0\u0300"])
def test_of_a_heap_of_marks_on_a_letter_thirty_stay(marks: str) -> None:
    cleaned = clean("a" + marks * 50_000 + "b")
    assert cleaned.endswith("b")
    assert len(cleaned) <= 32


def test_a_line_of_signs_is_left_alone() -> None:
    assert clean("—" * 80 + "\n" + "😀" * 80) == "—" * 80 + "\n" + "😀" * 80
