"""The repositories of the work in a case, one table each."""

from dataclasses import dataclass

from sqlalchemy import Connection

from handlers import case_records as records
from handlers.domain.moves import Machine
from storage import case_tables as tables
from storage.record_table import RecordTable


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlCaseWork:
    """Implements handlers.case_ports.CaseWork."""

    tracks: RecordTable[records.Track]
    track_steps: RecordTable[records.TrackStep]
    snoozes: RecordTable[records.Snooze]
    team: RecordTable[records.TeamMember]
    comments: RecordTable[records.Comment]
    tasks: RecordTable[records.Task]
    agenda: RecordTable[records.AgendaItem]
    exchanges: RecordTable[records.Exchange]
    answers: RecordTable[records.ComplaintAnswer]
    register: RecordTable[records.RegisterEntry]
    senders: RecordTable[records.RegisterSender]
    verdicts: RecordTable[records.AlertVerdict]
    not_the_same: RecordTable[records.NotTheSame]


def open_case_work(connection: Connection) -> SqlCaseWork:
    return SqlCaseWork(
        tracks=RecordTable(
            connection, tables.tracks, records.Track, "started_at", {"machine": Machine}
        ),
        track_steps=RecordTable(connection, tables.track_steps, records.TrackStep, "taken_at"),
        snoozes=RecordTable(connection, tables.reminder_snoozes, records.Snooze, "created_at"),
        team=RecordTable(
            connection,
            tables.team_members,
            records.TeamMember,
            "invited_at",
            {"profession": records.Profession},
        ),
        comments=RecordTable(connection, tables.case_comments, records.Comment, "at"),
        tasks=RecordTable(connection, tables.case_tasks, records.Task, "due_on"),
        agenda=RecordTable(
            connection,
            tables.agenda_items,
            records.AgendaItem,
            "added_at",
            {"forum": records.Forum},
        ),
        exchanges=_exchanges(connection),
        answers=RecordTable(
            connection,
            tables.complaint_answers,
            records.ComplaintAnswer,
            "written_at",
            {"way": records.AnswerWay},
        ),
        register=RecordTable(
            connection,
            tables.register_entries,
            records.RegisterEntry,
            "received_on",
            {"secrecy": records.SecrecyMark},
        ),
        senders=RecordTable(connection, tables.register_senders, records.RegisterSender, "case_id"),
        verdicts=RecordTable(
            connection,
            tables.alert_verdicts,
            records.AlertVerdict,
            "at",
            {"verdict": records.Verdict},
        ),
        not_the_same=RecordTable(connection, tables.not_the_same, records.NotTheSame, "at"),
    )


def _exchanges(connection: Connection) -> RecordTable[records.Exchange]:
    kinds = {
        "direction": records.Direction,
        "party_kind": records.PartyKind,
        "quality": records.AnswerQuality,
    }
    return RecordTable(connection, tables.exchanges, records.Exchange, "sent_on", kinds)
