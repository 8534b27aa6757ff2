"""Which acts a text falls under: by both models, and with thresholds fitted to unseen texts."""

import numpy as np

from nlp import areas
from nlp.calibration import log_odds
from nlp.corpus_file import LEGAL_AREAS

HSL, SOL, LSS = range(3)
HALF = (0.5, 0.5, 0.5)


def of(*rows: tuple[float, float, float]) -> np.ndarray:
    return log_odds(np.array(rows))


def test_a_text_falls_under_every_act_that_is_likely_enough() -> None:
    assert areas.chosen(of((0.8, 0.7, 0.1)), HALF).tolist() == [[True, True, False]]


def test_a_help_is_given_by_one_of_sol_and_lss() -> None:
    found = areas.chosen(of((0.1, 0.6, 0.9), (0.1, 0.9, 0.6)), HALF)

    assert found.tolist() == [[False, False, True], [False, True, False]]


def test_some_act_always_applies() -> None:
    assert areas.chosen(of((0.1, 0.2, 0.05)), HALF).tolist() == [[False, True, False]]


def test_an_act_that_the_model_is_shy_of_gets_a_lower_threshold() -> None:
    truth = np.array([[False, False, True]] * 30 + [[False, True, False]] * 70)
    odds = np.concatenate([of(*[(0.01, 0.3, 0.3)] * 30), of(*[(0.01, 0.9, 0.05)] * 70)])

    fitted = areas.fitted_thresholds(odds, truth)

    assert fitted[LSS] <= 0.3
    assert (areas.chosen(odds, fitted) == truth).all()


def test_naive_bayes_knows_every_set_of_acts() -> None:
    labels = areas.labels()

    assert len(set(labels)) == 2 ** len(LEGAL_AREAS) - 1
    assert areas.label(["LSS", "HSL"]) in labels
    assert areas.members(["HSL+LSS"]).tolist() == [[1.0, 0.0, 1.0]]


def test_the_two_models_agreeing_are_surer_than_one() -> None:
    half, likely = np.array([[0.5, 0.5, 0.5]]), np.array([[0.8, 0.8, 0.8]])

    assert (areas.joined(likely, likely) > areas.joined(likely, half)).all()
