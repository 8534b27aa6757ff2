"""Plain records that the use cases write and read: drafts, messages, alerts, history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from handlers.dialogue.state import DialogueState
from handlers.domain.case import Case, CaseKind
from handlers.domain.deadline import local_date
from handlers.domain.mail import SenderRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """`conversation_id` names the channel too: "webchat:…", "console:…"."""

    id: str
    channel: str
    conversation_id: str
    person_id: str
    state: DialogueState
    created_at: datetime
    updated_at: datetime
    erase_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """What one person hands over to another and no case keeps: SBAR to the nurse, work environment.

    `lines` are labels and answers as they were read out.
    """

    id: str  # opaque, in the link
    number: str
    form_id: str
    draft_id: str  # unique: one draft is handed over once
    unit_id: str
    language: str
    lines: tuple[tuple[str, str], ...]
    created_at: datetime
    erase_at: datetime
    channel: str = ""  # whence it came; the receipt goes back there
    address: str = ""
    past_manager: bool = False  # it is about the manager, or may be
    past_above_ids: tuple[str, ...] = ()  # managers above whom it is about, too, or may be
    handed_on_at: datetime | None = None  # into the employer's own system
    handed_on_by: str = ""
    reference: str = ""  # its number there


@dataclass(frozen=True, slots=True, kw_only=True)
class SentReport:
    """A report as its reporter sees it in a list."""

    report_id: str
    case: Case
    sent_at: datetime


class Purpose(StrEnum):
    RECEIPT = "receipt"
    NOTICE = "notice"
    ALERT = "alert"
    DIGEST = "digest"
    FEEDBACK = "feedback"
    INVITATION = "invitation"


class Button(NamedTuple):
    """One of several things that a message in a chat is about."""

    words: str
    link: str
    how: str = ""  # how it is done
    about: str = ""  # the case's number, the place, or the step that several share
    named: str = ""  # the numbers and days of several


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxMessage:
    """One message to one receiver. The key decides: a second one with it is not stored."""

    dedupe_key: str
    channel: str
    recipient: str  # mail address or conversation id
    subject: str
    text: str
    purpose: Purpose
    case_id: str = ""
    language: str = "sv"
    person_id: str = ""  # of staff; empty for reporters
    automatic: bool = True  # False: written by a person
    alert_id: str = ""  # channels with buttons offer to acknowledge it
    link: str = ""  # where the duty is done; stands in the text too
    buttons: tuple[Button, ...] = ()  # one for each thing, where there are several
    in_reply_to: str = ""  # Message-ID of the mail that it answers, without brackets
    text_version: str = ""  # of the texts that it was made from


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedMessage:
    id: int
    message: OutboxMessage
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """`key` is unique, so that one trigger never alerts twice. `step` counts the escalations."""

    id: str
    key: str
    role: str  # whom the rule names, such as mas
    reasons: tuple[str, ...]  # plain sentences; never the reporter's text
    rule_ids: tuple[str, ...]
    raised_at: datetime
    case_id: str = ""
    draft_id: str = ""
    unit_id: str = ""
    urgent: bool = False  # escalates after 15 instead of 60 minutes (A17)
    step: int = 0
    recipient_id: str = ""  # who was told last
    told_ids: tuple[str, ...] = ()  # everybody who has been told, in order
    notified_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""
    looked_at: datetime | None = None  # by MAS or SAS, whoever took it
    looked_by: str = ""
    series_case_ids: tuple[str, ...] = ()  # all that were counted, when several raised it together


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEvent:
    """A line of a case's history; `values` carry ids, codes and numbers, never free text."""

    case_id: str
    at: datetime
    actor_id: str  # person id, "reporter", "system"
    kind: str  # a key of the texts' [event]
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail as it stands in its case."""

    id: str
    case_id: str
    inbox_id: int
    message_id: str
    sender_address: str
    sender_name: str
    subject: str
    text: str
    folded_text: str
    received_at: datetime
    authentication_failed: bool = False
    authentication: Mapping[str, str] = field(default_factory=dict)  # spf, dkim, dmarc: as stated
    sender_role: SenderRole = SenderRole.UNKNOWN
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAttachment:
    """`content` is empty where only the list of files was asked for."""

    letter_id: str
    name: str
    media_type: str
    size: int
    sha256: str
    content: bytes
    note: str = ""
    id: int = 0  # given by the store


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFile:
    """A picture or file of a report; `content` is empty where only the list was asked for."""

    id: str
    draft_id: str
    name: str
    media_type: str
    size: int
    sha256: str
    content: bytes
    added_at: datetime
    report_id: str = ""  # empty until the draft is sent
    note: str = ""  # as of letters' files; what is taken in a chat never has one


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatMessage:
    """A message that waits in a conversation until the person opens it."""

    conversation_id: str
    case_id: str
    text: str
    sent_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DueCase:
    """What the reminder sweep needs of an open case."""

    case_id: str
    number: str
    unit_id: str
    received_on: date
    target_on: date
    kind: CaseKind = CaseKind.DEVIATION
    manager_involved: bool = False
    manager_involved_ids: tuple[str, ...] = ()
    is_held: bool = False
    reports_laws: tuple[tuple[str, ...], ...] = ()  # as of a Case, of the whole event
    awaited_on: date | None = None  # when somebody was promised an answer, on a rung of that
    reopened_at: datetime | None = None
    moved_at: datetime | None = None

    @property
    def due_on(self) -> date:
        """Return the day that the rung is about: of the promised answer, else the target."""
        return self.awaited_on or self.target_on

    @property
    def counts_from(self) -> date:
        """Return the day that the first days count from: of its round, or of a move within it."""
        began = self.promised_from
        return max(began, local_date(self.moved_at)) if self.moved_at else began

    @property
    def promised_from(self) -> date:
        """Return the day that promises count from: of receipt, or when it was opened again."""
        return local_date(self.reopened_at) if self.reopened_at else self.received_on


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyTask:
    """One recurring duty in one period at one place (unit id; empty: the municipality)."""

    id: str
    duty_id: str
    period: str
    scope: str
    owner_id: str
    due_on: date
    created_at: datetime
    reminded_on: date | None = None
    done_at: datetime | None = None
    done_by: str = ""
    result: str = ""  # what it came to, where the duty asks for that


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyAccess:
    """An administrator opened one case, with a reason, until a moment."""

    id: str
    case_id: str
    person_id: str
    reason: str
    opened_at: datetime
    until_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """Something done outside the cases; `values` carry ids, codes and numbers only."""

    at: datetime
    actor_id: str
    kind: str  # a key of the texts' [audit]
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardFigures:
    """The board's copy of the tables of one half-year; see handlers.board_figures."""

    id: str  # the half-year: 2026-H1
    made_on: date
    tables: Sequence[Mapping[str, Any]]  # id, columns, rows: as in handlers.statistics.Table
    counted: Mapping[str, Any]  # providers and lines (handlers.counted); empty in old copies
    left_out: Mapping[str, Sequence[str]]  # by reader of the board: the cases not counted for her
