"""The tables of who was let in, what was looked at by way of exception, and recurring duties."""

from sqlalchemy import JSON, Column, Date, ForeignKey, Index, Integer, String, Table, Text
from sqlalchemy import UniqueConstraint as Unique

from storage.columns import Moment, metadata

login_flows = Table(
    "login_flows",  # a login that has begun; taken out once, when the person comes back
    metadata,
    Column("id", String(64), primary_key=True),
    Column("flow", JSON, nullable=False),
    Column("onward", String(200), nullable=False),
    Column("started_at", Moment, nullable=False, index=True),
)

login_sessions = Table(
    "login_sessions",  # the key is a hash, so that nobody who reads the table can log in
    metadata,
    Column("id", String(64), primary_key=True),
    Column("person_id", String(64), nullable=False, index=True),
    Column("started_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
)

emergency_access = Table(
    "emergency_access",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("person_id", String(64), nullable=False),
    Column("reason", Text, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("until_at", Moment, nullable=False),
)

audit_events = Table(
    "audit_events",  # what is done outside the cases, append-only and chained as case_events is
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False, index=True),
    Column("actor_id", String(64), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("values", JSON, nullable=False),
    Column("prev_hash", String(64), nullable=False, server_default=""),
    Column("hash", String(64), nullable=False, server_default=""),
)

duty_tasks = Table(
    "duty_tasks",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("duty_id", String(40), nullable=False),
    Column("period", String(20), nullable=False),  # 2026-W23, 2026-06, 2026-H1, 2026
    Column("scope", String(64), nullable=False),  # unit or area, empty for the municipality
    Column("owner_id", String(64), nullable=False),
    Column("due_on", Date, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("reminded_on", Date),
    Column("done_at", Moment),
    Column("done_by", String(64), nullable=False),
    Column("result", Text, nullable=False),  # what it came to, where a duty asks for that
    Unique("duty_id", "period", "scope"),
    Index(None, "owner_id", "done_at"),
    Index("ix_duty_tasks_newest", "duty_id", "scope", "due_on", "created_at"),
)

board_figures = Table(
    "board_figures",  # made once for each half-year, and never again
    metadata,
    Column("id", String(20), primary_key=True),  # 2026-H1
    Column("made_on", Date, nullable=False),
    Column("tables", JSON, nullable=False),  # with their small numbers hidden
    Column("counted", JSON, nullable=False, server_default="{}"),  # what each case counted as
    Column("left_out", JSON, nullable=False, server_default="{}"),  # by who has read it
)
