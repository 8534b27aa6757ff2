"""Cases and tables as CSV, XLSX and JSON Lines. No free text leaves: codes, numbers and days."""

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any

import xlsxwriter

from bot.app import Services
from handlers.domain.case import Case
from handlers.domain.deadline import local_date
from handlers.domain.people import Organisation
from handlers.domain.rounds import in_time
from handlers.sketches import Table
from handlers.statistics import OWN, all_tables, events_of

CASES = "cases"
HIDDEN = ".."  # small, or it would give a small one away
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would take for one


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def sheets_of(
    services: Services,
    cases: Sequence[Case],
    events: Sequence[Case],
    organisation: Organisation,
    today: date,
) -> tuple[Sheet, ...]:
    """Return the cases, and every table of the events that they are reports of.

    The tables hide small numbers, the list does not.
    """
    labels = {c.code: c.label for c in services.taxonomy.categories}
    return (
        Sheet(
            name=CASES,
            columns=COLUMNS,
            rows=tuple(_row(case, organisation, labels, today) for case in cases),
        ),
        *(table_sheet(one) for one in all_tables(events, today, organisation.providers)),
    )


def export_sheets(
    services: Services, *, first_on: date | None = None, last_on: date | None = None
) -> tuple[Sheet, ...]:
    """Return the sheets of all cases received within two days, both included."""
    with services.unit_of_work(read_only=True) as uow:
        found = uow.cases.listed(None, open_only=False)
        organisation = uow.organisation
    cases, events = (
        [
            case
            for case in some
            if (first_on is None or case.received_on >= first_on)
            and (last_on is None or case.received_on <= last_on)
        ]
        for some in (found, events_of(found))
    )
    return sheets_of(services, cases, events, organisation, local_date(services.clock()))


def write_csv(sheets: Iterable[Sheet], folder: Path) -> list[Path]:
    """Write one file for each sheet, with the mark and separator that a Swedish Excel expects."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for sheet in sheets:
        path = folder / f"{sheet.name}.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            write_csv_sheet(sheet, file)
        paths.append(path)
    return paths


def write_csv_sheet(sheet: Sheet, file: IO[str]) -> None:
    writer = csv.writer(file, delimiter=";")
    writer.writerow(sheet.columns)
    writer.writerows([_plain(value) for value in row] for row in sheet.rows)


def write_xlsx(sheets: Iterable[Sheet], path: Path) -> None:
    """Write a workbook; every text is written as text, never as a formula."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        bold = book.add_format({"bold": True})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            page.freeze_panes(1, 0)
            for column, name in enumerate(sheet.columns):
                page.write_string(0, column, name, bold)
            for number, row in enumerate(sheet.rows, start=1):
                for column, value in enumerate(row):
                    _write_cell(page, number, column, value)


def write_jsonl(sheets: Iterable[Sheet], file: IO[str]) -> None:
    """Write one object for each row; `table` says of which sheet it is."""
    for sheet in sheets:
        for row in sheet.rows:
            line = {"table": sheet.name} | dict(zip(sheet.columns, row, strict=True))
            file.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")


COLUMNS = (
    "number", "kind", "status", "category", "category_label", "category_source", "legal_areas",
    "unit_id", "unit", "operator", "received_on", "target_on", "closed_on", "days_open",
    "within_target", "severity", "potential", "likelihood", "score", "injury", "misconduct",
    "cause_areas", "actions", "actions_done", "no_action", "feedback",
    "closed_without_investigation", "merged_into", "possible_medical_harm", "possible_misconduct",
    "confirm_on", "answer_on", "answered_on", "answer_days_late", "model_version",
)  # fmt: skip


def _row(
    case: Case, organisation: Organisation, labels: dict[str, str], today: date
) -> tuple[Any, ...]:
    unit = organisation.unit(case.unit_id)
    risk = case.risk
    closed_on = local_date(case.closed_at) if case.closed_at else None
    return (
        case.number,
        str(case.kind),
        str(case.status),
        case.category,
        labels.get(case.category, ""),
        case.category_source,
        " ".join(case.legal_areas),
        case.unit_id,
        unit.name if unit else "",
        (unit.provider or OWN) if unit else "",
        case.received_on,
        case.target_on,
        closed_on,
        (closed_on - case.received_on).days if closed_on else None,
        in_time(case) if closed_on or case.late_before else None,  # an open one may yet be
        int(risk.severity) if risk else None,
        int(risk.worst) if risk else None,
        int(risk.likelihood) if risk else None,
        risk.score if risk else None,
        str(case.injury or ""),
        str(case.misconduct or ""),
        " ".join(sorted({str(cause.area) for cause in case.causes})),
        len(case.actions),
        sum(action.done_at is not None for action in case.actions),
        bool(case.no_action_reason),
        bool(case.feedback),
        bool(case.closed_without_investigation_reason),
        case.merged_into_id,
        case.possible_medical_harm,
        case.possible_misconduct,
        *_answering(case, today),
        case.model_version,
    )


def _answering(case: Case, today: date) -> tuple[date | int | None, ...]:
    """Return what was promised to whoever turned to us, and what came of it."""
    late = case.answer_days_late(today)
    return (case.confirm_on, case.answer_on, case.answer_came_on, late)


def table_sheet(table: Table) -> Sheet:
    """Say of a number that it is hidden; a share that cannot be told stays empty."""
    hidden = [None if column == "percent" else HIDDEN for column in table.columns]
    rows = tuple(
        tuple(word if value is None else value for value, word in zip(row, hidden, strict=True))
        for row in table.rows
    )
    return Sheet(name=table.id, columns=table.columns, rows=rows)


def _plain(value: Any) -> Any:  # noqa: ANN401 - a cell
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value


def _write_cell(page: Any, row: int, column: int, value: Any) -> None:  # noqa: ANN401
    if value is None:
        return
    if isinstance(value, bool):
        page.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        page.write_number(row, column, value)
    else:
        page.write_string(row, column, str(value))
