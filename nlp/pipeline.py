"""How the spaCy pipeline is put together and what its classifiers are called."""

from pathlib import Path

import spacy
from spacy.language import Language
from spacy.pipeline import TextCategorizer

from nlp import components, naive_bayes
from nlp.features import Vocabulary
from nlp.lexicon import Lexicon

CATEGORY, KIND, FLAGS, AREAS = "category", "kind", "flags", "areas"
BAYES = (naive_bayes.NAIVE_BAYES, naive_bayes.SERIOUS_BAYES, naive_bayes.AREA_BAYES)


def blank_pipeline(vocabulary: Vocabulary, lexicon: Lexicon) -> Language:
    """Build the untrained pipeline."""
    nlp = spacy.blank("sv")
    nlp.add_pipe(components.FEATURES, name=components.FEATURES)
    extractor(nlp).take(vocabulary, lexicon)
    size = len(vocabulary)
    for name in BAYES:
        nlp.add_pipe(naive_bayes.NAIVE_BAYES, name=name)
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


def extractor(nlp: Language) -> components.FeatureExtractor:
    found = nlp.get_pipe(components.FEATURES)
    assert isinstance(found, components.FeatureExtractor)  # noqa: S101 - for the type checker
    return found


def bayes(nlp: Language, name: str = naive_bayes.NAIVE_BAYES) -> naive_bayes.NaiveBayes:
    found = nlp.get_pipe(name)
    assert isinstance(found, naive_bayes.NaiveBayes)  # noqa: S101 - for the type checker
    return found


def classifier(nlp: Language, name: str) -> TextCategorizer:
    found = nlp.get_pipe(name)
    assert isinstance(found, TextCategorizer)  # noqa: S101 - for the type checker
    return found


def load_pipeline(folder: Path) -> Language:
    """Raise OSError or ValueError when the folder holds no model that this version can read."""
    return spacy.load(folder)
