"""Personal data in a text: where it stands, and the text with it covered.

Numbers, mails and addresses are found by their shape (nlp/identity_numbers.py and
nlp/contact_data.py), names by lists and by the words around them (nlp/person_names.py).
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from handlers.ports import PersonalDataSpan
from nlp.contact_data import AddressFinder, emails, phones
from nlp.identity_numbers import identity_numbers
from nlp.person_names import NameFinder, load_name_finder
from nlp.person_words import PersonWords, load_person_words
from nlp.readable import readable
from nlp.text import Covered

MASKS = {
    "name": "[namn]",
    "colleague": "[kollega]",
    "person_number": "[personnummer]",
    "phone": "[telefon]",
    "email": "[e-post]",
    "address": "[adress]",
}

_CASE_NUMBER = re.compile(
    r"\b[A-ZÅÄÖ]{2,5}[- ]?\d{4}[-/]\d{2,6}\b|(?<!\S)(?:dnr|diarienr|ärende)\S{0,20}\s{1,5}\S{1,40}"
)
# Wide figures and signs, and spaces that do not break, as the plain ones; the length stays.
_PLAIN_SIGNS: dict[int, int | str | None] = {
    **{wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)},
    **dict.fromkeys(map(ord, "\u00a0\u2007\u2008\u2009\u202f"), " "),
}


class PersonalDataFinder:
    """Finds every span; never raises, whatever the text."""

    def __init__(self, words: PersonWords, names: NameFinder) -> None:
        self._names = names
        self._addresses = AddressFinder(words)

    def spans(self, text: str) -> tuple[PersonalDataSpan, ...]:
        """The spans in order, none overlapping another, in the places of the text as written."""
        read = readable(text)
        placed = (
            (read.written(span.start, span.end), span.label) for span in self._spans(read.text)
        )
        return tuple(
            PersonalDataSpan(start=start, end=end, label=label) for (start, end), label in placed
        )

    def _spans(self, text: str) -> tuple[PersonalDataSpan, ...]:
        plain = text.translate(_PLAIN_SIGNS)
        cases = Covered(len(text), (found.span() for found in _CASE_NUMBER.finditer(text)))
        found = [
            *_labelled(emails(plain), "email"),
            *_labelled(identity_numbers(plain, cases), "person_number"),
            *_labelled(phones(plain, cases), "phone"),
            *_labelled(self._addresses.addresses(plain), "address"),
        ]
        taken = _without_overlaps(len(text), found)
        names = self._names.spans(text, [(span.start, span.end) for span in taken])
        return _without_overlaps(len(text), [*taken, *names])


def load_personal_data_finder() -> PersonalDataFinder:
    words = load_person_words()
    return PersonalDataFinder(words, load_name_finder(words))


def mask(text: str, spans: Sequence[PersonalDataSpan]) -> str:
    """Put a word in brackets in the place of each span."""
    parts: list[str] = []
    position = 0
    for span in sorted(spans, key=lambda span: span.start):
        if span.start >= position:
            parts += [text[position : span.start], MASKS.get(span.label, "[dolt]")]
            position = span.end
    return "".join([*parts, text[position:]])


def _labelled(spans: Iterable[tuple[int, int]], label: str) -> Iterator[PersonalDataSpan]:
    for start, end in spans:
        yield PersonalDataSpan(start=start, end=end, label=label)


def _without_overlaps(
    length: int, spans: Iterable[PersonalDataSpan]
) -> tuple[PersonalDataSpan, ...]:
    """Keep the earlier found of two that overlap, in a text of `length` characters."""
    covered = Covered(length)
    kept: list[PersonalDataSpan] = []
    for span in spans:
        if not covered.meets(span.start, span.end):
            covered.take(span.start, span.end)
            kept.append(span)
    return tuple(sorted(kept, key=lambda span: span.start))
