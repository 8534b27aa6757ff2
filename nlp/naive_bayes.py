"""Multinomial naive Bayes over the pipeline's features.

It errs elsewhere than the linear model, because it counts each feature by itself; the two
together are better than either (measured by cross-validation on the training corpus).
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import srsly
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc

from nlp.components import FEATURES
from nlp.features import Vector

NAIVE_BAYES = "lotsen_naive_bayes"  # name of the component and of its entry in doc.user_data
SMOOTHING = 0.1


class NaiveBayes:
    """Leaves the log-probability of each label in `doc.user_data`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.labels: tuple[str, ...] = ()
        self._weights = np.zeros((0, 0), dtype=np.float32)

    def __call__(self, doc: Doc) -> Doc:
        doc.user_data[NAIVE_BAYES] = self.log_probabilities(doc.user_data[FEATURES])
        return doc

    def log_probabilities(self, vector: Vector) -> NDArray[np.float32]:
        numbers, values = vector
        scores = values @ self._weights[numbers]
        shifted = scores - scores.max()
        return np.asarray(shifted - np.log(np.exp(shifted).sum()), dtype=np.float32)

    def fit(
        self, vectors: Sequence[Vector], truth: Sequence[str], labels: Sequence[str], size: int
    ) -> None:
        """Count the features of each label; `size` is the number of features that exist."""
        self.labels = tuple(labels)
        sums = np.full((size, len(labels)), SMOOTHING, dtype=np.float64)
        for (numbers, values), label in zip(vectors, truth, strict=True):
            sums[numbers, self.labels.index(label)] += values
        self._weights = np.log(sums / sums.sum(axis=0)).astype(np.float32)

    def to_disk(self, path: Path | str, *, exclude: Iterable[str] = ()) -> None:
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        srsly.write_json(folder / "labels.json", list(self.labels))
        np.save(folder / "weights.npy", self._weights.astype(np.float16))

    def from_disk(self, path: Path | str, *, exclude: Iterable[str] = ()) -> "NaiveBayes":
        folder = Path(path)
        self.labels = tuple(srsly.read_json(folder / "labels.json"))
        self._weights = np.load(folder / "weights.npy").astype(np.float32)
        return self


@Language.factory(NAIVE_BAYES)
def make_naive_bayes(nlp: Language, name: str) -> NaiveBayes:
    return NaiveBayes(name)
