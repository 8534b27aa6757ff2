"""Swedish identity and coordination numbers in a text, also where they are mistyped or split."""

import re
from collections.abc import Iterator

from nlp.text import Covered

# A letter that stands where a digit was meant: "4OO317-l235".
_DIGIT = r"[\dOoIl]"
_AS_DIGITS = str.maketrans("OoIl", "0011")
# The number begins where a word begins, or glued to what announces it: "pnr400317-1235".
_BEGINS = r"(?:(?<![\w/])|(?<=nr)|(?<=nummer))(?=\d)"
_ENDS = r"(?![\w%*]|[.,:-]\d|\s?(?:kr|mg|ml|st)\b)"
# Year, month, day (day + 60 in coordination numbers) and four more signs. One slip is let through:
# any digit may be wrong, the last four may be x or *, the last may lack a digit or have one more.
# A letter before three digits marks a number given for a while in the health services.
_NUMBER = re.compile(
    rf"{_BEGINS}(?:(?P<century>1[89]|20)[ ]?)?"
    rf"(?P<year>{_DIGIT}{{2}})[-./_ ]?(?P<month>{_DIGIT}{{2}})[-./_ ]?(?P<day>{_DIGIT}{{2}})"
    r"(?:\s?[-‐‑–—−－+.,/]?\s?|[_:=])"
    rf"(?P<last>{_DIGIT}{{3,5}}|{_DIGIT}{{2}}[ ]{_DIGIT}{{2}}|[A-Z]\d{{3}}|[\dxX*]{{4}}){_ENDS}"
)
# Split by a space in the wrong place, or with a digit of the date lost; the hyphen is there.
_BROKEN = re.compile(
    rf"{_BEGINS}(?P<date>\d(?:[ ]?\d){{4,5}})[ ]?[-‐‑–—+][ ]?(?P<last>\d(?:[ ]?\d){{3}}){_ENDS}"
)
_MOST_SPACES = 2  # in a broken number: with more it is a list of numbers

_MONTHS = "jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec"
# A date of birth, and the last four told in words: "400317, sista fyra 1235".
_TOLD = re.compile(
    r"(?<!\w)(?:(?:(?:1[89]|20)?\d{2}[-./ ]?(?P<month>\d{2})[-./ ]?(?P<day>\d{2}))"
    rf"|\d{{1,2}}[ ](?:{_MONTHS})[a-z]{{0,7}}\.?[ ]\d{{2,4}})"
    r"(?!\d)(?P<bridge>[^\d\n]{1,30})(?P<last>\d{4})(?!\w)(?=(?P<after>[^\d\n]{0,20}))",
    re.IGNORECASE,
)
_SAYS_LAST = re.compile(r"\b(?:sista|sist|slut(?:et|ar)?|slutsiffr\w{1,5}|last four)\b")
_SAID_AFTER = re.compile(
    r"\s(?:till\s)?sist\b|\s(?:som|på|i|är)\s(?:de\s)?(?:slut(?:et)?|sista)\b|\s?as the last"
)
_LAST_FOUR = re.compile(
    r"\b(?:sista\s(?:fyra|siffr\w{1,5})|fyra\ssista|slutsiffr\w{1,5})"
    r"(?:\s(?:siffr\w{1,5}|är|var|i|nr|hennes|hans|personnumret|personnummer)){0,4}[:=]?\s"
    r"(?P<last>\d{4})(?![\w.,:-]*\d|\w|\s?kr\b)",
    re.IGNORECASE,
)

# Also where a case's number stands: people write their own number as that of their case.
_FULL = re.compile(r"(?:1[89]|20)?\d{6}[-–+]\d{4}$")
_MOBILE_START = re.compile(r"07\d")
# What makes a long row of digits the number of a thing.
NUMBER_OF_A_THING = re.compile(
    r"\b(?:serie|artikel|art|ocr|faktura|order|batch|lot|inventarie|best|ref|referens|individ|"
    r"tillverknings?|streckkod|konto|produkt|kund|avtals)\w{0,3}[.:]?\s{0,2}"
    r"(?:n[ro]\.?|nummer|id)?[.:]?\s{0,2}$",
    re.IGNORECASE,
)
REACH = 30  # characters before a number that may say what it is the number of


def identity_numbers(text: str, cases: Covered) -> Iterator[tuple[int, int]]:
    """Yield where the numbers stand; `cases` are parts that hold the number of a case."""
    for found in _TOLD.finditer(text):
        if _tells_last_four(found):
            yield found.start(), found.end("last")
    for pattern, looks_right in ((_NUMBER, _looks_right), (_BROKEN, _looks_broken)):
        for found in pattern.finditer(text):
            own = cases.meets(found.start(), found.start() + 1) and not _FULL.match(found.group())
            if looks_right(found) and not own:
                yield found.span()
    for found in _LAST_FOUR.finditer(text):
        yield found.span("last")


def _looks_right(found: re.Match[str]) -> bool:
    month, day = _number(found["month"]), _number(found["day"])
    last, whole = found["last"].replace(" ", ""), found.group().translate(_AS_DIGITS)
    bare = whole.isdigit()
    if day > 31 and "-" not in whole and _MOBILE_START.match(whole.replace(" ", "")):
        return False  # 07 01 74 06 05
    if bare and _is_no_person(found, whole):
        return False
    possible = _is_day(month, day)
    if sum(sign.isdigit() for sign in last) < len(last) - 1:
        return possible and set(last) <= set("0123456789xX*")
    if len(last) != 4 and found.group()[-len(last) - 1].isspace():
        return possible and found["century"] is None and "-" in whole  # not "2026-03-17 100"
    if possible:
        return len(last) == 4 or bool(found["century"]) or not bare
    # A mistyped month or day: only where the whole has the full form of an identity number.
    separated = re.search(r"\d{6}\s?[-–+_]\s?\d{4}$", whole) is not None
    near = month <= 19 and day <= 99
    return near and (separated or (found["century"] is not None and len(last) == 4))


def _is_no_person(found: re.Match[str], digits: str) -> bool:
    """Whether a row of digits without any sign is a mobile number or the number of a thing."""
    if found["century"] is None and _MOBILE_START.match(digits):
        return True  # 0701740605
    before = found.string[max(0, found.start() - REACH) : found.start()]
    return bool(NUMBER_OF_A_THING.search(before))


def _looks_broken(found: re.Match[str]) -> bool:
    if found.group().count(" ") > _MOST_SPACES:
        return False
    date = found["date"].replace(" ", "")
    if len(date) == 6:
        return _is_day(int(date[2:4]), int(date[4:]))
    if date.startswith("0") or " " in found.group():
        return False  # a telephone number
    return any(
        _is_day(int(whole[2:4]), int(whole[4:]))
        for place in range(6)
        for digit in "0123456789"
        for whole in [date[:place] + digit + date[place:]]
    )


def _tells_last_four(found: re.Match[str]) -> bool:
    if found["month"] is not None and not _is_day(int(found["month"]), int(found["day"])):
        return False
    said = _SAYS_LAST.search(found["bridge"].lower())
    return bool(said or _SAID_AFTER.match(found["after"].lower()))


def _is_day(month: int, day: int) -> bool:
    return 1 <= month <= 12 and (1 <= day <= 31 or 61 <= day <= 91)


def _number(written: str) -> int:
    return int(written.translate(_AS_DIGITS))
