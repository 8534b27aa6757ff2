"""The repositories of the work in a case, one table each."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Table

from handlers import case_records as records
from handlers.domain.moves import Machine
from storage import case_tables as tables
from storage.record_table import Record, RecordTable


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlCaseWork:
    """Implements handlers.case_ports.CaseWork."""

    tracks: RecordTable[records.Track]
    track_steps: RecordTable[records.TrackStep]
    snoozes: RecordTable[records.Snooze]
    team: RecordTable[records.TeamMember]
    comments: RecordTable[records.Comment]
    tasks: RecordTable[records.Task]
    advice: RecordTable[records.AdviceRequest]
    agenda: RecordTable[records.AgendaItem]
    exchanges: RecordTable[records.Exchange]
    answers: RecordTable[records.ComplaintAnswer]
    register: RecordTable[records.RegisterEntry]
    senders: RecordTable[records.RegisterSender]
    verdicts: RecordTable[records.AlertVerdict]
    not_the_same: RecordTable[records.NotTheSame]
    same_person: RecordTable[records.SamePerson]


def _advice(*, told_ids: Iterable[str], **values: Any) -> records.AdviceRequest:  # noqa: ANN401
    return records.AdviceRequest(told_ids=tuple(told_ids), **values)


def open_case_work(connection: Connection) -> SqlCaseWork:
    def of(
        table: Table, build: Callable[..., Record], order: str, **kinds: type[StrEnum]
    ) -> RecordTable[Record]:
        return RecordTable(connection, table, build, order, kinds)

    return SqlCaseWork(
        tracks=of(tables.tracks, records.Track, "started_at", machine=Machine),
        track_steps=of(tables.track_steps, records.TrackStep, "taken_at"),
        snoozes=of(tables.reminder_snoozes, records.Snooze, "created_at"),
        team=of(
            tables.team_members, records.TeamMember, "invited_at", profession=records.Profession
        ),
        comments=of(tables.case_comments, records.Comment, "at"),
        tasks=of(tables.case_tasks, records.Task, "due_on"),
        advice=of(tables.advice_requests, _advice, "asked_at"),
        agenda=of(tables.agenda_items, records.AgendaItem, "added_at", forum=records.Forum),
        exchanges=of(
            tables.exchanges,
            records.Exchange,
            "sent_on",
            direction=records.Direction,
            party_kind=records.PartyKind,
            quality=records.AnswerQuality,
        ),
        answers=of(
            tables.complaint_answers, records.ComplaintAnswer, "written_at", way=records.AnswerWay
        ),
        register=of(
            tables.register_entries,
            records.RegisterEntry,
            "received_on",
            secrecy=records.SecrecyMark,
        ),
        senders=of(tables.register_senders, records.RegisterSender, "case_id"),
        verdicts=of(tables.alert_verdicts, records.AlertVerdict, "at", verdict=records.Verdict),
        not_the_same=of(tables.not_the_same, records.NotTheSame, "at"),
        same_person=of(tables.same_person, records.SamePerson, "at"),
    )
