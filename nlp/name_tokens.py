"""The words of a text as the search for names sees them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import simplemma

from nlp.text import Covered

_TOKEN = re.compile(r"[^\W\d_]+(?:[-'’´][^\W\d_]+)*")
_SENTENCE_BREAK = re.compile(r"[.!?:\n\"”“»•*(]\s*$|^\s*$|\s[-–]\s*$")
# "Bo, 84 år", "Bo (84)", "Bo 84 år", "Bo, f. 1940".
_AGE = re.compile(
    r",?\s\(?(?:f\.?|född|född\s-?)?\s?\d{1,4}\s?(?:år|åring|-årig)|\s\([1-9]\d\)|,\sf(?:ödd|\.)"
)
# Letters in the halves of a compound that nobody is called: "bad" and "lift".
_SHORTEST_FIRST, _SHORTEST_LAST = 3, 4
_WITHOUT_DOTS = {"o": "ö", "a": "åä"}


@dataclass(frozen=True, slots=True)
class Token:
    start: int
    end: int
    written: str
    lower: str
    first_in_sentence: bool

    @property
    def capital(self) -> bool:
        return self.written[0].isupper()

    @property
    def shouted(self) -> bool:
        return len(self.written) > 1 and self.written[:2].isupper()

    @property
    def initial(self) -> bool:
        return len(self.written) == 1 and self.capital


def tokens_of(text: str, taken: Sequence[tuple[int, int]]) -> list[Token]:
    """Return the words outside the ranges that other personal data has taken."""
    found_tokens = []
    covered = Covered(len(text), taken)
    for found in _TOKEN.finditer(text):
        if covered.meets(*found.span()):
            continue
        before = text[max(0, found.start() - 6) : found.start()]
        first = found.start() == 0 or bool(_SENTENCE_BREAK.search(before))
        found_tokens.append(
            Token(found.start(), found.end(), found.group(), found.group().lower(), first)
        )
    return found_tokens


def base(lower: str) -> str:
    """Return the word without the s of the genitive."""
    for ending in ("'s", "’s", "´s", "s"):
        if lower.endswith(ending) and len(lower) > len(ending) + 2:
            bare = lower[: -len(ending)]
            double = bare.endswith("s") and ending == "s"
            return lower if double and simplemma.is_known(lower, lang="sv") else bare  # "klass"
    return lower


def age_follows(text: str, token: Token) -> bool:
    return bool(_AGE.match(text, token.end, min(len(text), token.end + 20)))


def is_compound(lower: str) -> bool:
    """Whether two Swedish words make up the word: "provlarm", "badlift"."""
    return any(
        (_is_word(lower[:cut]) or _is_word(lower[:cut].removesuffix("s"))) and _is_word(lower[cut:])
        for cut in range(_SHORTEST_FIRST, len(lower) - _SHORTEST_LAST + 1)
    )


def lost_its_dots(lower: str) -> bool:
    """Whether the word is Swedish with one more ring or pair of dots: "besok"."""
    return any(
        _is_word(f"{lower[:place]}{dotted}{lower[place + 1 :]}")
        for place, letter in enumerate(lower)
        for dotted in _WITHOUT_DOTS.get(letter, "")
    )


def _is_word(part: str) -> bool:
    return len(part) > 2 and simplemma.is_known(part, lang="sv")
