"""A trained model ready for use: raw scores made into probabilities and decisions."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc

from handlers.ports import CategorySuggestion
from nlp import areas, calibration, flags, model_store, pipeline
from nlp.calibration import log_odds
from nlp.corpus_file import LEGAL_AREAS
from nlp.enough import can_alarm, says_enough
from nlp.naive_bayes import AREA_BAYES, NAIVE_BAYES, SERIOUS_BAYES, gathered

SUGGESTIONS = 5
BOTH_FLAGS_FROM = 0.25  # share of a flag beside the other from which it is raised too


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What the model alone says of one text."""

    kind: str
    kind_probability: float
    suggestions: tuple[CategorySuggestion, ...]
    certain: bool
    medical_harm: bool
    misconduct: bool
    legal_areas: tuple[str, ...]


class TrainedModel:
    def __init__(self, nlp: Language, settings: model_store.ModelSettings) -> None:
        self.settings = settings
        self._nlp = nlp
        self._categories = pipeline.bayes(nlp).labels
        self._serious_members = flags.bayes_members(_bayes_labels(nlp, SERIOUS_BAYES))
        self._area_members = areas.members(_bayes_labels(nlp, AREA_BAYES))
        self._kinds = pipeline.classifier(nlp, pipeline.KIND).labels

    def judge(self, text: str) -> Judgement:
        """Take a text as `model_text` gives it.

        May raise what spaCy raises, and ValueError when its scores are no numbers.
        """
        doc = self._nlp(text or " ")
        cats = doc.cats
        if not np.isfinite(list(cats.values())).all():
            raise ValueError("the weights are damaged")  # every comparison with them says "calm"
        suggestions = self._suggestions(
            category_probabilities(doc, self._categories, self.settings)
        )
        kind, probability = self._kind(cats)
        alarmed = self._serious(doc) >= self._alarm_from(kind) and can_alarm(text)
        medical, misconduct = _which_flags(cats) if alarmed else (False, False)
        return Judgement(
            kind=kind,
            kind_probability=probability,
            suggestions=suggestions[:SUGGESTIONS],
            certain=suggestions[0].probability >= self.settings.certain_from and says_enough(text),
            medical_harm=medical,
            misconduct=misconduct,
            legal_areas=self._areas(doc),
        )

    def _serious(self, doc: Doc) -> float:
        linear = flags.serious(doc.cats)
        bayes = doc.user_data.get(SERIOUS_BAYES)  # models from before have none
        if bayes is None:
            return linear
        found = gathered(bayes, self._serious_members)
        share = self.settings.serious_bayes_share
        return float(flags.with_bayes(np.array([linear]), found, share)[0])

    def _areas(self, doc: Doc) -> tuple[str, ...]:
        linear = np.array([[doc.cats[area] for area in LEGAL_AREAS]])
        bayes = doc.user_data.get(AREA_BAYES)
        odds = (
            log_odds(linear)
            if bayes is None
            else areas.joined(linear, gathered(bayes, self._area_members)[None])
        )
        fitted = [self.settings.areas_from.get(area, areas.UNFITTED) for area in LEGAL_AREAS]
        found = areas.chosen(odds, fitted)[0]
        return tuple(area for area, is_so in zip(LEGAL_AREAS, found, strict=True) if is_so)

    def _alarm_from(self, kind: str) -> float:
        # Thanks and spam often tell of drama without an event.
        quiet = kind in flags.QUIET_KINDS
        return self.settings.serious_from_when_quiet if quiet else self.settings.serious_from

    def _suggestions(self, probabilities: NDArray[np.float64]) -> tuple[CategorySuggestion, ...]:
        ranked = np.argsort(probabilities)[::-1]
        return tuple(
            CategorySuggestion(category=self._categories[n], probability=float(probabilities[n]))
            for n in ranked
        )

    def _kind(self, cats: dict[str, float]) -> tuple[str, float]:
        softened = _softened(cats, self._kinds, self.settings.kind_temperature)
        share = dict(zip(self._kinds, softened.tolist(), strict=True))
        # A real matter called irrelevant is lost; the other way round costs a glance.
        if share["irrelevant"] >= self.settings.irrelevant_from:
            return "irrelevant", share["irrelevant"]
        best = max((kind for kind in share if kind != "irrelevant"), key=lambda kind: share[kind])
        return best, share[best]


def category_probabilities(
    doc: Doc, labels: Sequence[str], settings: model_store.ModelSettings
) -> NDArray[np.float64]:
    """The calibrated probabilities of both category models together, in the order of the labels."""
    linear = np.array([doc.cats[label] for label in labels])
    bayes = np.exp(doc.user_data[NAIVE_BAYES].astype(np.float64))
    both = calibration.mixed(linear, bayes, settings.bayes_share)
    return calibration.soften(both, settings.category_temperature)


def _softened(
    cats: dict[str, float], labels: tuple[str, ...], temperature: float
) -> NDArray[np.float64]:
    return calibration.soften(np.array([cats[label] for label in labels]), temperature)


def _which_flags(cats: dict[str, float]) -> tuple[bool, bool]:
    """Medical harm, misconduct: the likelier, and the other too when it is nearly as likely."""
    medical, misconduct = cats[flags.MEDICAL_HARM], cats[flags.MISCONDUCT]
    share = medical / max(1e-9, medical + misconduct)
    return share >= BOTH_FLAGS_FROM, share <= 1 - BOTH_FLAGS_FROM


def _bayes_labels(nlp: Language, name: str) -> tuple[str, ...]:
    return pipeline.bayes(nlp, name).labels if nlp.has_pipe(name) else ()


def load_model(model_dir: Path, version: str | None = None) -> TrainedModel | None:
    """Load the version in use, or the given one; None when there is none.

    Raises ConfigurationFault, OSError or ValueError when it is there but cannot be read.
    """
    chosen = version or model_store.current_version(model_dir)
    if chosen is None:
        return None
    folder = model_dir / chosen
    settings = model_store.read_settings(folder)
    return TrainedModel(pipeline.load_pipeline(folder), settings)
