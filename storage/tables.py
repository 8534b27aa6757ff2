"""The tables, one model for SQLite and PostgreSQL.

A change here needs a migration; a test says so.
"""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    false,
)

from storage.columns import Moment, case_column, id_column, metadata
from storage.message_tables import (
    attachments,
    chat_messages,
    heartbeats,
    inbox,
    letters,
    mailbox_marks,
    outbox,
)
from storage.organisation_tables import absences, areas, assignments, chat_addresses, people, units
from storage.report_tables import (
    drafts,
    feedback_votes,
    handovers,
    report_answers,
    report_files,
    reporter_identities,
    reports,
)

__all__ = [
    "Moment",
    "absences",
    "actions",
    "alerts",
    "areas",
    "assignments",
    "attachments",
    "case_counters",
    "case_events",
    "cases",
    "causes",
    "chat_addresses",
    "chat_messages",
    "drafts",
    "feedback_votes",
    "handovers",
    "heartbeats",
    "inbox",
    "letters",
    "mailbox_marks",
    "metadata",
    "outbox",
    "people",
    "reminder_ledger",
    "report_answers",
    "report_files",
    "reporter_identities",
    "reports",
    "risk_assessments",
    "units",
    "work_reminders",
]

case_counters = Table(
    "case_counters",
    metadata,
    Column("prefix", String(10), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
)

cases = Table(
    "cases",
    metadata,
    id_column(),
    Column("number", String(30), nullable=False, unique=True),
    Column("kind", String(20), nullable=False),
    Column("status", String(20), nullable=False),
    Column("category", String(40), nullable=False),
    Column("category_source", String(20), nullable=False),
    Column("unit_id", String(64), nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("received_on", Date, nullable=False),
    Column("target_on", Date, nullable=False),
    Column("title", Text, nullable=False),
    Column("harm", String(10), nullable=False),
    Column("person_told", String(10)),
    Column("legal_areas", JSON, nullable=False),
    Column("possible_medical_harm", Boolean, nullable=False),
    Column("possible_misconduct", Boolean, nullable=False),
    Column("model_version", String(60), nullable=False),
    Column("no_action_reason", Text, nullable=False),
    Column("feedback", Text, nullable=False),
    Column("reporter_reachable", Boolean, nullable=False),
    Column("responsible_id", String(64), nullable=False),
    Column("manager_involved", Boolean, nullable=False),
    Column("manager_involved_ids", JSON, nullable=False),  # who may not know that it exists
    Column("closed_at", Moment),
    Column("closed_without_investigation_reason", Text, nullable=False),
    Column("injury", String(20)),
    Column("misconduct", String(20)),
    Column("informing", JSON),
    Column("dismissal", JSON),
    Column("origin_unit_ids", JSON, nullable=False),
    Column("merged_into_id", String(64), nullable=False, index=True),
    Column("merged_from", String(20)),
    Column("confirm_on", Date),
    Column("confirmed_at", Moment),
    Column("answer_on", Date),
    Column("signs", JSON, nullable=False),
    Column("look_on", Date),
    Column("reopened_at", Moment),
    Column("late_before", Boolean, nullable=False, server_default=false()),
    Column("moved_at", Moment),
    Column("version", Integer, nullable=False),
    Index(None, "status", "received_on"),
    Index(None, "status", "target_on"),
    Index(None, "unit_id", "received_at"),
    Index(None, "received_on"),
)

risk_assessments = Table(
    "risk_assessments",
    metadata,
    Column("id", Integer, primary_key=True),
    case_column(),
    Column("severity", Integer, nullable=False),
    Column("likelihood", Integer, nullable=False),
    Column("assessed_by", String(64), nullable=False),
    Column("assessed_at", Moment, nullable=False),
    Column("rationale", Text, nullable=False),
    Column("potential", Integer),
    Column("legal_area", String(5), nullable=False),
    Column("may_lower", Boolean, nullable=False),
)

causes = Table(
    "causes",
    metadata,
    id_column(),
    case_column(),
    Column("position", Integer, nullable=False),
    Column("area", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("whys", JSON, nullable=False),
)

actions = Table(
    "actions",
    metadata,
    id_column(),
    case_column(),
    Column("position", Integer, nullable=False),
    Column("cause_id", ForeignKey("causes.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("owner_id", String(64), nullable=False, index=True),
    Column("due_on", Date, nullable=False),
    Column("done_at", Moment),
    Column("effect", Text, nullable=False),
    Column("helped", String(12), index=True),
    Column("checked_at", Moment),
)

case_events = Table(
    "case_events",  # append-only: triggers refuse update and delete
    metadata,
    Column("id", Integer, primary_key=True),
    case_column(),
    Column("at", Moment, nullable=False),
    Column("actor_id", String(64), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("values", JSON, nullable=False),
    Column("prev_hash", String(64), nullable=False),  # of the case's line before; empty at first
    Column("hash", String(64), nullable=False),
)

reminder_ledger = Table(
    "reminder_ledger",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("rule_id", String(40), primary_key=True),
    Column("person_id", String(64), nullable=False),
    Column("sent_on", Date, primary_key=True),  # again on another day: reopened, or repeated
    Index(None, "person_id", "sent_on"),
)

work_reminders = Table(
    "work_reminders",
    metadata,
    Column("item", String(100), primary_key=True),  # what waits, such as task/ and its id
    Column("sent_on", Date, primary_key=True),
    Column("person_id", String(64), nullable=False),
)

alerts = Table(
    "alerts",
    metadata,
    id_column(),
    Column("key", String(200), nullable=False, unique=True),
    Column("role", String(20), nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("rule_ids", JSON, nullable=False),
    Column("raised_at", Moment, nullable=False, index=True),
    case_column(nullable=True),
    Column("draft_id", String(80), nullable=False, index=True),
    Column("unit_id", String(64), nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("step", Integer, nullable=False),
    Column("recipient_id", String(64), nullable=False),
    Column("told_ids", JSON, nullable=False),  # everybody who has been told, in order
    Column("notified_at", Moment),
    Column("acknowledged_at", Moment, index=True),
    Column("acknowledged_by", String(64), nullable=False),
    Column("looked_at", Moment, index=True),  # by MAS or SAS
    Column("looked_by", String(64), nullable=False, server_default=""),
    Column("series_case_ids", JSON, nullable=False),  # of an alert of several events together
)
