"""What the rest of Lotsen gets for a text: with a model, without one, and when the model breaks."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.domain.category import load_taxonomy
from nlp.analyst import KEYWORDS_VERSION, Analyst, load_analyst
from nlp.model import Judgement, TrainedModel, load_model
from nlp.text import MODEL_TEXT_LIMIT

ODD_TEXTS = {
    "empty": "",
    "one word": "fall",
    "emoji": "😡😡😡",
    # Each took seconds to minutes while a pattern or the tokenizer began anew at every sign.
    "emoji only": "😡" * 100_000,
    "a line of signs": "=-" * 50_000,
    "underscores": "_" * 100_000,
    "thousands of addresses": "a@b." * 25_000,
    "dots": "a." * 50_000,
    "spaces": " \n\t ",
    "long": "Hon ramlade och slog huvudet. " * 3_500,
    "Arabic": "سقطت أمي في الحمام",
    "mixed": "Hon сказала ไม่ 不 at 3 ..",
    "code": "SELECT * FROM cases; <script>alert(1)</script>",
    "null byte": "fall\x00golv",
    "right to left": "\u202eabc\u202c",
    "digits": "1" * 5_000,
    "Finnish": "Hyvää päivää, haluaisin tietää milloin kirjasto avataan huomenna.",
    "Polish": "Dzień dobry, proszę o informację, kiedy otwarta jest biblioteka.",
    "one letter": "x",
    "one long word": "a" * 100_000,
    "markup": "<html><body><p>&nbsp;</p></body></html>",
    "no spaces": "Hejsanhoppsanfallerallera" * 40,
}
NOTHING_SAID = ("empty", "emoji", "spaces", "Arabic", "mixed", "code", "digits", "one letter")
THREAD = """Re: Sv: Vb: Duschen
> Den 3 mars 2026 skrev Anna Ek <anna.ek@example.se>:
>> Den 2 mars 2026 skrev enheten:
>>> Tack för ditt mejl. Vi återkommer.
>> Mamma har inte fått duscha på tre veckor.
> Hör av er!
""" + "\n".join(f"{'>' * (n % 9)} Tidigare svar nummer {n}, se nedan." for n in range(2_000))


class BrokenModel(TrainedModel):
    """A model that fails on every text."""

    def __init__(self, whole: TrainedModel) -> None:
        self.settings = whole.settings

    def judge(self, text: str) -> Judgement:
        raise ValueError("the weights do not fit")


def test_a_clear_text_gets_its_category(analyst: Analyst) -> None:
    found = analyst.analyse("Hon ramlade i badrummet och hittades på golvet.")

    assert found.suggestions[0].category == "fall"
    assert found.kind == "deviation"
    assert found.model_version.startswith("0001-")


@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS.keys())
def test_odd_texts_get_an_answer(analyst: Analyst, keyword_analyst: Analyst, text: str) -> None:
    for one in (analyst, keyword_analyst):
        found = one.analyse(text, subject="Re: Re: Vb:")

        assert len(found.suggestions) >= 3
        assert sum(suggestion.probability for suggestion in found.suggestions) <= 1.0001
        assert all(0 <= span.start < span.end <= len(text) for span in found.personal_data)


@pytest.mark.parametrize("name", NOTHING_SAID)
def test_a_text_that_says_nothing_is_never_certain(
    analyst: Analyst, keyword_analyst: Analyst, name: str
) -> None:
    for one in (analyst, keyword_analyst):
        found = one.analyse(ODD_TEXTS[name])

        assert not found.certain
        if name != "code":  # "script" and "alert" are words, and a small model knows few
            assert not found.possible_medical_harm
            assert not found.possible_misconduct


def test_a_whole_mail_thread_is_read(analyst: Analyst) -> None:
    found = analyst.analyse(THREAD, subject="Sv: Vb: Duschen")

    assert "email" in {span.label for span in found.personal_data}


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(max_size=200))
def test_no_text_makes_the_analyst_raise(analyst: Analyst, text: str) -> None:
    codes = {category.code for category in load_taxonomy().categories}

    assert {found.category for found in analyst.analyse(text).suggestions} <= codes


def test_without_a_model_it_works_by_keywords(keyword_analyst: Analyst) -> None:
    found = keyword_analyst.analyse("Hon ramlade på golvet. Misstänkt höftfraktur.")

    assert found.model_version == KEYWORDS_VERSION
    assert found.suggestions[0].category == "fall"
    assert found.possible_medical_harm
    assert found.reasons


def test_a_model_that_fails_does_not_silence_the_rules(analyst: Analyst) -> None:
    assert analyst.model is not None
    broken = replace(analyst, model=BrokenModel(analyst.model))

    found = broken.analyse("Hon ramlade på golvet. Misstänkt höftfraktur.")

    assert found.model_version == KEYWORDS_VERSION
    assert "A9" in found.rule_ids
    assert found.possible_medical_harm


def test_a_damaged_model_is_replaced_by_keywords(model_dir: Path, tmp_path: Path) -> None:
    version = "0001-00000000"
    folder = tmp_path / version
    folder.mkdir()
    (tmp_path / "CURRENT").write_text(version, encoding="utf-8")
    (folder / "lotsen.json").write_text(json.dumps({"version": version}), encoding="utf-8")

    assert load_analyst(tmp_path).model is None


def test_rules_read_beyond_the_limit_of_the_model(analyst: Analyst) -> None:
    text = "Allt var lugnt. " * (MODEL_TEXT_LIMIT // 10) + "Sedan bröt hon lårbenet i ett fall."

    assert "A9" in analyst.analyse(text).rule_ids


def test_spans_count_in_the_text_and_not_in_the_subject(analyst: Analyst) -> None:
    found = analyst.analyse("Ring Berit.", subject="Hej från Anders")

    assert [(span.start, span.end) for span in found.personal_data] == [(5, 10)]


def test_the_model_gives_the_same_answer_after_loading_again(
    analyst: Analyst, model_dir: Path
) -> None:
    again = load_model(model_dir)
    assert again is not None
    assert analyst.model is not None
    text = "Ingen kom till kunden i kväll."

    assert again.judge(text).suggestions == analyst.model.judge(text).suggestions
