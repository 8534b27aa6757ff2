"""Covering what nobody may store needs the search for personal data, and no model."""

import pytest

from bot.masking import MASK, masked
from handlers.ports import PersonalDataSpan, TextAnalysis
from nlp.personal_data import PersonalDataFinder, load_personal_data_finder

NUMBER = "830231-1234"  # no such day


class Busy:
    """An analyst whose model must not be asked."""

    def __init__(self, finder: PersonalDataFinder) -> None:
        self._finder = finder

    def analyse(self, text: str, *, subject: str = "") -> TextAnalysis:
        raise AssertionError("the model was asked")

    def personal_data_in(self, text: str) -> tuple[PersonalDataSpan, ...]:
        return self._finder.spans(text)


@pytest.fixture(scope="module")
def busy() -> Busy:
    return Busy(load_personal_data_finder())


def test_a_number_is_covered_without_the_model(busy: Busy) -> None:
    assert masked(busy, f"Hon heter inget men har {NUMBER}.") == f"Hon heter inget men har {MASK}."


def test_a_text_with_few_digits_is_left_as_it_is(busy: Busy) -> None:
    assert masked(busy, "Hon föll kl 7.30 i rum 12.") == "Hon föll kl 7.30 i rum 12."
