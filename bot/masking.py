"""Personal identity numbers are covered before anything is stored, at every door."""

from collections.abc import Iterable

from handlers.domain.text import clean
from handlers.ports import PersonalDataSpan, TextAnalyst

MASK = "[dolt nummer]"
FEWEST_DIGITS = 6  # of anything that could be an identity number


def masked(analyst: TextAnalyst, text: str) -> str:
    text = clean(text)
    if sum(character.isdigit() for character in text) < FEWEST_DIGITS:
        return text
    return covered(text, analyst.personal_data_in(text))


def covered(text: str, found: Iterable[PersonalDataSpan]) -> str:
    """Return the text with the identity numbers that were found in it covered."""
    numbers = [span for span in found if span.label == "person_number"]
    for span in sorted(numbers, key=lambda one: one.start, reverse=True):
        text = f"{text[: span.start]}{MASK}{text[span.end :]}"
    return text
