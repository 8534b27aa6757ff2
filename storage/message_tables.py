"""The tables of what comes in and goes out: inbox, letters, outbox, heartbeats."""

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
    UniqueConstraint,
)

from storage.columns import Moment, case_column, id_column, metadata

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
    id_column(),
    case_column(),
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
    case_column(nullable=True),
    Column("language", String(5), nullable=False),
    Column("person_id", String(64), nullable=False),
    Column("automatic", Boolean, nullable=False),
    Column("alert_id", String(64), nullable=False, index=True),
    Column("link", Text, nullable=False),
    Column("buttons", JSON, nullable=False),  # words, address, how-to and about what, for the chats
    Column("in_reply_to", Text, nullable=False),  # Message-ID of the mail that it answers
    Column("text_version", String(40), nullable=False),  # of the texts that it was made from
    Column("created_at", Moment, nullable=False),
    Column("state", String(12), nullable=False),  # pending, sent, dead, withdrawn
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", Moment, nullable=False),
    Column("lease_until", Moment),
    Column("sent_at", Moment),
    Column("fault", String(120), nullable=False),
    Index(None, "state", "next_attempt_at"),
    Index(None, "recipient", "created_at"),
)

chat_messages = Table(
    "chat_messages",
    metadata,
    Column("outbox_id", ForeignKey("outbox.id"), primary_key=True),  # delivered once
    Column("conversation_id", String(200), nullable=False, index=True),
    case_column(nullable=True),
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
