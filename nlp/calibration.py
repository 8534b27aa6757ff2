"""From scores to honest probabilities and thresholds, fitted on texts the model has not seen."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]


def log_odds(probabilities: Matrix) -> Matrix:
    clipped = np.clip(probabilities, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(clipped / (1 - clipped)))


def probability(odds: Matrix) -> Matrix:
    """The inverse of `log_odds`."""
    return np.asarray(1 / (1 + np.exp(-odds)))


def average_precision(scores: Matrix, truth: NDArray[np.bool_]) -> float:
    """The mean precision at each true one, from the highest score down."""
    ranked = truth[np.argsort(-scores, kind="stable")]
    precision = np.cumsum(ranked) / np.arange(1, len(ranked) + 1)
    return float(precision[ranked].mean()) if ranked.any() else 0.0


def soften(probabilities: Matrix, temperature: float) -> Matrix:
    """Divide the log-odds by the temperature: above 1 makes a model less sure of itself."""
    logits = np.log(np.clip(probabilities, 1e-9, 1.0)) / temperature
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def fitted_temperature(probabilities: Matrix, truth: Sequence[int]) -> float:
    """The temperature at which the true classes are most likely; searched between 0.2 and 5."""
    rows = np.arange(len(truth))
    candidates = np.exp(np.linspace(np.log(0.2), np.log(5.0), 81))
    losses = [
        -np.mean(np.log(soften(probabilities, float(value))[rows, truth] + 1e-12))
        for value in candidates
    ]
    return float(candidates[int(np.argmin(losses))])


def mixed(first: Matrix, second: Matrix, share: float) -> Matrix:
    """Weigh two models' log-probabilities; `share` is the part of the second."""
    logits = (1.0 - share) * np.log(np.clip(first, 1e-9, 1.0))
    logits += share * np.log(np.clip(second, 1e-9, 1.0))
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def fitted_share(first: Matrix, second: Matrix, truth: Sequence[int]) -> float:
    """The share at which, at its own best temperature, the true classes are most likely."""
    rows = np.arange(len(truth))

    def loss(share: float) -> float:
        both = mixed(first, second, share)
        soft = soften(both, fitted_temperature(both, truth))
        return float(-np.mean(np.log(soft[rows, truth] + 1e-12)))

    return min((step / 20 for step in range(20)), key=loss)


def threshold_for_recall(scores: Sequence[float], truth: Sequence[bool], recall: float) -> float:
    """The highest threshold that still finds this share of the true ones."""
    positives = sorted(
        (score for score, true in zip(scores, truth, strict=True) if true), reverse=True
    )
    if not positives:
        return 1.0
    needed = max(1, int(np.ceil(recall * len(positives))))
    return float(positives[needed - 1])


def threshold_for_false_share(
    scores: Sequence[float], truth: Sequence[bool], share: float
) -> float:
    """The lowest threshold at which at most this share of the untrue ones is passed."""
    negatives = sorted(
        (score for score, true in zip(scores, truth, strict=True) if not true), reverse=True
    )
    if not negatives:
        return 0.5
    allowed = int(share * len(negatives))
    return float(np.nextafter(negatives[min(allowed, len(negatives) - 1)], 1.0))


def threshold_for_accuracy(
    confidences: Sequence[float], right: Sequence[bool], accuracy: float
) -> float:
    """The lowest confidence from which on the answers are right in this share of the texts."""
    order = np.argsort(confidences)[::-1]
    hits = np.cumsum(np.asarray(right, dtype=float)[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(hits >= accuracy)
    if len(enough) == 0:
        return 1.0
    return float(np.asarray(confidences)[order[enough[-1]]])


def expected_calibration_error(
    confidences: Sequence[float], right: Sequence[bool], *, bins: int = 10
) -> float:
    """Mean gap between stated and met probability over equally wide bins, weighed by their size."""
    stated, met = np.asarray(confidences), np.asarray(right, dtype=float)
    places = np.minimum((stated * bins).astype(int), bins - 1)
    gap = 0.0
    for place in range(bins):
        inside = places == place
        if inside.any():
            gap += float(inside.mean()) * abs(float(stated[inside].mean() - met[inside].mean()))
    return gap
