"""How the spaCy pipeline is put together and what its classifiers are called."""

from collections.abc import Sequence
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.pipeline import TextCategorizer

from nlp import components
from nlp.lexicon import Lexicon

CATEGORY, KIND, FLAGS, AREAS = "category", "kind", "flags", "areas"
MEDICAL_HARM, MISCONDUCT = "medical_harm", "misconduct"


def blank_pipeline(texts: Sequence[str], lexicon: Lexicon) -> Language:
    """Build the untrained pipeline; its vocabulary comes from the texts."""
    nlp = spacy.blank("sv")
    extractor = nlp.add_pipe(components.FEATURES, name=components.FEATURES)
    assert isinstance(extractor, components.FeatureExtractor)  # noqa: S101 - for the type checker
    extractor.fit(texts, lexicon)
    size = len(extractor.vocabulary)
    _add_classifier(nlp, CATEGORY, "textcat", size)
    _add_classifier(nlp, KIND, "textcat", size)
    _add_classifier(nlp, FLAGS, "textcat_multilabel", size)
    _add_classifier(nlp, AREAS, "textcat_multilabel", size)
    return nlp


def _add_classifier(nlp: Language, name: str, factory: str, n_features: int) -> None:
    architecture = {
        "@architectures": "lotsen.FeatureLinear.v1",
        "n_features": n_features,
        "exclusive": factory == "textcat",
    }
    nlp.add_pipe(factory, name=name, config={"model": architecture})


def classifier(nlp: Language, name: str) -> TextCategorizer:
    found = nlp.get_pipe(name)
    assert isinstance(found, TextCategorizer)  # noqa: S101 - for the type checker
    return found


def load_pipeline(folder: Path) -> Language:
    """Raise OSError or ValueError when the folder holds no model that this version can read."""
    return spacy.load(folder)
