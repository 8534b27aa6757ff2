"""Training: corpus in, a pipeline and its measured settings out."""

import hashlib
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from thinc.api import Adam, Optimizer

from handlers.domain.category import Taxonomy, load_taxonomy
from nlp import areas, flags, model_store, pipeline
from nlp.components import FEATURES, WEIGHT
from nlp.corpus_file import FULLY, KIND, LEGAL_AREAS, SERIOUS, CorpusText, read_corpus
from nlp.features import FeatureCounter, Vector, Vocabulary
from nlp.lexicon import Lexicon, load_lexicon
from nlp.scoring import Labels, Scores, fitted_settings, score
from nlp.serious import load_serious_rules
from nlp.text import model_text

Progress = Callable[[str, int, int], None]  # stage, steps done, steps in all
CLASSIFIERS = (pipeline.CATEGORY, pipeline.KIND, pipeline.FLAGS, pipeline.AREAS)
FOLDS = 3
# What is rare weighs more; on average a text of the corpus counts about 1.
WEIGHT_OF_KIND = {"deviation": 0.7, "complaint": 1.05}
WEIGHT_OF_RARE_KIND = 1.75
WEIGHT_OF_SERIOUS, WEIGHT_OF_CALM = 1.75, 0.7
EPOCHS = 12
BATCH = 192
LEARN_RATE = 0.045
# On the squared weights, for a batch's summed gradient; chosen by cross-validation.
PENALTIES = {
    pipeline.CATEGORY: 1.2e-2,
    pipeline.KIND: 1.8e-2,
    pipeline.FLAGS: 3.6e-2,
    pipeline.AREAS: 3.6e-2,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingText:
    """A corpus text with its features."""

    text: CorpusText
    vector: Vector


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """All training texts, and the features that were found in them."""

    texts: tuple[TrainingText, ...]
    vocabulary: Vocabulary
    lexicon: Lexicon


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
    labels = Labels.of(taxonomy)
    prepared = prepare(texts, load_lexicon(), progress=progress)
    nlp, scores = _trained(prepared, labels, seed=seed, progress=progress)
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
    model_store.write_learnt(folder, (text.text for text in texts))
    model_store.write_settings(folder, settings)
    return settings


def fingerprint(texts: Sequence[CorpusText], seed: int) -> str:
    digest = hashlib.sha256(str(seed).encode())
    for text in texts:
        digest.update(repr(text).encode())
    return digest.hexdigest()


def prepare(texts: Sequence[CorpusText], lexicon: Lexicon, *, progress: Progress) -> Prepared:
    """Find every text's features once, for all folds.

    The vocabulary comes from all texts: it says which features there are, not what they stand for.
    """
    counter = FeatureCounter(lexicon, load_serious_rules())
    counted: list[Counter[str]] = []
    for done, text in enumerate(texts, start=1):
        counted.append(counter.count(model_text(text.text, text.subject)))
        if done % 100 == 0 or done == len(texts):
            progress("reading the texts", done, len(texts))
    vocabulary = Vocabulary.fitted(counted)
    own = (
        TrainingText(text=text, vector=vocabulary.vector(counts))
        for text, counts in zip(texts, counted, strict=True)
    )
    return Prepared(texts=tuple(own), vocabulary=vocabulary, lexicon=lexicon)


def fit(
    prepared: Prepared,
    texts: Sequence[TrainingText],
    labels: Labels,
    *,
    seed: int,
    progress: Callable[[int, int], None],
) -> Language:
    """Train on `texts`, which are all of the prepared ones or those outside a fold."""
    chance = random.Random(seed)  # noqa: S311 - order of training, no secret
    nlp = pipeline.blank_pipeline(prepared.vocabulary, prepared.lexicon)
    examples = _examples(nlp, texts, labels)
    _fit_bayes(nlp, texts, labels)
    for name, own in examples.items():
        pipeline.classifier(nlp, name).initialize(partial(iter, own), nlp=nlp)
    optimizers = {name: _optimizer(PENALTIES[name]) for name in examples}
    for epoch in range(EPOCHS):
        for name, own in examples.items():
            optimizers[name].learn_rate = LEARN_RATE * (1.0 - epoch / EPOCHS)
            chance.shuffle(own)
            for batch in _batches(own):
                pipeline.classifier(nlp, name).update(batch, sgd=optimizers[name])
        progress(epoch + 1, EPOCHS)
    return nlp


def _optimizer(penalty: float) -> Optimizer:
    made: Optimizer = Adam(LEARN_RATE, L2=penalty, L2_is_weight_decay=False, grad_clip=0.0)
    return made


def _batches(examples: Sequence[Example]) -> Iterator[Sequence[Example]]:
    for start in range(0, len(examples), BATCH):
        yield examples[start : start + BATCH]


def _examples(
    nlp: Language, texts: Sequence[TrainingText], labels: Labels
) -> dict[str, list[Example]]:
    examples: dict[str, list[Example]] = {name: [] for name in CLASSIFIERS}
    for text in texts:
        for name, cats in _truth(text.text, labels).items():
            # The classifiers read the features alone; the words of the doc play no part.
            doc = Doc(nlp.vocab, words=[text.text.text_id])
            doc.user_data[FEATURES] = text.vector
            doc.user_data[WEIGHT] = _weight(name, text.text)
            examples[name].append(Example.from_dict(doc, {"cats": cats}))
    return examples


def _weight(name: str, text: CorpusText) -> float:
    if name == pipeline.FLAGS:
        return WEIGHT_OF_SERIOUS if text.serious else WEIGHT_OF_CALM
    if name == pipeline.KIND:
        return WEIGHT_OF_KIND.get(text.kind, WEIGHT_OF_RARE_KIND)
    return 1.0


def _fit_bayes(nlp: Language, texts: Sequence[TrainingText], labels: Labels) -> None:
    categories = [
        (text, str(text.text.category)) for text in texts if labels.teaches_category(text.text)
    ]
    serious = [(t, flags.bayes_label(t.text)) for t in texts if SERIOUS in t.text.judged]
    acts = [
        (text, areas.label(text.text.areas))
        for text in texts
        if text.text.judged == FULLY and text.text.areas
    ]
    serious_labels = tuple(sorted({label for _, label in serious}))
    wanted = zip(
        pipeline.BAYES,
        (categories, serious, acts),
        (labels.categories, serious_labels, areas.labels()),
        strict=True,
    )
    for name, shown, known in wanted:
        vectors, truth = [text.vector for text, _ in shown], [label for _, label in shown]
        size = len(pipeline.extractor(nlp).vocabulary)
        pipeline.bayes(nlp, name).fit(vectors, truth, known, size)


def _truth(text: CorpusText, labels: Labels) -> dict[str, dict[str, float]]:
    truth: dict[str, dict[str, float]] = {}
    if labels.teaches_category(text):
        truth[pipeline.CATEGORY] = {c: float(c == text.category) for c in labels.categories}
    if KIND in text.judged:
        truth[pipeline.KIND] = {kind: float(kind == text.kind) for kind in labels.kinds}
    if SERIOUS in text.judged:
        truth[pipeline.FLAGS] = flags.truth(text)
    if text.judged == FULLY:
        truth[pipeline.AREAS] = {area: float(area in text.areas) for area in LEGAL_AREAS}
    return truth


def _trained(
    prepared: Prepared, labels: Labels, *, seed: int, progress: Progress
) -> tuple[Language, Scores]:
    """Return the model of all texts, and every text scored by a model that was trained without it.

    For two cores: the final model and one fold here, the other folds in a process of their own. It
    is started afresh, since a copy of this one would hold the locks of its threads.
    """
    context = get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    there = (prepared, labels, seed, range(FOLDS - 1))
    other = context.Process(target=_send_cross_scored, args=(sending, *there), daemon=True)
    other.start()
    sending.close()
    staged = partial(progress, "final model")
    nlp = fit(prepared, prepared.texts, labels, seed=seed, progress=staged)
    progress("checking", 0, FOLDS)
    parts = _cross_scored(prepared, labels, seed, range(FOLDS - 1, FOLDS))
    progress("checking", 1, FOLDS)
    try:
        parts += receiving.recv()
    except EOFError:  # it was killed, perhaps for want of memory
        parts += _cross_scored(*there)
    other.join()
    progress("checking", FOLDS, FOLDS)
    scores = Scores.empty(len(prepared.texts), labels)
    for held, part in parts:
        scores.put(held, part)
    return nlp, scores


def _send_cross_scored(
    sending: Connection, prepared: Prepared, labels: Labels, seed: int, folds: Sequence[int]
) -> None:
    sending.send(_cross_scored(prepared, labels, seed, folds))
    sending.close()


def _cross_scored(
    prepared: Prepared, labels: Labels, seed: int, folds: Sequence[int]
) -> list[tuple[NDArray[np.int64], Scores]]:
    """For each of the folds, the rows held out of it and their scores by a model without them."""
    texts = prepared.texts
    order = list(range(len(texts)))
    random.Random(seed).shuffle(order)  # noqa: S311 - folds, no secret
    found = []
    for fold in folds:
        held = order[fold::FOLDS]
        rest = [texts[number] for number in sorted(set(order) - set(held))]
        nlp = fit(prepared, rest, labels, seed=seed + fold + 1, progress=lambda *_: None)
        vectors = [texts[number].vector for number in held]
        found.append((np.array(held), score(nlp, vectors, labels)))
    return found
