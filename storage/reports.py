"""Reports with their answers, and what waits in a conversation."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    delete,
    false,
    insert,
    select,
    union_all,
)

from handlers.domain.case import Case
from handlers.domain.report import Answer, Report, Reporter
from handlers.records import ChatMessage, SentReport
from storage import tables
from storage.cases import SqlCases
from storage.drafts import MOST_LISTED
from storage.report_files import take_files


class SqlReports:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, report: Report, case_id: str) -> None:
        reporter = report.reporter
        hidden = reporter.confidential
        self._connection.execute(
            insert(tables.reports).values(
                id=report.id,
                draft_id=report.draft_id,
                case_id=case_id,
                form_id=report.form_id,
                form_version=report.form_version,
                channel=reporter.channel,
                address="" if hidden else reporter.address,
                person_id="" if hidden else reporter.person_id,
                language=reporter.language,
                submitted_at=report.submitted_at,
                confidential=hidden,
                code_hash=reporter.code_hash,
            )
        )
        if hidden:
            who = {"address": reporter.address, "person_id": reporter.person_id}
            statement = insert(tables.reporter_identities).values(report_id=report.id, **who)
            self._connection.execute(statement)
        self._add_answers(report)
        take_files(self._connection, report.draft_id, report.id)

    def _add_answers(self, report: Report) -> None:
        rows = [
            {
                "report_id": report.id,
                "question_id": question_id,
                "position": position,
                "value": answer.value,
                "text": answer.text,
            }
            for position, (question_id, answer) in enumerate(report.answers.items())
        ]
        if rows:
            self._connection.execute(insert(tables.report_answers), rows)

    def of_case(self, case_id: str) -> Report | None:
        """Return the first report of a case, without who a confidential reporter is."""
        return next(iter(self.all_of_case(case_id)), None)

    def all_of_case(self, case_id: str) -> Sequence[Report]:
        """Return a case's report and what was added to it later, oldest first."""
        table = tables.reports
        statement = (
            select(table)
            .where(table.c.case_id == case_id)
            .order_by(table.c.submitted_at, table.c.id)
        )
        rows = self._connection.execute(statement).all()
        return [_report(row, self._answers(row.id)) for row in rows]

    def reporter_of(self, case_id: str) -> Reporter | None:
        """Return who to answer, confidential reporters too; nothing that a page may show."""
        report = self.of_case(case_id)
        if report is None or not report.reporter.confidential:
            return report.reporter if report else None
        table = tables.reporter_identities
        row = self._connection.execute(select(table).where(table.c.report_id == report.id)).one()
        return Reporter(
            channel=report.reporter.channel,
            address=row.address,
            person_id=row.person_id,
            language=report.reporter.language,
            confidential=True,
        )

    def case_number_of_draft(self, draft_id: str) -> str | None:
        statement = (
            select(tables.cases.c.number)
            .join(tables.reports)
            .where(tables.reports.c.draft_id == draft_id)
        )
        return self._connection.execute(statement).scalar()

    def cases_of_conversation(self, conversation_id: str) -> Sequence[Case]:
        return [sent.case for sent in self.sent_by(conversation_id, "")]

    def sent_by(self, conversation_id: str, person_id: str) -> Sequence[SentReport]:
        """Return what was sent in a conversation, or by its person elsewhere, newest first.

        Each case once, whatever was added to it.
        """
        reports = tables.reports
        statement = (
            select(reports)
            .where(_mine(conversation_id, person_id))
            .order_by(reports.c.submitted_at.desc(), reports.c.id)
            .limit(MOST_LISTED)
        )
        return self._sent(self._connection.execute(statement).all())

    def last_unit(self, conversation_id: str, person_id: str) -> str:
        """Return the unit of what was sent last; empty when nothing was, or it was not known."""
        reports, answers = tables.reports, tables.report_answers
        statement = (
            select(answers.c.value)
            .select_from(reports.join(answers))
            .where(_mine(conversation_id, person_id), answers.c.question_id == "where")
            .order_by(reports.c.submitted_at.desc(), reports.c.id)
            .limit(1)
        )
        return self._connection.execute(statement).scalar() or ""

    def sent_with_code(self, code_hash: str) -> Sequence[SentReport]:
        """Return what an anonymous reporter has sent, each case once, oldest first."""
        table = tables.reports
        statement = select(table).where(table.c.code_hash == code_hash)
        newest_first = statement.order_by(table.c.submitted_at.desc(), table.c.id)
        rows = self._connection.execute(newest_first).all() if code_hash else []
        found = self._sent(rows)
        return sorted(found, key=lambda one: (one.case.received_at, one.case.number))

    def vote(self, report_id: str, *, useful: bool, now: datetime) -> None:
        """Keep what a reporter thought of the answer; the latest word counts."""
        table = tables.feedback_votes
        here = table.c.report_id == report_id
        self._connection.execute(delete(table).where(here))
        values = {"report_id": report_id, "useful": useful, "at": now}
        self._connection.execute(insert(table).values(**values))

    def votes(self, first: datetime, last: datetime) -> tuple[int, int]:
        """Return how many found an answer useful, and how many did not, from first until last."""
        table = tables.feedback_votes
        statement = select(table.c.useful).where(table.c.at >= first, table.c.at < last)
        found = list(self._connection.execute(statement).scalars())
        return found.count(True), found.count(False)

    def vote_of(self, report_id: str) -> bool | None:
        table = tables.feedback_votes
        statement = select(table.c.useful).where(table.c.report_id == report_id)
        return self._connection.execute(statement).scalar()

    def _sent(self, rows: Sequence[Row[Any]]) -> list[SentReport]:
        cases = SqlCases(self._connection)
        first = {row.case_id: row for row in rows}  # the oldest, as the newest come first
        found = ((row, cases.find(row.case_id)) for row in first.values())
        return [
            SentReport(report_id=row.id, case=case, sent_at=row.submitted_at)
            for row, case in found
            if case is not None
        ]

    def _answers(self, report_id: str) -> dict[str, Answer]:
        table = tables.report_answers
        statement = select(table).where(table.c.report_id == report_id).order_by(table.c.position)
        return {
            row.question_id: Answer(value=row.value, text=row.text)
            for row in self._connection.execute(statement)
        }


class SqlChatMessages:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_conversation(self, conversation_id: str) -> Sequence[ChatMessage]:
        table = tables.chat_messages
        statement = select(table).where(table.c.conversation_id == conversation_id)
        return [
            ChatMessage(
                conversation_id=row.conversation_id,
                case_id=row.case_id or "",
                text=row.text,
                sent_at=row.sent_at,
            )
            for row in self._connection.execute(
                statement.order_by(table.c.sent_at, table.c.outbox_id)
            )
        ]


def _mine(conversation_id: str, person_id: str) -> ColumnElement[bool]:
    """Whether a report came from a conversation, or from its person, openly or confidentially.

    Every way is looked up by itself: a join would read all reports there are, on every turn.
    """
    reports, hidden = tables.reports.c, tables.reporter_identities.c
    mine: list[Select[tuple[str]]] = []
    if conversation_id:  # anonymous and hidden reporters have an empty address
        mine.append(select(reports.id).where(reports.address == conversation_id))
        mine.append(select(hidden.report_id).where(hidden.address == conversation_id))
    if person_id:
        mine.append(select(reports.id).where(reports.person_id == person_id))
        mine.append(select(hidden.report_id).where(hidden.person_id == person_id))
    return reports.id.in_(union_all(*mine)) if mine else false()


def _report(row: Row[Any], answers: dict[str, Answer]) -> Report:
    return Report(
        id=row.id,
        draft_id=row.draft_id,
        form_id=row.form_id,
        form_version=row.form_version,
        reporter=Reporter(
            channel=row.channel,
            address=row.address,
            person_id=row.person_id,
            language=row.language,
            confidential=row.confidential,
            code_hash=row.code_hash,
        ),
        answers=answers,
        submitted_at=row.submitted_at,
    )
