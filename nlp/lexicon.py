"""Words of the field grouped by meaning, so that the model knows words it never saw in training.

An entry of lexicon.toml is a word with an optional star at either end ("ramla*", "*lift*"), or
several such words that follow each other ("pa golv*"). Everything is matched folded: no å, ä, ö.
"""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from handlers.errors import ConfigurationFault
from nlp.text import fold

DEFAULT_LEXICON = Path(__file__).resolve().parent / "lexicon.toml"
_LONGEST_AFFIX = 24


@dataclass(slots=True)
class _Patterns:
    """Single-word entries, by the way they are matched, to the concepts they stand for."""

    whole: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    prefix: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    suffix: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    inside: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, pattern: str, concept: str) -> None:
        core = pattern.strip("*")
        starts, ends = pattern.endswith("*"), pattern.startswith("*")
        if starts and ends:
            self.inside[core].add(concept)
        elif starts:
            self.prefix[core].add(concept)
        elif ends:
            self.suffix[core].add(concept)
        else:
            self.whole[core].add(concept)

    def concepts(self, word: str) -> frozenset[str]:
        found = set(self.whole.get(word, ()))
        for length in range(2, min(len(word), _LONGEST_AFFIX) + 1):
            found |= self.prefix.get(word[:length], set())
            found |= self.suffix.get(word[-length:], set())
        for core, concepts in self.inside.items():
            if core in word:
                found |= concepts
        return frozenset(found)


class Lexicon:
    """Finds the concepts of a word sequence; results for single words are remembered."""

    def __init__(self, concepts: dict[str, Sequence[str]]) -> None:
        self._source = {concept: tuple(entries) for concept, entries in concepts.items()}
        self._seen: dict[str, frozenset[str]] = {}

    @cached_property
    def _tables(self) -> tuple[_Patterns, list[tuple[tuple[str, ...], str]]]:
        single, phrases = _Patterns(), []
        for concept, entries in self._source.items():
            for entry in entries:
                parts = tuple(fold(part) for part in entry.split())
                if len(parts) == 1:
                    single.add(parts[0], concept)
                else:
                    phrases.append((parts, concept))
        return single, phrases

    @cached_property
    def _phrases_by_start(self) -> dict[str, list[tuple[tuple[str, ...], str]]]:
        by_start: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        for parts, concept in self._tables[1]:
            by_start[parts[0].strip("*")[:2]].append((parts, concept))
        return by_start

    def of_word(self, folded: str) -> frozenset[str]:
        found = self._seen.get(folded)
        if found is None:
            found = self._tables[0].concepts(folded)
            if len(self._seen) < 100_000:
                self._seen[folded] = found
        return found

    def of_sentence(self, folded_words: Sequence[str]) -> list[str]:
        """The concepts in the order of the words; a word or phrase may give several."""
        found: list[str] = []
        for position, word in enumerate(folded_words):
            found += sorted(self.of_word(word))
            for parts, concept in self._phrases_by_start.get(word[:2], ()):
                if _follows(parts, folded_words, position):
                    found.append(concept)
        return found

    def as_dict(self) -> dict[str, Sequence[str]]:
        return dict(self._source)


def _follows(parts: Sequence[str], words: Sequence[str], position: int) -> bool:
    if position + len(parts) > len(words):
        return False
    return all(
        word.startswith(part[:-1]) if part.endswith("*") else word == part
        for part, word in zip(parts, words[position:], strict=False)
    )


def load_lexicon(path: Path = DEFAULT_LEXICON) -> Lexicon:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as fault:
        raise ConfigurationFault(f"{path}: {fault}") from fault
    concepts = document.get("concepts", {})
    for concept, entries in concepts.items():
        if not _all_texts(entries):
            raise ConfigurationFault(f"{path.name}: {concept} must be a list of words")
    return Lexicon(concepts)


def _all_texts(entries: Iterable[object]) -> bool:
    return isinstance(entries, list) and all(isinstance(entry, str) for entry in entries)
