"""The commands of the language part as they are called from a shell."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot.commands.evaluation import compared
from bot.commands.language import register
from handlers.domain.category import load_taxonomy
from handlers.errors import ConfigurationFault
from nlp import model_store
from nlp.corpus_file import read_corpus
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
    assert 0.5 < figures["legal_areas"]["exact"] <= figures["legal_areas"]["covered"]
    figures["baselines"] = {"majority": 0.01, "linear": None}
    figures["independent"] = [{**figures, "baselines": {"majority": 0.02, "linear": 0.7}}]
    card = model_card(figures)
    assert card.startswith("# Model card")
    assert "| majority | 0.01 | 0.02 |" in card
    assert "| linear | not measured: scikit-learn is not installed | 0.7 |" in card
    assert "acts (HSL, SoL, LSS) just right" in card


def test_without_baselines_there_is_no_table_of_them(app: typer.Typer, small_corpus: Path) -> None:
    arguments = ["evaluate", "--corpus", str(small_corpus), "--no-baselines"]
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)

    assert "legal areas" in result.stdout
    assert "simpler ways" not in result.stdout


def test_evaluate_compares_two_models_on_the_same_texts(
    app: typer.Typer, model_dir: Path, small_corpus: Path
) -> None:
    version = model_store.versions(model_dir)[0]
    arguments = ["evaluate", "--corpus", str(small_corpus), "--compare", version]
    result = CliRunner().invoke(
        app,
        [*arguments, "--json", "--no-baselines"],
        catch_exceptions=False,
    )
    figures = json.loads(result.stdout)

    assert figures["in use"]["category"] == figures[version]["category"]
    assert "baselines" not in figures


def test_baselines_stand_beside_two_models_that_are_compared(
    model_dir: Path, small_corpus: Path
) -> None:
    (version,) = model_store.versions(model_dir)
    texts = read_corpus(small_corpus, load_taxonomy())

    figures = compared(model_dir, version, texts[:200], texts[200:])

    assert set(figures) == {"in use", version, "baselines"}
    assert figures["baselines"]["majority"] < figures["in use"]["category"]["macro_f1"]


def test_comparing_with_a_model_that_is_not_there_says_so(
    app: typer.Typer, small_corpus: Path
) -> None:
    arguments = ["evaluate", "--corpus", str(small_corpus), "--compare", "0009-abcdef01"]

    with pytest.raises(ConfigurationFault, match="0009-abcdef01"):
        CliRunner().invoke(app, arguments, catch_exceptions=False)


def test_own_history_makes_a_challenger_that_is_not_in_use(tmp_path: Path) -> None:
    corpus, data_dir = tmp_path / "corpus", tmp_path / "data"
    corpus.mkdir()
    rows = [
        {"id": f"t{number}", "voice": "usk", "kind": kind, "category": category, "text": text}
        for number in range(12)
        for kind, category, text in [
            ("deviation", "fall", f"Hon föll i rum {number}."),
            ("complaint", "alarm", f"Larmet tjöt {number} gånger."),
        ]
        if not number % 2 or kind == "deviation"
    ]
    rows = [{**row, "id": f"{row['id']}-{row['kind']}"} for row in rows]
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    (corpus / "own.jsonl").write_text("\n".join(lines), encoding="utf-8")
    history = tmp_path / "old.jsonl"
    old = {**rows[0], "id": "history-1", "text": "Hon snubblade.", "only_category": True}
    history.write_text(json.dumps(old), encoding="utf-8")
    made = typer.Typer()
    register(made, lambda: data_dir)

    arguments = ["train", "--corpus", str(corpus), "--history", str(history)]
    result = CliRunner().invoke(made, arguments, catch_exceptions=False)

    (version,) = model_store.versions(data_dir / "model")
    assert f"lotsen model promote {version}" in result.stderr
    assert model_store.current_version(data_dir / "model") is None
    assert model_store.read_settings(data_dir / "model" / version).corrections == 1


def test_without_a_model_the_list_says_how_to_make_one(tmp_path: Path) -> None:
    made = typer.Typer()
    register(made, lambda: tmp_path)

    result = CliRunner().invoke(made, ["model", "list"], catch_exceptions=False)

    assert "lotsen train" in result.stdout


def test_model_list_marks_the_one_in_use(app: typer.Typer) -> None:
    result = CliRunner().invoke(app, ["model", "list"], catch_exceptions=False)

    assert result.stdout.startswith("* 0001-")


def test_history_from_an_old_spreadsheet_is_read(app: typer.Typer, tmp_path: Path) -> None:
    export, crosswalk, out = (tmp_path / name for name in ("old.csv", "walk.toml", "out.jsonl"))
    export.write_text("Händelse,Typ\r\nHon föll,F\r\n", encoding="cp1252")
    crosswalk.write_text(
        'text = "Händelse"\ncategory = "Typ"\n[categories]\nF = "fall"\n', encoding="utf-8"
    )
    arguments = ["model", "import-history", str(export), "--crosswalk", str(crosswalk)]
    arguments += ["--out", str(out), "--delimiter", ","]
    CliRunner().invoke(app, arguments, catch_exceptions=False)

    assert json.loads(out.read_text(encoding="utf-8"))["text"] == "Hon föll"


def test_history_that_is_not_there_is_named(app: typer.Typer, tmp_path: Path) -> None:
    arguments = ["train", "--history", str(tmp_path / "old.jsonl")]

    with pytest.raises(ConfigurationFault, match=r"old\.jsonl"):
        CliRunner().invoke(app, arguments, catch_exceptions=False)


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
    assert row["only_category"] is True
    assert "2 rows left out" in result.stdout
