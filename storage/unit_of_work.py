"""One transaction with every repository on it."""

from contextlib import AbstractContextManager
from datetime import datetime
from functools import cached_property
from types import TracebackType
from typing import Self

from sqlalchemy import Connection

from handlers.domain.people import Organisation, Person
from handlers.records import BoardFigures, Handover
from storage import access_tables, tables
from storage.alerts import SqlAlerts, SqlReminderLedger
from storage.audit import SqlAuditLog, SqlEmergencies
from storage.blurring import blur_anonymous
from storage.case_work import SqlCaseWork, open_case_work
from storage.cases import SqlCases
from storage.chat_addresses import SqlChatAddresses
from storage.database import Database
from storage.drafts import SqlDrafts
from storage.duties import SqlDuties
from storage.erasing import erase_due
from storage.inbox import SqlInbox
from storage.letters import SqlLetters
from storage.logins import SqlLogins
from storage.outbox import SqlHeartbeats, SqlOutbox
from storage.record_table import RecordTable
from storage.report_files import SqlReportFiles
from storage.reports import SqlChatMessages, SqlReports
from storage.staff import SqlStaff
from storage.waiting_work import SqlWaitingWork


class SqlUnitOfWork:
    """Implements handlers.ports.UnitOfWork, and has the edge's inbox and heartbeats beside it."""

    drafts: SqlDrafts
    cases: SqlCases
    reports: SqlReports
    report_files: SqlReportFiles
    outbox: SqlOutbox
    ledger: SqlReminderLedger
    alerts: SqlAlerts
    letters: SqlLetters
    chat: SqlChatMessages
    inbox: SqlInbox
    heartbeats: SqlHeartbeats
    chat_addresses: SqlChatAddresses
    work: SqlCaseWork
    emergencies: SqlEmergencies
    audit: SqlAuditLog
    waiting: SqlWaitingWork
    duties: SqlDuties
    handovers: RecordTable[Handover]
    board_figures: RecordTable[BoardFigures]
    logins: SqlLogins
    staff: SqlStaff

    def __init__(self, database: Database, fallback: Person, *, read_only: bool = False) -> None:
        self._fallback = fallback
        self._kept = database.organisation
        self._opening: AbstractContextManager[Connection] = (
            database.reading() if read_only else database.transaction()
        )
        self.connection: Connection

    def __enter__(self) -> Self:
        self.connection = connection = self._opening.__enter__()
        self.drafts = SqlDrafts(connection)
        self.cases = SqlCases(connection)
        self.reports = SqlReports(connection)
        self.report_files = SqlReportFiles(connection)
        self.outbox = SqlOutbox(connection)
        self.ledger = SqlReminderLedger(connection)
        self.alerts = SqlAlerts(connection)
        self.letters = SqlLetters(connection)
        self.chat = SqlChatMessages(connection)
        self.inbox = SqlInbox(connection)
        self.heartbeats = SqlHeartbeats(connection)
        self.chat_addresses = SqlChatAddresses(connection)
        self.work = open_case_work(connection)
        self.emergencies = SqlEmergencies(connection)
        self.audit = SqlAuditLog(connection)
        self.waiting = SqlWaitingWork(connection)
        self.duties = SqlDuties(connection)
        self.logins = SqlLogins(connection)
        self.staff = SqlStaff(connection)
        self.handovers = RecordTable(connection, tables.handovers, Handover, "created_at")
        copies = access_tables.board_figures
        self.board_figures = RecordTable(connection, copies, BoardFigures, "made_on")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._opening.__exit__(kind, error, trace)

    @cached_property
    def organisation(self) -> Organisation:
        """The organisation as it stands in this transaction, read once."""
        return self._kept.read(self.connection, self._fallback)

    def erase_due(self, now: datetime) -> int:
        """Erase what is kept for a set time only; return how many things."""
        return erase_due(self.connection, now)

    def blur_anonymous(self) -> None:
        """Leave only the hour of what was sent because of reports without a name."""
        blur_anonymous(self.connection)

    def commit(self) -> None:
        self.connection.commit()
