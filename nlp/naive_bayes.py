"""Multinomial naive Bayes over the pipeline's features.

It errs elsewhere than the linear model, because it counts each feature by itself; the two
together are better than either (measured by cross-validation on the training corpus, also where
the held-out texts come from writers of whom none was trained on, docs/adr/0014).

Three of them stand in the pipeline. One tells categories. One tells each category in two, with and
without a serious event: it asks what a serious fall has that other falls have not. One tells which
acts apply together.
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
SERIOUS_BAYES = "lotsen_serious_bayes"
AREA_BAYES = "lotsen_area_bayes"
# Small, so that a rare word that only one label has weighs much.
SMOOTHING = 0.01
SOFTENED = 0.3  # the log-probabilities are far too sure of themselves


class NaiveBayes:
    """Leaves the log-probability of each label in `doc.user_data`, under its own name."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.labels: tuple[str, ...] = ()
        self._weights: NDArray[np.float32] = np.zeros((0, 0), dtype=np.float32)
        self._sums: NDArray[np.float16] = np.zeros((0, 0), dtype=np.float16)

    def __call__(self, doc: Doc) -> Doc:
        doc.user_data[self.name] = self.log_probabilities(doc.user_data[FEATURES])
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
        places = {label: place for place, label in enumerate(self.labels)}
        sums = np.zeros((size, len(labels)), dtype=np.float64)
        for (numbers, values), label in zip(vectors, truth, strict=True):
            sums[numbers, places[label]] += values
        # What is stored is what is used, in this process too.
        self._take(sums.astype(np.float16))

    def _take(self, sums: NDArray[np.float16]) -> None:
        self._sums = sums
        counted = sums.astype(np.float32) + np.float32(SMOOTHING)
        self._weights = np.log(counted / counted.sum(axis=0))

    def to_disk(self, path: Path | str, *, exclude: Iterable[str] = ()) -> None:
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        srsly.write_json(folder / "labels.json", list(self.labels))
        np.savez_compressed(folder / "sums.npz", sums=self._sums)  # mostly zeros

    def from_disk(self, path: Path | str, *, exclude: Iterable[str] = ()) -> "NaiveBayes":
        folder = Path(path)
        self.labels = tuple(srsly.read_json(folder / "labels.json"))
        if (folder / "weights.npy").exists():  # a model from before the sums were stored
            self._weights = np.load(folder / "weights.npy").astype(np.float32)
        else:
            # Opened here: numpy leaves the file of a broken archive open.
            with (folder / "sums.npz").open("rb") as file, np.load(file) as stored:
                self._take(stored["sums"])
        return self


@Language.factory(NAIVE_BAYES)
def make_naive_bayes(nlp: Language, name: str) -> NaiveBayes:
    return NaiveBayes(name)


def gathered(
    log_probabilities: NDArray[np.float32], members: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The softened probabilities, summed for each column over the labels that belong to it."""
    odds = log_probabilities.astype(np.float64) * SOFTENED
    raised = np.exp(odds - odds.max())
    return np.asarray((raised / raised.sum()) @ members)
