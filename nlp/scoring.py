"""Raw scores of a pipeline over many texts, and the settings that are fitted to them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc

from handlers.domain.category import FALLBACK_CATEGORY, Taxonomy
from nlp import areas, calibration, flags, pipeline
from nlp.components import FEATURES
from nlp.corpus_file import CATEGORY, FULLY, KIND, LEGAL_AREAS, SERIOUS, CorpusText
from nlp.features import Vector
from nlp.model_store import ModelSettings
from nlp.naive_bayes import AREA_BAYES, NAIVE_BAYES, SERIOUS_BAYES, gathered
from nlp.serious import load_serious_rules
from nlp.text import model_text

ACCURACY_WHEN_CERTAIN = 0.85  # the best category is shown as the choice when it is so often right
RECALL_OF_SERIOUS = 0.96  # by rules and model together
# Such a mail waits for the registrator's look; at 0.002 a fifth of what is no case came through.
REAL_CALLED_IRRELEVANT = 0.005
QUIET_ALARMED = 0.01  # of what is read as thanks or as no case, and tells of no serious event
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """The classes of the classifiers, in the order of their scores."""

    categories: tuple[str, ...]
    kinds: tuple[str, ...]
    flags: tuple[str, ...] = flags.FLAGS

    @classmethod
    def of(cls, taxonomy: Taxonomy) -> "Labels":
        trained = [c.code for c in taxonomy.offered if c.code != FALLBACK_CATEGORY]
        return cls(categories=tuple(trained), kinds=tuple(k.code for k in taxonomy.kinds))

    def teaches_category(self, text: CorpusText) -> bool:
        return CATEGORY in text.judged and text.category in self.categories


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """One row a text: probabilities that are not calibrated yet."""

    category: Matrix  # of the linear model
    bayes: Matrix  # of naive Bayes, for the same categories
    kind: Matrix
    flags: Matrix
    serious_bayes: Matrix  # of naive Bayes, for a serious event
    areas: Matrix
    area_bayes: Matrix

    @classmethod
    def empty(cls, texts: int, labels: Labels) -> "Scores":
        return cls(
            category=np.zeros((texts, len(labels.categories))),
            bayes=np.zeros((texts, len(labels.categories))),
            kind=np.zeros((texts, len(labels.kinds))),
            flags=np.zeros((texts, len(labels.flags))),
            serious_bayes=np.zeros((texts, 1)),
            areas=np.zeros((texts, len(LEGAL_AREAS))),
            area_bayes=np.zeros((texts, len(LEGAL_AREAS))),
        )

    def put(self, rows: NDArray[np.int64], part: "Scores") -> None:
        for field in fields(self):
            getattr(self, field.name)[rows] = getattr(part, field.name)

    def serious(self) -> Matrix:
        return flags.serious_probability(self.flags)


def score(nlp: Language, vectors: Sequence[Vector], labels: Labels) -> Scores:
    """What the classifiers make of texts whose features are found already."""
    found = Scores.empty(len(vectors), labels)
    serious_members = flags.bayes_members(pipeline.bayes(nlp, SERIOUS_BAYES).labels)
    area_members = areas.members(pipeline.bayes(nlp, AREA_BAYES).labels)
    for row, vector in enumerate(vectors):
        doc = Doc(nlp.vocab, words=["text"])
        doc.user_data[FEATURES] = vector
        for name, component in nlp.pipeline:
            if name != FEATURES:
                doc = component(doc)
        found.category[row] = [doc.cats[label] for label in labels.categories]
        found.bayes[row] = np.exp(doc.user_data[NAIVE_BAYES])
        found.kind[row] = [doc.cats[label] for label in labels.kinds]
        found.flags[row] = [doc.cats[label] for label in labels.flags]
        found.areas[row] = [doc.cats[area] for area in LEGAL_AREAS]
        found.serious_bayes[row] = gathered(doc.user_data[SERIOUS_BAYES], serious_members)
        found.area_bayes[row] = gathered(doc.user_data[AREA_BAYES], area_members)
    return found


def fitted_settings(
    scores: Scores,
    texts: Sequence[CorpusText],
    labels: Labels,
    *,
    version: str,
    taxonomy_version: str,
    corrections: int,
) -> ModelSettings:
    """Choose mixture, temperatures and thresholds on scores of texts the models had not seen."""
    share, temperature, certain = _category_settings(scores, texts, labels)
    kind_temperature, irrelevant = _kind_settings(scores, texts, labels)
    soft_kinds = calibration.soften(scores.kind, kind_temperature)
    quiet = _read_as_quiet(soft_kinds, labels, irrelevant)
    bayes_share, serious, when_quiet = _serious_settings(scores, quiet, texts)
    return ModelSettings(
        version=version,
        taxonomy_version=taxonomy_version,
        texts=len(texts) - corrections,
        corrections=corrections,
        bayes_share=share,
        category_temperature=temperature,
        kind_temperature=kind_temperature,
        certain_from=certain,
        irrelevant_from=irrelevant,
        serious_from=serious,
        serious_from_when_quiet=when_quiet,
        serious_bayes_share=bayes_share,
        areas_from=_area_thresholds(scores, texts),
    )


def _area_thresholds(scores: Scores, texts: Sequence[CorpusText]) -> dict[str, float]:
    rows = [row for row, text in enumerate(texts) if text.judged == FULLY and text.areas]
    truth = np.array([[area in texts[row].areas for area in LEGAL_AREAS] for row in rows])
    if not rows:
        return {}
    odds = areas.joined(scores.areas[rows], scores.area_bayes[rows])
    return dict(zip(LEGAL_AREAS, areas.fitted_thresholds(odds, truth), strict=True))


def _kind_settings(
    scores: Scores, texts: Sequence[CorpusText], labels: Labels
) -> tuple[float, float]:
    """Temperature, and the probability from which a mail is called irrelevant."""
    rows = [row for row, text in enumerate(texts) if KIND in text.judged]
    kinds = [labels.kinds.index(texts[row].kind) for row in rows]
    temperature = calibration.fitted_temperature(scores.kind[rows], kinds)
    place = labels.kinds.index("irrelevant")
    soft = calibration.soften(scores.kind[rows], temperature)[:, place]
    is_irrelevant = [kind == place for kind in kinds]
    return temperature, calibration.threshold_for_false_share(
        soft.tolist(), is_irrelevant, REAL_CALLED_IRRELEVANT
    )


def _serious_settings(
    scores: Scores, quiet: NDArray[np.bool_], texts: Sequence[CorpusText]
) -> tuple[float, float, float]:
    """Share of naive Bayes, from which probability the model alarms, and so on what is `quiet`."""
    rows = [row for row, text in enumerate(texts) if SERIOUS in text.judged]
    judged = [texts[row] for row in rows]
    linear, bayes = scores.serious()[rows], scores.serious_bayes[rows, 0]
    share = flags.fitted_share(linear, bayes, np.array([text.serious for text in judged]))
    found = flags.with_bayes(linear, bayes, share)
    serious = _serious_threshold(found.tolist(), judged)
    when_quiet = _quiet_threshold(found[quiet[rows]], judged, quiet[rows])
    return share, serious, max(serious, when_quiet)


def _quiet_threshold(
    probabilities: Matrix, texts: Sequence[CorpusText], quiet: NDArray[np.bool_]
) -> float:
    """The lowest at which QUIET_ALARMED of what is read as thanks or no case raises an alarm."""
    serious = [text.serious for text, is_quiet in zip(texts, quiet, strict=True) if is_quiet]
    return calibration.threshold_for_false_share(probabilities.tolist(), serious, QUIET_ALARMED)


def _read_as_quiet(kinds: Matrix, labels: Labels, irrelevant_from: float) -> NDArray[np.bool_]:
    """Which rows the model takes for thanks or for no case, as TrainedModel chooses the kind."""
    irrelevant = kinds[:, labels.kinds.index("irrelevant")] >= irrelevant_from
    others = [place for place, kind in enumerate(labels.kinds) if kind != "irrelevant"]
    best = np.array(others)[kinds[:, others].argmax(axis=1)]
    quiet = [place for place in others if labels.kinds[place] in flags.QUIET_KINDS]
    return np.asarray(irrelevant | np.isin(best, quiet))


def _category_settings(
    scores: Scores, texts: Sequence[CorpusText], labels: Labels
) -> tuple[float, float, float]:
    """Share of naive Bayes, temperature, and the probability from which the best is certain."""
    rows = [row for row, text in enumerate(texts) if labels.teaches_category(text)]
    truth = [labels.categories.index(str(texts[row].category)) for row in rows]
    linear, bayes = scores.category[rows], scores.bayes[rows]
    share = calibration.fitted_share(linear, bayes, truth)
    both = calibration.mixed(linear, bayes, share)
    temperature = calibration.fitted_temperature(both, truth)
    soft = calibration.soften(both, temperature)
    certain = calibration.threshold_for_accuracy(
        soft.max(axis=1).tolist(), (soft.argmax(axis=1) == truth).tolist(), ACCURACY_WHEN_CERTAIN
    )
    return share, temperature, certain


def _serious_threshold(scores: Sequence[float], texts: Sequence[CorpusText]) -> float:
    """The highest at which rules and model together find RECALL_OF_SERIOUS."""
    rules = load_serious_rules()
    missed = [
        score
        for score, text in zip(scores, texts, strict=True)
        if text.serious and not rules.findings(model_text(text.text, text.subject))
    ]
    serious = sum(text.serious for text in texts)
    may_miss = int((1 - RECALL_OF_SERIOUS) * serious)
    return float(sorted(missed)[may_miss]) if may_miss < len(missed) else 0.5
