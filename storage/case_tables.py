"""The tables of the work in a case: tracks, team, other organisations, answers, the register."""

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKey, Integer, String, Table, Text
from sqlalchemy import UniqueConstraint as Unique

from storage.columns import Moment, case_column, id_column, metadata


def _person(name: str, *, index: bool = False) -> Column[str]:
    return Column(name, String(64), nullable=False, index=index)


tracks = Table(
    "tracks",
    metadata,
    id_column(),
    case_column(),
    Column("machine", String(20), nullable=False),
    Column("step", String(20), nullable=False),
    _person("lead_id"),
    Column("started_at", Moment, nullable=False),
    Column("due_on", Date),
    _person("investigator_id"),
    Column("ended_at", Moment, index=True),
    Unique("case_id", "machine"),
)

track_steps = Table(
    "track_steps",
    metadata,
    id_column(),
    Column("track_id", ForeignKey("tracks.id"), nullable=False, index=True),
    case_column(),
    Column("step", String(20), nullable=False),
    _person("taken_by"),
    Column("taken_at", Moment, nullable=False),
    Column("note", Text, nullable=False),
)

reminder_snoozes = Table(
    "reminder_snoozes",
    metadata,
    id_column(),
    case_column(),
    Column("until_on", Date, nullable=False),
    Column("reason", Text, nullable=False),
    _person("by"),
    Column("created_at", Moment, nullable=False),
)

team_members = Table(
    "team_members",
    metadata,
    id_column(),
    case_column(),
    _person("person_id", index=True),
    Column("profession", String(30), nullable=False),
    _person("invited_by"),
    Column("invited_at", Moment, nullable=False),
    Unique("case_id", "person_id"),
)

case_comments = Table(
    "case_comments",
    metadata,
    id_column(),
    case_column(),
    _person("author_id"),
    Column("at", Moment, nullable=False),
    Column("text", Text, nullable=False),
)

case_tasks = Table(
    "case_tasks",
    metadata,
    id_column(),
    case_column(),
    Column("text", Text, nullable=False),
    _person("owner_id", index=True),
    Column("due_on", Date, nullable=False),
    _person("created_by"),
    Column("created_at", Moment, nullable=False),
    Column("done_at", Moment),
    _person("done_by"),
)

advice_requests = Table(
    "advice_requests",
    metadata,
    id_column(),
    case_column(),
    _person("asked_by"),
    Column("asked_at", Moment, nullable=False),
    Column("question", Text, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("told_ids", JSON, nullable=False),  # who has been asked, in order
    Column("told_at", Moment, nullable=False),
    Column("answered_at", Moment, index=True),
    _person("answered_by"),
    Column("answer", Text, nullable=False),
)

agenda_items = Table(
    "agenda_items",
    metadata,
    id_column(),
    case_column(),
    Column("unit_id", String(64), nullable=False, index=True),
    Column("forum", String(20), nullable=False),
    _person("added_by"),
    Column("added_at", Moment, nullable=False),
    Column("discussed_at", Moment),
    Column("note", Text, nullable=False),
)

exchanges = Table(
    "exchanges",
    metadata,
    id_column(),
    case_column(),
    Column("direction", String(5), nullable=False),
    Column("party_kind", String(20), nullable=False),
    Column("party", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("sent_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    _person("created_by"),
    Column("chased_on", Date),
    Column("chased_times", Integer, nullable=False),
    Column("answered_at", Moment, index=True),
    _person("answered_by"),
    Column("answer", Text, nullable=False),
    Column("quality", String(10)),
)

complaint_answers = Table(
    "complaint_answers",
    metadata,
    id_column(),
    case_column(),
    Column("explanation", Text, nullable=False),
    Column("measures", Text, nullable=False),
    Column("about_person", Boolean, nullable=False),
    Column("way", String(20), nullable=False),
    Column("address", String(320), nullable=False),
    Column("language", String(5), nullable=False),
    _person("written_by"),
    Column("written_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("code_hash", String(64), nullable=False),
    Column("code_expires_at", Moment),
    Column("code_attempts", Integer, nullable=False),
    Column("codes_sent", Integer, nullable=False),
    Column("opened_at", Moment),
    Column("delivered_at", Moment),
)

register_entries = Table(
    "register_entries",
    metadata,
    id_column(),
    Column("case_id", ForeignKey("cases.id"), nullable=False, unique=True),
    Column("diary_number", String(60), nullable=False, unique=True),
    Column("received_on", Date, nullable=False, index=True),
    Column("secrecy", String(20), nullable=False),
    Column("matter", Text, nullable=False),
    _person("registered_by"),
    Column("registered_at", Moment, nullable=False),
)

register_senders = Table(
    "register_senders",  # apart from the rows, so that these can be shown without them (OSL 5:2)
    metadata,
    id_column(),
    Column("case_id", ForeignKey("cases.id"), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("address", Text, nullable=False),
)

alert_verdicts = Table(
    "alert_verdicts",
    metadata,
    id_column(),
    Column("alert_id", ForeignKey("alerts.id"), nullable=False, index=True),
    _person("person_id"),
    Column("verdict", String(20), nullable=False),
    Column("at", Moment, nullable=False),
    Unique("alert_id", "person_id"),
)

not_the_same = Table(
    "not_the_same",
    metadata,
    id_column(),
    case_column(),
    _person("other_id", index=True),
    _person("by"),
    Column("at", Moment, nullable=False),
    Unique("case_id", "other_id"),
)

same_person = Table(
    "same_person",  # which cases are about one person, by a random group; never who it is
    metadata,
    id_column(),
    Column("case_id", ForeignKey("cases.id"), nullable=False, unique=True),
    Column("group_id", String(64), nullable=False, index=True),
    _person("by"),
    Column("at", Moment, nullable=False),
)
