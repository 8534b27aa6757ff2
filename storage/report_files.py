"""Pictures and files of reports: beside the draft first, with the report once it is sent."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    delete,
    exists,
    insert,
    literal,
    select,
    update,
)

from handlers.records import ReportFile
from storage import tables


class SqlReportFiles:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, file: ReportFile) -> None:
        self._connection.execute(
            insert(tables.report_files).values(
                id=file.id,
                draft_id=file.draft_id,
                report_id=file.report_id or None,
                name=file.name,
                media_type=file.media_type,
                size=file.size,
                sha256=file.sha256,
                content=file.content,
                added_at=file.added_at,
            )
        )

    def remove(self, draft_id: str, file_id: str) -> bool:
        """Remove a file of a draft; what has been sent stays."""
        table = tables.report_files
        here = (table.c.id == file_id, table.c.draft_id == draft_id, table.c.report_id.is_(None))
        return bool(self._connection.execute(delete(table).where(*here)).rowcount)

    def of_draft(self, draft_id: str) -> Sequence[ReportFile]:
        """Return a draft's files without their content, in the order they came."""
        return self._listed(tables.report_files.c.draft_id == draft_id)

    def of_case(self, case_id: str) -> Sequence[ReportFile]:
        """Return the files of a case's report and its additions, without their content."""
        return self._listed(_in_case(case_id))

    def find(self, case_id: str, file_id: str) -> ReportFile | None:
        """Return one file with its content; None when the case has no such file."""
        table = tables.report_files
        statement = select(table).where(table.c.id == file_id, _in_case(case_id))
        row = self._connection.execute(statement).first()
        return None if row is None else _file(row)

    def _listed(self, condition: ColumnElement[bool]) -> Sequence[ReportFile]:
        table = tables.report_files
        columns = [column for column in table.c if column is not table.c.content]
        statement = (
            select(*columns, literal(b"").label("content"))
            .where(condition)
            .order_by(table.c.added_at, table.c.id)
        )
        return [_file(row) for row in self._connection.execute(statement).all()]


def take_files(connection: Connection, draft_id: str, report_id: str) -> None:
    """Give a draft's files to the report that it has become."""
    table = tables.report_files
    here = (table.c.draft_id == draft_id, table.c.report_id.is_(None))
    connection.execute(update(table).where(*here).values(report_id=report_id))


def remove_unsent_files(connection: Connection, of_drafts: ColumnElement[bool]) -> None:
    """Remove the files of drafts that go without having been sent."""
    table = tables.report_files
    going = exists().where(tables.drafts.c.id == table.c.draft_id, of_drafts)
    connection.execute(delete(table).where(table.c.report_id.is_(None), going))


def _in_case(case_id: str) -> ColumnElement[bool]:
    reports = tables.reports.c
    return exists().where(reports.id == tables.report_files.c.report_id, reports.case_id == case_id)


def _file(row: Row[*tuple[Any, ...]]) -> ReportFile:
    return ReportFile(
        id=row.id,
        draft_id=row.draft_id,
        report_id=row.report_id or "",
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256,
        content=row.content,
        added_at=row.added_at,
    )
