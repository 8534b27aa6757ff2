"""How a text looks to the language part: folded, cut at a length, split into words."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from nlp.readable import readable

# The model reads this much; the rules and the personal-data search read everything.
MODEL_TEXT_LIMIT = 8_000  # characters
_AFTER_LATIN = "\u0250"  # where the Latin letters of Unicode end
SUBJECT_MARK = "Ämne: "
SUBJECT_LINE = re.compile(rf"{SUBJECT_MARK}[^\n]*\n")  # as model_text writes it

# spaCy takes the signs before and after a word off one at a time and looks at the rest anew.
_RUN_OF_SIGNS = re.compile(r"((?:[^\w\s]|_){8})(?:[^\w\s]|_)+")

WORD = re.compile(r"[^\W_]+(?:[.:'’´-][^\W_]+)*", re.UNICODE)
_TIME = re.compile(r"^(?:[01]?\d|2[0-4])[.:]\d{2}$")
_NUMBER = re.compile(r"^\d+(?:[.:-]\d+)*$")
_UNIT = re.compile(
    r"^\d+(?:[.,]\d+)?(mg|ml|ug|mikrogram|g|kg|st|e|ie|tabl?|min|tim|h|dl|cm|kr|mm|mmol)$"
)


@lru_cache(maxsize=50_000)
def fold(word: str) -> str:
    """Lower case without rings, dots and accents, as people type on a phone."""
    lowered = word.lower()
    if lowered.isascii():
        return lowered
    decomposed = unicodedata.normalize("NFKD", lowered)
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def model_text(text: str, subject: str = "") -> str:
    """Join subject and text as the model reads them, cut at MODEL_TEXT_LIMIT.

    Of a long run of signs, as under a heading, the first eight stay.
    """
    joined = f"{SUBJECT_MARK}{subject}\n{text}" if subject else text
    read = readable(joined[:MODEL_TEXT_LIMIT]).text
    return _RUN_OF_SIGNS.sub(r"\1", unicodedata.normalize("NFC", read))


def is_latin(text: str) -> bool:
    """Whether at least three of four letters are Latin, or there is no letter at all."""
    letters = [sign for sign in text if sign.isalpha()]
    return 4 * sum(sign < _AFTER_LATIN for sign in letters) >= 3 * len(letters)


@lru_cache(maxsize=50_000)
def shape(word: str) -> str:
    """The word itself, or one common sign for all clock times, amounts and other numbers."""
    if not word[0].isdigit():
        return word
    if _TIME.match(word):
        return "<tid>"
    if unit := _UNIT.match(word):
        return f"<antal>{unit.group(1)}"
    if _NUMBER.match(word):
        return f"<tal{min(len(word), 6)}>"
    return word


def words(text: str) -> list[str]:
    """Split into lower-case words with å ä ö kept."""
    return [shape(word) for word in WORD.findall(text.lower())]


class Covered:
    """Which parts of a text are taken; asking costs no more than the part is long."""

    def __init__(self, length: int, spans: Iterable[tuple[int, int]] = ()) -> None:
        self._signs = bytearray(length)
        for start, end in spans:
            self.take(start, end)

    def take(self, start: int, end: int) -> None:
        self._signs[start:end] = b"\x01" * (end - start)

    def meets(self, start: int, end: int) -> bool:
        return self._signs.find(1, start, end) >= 0
