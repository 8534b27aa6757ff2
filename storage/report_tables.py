"""The tables of what was reported: drafts, reports with answers, hand-overs."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from storage.columns import Moment, case_column, id_column, metadata

drafts = Table(
    "drafts",
    metadata,
    id_column(),
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

reports = Table(
    "reports",
    metadata,
    id_column(),
    Column("draft_id", String(80), nullable=False, unique=True),
    case_column(),
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

report_files = Table(
    "report_files",  # pictures and files; those without a report go when their draft goes
    metadata,
    id_column(),
    Column("draft_id", String(80), nullable=False, index=True),
    Column("report_id", ForeignKey("reports.id"), index=True),
    Column("name", Text, nullable=False),
    Column("media_type", String(120), nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("added_at", Moment, nullable=False),
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
    id_column(),
    Column("number", String(30), nullable=False),
    Column("form_id", String(40), nullable=False),
    Column("draft_id", String(80), nullable=False, unique=True),
    Column("unit_id", String(64), nullable=False),
    Column("language", String(5), nullable=False),
    Column("lines", JSON, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("erase_at", Moment, nullable=False, index=True),
    Column("channel", String(20), nullable=False),
    Column("address", String(320), nullable=False),
    Column("handed_on_at", Moment),
    Column("handed_on_by", String(64), nullable=False),
    Column("reference", String(40), nullable=False),
    Column("past_manager", Boolean, nullable=False),  # it is about the manager, or may be
    Column("past_above_ids", JSON, nullable=False),  # managers above whom it is about, too
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
