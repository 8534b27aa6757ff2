"""Telephone numbers, mail and street addresses in a text, by their shape."""

import re
from collections.abc import Iterator

import simplemma

from nlp.identity_numbers import NUMBER_OF_A_THING, REACH
from nlp.person_words import PersonWords
from nlp.text import Covered

# Every pattern begins where a word begins and has an end, so that a long run of signs costs no more
# than it is long.
_AT = r"\s?(?:@|＠|[(\[{]\s?(?:at|a|snabel-?a|@)\s?[)\]}])\s?"
_DOMAIN = r"[\w-]{1,63}(?:\.[\w-]{1,63}){0,9}(?:\s?\.\s?(?:se|com|nu|net|org|eu|fi|no|dk)\b)?"
_EMAILS = (
    re.compile(rf"(?<![\w.+-])[\w.+-]{{1,200}}{_AT}(?=[^\W\d_]{{2}}|[\w-]{{1,63}}\.){_DOMAIN}"),
    # As it is dictated: "anna berg snabel-a example punkt se".
    re.compile(
        r"(?<![\w.+-])(?:[\w.+-]{1,64}\s(?:punkt\s)?)?[\w.+-]{1,64}\s?snabel[- ]?a\s?"
        r"[\w-]{1,63}(?:\s?(?:punkt|\.)\s?[\w-]{1,63}){1,3}",
        re.IGNORECASE,
    ),
)

_PHONE_BEGINS = r"(?:(?<![\w.,/-])|(?<=tel)|(?<=tfn)|(?<=mob))"
_PHONE = re.compile(
    rf"{_PHONE_BEGINS}(?:(?:\+|00)\s?\d{{2}}\s?(?:\(0\)\s?)?[-– ]?\d{{1,3}}"
    r"|\(0\d{1,3}\)|\(0\)\d{1,3}|0\d{1,3})"
    r"(?:\s?[-–/]\s?|\s)?\d{2,4}(?:[\s-]?\d{2,4}){1,3}(?![\w-]|[.,:]\d)"
)
# A mobile number has ten digits, however they are parted: "070.174.06.05", "070-17 40 60 5".
_MOBILE = re.compile(
    rf"{_PHONE_BEGINS}(?:0[\s.-]?7|(?:\+|00)?46[ -]?(?:\(0\)\s?)?7)[\s.-]?\d"
    r"(?:[\s.–-]{0,2}\d){7}(?!\w|[.,:-]\d)"
)
_DICTATED = re.compile(r"\bnoll\s?sjuttio\w{0,5}[\s-]{1,3}\d(?:[\s-]?\d){6}(?!\w)", re.IGNORECASE)
_SHORT_PHONE = re.compile(
    r"(?:\b(?:tel|tfn|telefon|mobil|nummer|nås på|ring(?:a)?(?: mig)? på|phone)\.?:?\s*(?:nr\s*)?)"
    r"(\d{2,4}[- ]?\d{2,3}[ ]?\d{2,3}(?:[ ]?\d{2})?)(?!\w)",
    re.IGNORECASE,
)
_CLOCK = r"(?:[01]\d|2[0-4])"
_HOURS = re.compile(
    rf"{_CLOCK}[.:][0-5]\d\s?[-–]\s?{_CLOCK}[.:][0-5]\d|{_CLOCK}[0-5]\d\s?[-–]\s?{_CLOCK}[0-5]\d$"
)  # 07.30-16.00, 0703-0735
_FEWEST_ABROAD = 9  # digits after + or 00


def emails(text: str) -> Iterator[tuple[int, int]]:
    for pattern in _EMAILS:
        for found in pattern.finditer(text):
            yield found.span()


def phones(text: str, cases: Covered) -> Iterator[tuple[int, int]]:
    """Yield where numbers stand; `cases` are parts that hold the number of a case."""
    for pattern in (_MOBILE, _PHONE):
        for found in pattern.finditer(text):
            if _looks_like_phone(found) and not cases.meets(found.start(), found.start() + 1):
                yield found.span()
    for found in _DICTATED.finditer(text):
        yield found.span()
    for found in _SHORT_PHONE.finditer(text):
        yield found.span(1)


def _looks_like_phone(found: re.Match[str]) -> bool:
    digits = re.sub(r"\D", "", found.group())
    fewest = _FEWEST_ABROAD if found.group().startswith(("+", "00")) else 7
    before = found.string[max(0, found.start() - REACH) : found.start()]
    thing = found.group().isdigit() and NUMBER_OF_A_THING.search(before)
    return fewest <= len(digits) <= 13 and not thing and not _HOURS.match(found.group())


class AddressFinder:
    def __init__(self, words: PersonWords) -> None:
        self._patterns = _address_patterns(words)
        self._words = words

    def addresses(self, text: str) -> Iterator[tuple[int, int]]:
        for pattern in self._patterns:
            for found in pattern.finditer(text):
                yield found.span("place" if "place" in pattern.groupindex else 0)
        for found in _SHORT_STREET.finditer(text):
            if not simplemma.is_known(found["street"].lower(), lang="sv"):
                yield found.span()
        for found in _JOINED_POSTCODE.finditer(text):
            if self._is_town(found["town"].lower()):
                yield found.span()

    def _is_town(self, lower: str) -> bool:
        if lower in self._words.not_names:
            return True
        known = simplemma.is_known(lower, lang="sv")
        return lower.endswith(_TOWN_ENDINGS) or not (known or lower in self._words.first_names)


_TOWN_ENDINGS = ("köping", "stad", "borg", "hamn", "ljung", "näs", "fors", "sund", "torp", "ås")
_SHORT_STREET = re.compile(
    r"\b(?P<street>[A-ZÅÄÖ][a-zåäöé]{2,15}[gv])\.\s?\d{1,3}(?:\s?[A-Ha-h]\b)?(?![\d.,:]\d|\w|\s?%)"
)
_JOINED_POSTCODE = re.compile(r"(?<![\w.,:-])[1-9]\d{4}\s(?P<town>[A-ZÅÄÖ][a-zåäöé]{2,20})\b")


def _address_patterns(words: PersonWords) -> tuple[re.Pattern[str], ...]:
    endings = "|".join(sorted(words.street_endings, key=len, reverse=True))
    beginnings = "|".join(words.street_beginnings)
    number = r"\s+\d{1,3}(?:\s?[A-Ha-h]\b)?"
    flat = r"(?:,?\s*(?:lgh|lägenhet|vån|våning|port)\.?\s*\d{1,4}|,?\s\d\s?tr\b)?"
    postcode = r",?\s*\d{3}\s?\d{2}\s+[A-ZÅÄÖ][a-zåäöé]+"
    rest = rf"{flat}(?:{postcode})?"
    street = rf"(?:(?:{beginnings})\s+)?[A-Za-zÅÄÖåäöé:]*[a-zåäöé](?:{endings})"
    bare = rf"\b(?:{beginnings})\s+(?:vägen|gatan|gränd|stigen|torget){number}"
    no_amount = r"(?!\d|[.:/–-]\s?\d|\s?(?:%|mg|ml|kl|st\b|h\b|min|tim|dgr|dagar|gånger))"
    no_street = r"(?!avliden|(?:ut|in|om|upp|till|av|över|ned)gången)"
    named = rf"\b{no_street}{street}{number}{no_amount}{rest}"
    in_words = (
        r"\b[A-ZÅÄÖ][a-zåäöé]{0,20}\.?\s+(?:[A-ZÅÄÖ][a-zåäöé]{1,20}\s+){0,2}"
        rf"(?:väg|gata|gränd|stig|allé|plats|torg|backe){number}{no_amount}{rest}"
    )
    without_number = (
        rf"\b(?:{beginnings.title()})\s+[A-ZÅÄÖ][a-zåäöé]+(?:gatan|vägen|gränd|stigen)\b"
    )
    # A farm or a box is told from a ward or a crate of medicine by the word before or the postcode.
    announced = r"(?i:\badress)(?:en)?(?:\s(?:är|till\s\w{1,20}))?:?\s"
    farm = (
        rf"{announced}(?P<place>[A-ZÅÄÖ][a-zåäöé]{{2,20}}(?:\s[A-ZÅÄÖ][a-zåäöé]{{2,20}})?"
        rf"\s\d{{1,4}}(?:{postcode})?)"
    )
    box = rf"\bBox\s\d{{1,5}}{postcode}"
    postal = r"\b\d{3}\s\d{2}\s+[A-ZÅÄÖ][a-zåäöé]{2,}\b"
    return (
        re.compile(in_words),
        re.compile(bare, re.IGNORECASE),
        re.compile(named, re.IGNORECASE),
        re.compile(without_number),
        re.compile(farm),
        re.compile(box),
        re.compile(postal),
    )
