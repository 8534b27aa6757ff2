"""Finding words by pattern although people misspell, inflect and join them.

A pattern is one or more words: "ambulans*", "*fraktur*", "slog i huvudet". A star stands for any
ending or beginning. Words are compared without å, ä, ö and doubled letters; patterns of seven
letters and more also match with one letter wrong, lost, added or swapped. A word of a pattern that
begins with "=" allows none of that, only missing dots and rings: "=fell" is not "fel". For "_" one
or two words may stand, or none: "satte _ i halsen".
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from nlp.text import fold

_DOUBLED = re.compile(r"([a-z])\1+")
_LEAST_FUZZY = 7  # shorter words are too near to other words
GAP = -1
_WIDEST_GAP = 2  # words
_LONGEST = 40  # letters of a word that are looked at


@lru_cache(maxsize=50_000)
def simplified(word: str) -> str:
    """Fold a word and take away what people most often get wrong: doubled letters, ck, z, w."""
    plain = fold(word[:_LONGEST]).replace("ck", "k").replace("z", "s").replace("w", "v")
    return _DOUBLED.sub(r"\1", plain)


def _ways_to_write(word: str) -> Iterator[str]:
    """The word, and what it is where somebody has no å ä ö, or joins words with a hyphen."""
    yield word
    lowered = word[:_LONGEST].lower()
    other = lowered.replace("-", "").replace("ae", "ä").replace("oe", "ö").replace("aa", "å")
    if other != lowered:
        yield other


@dataclass(frozen=True, slots=True)
class Pattern:
    """One or more words, each as its number in the index; GAP for "_"."""

    parts: tuple[int, ...]


class WordIndex:
    """All single-word patterns of a rule file, so that a word is compared with all of them at once.

    Each pattern has a number; a word is answered with the numbers of the patterns it matches.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._exact_whole: dict[str, int] = {}
        self._exact_prefix: dict[str, int] = {}
        self._whole: dict[str, set[int]] = defaultdict(set)
        self._prefix: dict[str, set[int]] = defaultdict(set)
        self._suffix: dict[str, set[int]] = defaultdict(set)
        self._inside: dict[str, int] = {}
        self._fuzzy_whole: dict[str, set[tuple[str, int]]] = defaultdict(set)
        self._fuzzy_prefix: dict[str, set[tuple[str, int]]] = defaultdict(set)
        self._known: dict[str, frozenset[int]] = {}

    def pattern(self, written: str) -> Pattern:
        parts = written.split()
        return Pattern(tuple(GAP if part == "_" else self._add(part) for part in parts))

    def _add(self, written: str) -> int:
        if written.startswith("="):
            return self._add_exact(written)
        core = simplified(written.strip("*"))
        open_start, open_end = written.startswith("*"), written.endswith("*")
        key = f"{'*' * open_start}{core}{'*' * open_end}"
        if key in self._numbers:
            return self._numbers[key]
        number = self._numbers[key] = len(self._numbers)
        if open_start and open_end:
            self._inside[core] = number
        elif open_start:
            self._suffix[core].add(number)
        else:
            (self._prefix if open_end else self._whole)[core].add(number)
            self._add_fuzzy(core, number, self._fuzzy_prefix if open_end else self._fuzzy_whole)
        return number

    def _add_exact(self, written: str) -> int:
        if written not in self._numbers:
            table = self._exact_prefix if written.endswith("*") else self._exact_whole
            table[fold(written.strip("=*"))] = self._numbers[written] = len(self._numbers)
        return self._numbers[written]

    def _add_fuzzy(self, core: str, number: int, table: dict[str, set[tuple[str, int]]]) -> None:
        if len(core) >= _LEAST_FUZZY:
            for shortened in _one_letter_less(core):
                table[shortened].add((core, number))

    def of_word(self, word: str) -> frozenset[int]:
        """Take a word as it is written; results are remembered."""
        known = self._known.get(word)
        if known is None:
            known = frozenset(
                number
                for way in _ways_to_write(word)
                for number in (*self._matches(simplified(way)), *self._exact(fold(way)))
            )
            if len(self._known) < 100_000:
                self._known[word] = known
        return known

    def _exact(self, word: str) -> Iterator[int]:
        if word in self._exact_whole:
            yield self._exact_whole[word]
        for size in range(2, min(len(word), _LONGEST) + 1):
            if word[:size] in self._exact_prefix:
                yield self._exact_prefix[word[:size]]

    def _matches(self, word: str) -> Iterator[int]:
        yield from self._whole.get(word, ())
        for size in range(2, len(word) + 1):
            yield from self._prefix.get(word[:size], ())
            yield from self._suffix.get(word[-size:], ())
        yield from (number for core, number in self._inside.items() if core in word)
        if len(word) >= _LEAST_FUZZY - 1:
            yield from _nearly(word, self._fuzzy_whole)
            for size in range(_LEAST_FUZZY - 1, len(word) + 1):
                yield from _nearly(word[:size], self._fuzzy_prefix)


def _nearly(word: str, table: Mapping[str, set[tuple[str, int]]]) -> Iterator[int]:
    for shortened in _one_letter_less(word):
        for core, number in table.get(shortened, ()):
            if word[0] == core[0] and _one_slip_apart(core, word):
                yield number


@lru_cache(maxsize=20_000)
def _one_letter_less(word: str) -> frozenset[str]:
    return frozenset({word, *(word[:n] + word[n + 1 :] for n in range(len(word)))})


def _one_slip_apart(first: str, second: str) -> bool:
    start = 0
    while start < min(len(first), len(second)) and first[start] == second[start]:
        start += 1
    one, other = first[start:], second[start:]
    swapped = one[:2] == other[:2][::-1] and one[2:] == other[2:]
    return swapped or one[1:] == other[1:] or one[1:] == other or one == other[1:]


class MarkedText:
    """The words of a text with the patterns that each of them matches; no gap goes over `walls`."""

    def __init__(self, words: Sequence[str], index: WordIndex, walls: Collection[int] = ()) -> None:
        self.walls = walls
        self.matches = [index.of_word(word) for word in words]
        self.places: dict[int, list[int]] = defaultdict(list)
        for place, numbers in enumerate(self.matches):
            for number in numbers:
                self.places[number].append(place)


class PatternSet:
    """Several patterns that mean the same."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        patterns = list(patterns)
        self._single = frozenset(p.parts[0] for p in patterns if len(p.parts) == 1)
        self._phrases: dict[int, list[tuple[int, ...]]] = defaultdict(list)
        for pattern in patterns:
            if len(pattern.parts) > 1:
                self._phrases[pattern.parts[0]].append(pattern.parts)

    def found(self, marked: MarkedText) -> list[tuple[int, int]]:
        """Where the patterns stand: first and one past the last word."""
        hits = [
            (place, place + 1)
            for number in self._single & marked.places.keys()
            for place in marked.places[number]
        ]
        for number in self._phrases.keys() & marked.places.keys():
            for parts in self._phrases[number]:
                hits += _phrase_hits(parts, marked)
        return sorted(set(hits))


def _phrase_hits(parts: Sequence[int], marked: MarkedText) -> Iterator[tuple[int, int]]:
    for start in marked.places[parts[0]]:
        ends = {start + 1}
        for part in parts[1:]:
            ends = set(_steps(ends, part, marked))
        if ends:
            yield start, min(ends)


def _steps(ends: Iterable[int], part: int, marked: MarkedText) -> Iterator[int]:
    for end in ends:
        if part == GAP:
            yield end
            for place in range(end, min(end + _WIDEST_GAP, len(marked.matches))):
                if place in marked.walls:
                    break
                yield place + 1
        elif end < len(marked.matches) and part in marked.matches[end]:
            yield end + 1
