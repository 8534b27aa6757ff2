"""The commands of the language part as they are called from a shell."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot.commands.language import register
from handlers.errors import ConfigurationFault
from nlp import model_store
from nlp.model_card import model_card


@pytest.fixture
def app(model_dir: Path) -> typer.Typer:
    # The commands look for the models in <data_dir>/model.
    data_dir = model_dir.parent / "data"
    data_dir.mkdir(exist_ok=True)
    link = data_dir / "model"
    if not link.exists():
        link.symlink_to(model_dir)
    made = typer.Typer()
    register(made, lambda: data_dir)
    return made


def _lines(app: typer.Typer, given: str) -> list[dict[str, object]]:
    result = CliRunner().invoke(app, ["classify"], input=given, catch_exceptions=False)
    assert result.exit_code == 0
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_classify_answers_each_line_with_the_agreed_fields(app: typer.Typer) -> None:
    given = '{"id": 7, "text": "Ramlade, bröt höften. Ring Berit nu."}\n\n{"id": "b", "text": ""}\n'

    first, second = _lines(app, given)

    assert first["id"] == 7
    assert second["id"] == "b"
    assert set(first) >= {
        *("id", "kind", "category", "certain", "suggestions", "possible_medical_harm"),
        *("possible_misconduct", "reasons", "personal_data"),
    }
    assert first["possible_medical_harm"] is True
    assert first["personal_data"] == [{"start": 27, "end": 32, "label": "name"}]
    assert isinstance(first["suggestions"], list)
    assert len(first["suggestions"]) >= 3
    assert first["category"] == first["suggestions"][0]["category"]


def test_classify_answers_every_line_and_names_the_broken_ones(app: typer.Typer) -> None:
    given = '\ufeff{"id": 1, "text": "a"}\nnot json\n{"id": 2}\n[]\n{"id": 3, "text": "\\ud83d"}\n'
    result = CliRunner().invoke(app, ["classify"], input=given)

    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == [1, None, None, None, 3]
    assert [answer["line"] for answer in answers if "fault" in answer] == [2, 3, 4]
    assert isinstance(result.exception, ConfigurationFault)
    assert "line 3: text" in str(result.exception)


def test_evaluate_prints_one_object(app: typer.Typer, small_corpus: Path) -> None:
    result = CliRunner().invoke(
        app,
        ["evaluate", "--corpus", str(small_corpus), "--json", "--no-baselines"],
        catch_exceptions=False,
    )
    figures = json.loads(result.stdout)

    assert figures["category"]["macro_f1"] > 0.5  # its own training texts
    figures["baselines"] = {"majority": 0.01}
    assert model_card(figures).startswith("# Model card")


def test_evaluate_compares_two_models_on_the_same_texts(
    app: typer.Typer, model_dir: Path, small_corpus: Path
) -> None:
    version = model_store.versions(model_dir)[0]
    result = CliRunner().invoke(
        app,
        ["evaluate", "--corpus", str(small_corpus), "--json", "--compare", version],
        catch_exceptions=False,
    )
    figures = json.loads(result.stdout)

    assert figures["in use"]["category"] == figures[version]["category"]


def test_model_list_marks_the_one_in_use(app: typer.Typer) -> None:
    result = CliRunner().invoke(app, ["model", "list"], catch_exceptions=False)

    assert result.stdout.startswith("* 0001-")


def test_history_is_masked_and_mapped_on_import(app: typer.Typer, tmp_path: Path) -> None:
    export, crosswalk, out = (tmp_path / name for name in ("old.csv", "walk.toml", "out.jsonl"))
    export.write_text(
        "Händelse;Typ\nBerit föll i hallen;Fall utan skada\nNågot;Okänt\n;Fall utan skada\n",
        encoding="utf-8-sig",
    )
    crosswalk.write_text(
        'text = "Händelse"\ncategory = "Typ"\n[categories]\n"Fall utan skada" = "fall"\n',
        encoding="utf-8",
    )
    arguments = ["model", "import-history", str(export), "--crosswalk", str(crosswalk)]
    result = CliRunner().invoke(app, [*arguments, "--out", str(out)], catch_exceptions=False)

    row = json.loads(out.read_text(encoding="utf-8"))
    assert row["text"] == "[namn] föll i hallen"
    assert row["category"] == "fall"
    assert "2 rows left out" in result.stdout
