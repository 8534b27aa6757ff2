"""Which unit a story names: typed with a thumb, dictated in lower case, inflected or split in two.

A name in a text is no more than a guess, and a wrong one is worse than none. So a word that is also
an everyday noun ("hamnen", "verkstan") has to stand as a name does, and a text that names several
units names none.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE_ENDS = re.compile(r"[.!?:;\n]\s*\W*$")
_FOLDED = str.maketrans("åäöéüÅÄÖÉÜ", "aaoeuaaoeu")  # phones without the Swedish letters
_DEFINITE = ("en", "et", "an")
_VOWELS = ("a", "e")  # "boendet" and "boende" have the same stem
_SHORTEST = 4  # letters of a word that can tell a unit by itself
_SHORTEST_PART = 3  # letters of each half of a word that was split
_WORDS_OF_FAILING = 5  # so near to a service stands what it failed to do


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    written: str  # lower case; "åt" is not "at"
    word: str  # the same without the dots and rings of å, ä and ö
    stem: str
    is_capital: bool
    begins: bool  # a sentence, where a capital says nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class _Name:
    """A unit's name in stems; `own` are the telling ones that no other unit has."""

    unit_id: str
    stems: tuple[str, ...]
    own: frozenset[str]
    kinds: frozenset[str]

    @property
    def is_service(self) -> bool:
        return len(self.kinds) == len(set(self.stems))


class PlaceReader:
    """Every list of `data` is of words in any form, from the table [units] of story.toml."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._kinds = _stems(data["common"])
        self._before = frozenset(data["before"])
        self._surely_before = frozenset(data["surely_before"])
        self._inside = frozenset(data["inside_service"])
        self._not_inside = frozenset(map(_folded, data["not_inside_after"]))
        self._calling_from = frozenset(map(_folded, data["calling_from"]))
        self._elsewhere = _stems(data["elsewhere"])
        self._directions = _stems(data["directions"])
        self._nouns = _stems(data["nouns"])
        self._everyday = _stems(data["everyday"])
        self._clause = frozenset(map(_folded, data["clause"]))
        self._failed = re.compile(_folded(data["failed"]))

    def read(self, text: str, units: Sequence[tuple[str, str]]) -> str:
        """Return the id of the one unit that the text names; nothing when it names several."""
        tokens = _tokens(text)
        names = self._names(units)
        named = {name.unit_id for name in names if self._is_named(name, tokens)}
        return next(iter(named)) if len(named) == 1 else ""

    def _names(self, units: Sequence[tuple[str, str]]) -> list[_Name]:
        split = [(unit_id, tuple(map(_stem, _words(name)))) for unit_id, name in units]
        seen: dict[str, int] = {}
        for _, stems in split:
            for stem in set(stems):
                seen[stem] = seen.get(stem, 0) + 1
        return [
            _Name(
                unit_id=unit_id,
                stems=stems,
                own=frozenset(s for s in stems if seen[s] == 1 and len(s) >= _SHORTEST),
                kinds=frozenset(s for s in stems if s in self._kinds),
            )
            for unit_id, stems in split
        ]

    def _is_named(self, name: _Name, tokens: list[_Token]) -> bool:
        if name.is_service:
            return any(
                token.stem in name.own and self._is_service(tokens, at)
                for at, token in enumerate(tokens)
            )
        if len(name.stems) > 1 and _stands_whole(name.stems, tokens):
            return True
        own = name.own - name.kinds
        for at, token in enumerate(tokens):
            if token.stem in own and self._is_place(name, tokens, at, at):
                return True
            joined = _joined(tokens, at)
            if joined in own and self._is_place(name, tokens, at, at + 1):
                return True
        return False

    def _is_place(self, name: _Name, tokens: list[_Token], first: int, last: int) -> bool:
        """Whether a telling word, which may be split in two, stands for its unit."""
        token = tokens[first]
        stem = token.stem if first == last else _joined(tokens, first)
        before = _word_before(tokens, first)
        nearest = _word_before(tokens, first - 1) if before.written in self._before else before
        if nearest.stem in name.kinds:
            return True
        if before.stem in self._elsewhere:
            return False
        if first == last and token.is_capital and stem not in self._directions:
            is_noun = stem in self._nouns or stem in self._everyday
            return not (token.begins and is_noun)
        if stem in self._everyday:
            return False
        of_kind = first
        while _word_before(tokens, of_kind).stem in self._kinds:  # "på boendet solrosen"
            of_kind -= 1
        is_noun = stem in self._nouns or stem in self._directions
        fitting = self._surely_before if is_noun else self._before
        return _word_before(tokens, of_kind).written in fitting

    def _is_service(self, tokens: list[_Token], at: int) -> bool:
        """Whether a kind of service stands for the one unit of its kind, as who works or failed."""
        token, after = tokens[at], tokens[at + 1] if at + 1 < len(tokens) else _NOTHING
        another = (after.is_capital and not after.begins) or after.stem in self._directions
        if another or not _is_definite(token):
            return False
        before, earlier = _word_before(tokens, at), _word_before(tokens, at - 1)
        if before.written in self._inside:
            return earlier.word not in self._not_inside
        if before.word == "fran":
            return earlier.word in self._calling_from
        begins = before is _NOTHING or before.word in self._clause
        following = " ".join(t.word for t in tokens[at + 1 : at + 1 + _WORDS_OF_FAILING])
        return begins and self._failed.match(following) is not None


_NOTHING = _Token(written="", word="", stem="", is_capital=False, begins=False)


def _word_before(tokens: list[_Token], at: int) -> _Token:
    """Return the word before in the same sentence."""
    return tokens[at - 1] if at > 0 and not tokens[at].begins else _NOTHING


def _stands_whole(stems: tuple[str, ...], tokens: list[_Token]) -> bool:
    """Whether all words of a name stand in a row, in any inflection: "hemtjänsten i norr"."""
    row = [token.stem for token in tokens if token.word not in ("i", "pa")]
    return any(tuple(row[at : at + len(stems)]) == stems for at in range(len(row)))


def _joined(tokens: list[_Token], at: int) -> str:
    """Return the stem of a word and the next as one, as dictation splits "björk gården"."""
    pair = tokens[at : at + 2]
    if len(pair) < 2 or any(len(token.word) < _SHORTEST_PART for token in pair):
        return ""
    return _stem(pair[0].word + pair[1].word)


def _is_definite(token: _Token) -> bool:
    return token.word.removesuffix("s").endswith(_DEFINITE)


def _tokens(text: str) -> list[_Token]:
    return [
        _Token(
            written=match[0].lower(),
            word=_folded(match[0]),
            stem=_stem(_folded(match[0])),
            is_capital=match[0][0].isupper() and not match[0].isupper(),
            begins=match.start() == 0
            or _SENTENCE_ENDS.search(text[max(0, match.start() - 4) : match.start()]) is not None,
        )
        for match in _WORD.finditer(text)
    ]


def _folded(text: str) -> str:
    return text.lower().translate(_FOLDED)


def _words(name: str) -> list[str]:
    return [_folded(word) for word in _WORD.findall(name)]


def _stems(words: Iterable[str]) -> frozenset[str]:
    return frozenset(_stem(_folded(word)) for word in words)


def _stem(word: str) -> str:
    """Return a word without genitive and definite endings: "Björkgårdens" -> "bjorkgard"."""
    bare = word.removesuffix("s") if len(word) > _SHORTEST else word
    for ending in (*_DEFINITE, *_DEFINITE, *_VOWELS):  # "verksamheten" has two
        if bare.endswith(ending) and len(bare) - len(ending) >= _SHORTEST:
            bare = bare.removesuffix(ending)
    return bare
