"""The command `lotsen export`."""

import os
import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.config import load_settings
from handlers.errors import ConfigurationFault
from handlers.records import AuditEvent

if TYPE_CHECKING:
    from bot.exporting import Sheet


class ExportFormat(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"


def register(app: typer.Typer) -> None:
    app.command()(export)


def export(
    kind: Annotated[
        ExportFormat, typer.Option("--format", help="What to write.")
    ] = ExportFormat.JSONL,
    out: Annotated[
        Path | None,
        typer.Option(help="A folder for csv, a file for xlsx and jsonl; jsonl may go without."),
    ] = None,
    first: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="Received from.")
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Received until.")
    ] = None,
) -> None:
    """Write cases and tables, without any free text."""
    from bot import exporting
    from bot.app import build_services
    from bot.preparing import open_migrated

    _check_out(kind, out)
    if first and last and last < first:
        raise ConfigurationFault("--to: dagen ligger före --from.")
    settings = load_settings()
    open_migrated(settings).close()
    services = build_services(settings)
    sheets = exporting.export_sheets(
        services,
        first_on=first.date() if first else None,
        last_on=last.date() if last else None,
    )
    with services.unit_of_work() as uow:
        uow.audit.add(AuditEvent(at=services.clock(), actor_id="system", kind="exported"))
        uow.commit()
    services.database.close()
    try:
        _write(kind, sheets, out)
    except OSError as error:
        raise ConfigurationFault(f"--out: {out} kan inte skrivas ({error.strerror}).") from error


def _check_out(kind: ExportFormat, out: Path | None) -> None:
    if out is None:
        if kind != ExportFormat.JSONL:
            raise ConfigurationFault("Ange --out: en mapp för csv, en fil för xlsx.")
        return
    if out.exists() and out.is_dir() != (kind == ExportFormat.CSV):
        wanted = "en mapp" if kind == ExportFormat.CSV else "en fil"
        raise ConfigurationFault(f"--out: {out} ska vara {wanted}.")
    place = next(folder for folder in (out, *out.parents) if folder.exists())
    if not os.access(place, os.W_OK) or (place.is_file() and place != out):
        raise ConfigurationFault(f"--out: {out} kan inte skrivas.")


def _write(kind: ExportFormat, sheets: "tuple[Sheet, ...]", out: Path | None) -> None:
    from bot import exporting  # brings spaCy with it, which the other commands should not wait for

    if kind == ExportFormat.CSV and out is not None:
        exporting.write_csv(sheets, out)
    elif kind == ExportFormat.XLSX and out is not None:
        exporting.write_xlsx(sheets, out)
    elif out is None:
        exporting.write_jsonl(sheets, sys.stdout)
    else:
        out.parent.mkdir(parents=True, exist_ok=True)
        with out.open("w", encoding="utf-8") as file:
            exporting.write_jsonl(sheets, file)
    if out is not None:
        cases = len(next(sheet.rows for sheet in sheets if sheet.name == exporting.CASES))
        sys.stderr.write(f"{cases} ärenden skrevs till {out}\n")
