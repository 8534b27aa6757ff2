"""How a text is written, apart from what it is about: who speaks to whom, in what form.

A report by staff, a complaint, thanks and a proposal often hold the same words; they differ in
pronouns, in how sentences open, and in signs of a letter or a note. Every feature is "s:" and text.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from nlp.text import SUBJECT_LINE, fold, words

_PRONOUNS = {
    "jag": "I", "ja": "I", "i": "I", "mig": "ME", "mej": "ME", "me": "ME",
    "min": "MY", "mitt": "MY", "mina": "MY", "my": "MY",
    "vi": "WE", "oss": "US", "var": "OUR", "vart": "OUR", "vara": "OUR", "we": "WE", "our": "OUR",
    "ni": "YOU", "er": "YOUR", "ert": "YOUR", "era": "YOUR", "you": "YOU", "your": "YOUR",
    "du": "THOU", "dig": "THOU", "din": "THOU", "man": "ONE",
    "hon": "SHE", "han": "HE", "henne": "HER", "honom": "HIM", "hennes": "HERS", "hans": "HIS",
    "de": "THEY", "dom": "THEY",
}  # fmt: skip
_COUNTED = ("I", "ME", "MY", "WE", "US", "OUR", "YOU", "YOUR", "THOU", "ONE")
_ABBREVIATION = re.compile(
    r"\b(?:pat|ssk|usk|dsk|ec|avd|lgh|enl|pga|ev|bl\.?a|kl|fm|em|ua|vb|inj|temp|bt|sat|ggr|dgr|tim|"
    r"kad|pvk|as|at|ft|mas|sip|hsl|sol|lss|gfp|adl|anm|ang|resp|obs|rtg|pers|dv|vc)\b",
    re.IGNORECASE,
)
_KIN = re.compile(
    r"\b(?:mamma|pappa|mor|far|mormor|farmor|morfar|farfar|moster|faster|morbror|farbror|svärmor|"
    r"svärfar|syrran|brorsan|syster|bror|son|dotter|make|maka|fru|hustru|sambo|dottern|sonen)s?\b",
    re.IGNORECASE,
)
_CLIENT = re.compile(
    r"\b(?:brukaren?|kunden?|pat(?:ienten)?|(?:den )?boende|hyresgästen?|(?:den )?enskilde?n?|"
    r"klienten?|deltagaren?|omsorgstagaren?|vårdtagaren?)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.!?\n]+")
_SIGNS = (":", ";", "/", '"', "”", "–", "(", "...", "!", "!!", "?", ",", "-")
_SIGNED = re.compile(
    r"(?:^|\s)/\s?[A-ZÅÄÖ]\w+|[.!?]\s+[A-ZÅÄÖ][a-zåäöé]+(?: [A-ZÅÄÖ][a-zåäö]+)?\.?\s*$"
)
_TENSES = {
    "past": re.compile(r"(?:ade|ades|dde|tte)$"),
    "present": re.compile(r"(?:ar|er)$"),
    "perfect": re.compile(r"(?:at|it|ats|its)$"),
}


def style(text: str) -> Counter[str]:
    """Take a text as `model_text` gives it."""
    subject = SUBJECT_LINE.match(text)
    body = text[subject.end() :] if subject else text
    found = [fold(word) for word in words(body)]
    features: Counter[str] = Counter()
    features.update(_speakers(body, found, has_subject=subject is not None))
    features.update(_sentences(body))
    features.update(_word_order(found))
    features.update(_shape(body, found))
    return features


def _speakers(body: str, found: Sequence[str], *, has_subject: bool) -> Iterator[str]:
    """Who writes to whom: counts of pronouns, kin and clients, and which of them meet."""
    pronouns = Counter(_PRONOUNS[word] for word in found if word in _PRONOUNS)
    for pronoun in _COUNTED:
        yield f"s:{pronoun}{_few(pronouns[pronoun])}"
    kin, clients = len(_KIN.findall(body)), len(_CLIENT.findall(body))
    short = len(_ABBREVIATION.findall(body))
    yield from (f"s:kin{_few(kin)}", f"s:client{_few(clients)}", f"s:short{_few(short)}")
    me = pronouns["I"] + pronouns["ME"] + pronouns["MY"] > 0
    you = pronouns["YOU"] + pronouns["YOUR"] > 0
    us = pronouns["WE"] + pronouns["US"] > 0
    yield f"s:subject{has_subject:d}"
    yield f"s:persons{me:d}{you:d}{us:d}"
    yield f"s:all{me:d}{you:d}{us:d}{kin > 0:d}{short > 0:d}{clients > 0:d}{has_subject:d}"


def _sentences(body: str) -> Iterator[str]:
    """How each sentence opens and ends: an order, a question, a note without a subject."""
    split = [found for part in _SENTENCE.split(body) if (found := words(part))]
    for number, found in enumerate(split):
        folded = [fold(word) for word in found]
        for size in (1, 2, 3):
            yield f"s:opens {' '.join(folded[:size])}"
        yield f"s:ends {folded[-1]}"
        yield f"s:by {_PRONOUNS.get(folded[0])} {_PRONOUNS.get(folded[1]) if folded[1:] else ''}"
        if number == 0:
            yield f"s:first {folded[0]}"
    length = sum(len(found) for found in split) / max(1, len(split))
    yield f"s:sentence{min(6, int(length // 3))}"


def _word_order(found: Sequence[str]) -> Iterator[str]:
    for first, second, third in zip(found, found[1:], found[2:], strict=False):
        yield f"s:{first} {second} {third}"
        if first in _PRONOUNS:
            yield f"s:{first} _ {third}"


def _shape(body: str, found: Sequence[str]) -> Iterator[str]:
    for sign in _SIGNS:
        if sign in body:
            yield f"s:sign {sign}"
    yield f"s:digits{_few(sum(sign.isdigit() for sign in body) // 2)}"
    if _SIGNED.search(body):
        yield "s:signed"
    if body[:1].islower():
        yield "s:lower"
    if not _SENTENCE.search(body):
        yield "s:unpointed"
    for tense, ending in _TENSES.items():
        yield f"s:{tense}{_few(sum(bool(ending.search(word)) for word in found))}"


def _few(number: int) -> int:
    """0, 1, 2 to 3, more: as 0, 1, 2, 3."""
    return min(number, 2) if number < 4 else 3
