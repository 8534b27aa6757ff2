"""The tables, one model for SQLite and PostgreSQL.

A change here needs a migration; a test says so.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """An aware moment, in UTC in the database; SQLite would forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _id(name: str = "id") -> Column[str]:
    return Column(name, String(64), primary_key=True)


def _case(*, nullable: bool = False) -> Column[str]:
    return Column("case_id", ForeignKey("cases.id"), nullable=nullable, index=True)


areas = Table("areas", metadata, _id(), Column("name", Text, nullable=False))

units = Table(
    "units",
    metadata,
    _id(),
    Column("name", Text, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("area_id", ForeignKey("areas.id"), nullable=False),
    Column("legal_areas", JSON, nullable=False),
    Column("first_on", Date, nullable=False),
    Column("last_on", Date),
)

people = Table(
    "people",
    metadata,
    _id(),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("language", String(5), nullable=False),
)

chat_addresses = Table(
    "chat_addresses",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("address", String(320), primary_key=True),
    Column("person_id", String(64), nullable=False, index=True),
    Column("reference", JSON, nullable=False),  # what the channel needs to write first
    Column("updated_at", Moment, nullable=False),
)

assignments = Table(
    "assignments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("role", String(40), nullable=False),
    Column("scope", String(64), nullable=False),
    Column("deputy", Boolean, nullable=False),
    Column("first_on", Date, nullable=False),
    Column("last_on", Date),
)

absences = Table(
    "absences",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("first_on", Date, nullable=False),
    Column("last_on", Date),
)

drafts = Table(
    "drafts",
    metadata,
    _id(),
    Column("channel", String(20), nullable=False),
    Column("conversation_id", String(200), nullable=False),
    Column("person_id", String(64), nullable=False),
    Column("state", JSON, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("erase_at", Moment, index=True),
    Index(None, "conversation_id", "updated_at"),
    Index(None, "person_id", "updated_at"),
)

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
    _id(),
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
    Column("version", Integer, nullable=False),
    Index(None, "status", "received_on"),
    Index(None, "status", "target_on"),
    Index(None, "unit_id", "received_at"),
)

risk_assessments = Table(
    "risk_assessments",
    metadata,
    Column("id", Integer, primary_key=True),
    _case(),
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
    _id(),
    _case(),
    Column("position", Integer, nullable=False),
    Column("area", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("whys", JSON, nullable=False),
)

actions = Table(
    "actions",
    metadata,
    _id(),
    _case(),
    Column("position", Integer, nullable=False),
    Column("cause_id", ForeignKey("causes.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("owner_id", String(64), nullable=False),
    Column("due_on", Date, nullable=False),
    Column("done_at", Moment),
    Column("effect", Text, nullable=False),
    Column("helped", String(12)),
    Column("checked_at", Moment),
)

case_events = Table(
    "case_events",  # append-only: triggers refuse update and delete
    metadata,
    Column("id", Integer, primary_key=True),
    _case(),
    Column("at", Moment, nullable=False),
    Column("actor_id", String(64), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("values", JSON, nullable=False),
    Column("prev_hash", String(64), nullable=False),  # of the case's line before; empty at first
    Column("hash", String(64), nullable=False),
)

reports = Table(
    "reports",
    metadata,
    _id(),
    Column("draft_id", String(80), nullable=False, unique=True),
    _case(),
    Column("form_id", String(40), nullable=False),
    Column("form_version", Integer, nullable=False),
    Column("channel", String(20), nullable=False),
    Column("address", String(320), nullable=False, index=True),
    Column("person_id", String(64), nullable=False, index=True),
    Column("language", String(5), nullable=False),
    Column("submitted_at", Moment, nullable=False),
    Column("confidential", Boolean, nullable=False),  # who it was stands in reporter_identities
    Column("code_hash", String(64), nullable=False, index=True),  # of an anonymous receipt code
)

reporter_identities = Table(
    "reporter_identities",  # of confidential reports; read apart from the case
    metadata,
    Column("report_id", ForeignKey("reports.id"), primary_key=True),
    Column("address", String(320), nullable=False, index=True),
    Column("person_id", String(64), nullable=False, index=True),
)

feedback_votes = Table(
    "feedback_votes",  # what a reporter thought of the answer; the latest word counts
    metadata,
    Column("report_id", ForeignKey("reports.id"), primary_key=True),
    Column("useful", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
)

handovers = Table(
    "handovers",  # no cases: for the nurse on duty or the manager, erased after some hours
    metadata,
    _id(),
    Column("number", String(30), nullable=False),
    Column("form_id", String(40), nullable=False),
    Column("draft_id", String(80), nullable=False, unique=True),
    Column("unit_id", String(64), nullable=False),
    Column("language", String(5), nullable=False),
    Column("lines", JSON, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("erase_at", Moment, nullable=False, index=True),
)

report_answers = Table(
    "report_answers",
    metadata,
    Column("report_id", ForeignKey("reports.id"), primary_key=True),
    Column("question_id", String(40), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("value", String(64), nullable=False),
    Column("text", Text, nullable=False),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", String(200), nullable=False),  # mailbox or channel
    Column("key", String(300), nullable=False),  # what the source calls the message
    Column("sha256", String(64), nullable=False, index=True),
    Column("raw", LargeBinary, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("state", String(12), nullable=False),  # new, done, held, failed
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", Moment, nullable=False),
    Column("lease_until", Moment),
    Column("fault", String(120), nullable=False),  # exception class, never content
    Column("message_key", String(400), index=True),  # message id and body hash of a mail
    Column("outcome", JSON, nullable=False),
    Column(
        "erase_at", Moment, index=True
    ),  # of a chat's turn: what was said stands elsewhere by then
    UniqueConstraint("source", "key"),
    Index(None, "state", "next_attempt_at"),
)

mailbox_marks = Table(
    "mailbox_marks",
    metadata,
    Column("mailbox", String(200), primary_key=True),
    Column("mark", Text, nullable=False),
)

letters = Table(
    "letters",
    metadata,
    _id(),
    _case(),
    Column("inbox_id", ForeignKey("inbox.id"), nullable=False),
    Column("message_id", Text, nullable=False),
    Column("sender_address", Text, nullable=False),
    Column("sender_name", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("folded_text", Text, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("authentication_failed", Boolean, nullable=False),
    Column("authentication", JSON, nullable=False),  # spf, dkim, dmarc as the server stated them
    Column("sender_role", String(20), nullable=False),
    Column("faults", JSON, nullable=False),
)

attachments = Table(
    "attachments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("letter_id", ForeignKey("letters.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("note", Text, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("dedupe_key", String(200), nullable=False, unique=True),
    Column("channel", String(20), nullable=False),
    Column("recipient", String(320), nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("purpose", String(20), nullable=False),
    _case(nullable=True),
    Column("language", String(5), nullable=False),
    Column("person_id", String(64), nullable=False),
    Column("automatic", Boolean, nullable=False),
    Column("alert_id", String(64), nullable=False),
    Column("link", Text, nullable=False),
    Column("in_reply_to", Text, nullable=False),  # Message-ID of the mail that it answers
    Column("text_version", String(40), nullable=False),  # of the texts that it was made from
    Column("created_at", Moment, nullable=False),
    Column("state", String(12), nullable=False),  # pending, sent, dead
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", Moment, nullable=False),
    Column("lease_until", Moment),
    Column("sent_at", Moment),
    Column("fault", String(120), nullable=False),
    Index(None, "state", "next_attempt_at"),
)

reminder_ledger = Table(
    "reminder_ledger",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("rule_id", String(40), primary_key=True),
    Column("person_id", String(64), nullable=False),
    Column("sent_on", Date, nullable=False),
    Index(None, "person_id", "sent_on"),
)

alerts = Table(
    "alerts",
    metadata,
    _id(),
    Column("key", String(200), nullable=False, unique=True),
    Column("role", String(20), nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("rule_ids", JSON, nullable=False),
    Column("raised_at", Moment, nullable=False),
    _case(nullable=True),
    Column("draft_id", String(80), nullable=False, index=True),
    Column("unit_id", String(64), nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("step", Integer, nullable=False),
    Column("recipient_id", String(64), nullable=False),
    Column("notified_at", Moment),
    Column("acknowledged_at", Moment, index=True),
    Column("acknowledged_by", String(64), nullable=False),
)

chat_messages = Table(
    "chat_messages",
    metadata,
    Column("outbox_id", ForeignKey("outbox.id"), primary_key=True),  # delivered once
    Column("conversation_id", String(200), nullable=False, index=True),
    _case(nullable=True),
    Column("text", Text, nullable=False),
    Column("sent_at", Moment, nullable=False),
)

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("last_ok_at", Moment, nullable=False),
    Column("fault", String(120), nullable=False),
)
