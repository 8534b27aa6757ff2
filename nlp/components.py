"""The parts that Lotsen adds to spaCy: a feature extractor and the linear model on top of it."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import cast

import numpy as np
import srsly
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry
from thinc.api import Model
from thinc.types import Floats2d

from nlp.features import FeatureCounter, Vector, Vocabulary
from nlp.lexicon import Lexicon
from nlp.serious import load_serious_rules

FEATURES = "lotsen_features"  # name of the component and of its entry in doc.user_data
WEIGHT = "lotsen_weight"  # in doc.user_data while training: how much the text counts, if not 1
Scores = NDArray[np.float32]


class FeatureExtractor:
    """Leaves the text's features in `doc.user_data`, once for all classifiers of the pipeline."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.counter = FeatureCounter(Lexicon({}), load_serious_rules())
        self.vocabulary = Vocabulary([], [])

    def __call__(self, doc: Doc) -> Doc:
        doc.user_data[FEATURES] = self.vector(doc.text)
        return doc

    def vector(self, text: str) -> Vector:
        return self.vocabulary.vector(self.counter.count(text))

    def take(self, vocabulary: Vocabulary, lexicon: Lexicon) -> None:
        """The vocabulary must come from texts counted with this lexicon."""
        self.counter = FeatureCounter(lexicon, self.counter.rules)
        self.vocabulary = vocabulary

    def to_disk(self, path: Path | str, *, exclude: Iterable[str] = ()) -> None:
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        srsly.write_msgpack(folder / "vocabulary.msgpack", self.vocabulary.names)
        np.save(folder / "rarity.npy", self.vocabulary.rarity)
        srsly.write_json(folder / "lexicon.json", self.counter.lexicon.as_dict())

    def from_disk(self, path: Path | str, *, exclude: Iterable[str] = ()) -> "FeatureExtractor":
        folder = Path(path)
        self.counter = FeatureCounter(
            Lexicon(srsly.read_json(folder / "lexicon.json")), self.counter.rules
        )
        self.vocabulary = Vocabulary(
            srsly.read_msgpack(folder / "vocabulary.msgpack"), np.load(folder / "rarity.npy")
        )
        return self


@Language.factory(FEATURES)
def make_feature_extractor(nlp: Language, name: str) -> FeatureExtractor:
    return FeatureExtractor(name)


@registry.architectures("lotsen.FeatureLinear.v1")  # type: ignore[untyped-decorator]
def feature_linear(n_features: int, exclusive: bool) -> Model[list[Doc], Floats2d]:
    """One weight per feature and class: softmax when `exclusive`, else one sigmoid a class."""
    return Model(
        "feature_linear",
        _forward,
        init=_initialize,
        params={"W": None, "b": None},
        dims={"nI": n_features, "nO": None},
        attrs={"exclusive": exclusive},
    )


def _initialize(
    model: Model[list[Doc], Floats2d],
    X: list[Doc] | None = None,  # noqa: N803 - thinc passes them by these names
    Y: Floats2d | None = None,  # noqa: N803
) -> None:
    if Y is not None and model.has_dim("nO") is None:
        model.set_dim("nO", Y.shape[1])
    n_out = model.get_dim("nO")
    model.set_param("W", model.ops.alloc2f(model.get_dim("nI"), n_out))
    model.set_param("b", model.ops.alloc1f(n_out))


def _forward(
    model: Model[list[Doc], Floats2d], docs: list[Doc], is_train: bool
) -> tuple[Floats2d, Callable[[Floats2d], list[Doc]]]:
    vectors: list[Vector] = [doc.user_data[FEATURES] for doc in docs]
    weights = np.asarray(model.get_param("W"))
    bias = np.asarray(model.get_param("b"))
    logits = np.stack([values @ weights[numbers] + bias for numbers, values in vectors])
    scores = _activate(logits, exclusive=model.attrs["exclusive"])

    def backprop(d_scores: Floats2d) -> list[Doc]:
        gradient = np.zeros_like(weights)
        counted = np.array([doc.user_data.get(WEIGHT, 1.0) for doc in docs], dtype=np.float32)
        weighed = np.asarray(d_scores) * counted[:, None]
        for (numbers, values), d_score in zip(vectors, weighed, strict=True):
            # A feature stands once in a text, so plain indexing adds each part once.
            gradient[numbers] += values[:, None] * d_score
        model.inc_grad("W", cast(Floats2d, gradient))
        model.inc_grad("b", model.ops.asarray1f(weighed.sum(axis=0)))
        return docs

    return cast(Floats2d, scores), backprop


def _activate(logits: Scores, *, exclusive: bool) -> Scores:
    # spaCy hands back scores minus truth: the gradient of cross-entropy for both activations.
    if not exclusive:
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -30, 30))), dtype=np.float32)
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float32)
