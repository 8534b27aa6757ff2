"""Which acts a text falls under, from the scores of the linear model and naive Bayes."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from nlp.calibration import log_odds
from nlp.corpus_file import LEGAL_AREAS

Matrix = NDArray[np.float64]
Chosen = NDArray[np.bool_]

BAYES_SHARE = 0.6  # of the log-odds of naive Bayes; chosen by cross-validation
UNFITTED = 0.5  # the threshold of models from before thresholds were fitted
_CANDIDATES = tuple(step / 20 for step in range(1, 20))
_ROUNDS = 3
_SOL, _LSS = LEGAL_AREAS.index("SoL"), LEGAL_AREAS.index("LSS")


def labels() -> tuple[str, ...]:
    """The labels of naive Bayes: every set of acts, as `label` writes it."""
    places = range(len(LEGAL_AREAS))
    sets = ([n for n in places if number >> n & 1] for number in range(1, 2 ** len(LEGAL_AREAS)))
    return tuple(label([LEGAL_AREAS[n] for n in one]) for one in sets)


def label(areas: Sequence[str]) -> str:
    return "+".join(area for area in LEGAL_AREAS if area in areas)


def members(found: Sequence[str]) -> Matrix:
    """Which of the labels of naive Bayes (rows) hold which act (columns)."""
    return np.array([[float(area in one.split("+")) for area in LEGAL_AREAS] for one in found])


def joined(linear: Matrix, bayes: Matrix) -> Matrix:
    """The log-odds of each act by both models, along the last axis."""
    return log_odds(linear) + BAYES_SHARE * log_odds(bayes)


def chosen(odds: Matrix, thresholds: Sequence[float]) -> Chosen:
    """The acts of each row; at least one. A help is given by SoL or by LSS: the likelier stays."""
    above = odds - log_odds(np.array(thresholds))
    found = above >= 0
    both = found[:, _SOL] & found[:, _LSS]
    sol_stays = above[:, _SOL] >= above[:, _LSS]
    found[both & sol_stays, _LSS] = False
    found[both & ~sol_stays, _SOL] = False
    none = ~found.any(axis=1)
    found[none, above[none].argmax(axis=1)] = True
    return np.asarray(found)


def fitted_thresholds(odds: Matrix, truth: Chosen) -> tuple[float, ...]:
    """The thresholds at which the mean F1 of the acts is best, found one act at a time."""
    thresholds = [UNFITTED] * len(LEGAL_AREAS)

    def mean_f1(place: int, candidate: float) -> float:
        tried = [*thresholds[:place], candidate, *thresholds[place + 1 :]]
        found = chosen(odds, tried)
        hits, both = (found & truth).sum(axis=0), found.sum(axis=0) + truth.sum(axis=0)
        return float(np.mean(2 * hits / np.maximum(both, 1)))

    for _ in range(_ROUNDS):
        for place in range(len(thresholds)):
            thresholds[place] = max(_CANDIDATES, key=partial(mean_f1, place))
    return tuple(thresholds)
