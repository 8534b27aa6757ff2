"""What the models see of a text: words, pairs, letter sequences, concepts and style, weighed."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
import simplemma
from numpy.typing import NDArray

from nlp.lexicon import Lexicon
from nlp.serious import SeriousRules
from nlp.style import style
from nlp.text import fold, words

Vector = tuple[NDArray[np.int64], NDArray[np.float32]]  # feature numbers, their weights

# A block's features are scaled to this length together, so that long texts and the many letter
# sequences do not drown the few concepts.
BLOCK_WEIGHTS = {"w": 1.5, "b": 0.8, "c": 1.5, "k": 1.0, "m": 0.5, "r": 0.7, "s": 1.0}
# A feature must stand in so many training texts to be kept (docs/adr/0014).
LEAST_TEXTS = {"w": 2, "k": 1, "r": 1, "m": 2, "b": 6, "c": 8, "s": 2}
_SENTENCE = re.compile(r"[.!?\n;]+")
_SHORTEST_GRAM, _LONGEST_GRAM = 3, 5
_LONGEST_WORD = 60  # letters; no dictionary has longer ones


@lru_cache(maxsize=50_000)
def lemma(word: str) -> str:
    if len(word) > _LONGEST_WORD:
        return fold(word)
    return fold(simplemma.lemmatize(word, lang="sv"))


@lru_cache(maxsize=50_000)
def letter_sequences(folded: str) -> tuple[str, ...]:
    """The 3- to 5-letter pieces of a word with its borders marked."""
    if folded.startswith("<"):
        return ()
    bordered = f"_{folded}_"
    return tuple(
        "c:" + bordered[start : start + size]
        for size in range(_SHORTEST_GRAM, _LONGEST_GRAM + 1)
        for start in range(len(bordered) - size + 1)
    )


class FeatureCounter:
    """Turns a text into named features; the first letter of a name is its block."""

    def __init__(self, lexicon: Lexicon, rules: SeriousRules) -> None:
        self.lexicon = lexicon
        self.rules = rules

    def count(self, text: str) -> Counter[str]:
        counts: Counter[str] = Counter()
        sentences = [found for part in _SENTENCE.split(text) if (found := words(part))]
        for found in sentences:
            counts.update(self._of_sentence(found))
        if sentences:
            counts.update(_borders(sentences))
        counts.update(_form(text, counts))
        counts.update(style(text))
        counts.update(f"r:{finding.reason}" for finding in self.rules.findings(text))
        return counts

    def _of_sentence(self, found: Sequence[str]) -> Iterator[str]:
        folded = [fold(word) for word in found]
        for word, plain in zip(found, folded, strict=True):
            yield f"w:{plain}"
            base = lemma(word)
            if base != plain:
                yield f"w:{base}"
            yield from letter_sequences(plain)
        for first, second in pairwise(folded):
            yield f"b:{first} {second}"
        for concept in self.lexicon.of_sentence(folded):
            yield f"k:{concept}"


def _borders(sentences: Sequence[Sequence[str]]) -> Iterator[str]:
    """How the text opens and ends, which tells a letter from a note."""
    opening, ending = sentences[0], sentences[-1]
    yield f"m:opens {fold(opening[0])}"
    yield f"m:opens {' '.join(fold(word) for word in opening[:2])}"
    yield f"m:ends {fold(ending[-1])}"


def _form(text: str, counts: Counter[str]) -> Iterator[str]:
    """How the text is written, apart from its words: length, shouting, greeting lines."""
    length = sum(count for name, count in counts.items() if name.startswith("w:"))
    yield f"m:length{min(7, int(math.log2(length + 1)))}"
    if text.isupper():
        yield "m:shouting"
    for sign in "?!":
        if sign in text:
            yield f"m:{sign}"
    if "\n" in text.strip():
        yield "m:lines"


class Vocabulary:
    """Numbers the features that at least two texts share, and weighs them by rarity."""

    def __init__(self, names: Sequence[str], rarity: Sequence[float]) -> None:
        self.names = list(names)
        self.rarity = np.asarray(rarity, dtype=np.float32)
        self._numbers = {name: number for number, name in enumerate(self.names)}

    def __len__(self) -> int:
        return len(self.names)

    @classmethod
    def fitted(cls, counted: Iterable[Counter[str]]) -> "Vocabulary":
        texts_with: Counter[str] = Counter()
        total = 0
        for counts in counted:
            texts_with.update(counts.keys())
            total += 1
        kept = sorted(
            name for name, number in texts_with.items() if number >= LEAST_TEXTS.get(name[0], 2)
        )
        rarity = [1.0 + math.log((1 + total) / (1 + texts_with[name])) for name in kept]
        return cls(kept, rarity)

    def vector(self, counts: Counter[str]) -> Vector:
        known = [
            (number, name[0], count)
            for name, count in counts.items()
            if (number := self._numbers.get(name)) is not None
        ]
        if not known:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        numbers = np.fromiter((entry[0] for entry in known), dtype=np.int64, count=len(known))
        repeats = np.fromiter((entry[2] for entry in known), dtype=np.float32, count=len(known))
        blocks = np.array([entry[1] for entry in known])
        weights = (1.0 + np.log(repeats)) * self.rarity[numbers]
        for block, scale in BLOCK_WEIGHTS.items():
            inside = blocks == block
            length = float(np.sqrt(np.sum(weights[inside] ** 2)))
            if length > 0:
                weights[inside] *= scale / length
        return numbers, weights.astype(np.float32)
