"""What the model says of serious events: one question a flag, and one a group of categories.

A serious fall and a theft by staff share no words. A classifier of its own for each group of
categories, joined with those of the two flags and the one for either, raised precision at
the same recall (measured by cross-validation on the training corpus, docs/adr/0014). Naive Bayes,
joined with them, raised it more.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from nlp.calibration import average_precision, log_odds, probability
from nlp.corpus_file import CATEGORY, CorpusText

MEDICAL_HARM, MISCONDUCT, SERIOUS = "medical_harm", "misconduct", "serious"
GROUPS = {
    "serious_fall": frozenset({"fall", "equipment"}),
    "serious_care": frozenset({"medication", "treatment", "care_transition"}),
    "serious_violence": frozenset({"violence", "conduct"}),
    "serious_neglect": frozenset({"personal_care", "missed_visit", "alarm"}),
    "serious_theft": frozenset({"loss_theft", "access_administration"}),
}
QUIET_KINDS = ("praise", "irrelevant")  # it takes more to raise an alarm on them
SERIOUS_OTHER = "serious_other"
_MARK = "!"
FLAGS = (MEDICAL_HARM, MISCONDUCT, SERIOUS, *GROUPS, SERIOUS_OTHER)
_GROUPED = frozenset[str]().union(*GROUPS.values())

Matrix = NDArray[np.float64]


def truth(text: CorpusText) -> dict[str, float]:
    """The right answer to every question, 0 or 1."""
    return {
        MEDICAL_HARM: float(text.medical_harm),
        MISCONDUCT: float(text.misconduct),
        SERIOUS: float(text.serious),
        **{group: float(text.serious and text.category in of) for group, of in GROUPS.items()},
        SERIOUS_OTHER: float(text.serious and text.category not in _GROUPED),
    }


def serious_probability(scores: Matrix) -> Matrix:
    """Join the answers, in the order of FLAGS along the last axis, into one for either flag.

    The mean of three log-odds: of the flag for either, of at least one of the two flags, and of at
    least one group.
    """
    clipped = np.clip(scores, 1e-6, 1 - 1e-6)
    either = clipped[..., 2]
    one_flag = 1 - np.prod(1 - clipped[..., :2], axis=-1)
    one_group = 1 - np.prod(1 - clipped[..., 3:], axis=-1)
    odds = np.mean([log_odds(p) for p in (either, one_flag, one_group)], axis=0)
    return probability(odds)


def with_bayes(linear: Matrix, bayes: Matrix, share: float) -> Matrix:
    """Join the probability of a serious event with that of naive Bayes; `share` weighs its odds."""
    return probability(log_odds(linear) + share * log_odds(bayes))


def fitted_share(linear: Matrix, bayes: Matrix, truth: NDArray[np.bool_]) -> float:
    """The share at which the serious events stand highest among all texts."""
    return max(
        (step / 10 for step in range(16)),
        key=lambda share: average_precision(with_bayes(linear, bayes, share), truth),
    )


def serious(cats: Mapping[str, float]) -> float:
    """The same for one text; a model from before the groups has only its own single answer."""
    if SERIOUS_OTHER not in cats:
        return cats[SERIOUS]
    return float(serious_probability(np.array([cats[flag] for flag in FLAGS])))


def bayes_label(text: CorpusText) -> str:
    """What naive Bayes tells apart: the text's category, with or without a serious event."""
    category = text.category if CATEGORY in text.judged else None
    return f"{category or ''}{_MARK if text.serious else ''}"


def bayes_members(labels: Sequence[str]) -> Matrix:
    """Which of those labels stand for a serious event, as a column."""
    return np.array([[float(label.endswith(_MARK))] for label in labels])
