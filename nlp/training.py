"""Training: corpus in, a calibrated pipeline with its thresholds out."""

import hashlib
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from thinc.api import Adam, Optimizer

from handlers.domain.category import FALLBACK_CATEGORY, Taxonomy, load_taxonomy
from nlp import calibration, model_store, pipeline
from nlp.components import FEATURES
from nlp.corpus_file import LEGAL_AREAS, CorpusText, read_corpus
from nlp.lexicon import Lexicon, load_lexicon
from nlp.noise import noisy
from nlp.text import model_text

Progress = Callable[[str, int, int], None]  # stage, steps done, steps in all
CLASSIFIERS = (pipeline.CATEGORY, pipeline.KIND, pipeline.FLAGS, pipeline.AREAS)
FOLDS = 4
NOISY_COPIES = 1
EPOCHS = 12
BATCH = 32
LEARN_RATE = 0.05
WEIGHT_DECAY = 2e-6
ACCURACY_WHEN_CERTAIN = 0.85
RECALL_OF_FLAGS = 0.93
REAL_CALLED_IRRELEVANT = 0.005


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """The classes of the three classifiers, in the order of their scores."""

    categories: tuple[str, ...]
    kinds: tuple[str, ...]
    flags: tuple[str, ...] = (pipeline.MEDICAL_HARM, pipeline.MISCONDUCT)

    @classmethod
    def of(cls, taxonomy: Taxonomy) -> "Labels":
        trained = [c.code for c in taxonomy.offered if c.code != FALLBACK_CATEGORY]
        return cls(categories=tuple(trained), kinds=tuple(k.code for k in taxonomy.kinds))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """A pipeline's raw scores, one row a text."""

    category: NDArray[np.float64]
    kind: NDArray[np.float64]
    flags: NDArray[np.float64]


def train(
    corpus_dir: Path,
    model_dir: Path,
    *,
    seed: int,
    progress: Progress,
    corrections: Sequence[CorpusText] = (),
    taxonomy: Taxonomy | None = None,
) -> model_store.ModelSettings:
    """Train a model and store it beside the others; putting it in use is `promote`'s task.

    Raises ConfigurationFault when a text of the corpus is not as agreed.
    """
    taxonomy = taxonomy or load_taxonomy()
    texts = (*read_corpus(corpus_dir, taxonomy), *corrections)
    lexicon, labels = load_lexicon(), Labels.of(taxonomy)
    scores = cross_scores(texts, labels, lexicon, seed=seed, progress=progress)
    nlp = fit(texts, labels, lexicon, seed=seed, progress=_staged(progress, "model"))
    version = model_store.next_version(model_dir, fingerprint(texts, seed))
    settings = _settings(version, taxonomy, texts, len(corrections), scores, labels)
    folder = model_dir / version
    folder.mkdir(parents=True)
    nlp.to_disk(folder)
    model_store.write_settings(folder, settings)
    return settings


def fingerprint(texts: Sequence[CorpusText], seed: int) -> str:
    digest = hashlib.sha256(str(seed).encode())
    for text in texts:
        digest.update(repr(text).encode())
    return digest.hexdigest()


def fit(
    texts: Sequence[CorpusText],
    labels: Labels,
    lexicon: Lexicon,
    *,
    seed: int,
    progress: Callable[[int, int], None],
) -> Language:
    chance = random.Random(seed)  # noqa: S311 - noise and order of training, no secret
    plain = [model_text(text.text, text.subject) for text in texts]
    nlp = pipeline.blank_pipeline(plain, lexicon)
    examples = _examples(nlp, texts, labels, chance)
    for name, own in examples.items():
        pipeline.classifier(nlp, name).initialize(partial(iter, own), nlp=nlp)
    optimizers = {name: _optimizer() for name in examples}
    for epoch in range(EPOCHS):
        for name, own in examples.items():
            optimizers[name].learn_rate = LEARN_RATE * (1.0 - epoch / EPOCHS)
            chance.shuffle(own)
            for batch in _batches(own):
                pipeline.classifier(nlp, name).update(batch, sgd=optimizers[name])
        progress(epoch + 1, EPOCHS)
    return nlp


def _optimizer() -> Optimizer:
    made: Optimizer = Adam(LEARN_RATE, L2=WEIGHT_DECAY, L2_is_weight_decay=True, grad_clip=0.0)
    return made


def _batches(examples: Sequence[Example]) -> Iterator[Sequence[Example]]:
    for start in range(0, len(examples), BATCH):
        yield examples[start : start + BATCH]


def _examples(
    nlp: Language, texts: Sequence[CorpusText], labels: Labels, chance: random.Random
) -> dict[str, list[Example]]:
    examples: dict[str, list[Example]] = {name: [] for name in CLASSIFIERS}
    for text in texts:
        plain = model_text(text.text, text.subject)
        for written in (plain, *(noisy(plain, chance) for _ in range(NOISY_COPIES))):
            doc = feature_doc(nlp, written)
            for name, cats in _truth(text, labels).items():
                examples[name].append(Example.from_dict(doc, {"cats": cats}))
    return examples


def feature_doc(nlp: Language, text: str) -> Doc:
    extractor = dict(nlp.pipeline)[FEATURES]
    return extractor(nlp.make_doc(text or " "))


def _truth(text: CorpusText, labels: Labels) -> dict[str, dict[str, float]]:
    truth = {
        pipeline.KIND: {kind: float(kind == text.kind) for kind in labels.kinds},
        pipeline.FLAGS: {
            pipeline.MEDICAL_HARM: float(text.medical_harm),
            pipeline.MISCONDUCT: float(text.misconduct),
        },
        pipeline.AREAS: {area: float(area in text.areas) for area in LEGAL_AREAS},
    }
    if text.category in labels.categories:
        truth[pipeline.CATEGORY] = {c: float(c == text.category) for c in labels.categories}
    return truth


def cross_scores(
    texts: Sequence[CorpusText],
    labels: Labels,
    lexicon: Lexicon,
    *,
    seed: int,
    progress: Progress,
) -> Scores:
    """Score every text with a model that was trained without it."""
    order = list(range(len(texts)))
    random.Random(seed).shuffle(order)  # noqa: S311 - folds, no secret
    found = Scores(
        category=np.zeros((len(texts), len(labels.categories))),
        kind=np.zeros((len(texts), len(labels.kinds))),
        flags=np.zeros((len(texts), len(labels.flags))),
    )
    for fold in range(FOLDS):
        held = order[fold::FOLDS]
        rest = [texts[number] for number in sorted(set(order) - set(held))]
        stage = _staged(progress, f"fold {fold + 1} of {FOLDS}")
        nlp = fit(rest, labels, lexicon, seed=seed + fold + 1, progress=stage)
        fold_scores = score(nlp, [texts[number] for number in held], labels)
        found.category[held] = fold_scores.category
        found.kind[held] = fold_scores.kind
        found.flags[held] = fold_scores.flags
    return found


def score(nlp: Language, texts: Sequence[CorpusText], labels: Labels) -> Scores:
    rows: dict[str, list[list[float]]] = {
        pipeline.CATEGORY: [],
        pipeline.KIND: [],
        pipeline.FLAGS: [],
    }
    orders = {
        pipeline.CATEGORY: labels.categories,
        pipeline.KIND: labels.kinds,
        pipeline.FLAGS: labels.flags,
    }
    for text in texts:
        doc = nlp(model_text(text.text, text.subject) or " ")
        for name, order in orders.items():
            rows[name].append([doc.cats[label] for label in order])
    return Scores(
        category=np.array(rows[pipeline.CATEGORY]),
        kind=np.array(rows[pipeline.KIND]),
        flags=np.array(rows[pipeline.FLAGS]),
    )


def _settings(
    version: str,
    taxonomy: Taxonomy,
    texts: Sequence[CorpusText],
    corrections: int,
    scores: Scores,
    labels: Labels,
) -> model_store.ModelSettings:
    with_category = [n for n, text in enumerate(texts) if text.category in labels.categories]
    truth = [labels.categories.index(str(texts[n].category)) for n in with_category]
    temperature = calibration.fitted_temperature(scores.category[with_category], truth)
    softened = calibration.soften(scores.category[with_category], temperature)
    kinds = [labels.kinds.index(text.kind) for text in texts]
    kind_temperature = calibration.fitted_temperature(scores.kind, kinds)
    kind_scores = calibration.soften(scores.kind, kind_temperature)
    return model_store.ModelSettings(
        version=version,
        taxonomy_version=taxonomy.version,
        texts=len(texts) - corrections,
        corrections=corrections,
        category_temperature=temperature,
        kind_temperature=kind_temperature,
        certain_from=calibration.threshold_for_accuracy(
            softened.max(axis=1).tolist(),
            (softened.argmax(axis=1) == truth).tolist(),
            ACCURACY_WHEN_CERTAIN,
        ),
        irrelevant_from=calibration.threshold_for_false_share(
            kind_scores[:, labels.kinds.index("irrelevant")].tolist(),
            [text.kind == "irrelevant" for text in texts],
            REAL_CALLED_IRRELEVANT,
        ),
        medical_harm_from=calibration.threshold_for_recall(
            scores.flags[:, 0].tolist(), [text.medical_harm for text in texts], RECALL_OF_FLAGS
        ),
        misconduct_from=calibration.threshold_for_recall(
            scores.flags[:, 1].tolist(), [text.misconduct for text in texts], RECALL_OF_FLAGS
        ),
    )


def _staged(progress: Progress, stage: str) -> Callable[[int, int], None]:
    return lambda done, total: progress(stage, done, total)
