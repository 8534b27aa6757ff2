"""What `lotsen export` writes: the same rows in three shapes, and nobody's words."""

import csv
import io
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from bot import exporting
from bot.__main__ import app
from handlers.errors import ConfigurationFault
from tests.lotskoping import Lotskoping

MARK = "XNAMNX"


@pytest.fixture
def sheets(lotskoping: Lotskoping) -> tuple[exporting.Sheet, ...]:
    for _ in range(3):
        lotskoping.report(f"{MARK} låg på golvet vid sängen.")
    return exporting.export_sheets(lotskoping.services)


def test_the_three_shapes_have_the_same_cases(sheets, tmp_path: Path):
    exporting.write_csv(sheets, tmp_path / "csv")
    exporting.write_xlsx(sheets, tmp_path / "all.xlsx")
    lines = io.StringIO()
    exporting.write_jsonl(sheets, lines)
    with (tmp_path / "csv" / "cases.csv").open(encoding="utf-8-sig", newline="") as file:
        from_csv = [row["number"] for row in csv.DictReader(file, delimiter=";")]
    book = load_workbook(tmp_path / "all.xlsx")
    from_xlsx = [row[0] for row in book["cases"].iter_rows(min_row=2, values_only=True)]
    objects = [json.loads(line) for line in lines.getvalue().splitlines()]
    from_jsonl = [one["number"] for one in objects if one["table"] == "cases"]
    assert from_csv == from_xlsx == from_jsonl
    assert len(from_csv) == 3
    assert set(book.sheetnames) == {sheet.name for sheet in sheets}


def test_no_free_text_leaves(sheets, tmp_path: Path):
    written = io.StringIO()
    exporting.write_jsonl(sheets, written)
    assert MARK not in written.getvalue()
    assert "golvet" not in written.getvalue()


def test_small_numbers_in_tables_are_hidden(sheets):
    inflow = next(sheet for sheet in sheets if sheet.name == "inflow")
    assert {value for row in inflow.rows for value in row[1:]} <= {"..", 0}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_a_cell_is_never_a_formula(start: str):
    sheet = exporting.Sheet(name="x", columns=("a",), rows=((f"{start}cmd|' /C calc'!A0",),))
    written = io.StringIO()
    exporting.write_csv_sheet(sheet, written)
    row = list(csv.reader(io.StringIO(written.getvalue()), delimiter=";"))[1]
    assert row[0].startswith("'")


@pytest.mark.parametrize(
    ("kind", "out"),
    [("xlsx", "folder"), ("jsonl", "folder"), ("csv", "file"), ("csv", "file/below")],
)
def test_a_place_that_does_not_fit_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, out: str
):
    monkeypatch.setenv("LOTSEN_DATA_DIR", str(tmp_path / "var"))
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    result = CliRunner().invoke(app, ["export", "--format", kind, "--out", str(tmp_path / out)])
    assert isinstance(result.exception, ConfigurationFault)
    assert "--out" in str(result.exception)


def test_a_span_of_days_that_ends_before_it_begins_is_refused():
    result = CliRunner().invoke(app, ["export", "--from", "2026-12-01", "--to", "2026-01-01"])
    assert isinstance(result.exception, ConfigurationFault)
