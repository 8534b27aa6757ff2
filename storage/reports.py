"""Drafts, reports with their answers, and what waits in a conversation."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from handlers.domain.case import Case
from handlers.domain.report import Answer, Report, Reporter
from handlers.records import ChatMessage, Draft
from storage import tables
from storage.cases import SqlCases
from storage.codec import state_from_json, state_to_json


class SqlDrafts:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, draft_id: str) -> Draft | None:
        statement = select(tables.drafts).where(tables.drafts.c.id == draft_id)
        return _draft(self._connection.execute(statement).first())

    def latest(self, conversation_id: str) -> Draft | None:
        table = tables.drafts
        statement = (
            select(table)
            .where(table.c.conversation_id == conversation_id)
            .order_by(table.c.updated_at.desc(), table.c.created_at.desc())
            .limit(1)
        )
        return _draft(self._connection.execute(statement).first())

    def save(self, draft: Draft) -> None:
        table = tables.drafts
        values = {"state": state_to_json(draft.state), "updated_at": draft.updated_at}
        here = table.c.id == draft.id
        changed = self._connection.execute(table.update().where(here).values(**values))
        if changed.rowcount:
            return
        self._connection.execute(
            insert(table).values(
                id=draft.id,
                channel=draft.channel,
                conversation_id=draft.conversation_id,
                person_id=draft.person_id,
                created_at=draft.created_at,
                **values,
            )
        )


class SqlReports:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, report: Report, case_id: str) -> None:
        reporter = report.reporter
        self._connection.execute(
            insert(tables.reports).values(
                id=report.id,
                draft_id=report.draft_id,
                case_id=case_id,
                form_id=report.form_id,
                form_version=report.form_version,
                channel=reporter.channel,
                address=reporter.address,
                person_id=reporter.person_id,
                language=reporter.language,
                submitted_at=report.submitted_at,
            )
        )
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
        statement = select(tables.reports).where(tables.reports.c.case_id == case_id).limit(1)
        row = self._connection.execute(statement).first()
        return None if row is None else _report(row, self._answers(row.id))

    def case_number_of_draft(self, draft_id: str) -> str | None:
        statement = (
            select(tables.cases.c.number)
            .join(tables.reports)
            .where(tables.reports.c.draft_id == draft_id)
        )
        return self._connection.execute(statement).scalar()

    def cases_of_conversation(self, conversation_id: str) -> Sequence[Case]:
        statement = (
            select(tables.reports.c.case_id)
            .where(tables.reports.c.address == conversation_id)
            .order_by(tables.reports.c.submitted_at.desc())
        )
        cases = SqlCases(self._connection)
        found = (cases.find(row.case_id) for row in self._connection.execute(statement).all())
        return [case for case in found if case is not None]

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
        statement = (
            select(table)
            .where(table.c.conversation_id == conversation_id)
            .order_by(table.c.sent_at, table.c.outbox_id)
        )
        return [
            ChatMessage(
                conversation_id=row.conversation_id,
                case_id=row.case_id or "",
                text=row.text,
                sent_at=row.sent_at,
            )
            for row in self._connection.execute(statement)
        ]


def _draft(row: Row[Any] | None) -> Draft | None:
    if row is None:
        return None
    return Draft(
        id=row.id,
        channel=row.channel,
        conversation_id=row.conversation_id,
        person_id=row.person_id,
        state=state_from_json(row.state),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


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
        ),
        answers=answers,
        submitted_at=row.submitted_at,
    )
