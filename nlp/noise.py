"""Copies of training texts with the slips that people make: typos, lost dots, run-on dictation."""

import random
import re

_NEIGHBOURS = {
    "a": "sqz", "b": "vn", "c": "xv", "d": "sfe", "e": "wrd", "f": "dgr", "g": "fht", "h": "gjy",
    "i": "uok", "j": "hku", "k": "jli", "l": "kö", "m": "n", "n": "bm", "o": "ipl", "p": "oå",
    "r": "etf", "s": "adw", "t": "ryg", "u": "yij", "v": "cb", "y": "tuh", "ä": "öa", "ö": "äl",
    "å": "pa",
}  # fmt: skip
_WITHOUT_DOTS = str.maketrans("åäöÅÄÖ", "aaoAAO")
_AS_HEARD = (
    ("och", "o"), ("är", "e"), ("det", "de"), ("något", "nåt"), ("någon", "nån"), ("inte", "int"),
    ("sedan", "sen"), ("till", "ti"), ("jag", "ja"), ("mig", "mej"), ("medicin", "medecin"),
    ("dem", "dom"), ("att", "o"), ("ck", "k"), ("tt", "t"), ("ll", "l"), ("sj", "sch"),
)  # fmt: skip
_PUNCTUATION = re.compile(r"[.,!?;:]")


def noisy(text: str, chance: random.Random) -> str:
    """Return the text with one or two kinds of slip; the meaning stays."""
    for slip in chance.sample(_SLIPS, k=chance.choice((1, 1, 2))):
        text = slip(text, chance)
    return text


def _typos(text: str, chance: random.Random) -> str:
    signs = list(text)
    for position, sign in enumerate(signs):
        if sign.isalpha() and chance.random() < 0.03:
            signs[position] = _mistyped(sign, signs, position, chance)
    return "".join(signs)


def _mistyped(sign: str, signs: list[str], position: int, chance: random.Random) -> str:
    match chance.randrange(4):
        case 0:
            return ""
        case 1:
            return sign * 2
        case 2 if position + 1 < len(signs) and signs[position + 1].isalpha():
            following, signs[position + 1] = signs[position + 1], sign
            return following
        case _:
            return chance.choice(_NEIGHBOURS.get(sign.lower(), sign))


def _lost_dots(text: str, chance: random.Random) -> str:
    return text.translate(_WITHOUT_DOTS)


def _dictated(text: str, chance: random.Random) -> str:
    return _PUNCTUATION.sub("", text).lower()


def _as_heard(text: str, chance: random.Random) -> str:
    for written, heard in chance.sample(_AS_HEARD, k=6):
        text = text.replace(written, heard)
    return text


def _split_compound(text: str, chance: random.Random) -> str:
    words = text.split(" ")
    for position, word in enumerate(words):
        if len(word) >= 10 and chance.random() < 0.3:
            middle = chance.randint(4, len(word) - 4)
            words[position] = f"{word[:middle]} {word[middle:]}"
    return " ".join(words)


def _lost_words(text: str, chance: random.Random) -> str:
    words = text.split(" ")
    if len(words) < 8:
        return text
    return " ".join(word for word in words if chance.random() > 0.1)


def _shouted(text: str, chance: random.Random) -> str:
    return text.upper()


_SLIPS = (
    _typos, _typos, _lost_dots, _dictated, _as_heard, _split_compound, _lost_words, _lost_words,
    _shouted,
)  # fmt: skip
