"""Training: corpus in, a pipeline and its measured settings out."""

import hashlib
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from thinc.api import Adam, Optimizer

from handlers.domain.category import Taxonomy, load_taxonomy
from nlp import model_store, pipeline
from nlp.components import FEATURES
from nlp.corpus_file import LEGAL_AREAS, CorpusText, read_corpus
from nlp.features import FeatureCounter
from nlp.lexicon import Lexicon, load_lexicon
from nlp.noise import noisy
from nlp.scoring import Labels, Scores, fitted_settings, score
from nlp.serious import load_serious_rules
from nlp.text import model_text

Progress = Callable[[str, int, int], None]  # stage, steps done, steps in all
CLASSIFIERS = (pipeline.CATEGORY, pipeline.KIND, pipeline.FLAGS, pipeline.AREAS)
FOLDS = 3
NOISY_COPIES = 1
# More noisy copies of what is rare, so that it weighs as much as the rest.
COPIES_OF_KIND = {"deviation": 1, "complaint": 2}
COPIES_OF_RARE_KIND = 4
COPIES_OF_SERIOUS = 4
EPOCHS = 8
BATCH = 64
LEARN_RATE = 0.03
PENALTY = 1.2e-2  # on the squared weights, for a batch's summed gradient


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingText:
    """A corpus text with its features counted: first as written, then with slips."""

    text: CorpusText
    counted: tuple[Counter[str], ...]


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
    prepared = prepare(texts, lexicon, seed=seed, progress=_staged(progress, "reading the texts"))
    scores = cross_scores(prepared, labels, lexicon, seed=seed, progress=progress)
    nlp = fit(prepared, labels, lexicon, seed=seed, progress=_staged(progress, "final model"))
    settings = fitted_settings(
        scores,
        texts,
        labels,
        version=model_store.next_version(model_dir, fingerprint(texts, seed)),
        taxonomy_version=taxonomy.version,
        corrections=len(corrections),
    )
    folder = model_dir / settings.version
    folder.mkdir(parents=True)
    nlp.to_disk(folder)
    model_store.write_settings(folder, settings)
    return settings


def fingerprint(texts: Sequence[CorpusText], seed: int) -> str:
    digest = hashlib.sha256(str(seed).encode())
    for text in texts:
        digest.update(repr(text).encode())
    return digest.hexdigest()


def prepare(
    texts: Sequence[CorpusText],
    lexicon: Lexicon,
    *,
    seed: int,
    progress: Callable[[int, int], None],
) -> list[TrainingText]:
    """Count every text's features once, for all folds."""
    chance = random.Random(seed)  # noqa: S311 - noise for training, no secret
    counter = FeatureCounter(lexicon, load_serious_rules())
    prepared = []
    for done, text in enumerate(texts, start=1):
        plain = model_text(text.text, text.subject)
        copies = max(_copies_for(name, text) for name in CLASSIFIERS)
        versions = (plain, *(noisy(plain, chance) for _ in range(copies)))
        counted = tuple(counter.count(version) for version in versions)
        prepared.append(TrainingText(text=text, counted=counted))
        if done % 100 == 0 or done == len(texts):
            progress(done, len(texts))
    return prepared


def fit(
    texts: Sequence[TrainingText],
    labels: Labels,
    lexicon: Lexicon,
    *,
    seed: int,
    progress: Callable[[int, int], None],
) -> Language:
    chance = random.Random(seed)  # noqa: S311 - order of training, no secret
    nlp = pipeline.blank_pipeline((text.counted[0] for text in texts), lexicon)
    examples = _examples(nlp, texts, labels)
    _fit_bayes(nlp, texts, labels)
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
    made: Optimizer = Adam(LEARN_RATE, L2=PENALTY, L2_is_weight_decay=False, grad_clip=0.0)
    return made


def _batches(examples: Sequence[Example]) -> Iterator[Sequence[Example]]:
    for start in range(0, len(examples), BATCH):
        yield examples[start : start + BATCH]


def _examples(
    nlp: Language, texts: Sequence[TrainingText], labels: Labels
) -> dict[str, list[Example]]:
    examples: dict[str, list[Example]] = {name: [] for name in CLASSIFIERS}
    vocabulary = pipeline.extractor(nlp).vocabulary
    for text in texts:
        truth = _truth(text.text, labels)
        for number, counted in enumerate(text.counted):
            # The classifiers read the features alone; the words of the doc play no part.
            doc = Doc(nlp.vocab, words=[text.text.text_id])
            doc.user_data[FEATURES] = vocabulary.vector(counted)
            for name, cats in truth.items():
                if number <= _copies_for(name, text.text):
                    examples[name].append(Example.from_dict(doc, {"cats": cats}))
    return examples


def _copies_for(name: str, text: CorpusText) -> int:
    if name == pipeline.FLAGS and text.serious:
        return COPIES_OF_SERIOUS
    if name == pipeline.KIND:
        return COPIES_OF_KIND.get(text.kind, COPIES_OF_RARE_KIND)
    return NOISY_COPIES


def _fit_bayes(nlp: Language, texts: Sequence[TrainingText], labels: Labels) -> None:
    vocabulary = pipeline.extractor(nlp).vocabulary
    own = [text for text in texts if text.text.category in labels.categories]
    pipeline.bayes(nlp).fit(
        [vocabulary.vector(text.counted[0]) for text in own],
        [str(text.text.category) for text in own],
        labels.categories,
        len(vocabulary),
    )


def _truth(text: CorpusText, labels: Labels) -> dict[str, dict[str, float]]:
    truth = {
        pipeline.KIND: {kind: float(kind == text.kind) for kind in labels.kinds},
        pipeline.FLAGS: {
            pipeline.MEDICAL_HARM: float(text.medical_harm),
            pipeline.MISCONDUCT: float(text.misconduct),
            pipeline.SERIOUS: float(text.serious),
        },
        pipeline.AREAS: {area: float(area in text.areas) for area in LEGAL_AREAS},
    }
    if text.category in labels.categories:
        truth[pipeline.CATEGORY] = {c: float(c == text.category) for c in labels.categories}
    return truth


def cross_scores(
    texts: Sequence[TrainingText],
    labels: Labels,
    lexicon: Lexicon,
    *,
    seed: int,
    progress: Progress,
) -> Scores:
    """Score every text with a model that was trained without it."""
    order = list(range(len(texts)))
    random.Random(seed).shuffle(order)  # noqa: S311 - folds, no secret
    found = Scores.empty(len(texts), labels)
    for fold in range(FOLDS):
        held = order[fold::FOLDS]
        rest = [texts[number] for number in sorted(set(order) - set(held))]
        stage = _staged(progress, f"check {fold + 1} of {FOLDS}")
        nlp = fit(rest, labels, lexicon, seed=seed + fold + 1, progress=stage)
        found.put(np.array(held), score(nlp, [texts[number].text for number in held], labels))
    return found


def _staged(progress: Progress, stage: str) -> Callable[[int, int], None]:
    return lambda done, total: progress(stage, done, total)
