"""What a model can learn from managers' corrections: masked, and only what was corrected."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.commands.language import register
from bot.corrections import corrected_texts
from handlers import alert_feedback, case_handling, kinds
from handlers.case_records import Verdict
from handlers.domain.case import CaseKind
from handlers.errors import ConfigurationFault
from nlp import model_store
from nlp.personal_data import PersonalDataFinder, load_personal_data_finder
from tests.lotskoping import DAVID, INGER, MARIA, Lotskoping


@pytest.fixture(scope="module")
def finder() -> PersonalDataFinder:
    return load_personal_data_finder()


def test_a_changed_category_becomes_a_masked_text(
    lotskoping: Lotskoping, finder: PersonalDataFinder
) -> None:
    case = lotskoping.report("Berit låg på golvet vid sängen i morse. Larmmattan var inte på.")
    with lotskoping.unit_of_work() as uow:
        case_handling.change_category(lotskoping.desk(uow, case, MARIA), category="alarm")
        changed = uow.cases.events(case.id)[-1]
        uow.commit()

    (text,) = corrected_texts(lotskoping.services, finder)

    assert text.category == "alarm"
    assert text.text.startswith("[namn] låg på golvet")
    assert text.judged == {"category"}
    assert (changed.kind, changed.actor_id) == ("category_changed", MARIA)


def test_a_correction_keeps_what_stood_before_and_what_the_model_had_suggested(
    lotskoping: Lotskoping,
) -> None:
    case = lotskoping.report("Personen låg på golvet vid sängen i morse.")
    with lotskoping.unit_of_work() as uow:
        case_handling.change_category(lotskoping.desk(uow, case, MARIA), category="alarm")
        corrected = uow.cases.events(case.id)[-1].values
        uow.commit()

    assert (corrected["category"], corrected["was"]) == ("alarm", case.category)
    assert corrected["was_by"] == case.category_source
    assert corrected["model"] == case.model_version
    assert corrected["suggested"] in lotskoping.services.municipality.categories
    assert 0 < float(corrected["probability"]) <= 1


def test_choosing_the_same_category_again_is_no_correction(
    lotskoping: Lotskoping, finder: PersonalDataFinder
) -> None:
    case = lotskoping.report("Personen låg på golvet vid sängen i morse.")
    with lotskoping.unit_of_work() as uow:
        desk = lotskoping.desk(uow, case, MARIA)
        same = case_handling.change_category(desk, category=case.category)
        kinds = [event.kind for event in uow.cases.events(case.id)]
        uow.commit()

    assert same.category_source == case.category_source
    assert "category_changed" not in kinds
    assert corrected_texts(lotskoping.services, finder) == ()


def test_a_category_that_nobody_has_changed_teaches_nothing(
    lotskoping: Lotskoping, finder: PersonalDataFinder
) -> None:
    lotskoping.report("Personen låg på golvet vid sängen i morse.")

    assert corrected_texts(lotskoping.services, finder) == ()


def test_a_changed_kind_is_learnt_alone(lotskoping: Lotskoping, finder: PersonalDataFinder) -> None:
    case = lotskoping.report("Dottern ringde och är missnöjd med att maten är kall varje dag.")
    with lotskoping.unit_of_work() as uow:
        desk = lotskoping.desk(uow, case, MARIA)
        kinds.change_kind(desk, kind=CaseKind.COMPLAINT, reason="Dottern klagade.")
        changed = next(e for e in uow.cases.events(case.id) if e.kind == "kind_changed")
        uow.commit()

    (text,) = corrected_texts(lotskoping.services, finder)

    assert (text.kind, text.judged) == ("complaint", frozenset({"kind"}))
    assert changed.actor_id == MARIA
    assert (changed.values["before"], changed.values["to"]) == ("deviation", "complaint")
    assert changed.values["model"] == case.model_version


@pytest.mark.parametrize(("verdict", "serious"), [("right", True), ("unnecessary", False)])
def test_a_judged_alert_teaches_whether_such_a_text_is_serious(
    lotskoping: Lotskoping, finder: PersonalDataFinder, verdict: str, serious: bool
) -> None:
    case = lotskoping.report("Berit föll och bröt höften. Hon åkte ambulans till akuten.")
    with lotskoping.unit_of_work() as uow:
        alert = uow.alerts.of_case(case.id)[0]
        alert_feedback.judge(
            uow,
            alert.id,
            alert.recipient_id,
            Verdict(verdict),
            lotskoping.clock(),
            lotskoping.services.municipality,
        )
        judged = uow.cases.events(case.id)[-1]
        uow.commit()

    (text,) = corrected_texts(lotskoping.services, finder)

    assert (text.judged, text.serious) == (frozenset({"serious"}), serious)
    assert text.text.startswith("[namn] föll")
    assert (judged.kind, judged.actor_id) == ("alert_judged", alert.recipient_id)
    assert judged.values["model"] == case.model_version


def test_an_alert_that_one_found_right_and_another_unnecessary_stays_right(
    lotskoping: Lotskoping, finder: PersonalDataFinder
) -> None:
    case = lotskoping.report("Berit föll och bröt höften. Hon åkte ambulans till akuten.")
    with lotskoping.unit_of_work() as uow:
        alert = uow.alerts.of_case(case.id)[0]
        for person, verdict in ((INGER, Verdict.RIGHT), (DAVID, Verdict.UNNECESSARY)):
            alert_feedback.judge(
                uow,
                alert.id,
                person,
                verdict,
                lotskoping.clock(),
                lotskoping.services.municipality,
            )
        uow.commit()

    (text,) = corrected_texts(lotskoping.services, finder)

    assert text.serious


@pytest.fixture
def shell(
    lotskoping: Lotskoping, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    """The commands as they are called where this Lotsen's data lies."""
    monkeypatch.setenv("LOTSEN_DATA_DIR", str(tmp_path))
    lines = [
        {"id": f"t{n}", "voice": "usk", "kind": kind, "category": category, "text": text}
        for n, (kind, category, text) in enumerate(
            [("deviation", "fall", "Hon föll i hallen."), ("complaint", "alarm", "Larmet tjöt.")]
            * 6
        )
    ]
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    own = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    (corpus / "small.jsonl").write_text(own, encoding="utf-8")
    app = typer.Typer()
    register(app, lambda: tmp_path)
    return lambda *words: CliRunner().invoke(app, words, catch_exceptions=False)


def test_a_correction_makes_a_challenger_that_is_compared_promoted_and_taken_back(
    lotskoping: Lotskoping, shell: Callable[..., Result], tmp_path: Path
) -> None:
    models, corpus = tmp_path / "model", str(tmp_path / "corpus")
    shell("train", "--corpus", corpus)
    first = model_store.current_version(models)
    case = lotskoping.report("Mattan vid sängen gav ingen signal i natt.")
    with lotskoping.unit_of_work() as uow:
        case_handling.change_category(lotskoping.desk(uow, case, MARIA), category="alarm")
        uow.commit()

    shell("train", "--corpus", corpus, "--with-corrections")
    (challenger,) = set(model_store.versions(models)) - {first}
    assert model_store.current_version(models) == first
    assert model_store.read_settings(models / challenger).corrections == 1
    compared = shell("evaluate", "--corpus", corpus, "--json", "--compare", challenger)
    assert json.loads(compared.stdout).keys() == {"in use", challenger, "baselines"}
    shell("model", "promote", challenger)
    assert model_store.current_version(models) == challenger
    shell("model", "rollback")
    assert model_store.current_version(models) == first


def test_without_a_correction_there_is_nothing_to_train_on(
    shell: Callable[..., Result], tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationFault, match="Nobody has changed a category"):
        shell("train", "--corpus", str(tmp_path / "corpus"), "--with-corrections")
