"""Whether a text says enough, and in Swedish, for its best category to stand as the choice.

The models give every text some category, and one word that they know is enough to be sure of it:
"larm" alone, or a Turkish story with "alarm" in it.
"""

import tomllib
from functools import cache, lru_cache
from pathlib import Path

import simplemma

from nlp.text import SUBJECT_MARK, WORD, is_latin

LEAST_WORDS = 3  # different ones, letters alone
LEAST_TELLING = 2  # of them that are no function words
LEAST_KNOWN = 0.6  # share of the words that stand in a Swedish dictionary
MOST_FOREIGN = 0.05  # share of the words that are common in another language and none in Swedish
READ = 2_000  # words; more than that tells nothing new
LONGEST_WORD = 60  # letters; no dictionary has longer ones

_WORDS = Path(__file__).resolve().parent / "enough.toml"


def says_enough(text: str) -> bool:
    """Whether the text is long enough, and enough of it Swedish, to be certain of anything.

    Take a text as `model_text` gives it.
    """
    said = text.removeprefix(SUBJECT_MARK).lower()
    found = [word for word in WORD.findall(said) if word.isalpha()][:READ]
    different = set(found)
    function_words, foreign_words = _word_lists()
    if len(different) < LEAST_WORDS or len(different - function_words) < LEAST_TELLING:
        return False
    foreign = sum(word in foreign_words for word in found)
    known = sum(_is_swedish(word) for word in found)
    return (
        foreign <= MOST_FOREIGN * len(found)
        and known >= LEAST_KNOWN * len(found)
        and is_latin(text)
    )


def can_alarm(text: str) -> bool:
    """Whether the text has two different words to make sense of each other, in Latin letters."""
    said = text.removeprefix(SUBJECT_MARK).lower()
    different = {word for word in WORD.findall(said) if not word.isdigit()}
    return len(different) >= 2 and is_latin(said)


@lru_cache(maxsize=50_000)
def _is_swedish(word: str) -> bool:
    if word in _word_lists()[1] or len(word) > LONGEST_WORD:
        return False
    return simplemma.is_known(word, lang="sv") or simplemma.is_known(word.capitalize(), lang="sv")


@cache
def _word_lists() -> tuple[frozenset[str], frozenset[str]]:
    """Function words, and words of other languages."""
    lists = tomllib.loads(_WORDS.read_text(encoding="utf-8"))
    function_words = frozenset(lists["function_words"].split())
    foreign = frozenset(word for words in lists["foreign"].values() for word in words.split())
    return function_words, foreign - function_words
