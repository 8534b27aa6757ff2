"""How the answers on serious events are joined into one."""

import numpy as np

from handlers.domain.category import load_taxonomy
from nlp import flags
from nlp.corpus_file import CorpusText


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
