"""How the answers on serious events are joined into one, and from when they raise an alarm."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from handlers.domain.category import load_taxonomy
from nlp import flags
from nlp.corpus_file import CorpusText
from nlp.model import TrainedModel, load_model
from nlp.scoring import QUIET_ALARMED, Labels, Scores, fitted_settings


def scored(**answers: float) -> dict[str, float]:
    return {flag: answers.get(flag, 0.05) for flag in flags.FLAGS}


def test_one_sure_group_makes_an_event_likelier() -> None:
    calm = flags.serious(scored())
    theft = flags.serious(scored(serious_theft=0.9))

    assert calm < theft < 0.9


def test_agreement_of_all_answers_is_surest() -> None:
    alone = flags.serious(scored(serious_fall=0.9))
    together = flags.serious(scored(serious_fall=0.9, medical_harm=0.9, serious=0.9))

    assert together > alone


def test_many_texts_are_joined_as_each_of_them() -> None:
    rows = np.array([[0.1 * n] * len(flags.FLAGS) for n in range(1, 5)])
    each = [flags.serious(dict(zip(flags.FLAGS, row, strict=True))) for row in rows.tolist()]

    assert np.allclose(flags.serious_probability(rows), each)


def test_a_model_from_before_the_groups_gives_its_own_answer() -> None:
    assert flags.serious({"medical_harm": 0.2, "misconduct": 0.3, "serious": 0.4}) == 0.4


def test_every_serious_text_belongs_to_one_group_whatever_its_category() -> None:
    for category in (None, *(c.code for c in load_taxonomy().categories)):
        text = CorpusText(
            text_id="t", voice="usk", kind="deviation", category=category, misconduct=True, text=""
        )
        answers = flags.truth(text)

        assert sum(answers[group] for group in (*flags.GROUPS, flags.SERIOUS_OTHER)) == 1.0


THANKS = "Tack snälla alla på avdelningen för den fina vården av mamma, ni är underbara!"


@pytest.fixture(scope="module")
def model(model_dir: Path) -> TrainedModel:
    found = load_model(model_dir)
    assert found is not None
    return found


def test_thanks_take_more_to_raise_an_alarm_but_can(model: TrainedModel) -> None:
    fitted = model.settings
    assert fitted.serious_from <= fitted.serious_from_when_quiet <= 1.0
    assert model.judge(THANKS).kind == "praise"
    try:
        model.settings = replace(fitted, serious_from=0.0, serious_from_when_quiet=1.1)
        assert not model.judge(THANKS).misconduct
        model.settings = replace(fitted, serious_from=1.0, serious_from_when_quiet=0.0)
        alarmed = model.judge(THANKS)
        assert alarmed.misconduct or alarmed.medical_harm
    finally:
        model.settings = fitted


def test_of_quiet_texts_without_an_event_few_raise_an_alarm() -> None:
    taxonomy = load_taxonomy()
    labels = Labels.of(taxonomy)
    kinds = ("praise", "irrelevant", "deviation", "complaint")
    texts = [
        CorpusText(
            text_id=str(number),
            voice="usk",
            kind=kinds[number % 4],
            category="fall",
            misconduct=number % 8 == 2,
            text="x",
        )
        for number in range(800)
    ]
    scores = Scores.empty(len(texts), labels)
    scores.category[:] = scores.bayes[:] = 1 / len(labels.categories)
    scores.kind[:] = 0.01
    for row, text in enumerate(texts):
        scores.kind[row, labels.kinds.index(text.kind)] = 0.9
        scores.flags[row] = 0.1 if text.serious else row / 4_000

    found = fitted_settings(scores, texts, labels, version="v", taxonomy_version="t", corrections=0)

    quiet = np.array([text.kind in flags.QUIET_KINDS for text in texts])
    raised = flags.serious_probability(scores.flags[quiet]) >= found.serious_from_when_quiet
    assert 0 < raised.mean() <= QUIET_ALARMED


def test_naive_bayes_raises_what_it_finds_serious_by_its_share() -> None:
    linear, bayes = np.array([0.3, 0.3]), np.array([0.9, 0.1])

    joined = flags.with_bayes(linear, bayes, 0.5)

    assert joined[0] > 0.3 > joined[1]
    assert np.allclose(flags.with_bayes(linear, bayes, 0.0), linear)


def test_its_share_is_the_one_that_puts_serious_events_first() -> None:
    truth = np.array([True, False, True, False])
    linear = np.array([0.4, 0.6, 0.7, 0.3])

    assert flags.fitted_share(linear, np.array([0.99, 0.01, 0.9, 0.1]), truth) > 0
    assert flags.fitted_share(linear, 1 - linear, truth) == 0.0


def test_naive_bayes_is_asked_for_serious_and_calm_of_each_category() -> None:
    text = CorpusText(
        text_id="t", voice="usk", kind="deviation", category="fall", misconduct=True, text=""
    )
    labels = [flags.bayes_label(text), flags.bayes_label(replace(text, misconduct=False))]

    assert len(set(labels)) == 2
    assert flags.bayes_members(labels).tolist() == [[1.0], [0.0]]


def test_a_category_that_nobody_has_judged_is_left_out_of_it() -> None:
    text = CorpusText(
        text_id="t", voice="usk", kind="deviation", category="fall", text="", judged=frozenset()
    )

    assert "fall" not in flags.bayes_label(text)
