"""Personal data in a text: where it stands, and the text with it covered.

Numbers, mails and addresses are found by their shape; names are in nlp/person_names.py.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from handlers.ports import PersonalDataSpan
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

# Every pattern begins where a word begins and has an end, so that a long run of signs costs no more
# than it is long.
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,200}\s?@\s?[\w-]{1,63}(?:\.[\w-]{1,63}){1,9}")
# Year, month, day (day + 60 in coordination numbers) and four more signs. One slip is let through:
# any digit may be wrong, the last four may be x or *, the last may lack a digit or have one more.
_PERSON_NUMBER = re.compile(
    r"(?<![\w/])(?:(?P<century>1[89]|20)[ ]?)?(?P<year>\d{2})[-./ ]?(?P<month>\d{2})[-./ ]?"
    r"(?P<day>\d{2})\s?[-–—−+.,/ ]?\s?(?P<last>\d{3,5}|[\dxX*]{4})(?![\w%]|[.,:-]\d)"
)
_PHONE = re.compile(
    r"(?<![\w.,/-])(?:(?:\+|00)\s?\d{2}\s?(?:\(0\)\s?)?[-– ]?\d{1,3}|0\d{1,3})"
    r"(?:\s?[-–/]\s?|\s)?\d{2,4}(?:[\s-]?\d{2,4}){1,3}(?![\w-]|[.,:]\d)"
)
_SHORT_PHONE = re.compile(
    r"(?:\b(?:tel|tfn|telefon|mobil|nummer|nås på|ring(?:a)?(?: mig)? på|phone)\.?:?\s*(?:nr\s*)?)"
    r"(\d{2,4}[- ]?\d{2,3}[ ]?\d{2,3}(?:[ ]?\d{2})?)(?!\w)",
    re.IGNORECASE,
)
_MOBILE_START = re.compile(r"07\d")
_CASE_NUMBER = re.compile(
    r"\b[A-ZÅÄÖ]{2,5}[- ]?\d{4}[-/]\d{2,6}\b|(?<!\S)(?:dnr|diarienr|ärende)\S{0,20}\s{1,5}\S{1,40}"
)


class PersonalDataFinder:
    """Finds every span; never raises, whatever the text."""

    def __init__(self, words: PersonWords, names: NameFinder) -> None:
        self._names = names
        self._addresses = _address_patterns(words)

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
        cases = Covered(len(text), (found.span() for found in _CASE_NUMBER.finditer(text)))
        found = [*_emails(text), *_numbers(text, cases), *self._addressed(text)]
        taken = _without_overlaps(len(text), found)
        names = self._names.spans(text, [(span.start, span.end) for span in taken])
        return _without_overlaps(len(text), [*taken, *names])

    def _addressed(self, text: str) -> Iterator[PersonalDataSpan]:
        for pattern in self._addresses:
            for found in pattern.finditer(text):
                yield PersonalDataSpan(start=found.start(), end=found.end(), label="address")


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


def _emails(text: str) -> Iterator[PersonalDataSpan]:
    for found in _EMAIL.finditer(text):
        yield PersonalDataSpan(start=found.start(), end=found.end(), label="email")


def _numbers(text: str, cases: Covered) -> Iterator[PersonalDataSpan]:
    for found in _PERSON_NUMBER.finditer(text):
        if _looks_like_person_number(found) and not cases.meets(found.start(), found.start() + 1):
            yield PersonalDataSpan(start=found.start(), end=found.end(), label="person_number")
    for found in _PHONE.finditer(text):
        digits = re.sub(r"\D", "", found.group())
        if 7 <= len(digits) <= 13 and not cases.meets(found.start(), found.start() + 1):
            yield PersonalDataSpan(start=found.start(), end=found.end(), label="phone")
    for found in _SHORT_PHONE.finditer(text):
        yield PersonalDataSpan(start=found.start(1), end=found.end(1), label="phone")


def _looks_like_person_number(found: re.Match[str]) -> bool:
    month, day = int(found["month"]), int(found["day"])
    bare = found.group().isdigit()
    if bare and found["century"] is None and _MOBILE_START.match(found.group()):
        return False  # 0701740605: a mobile number
    possible = 1 <= month <= 12 and (1 <= day <= 31 or 61 <= day <= 91)
    if len(found["last"]) == 4 and not found["last"].isdigit():
        return possible
    if possible:
        return len(found["last"]) == 4 or bool(found["century"]) or not bare
    # A mistyped month or day: only where the whole has the full form of an identity number.
    separated = re.search(r"\d{6}\s?[-–+]\s?\d{4}$", found.group()) is not None
    near = month <= 19 and day <= 99
    return near and (separated or (found["century"] is not None and len(found["last"]) == 4))


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


def _address_patterns(words: PersonWords) -> tuple[re.Pattern[str], ...]:
    endings = "|".join(sorted(words.street_endings, key=len, reverse=True))
    beginnings = "|".join(words.street_beginnings)
    number = r"\s+\d{1,3}(?:\s?[A-Ha-h]\b)?"
    flat = r"(?:,?\s*(?:lgh|lägenhet|vån|våning|port)\.?\s*\d{1,4})?"
    rest = flat + r"(?:,?\s*\d{3}\s?\d{2}\s+[A-ZÅÄÖ][a-zåäöé]+)?"
    street = rf"(?:(?:{beginnings})\s+)?[A-Za-zÅÄÖåäöé:]*[a-zåäöé](?:{endings})"
    bare = rf"\b(?:{beginnings})\s+(?:vägen|gatan|gränd|stigen|torget){number}"
    named = rf"\b{street}{number}(?!\d|[.:–-]\s?\d|\s?(?:%|mg|ml|kl|st\b|h\b|min|tim)){rest}"
    two_words = (
        rf"\b[A-ZÅÄÖ][a-zåäöé]+s?\s+(?:väg|gata|gränd|stig|allé|plats|torg|backe){number}{rest}"
    )
    without_number = (
        rf"\b(?:{beginnings.title()})\s+[A-ZÅÄÖ][a-zåäöé]+(?:gatan|vägen|gränd|stigen)\b"
    )
    postal = r"\b\d{3}\s\d{2}\s+[A-ZÅÄÖ][a-zåäöé]{2,}\b"
    return (
        re.compile(two_words),
        re.compile(bare, re.IGNORECASE),
        re.compile(named, re.IGNORECASE),
        re.compile(without_number),
        re.compile(postal),
    )
