"""Plain records beside a case: side tracks, team, other organisations, answers, the register."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from handlers.domain.moves import Machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """A lex Maria or lex Sarah track of a case, with persons and a clock of its own."""

    id: str
    case_id: str
    machine: Machine
    step: str  # a MariaStep, SarahStep or ProviderStep
    lead_id: str
    started_at: datetime
    due_on: date | None  # of the step that it stands at
    investigator_id: str = ""
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackStep:
    """One step taken; never changed."""

    id: str
    track_id: str
    case_id: str
    step: str
    taken_by: str
    taken_at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snooze:
    """Reminders of a case rest until and including a day; shown on the case."""

    id: str
    case_id: str
    until_on: date
    reason: str
    by: str
    created_at: datetime


class Profession(StrEnum):
    NURSE = "nurse"
    OCCUPATIONAL_THERAPIST = "occupational_therapist"
    PHYSIOTHERAPIST = "physiotherapist"
    OTHER = "other"
    INVESTIGATOR = "investigator"  # of lex Sarah, named by SAS; nobody stands in for one


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamMember:
    """`invited_by` is a person or "rule"."""

    id: str
    case_id: str
    person_id: str
    profession: Profession
    invited_by: str
    invited_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    id: str
    case_id: str
    author_id: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    id: str
    case_id: str
    text: str
    owner_id: str
    due_on: date
    created_by: str
    created_at: datetime
    done_at: datetime | None = None
    done_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceRequest:
    """Somebody asks MAS what to do; it waits until it is answered (alert rule A4)."""

    id: str
    case_id: str
    asked_by: str
    asked_at: datetime
    question: str
    due_on: date
    told_ids: tuple[str, ...]  # who has been asked, in order
    told_at: datetime  # the last of them
    answered_at: datetime | None = None
    answered_by: str = ""
    answer: str = ""


class Forum(StrEnum):
    TEAM = "team"  # the next team conference
    WORKPLACE = "workplace"  # the next APT


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaItem:
    id: str
    case_id: str
    unit_id: str
    forum: Forum
    added_by: str
    added_at: datetime
    discussed_at: datetime | None = None
    note: str = ""


class Direction(StrEnum):
    OUT = "out"  # we ask somebody else
    IN = "in"  # somebody else has asked us


class PartyKind(StrEnum):
    REGION = "region"
    UNIT = "unit"
    PROVIDER = "provider"
    SUPPLIER = "supplier"
    OTHER = "other"


class AnswerQuality(StrEnum):
    GOOD = "good"
    THIN = "thin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A deviation between organisations: who asked whom, until when, and what came back."""

    id: str
    case_id: str
    direction: Direction
    party_kind: PartyKind
    party: str  # a name, or a unit's id when the party is one of ours
    address: str  # mail address for the chaser; empty when there is none
    reference: str  # what the other side calls it
    sent_on: date
    due_on: date
    created_by: str
    chased_on: date | None = None
    chased_times: int = 0
    answered_at: datetime | None = None
    answered_by: str = ""
    answer: str = ""
    quality: AnswerQuality | None = None


class AnswerWay(StrEnum):
    MAIL = "mail"  # the answer itself, when it says nothing about a person
    CODE_BY_MAIL = "code_by_mail"  # a page; its code is mailed when the receiver asks for it
    CODE_BY_HAND = "code_by_hand"  # a page; its code is told by phone or letter
    WHERE_ASKED = "where_asked"  # in the conversation that the complaint came from


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintAnswer:
    """`id` is the opaque part of the page's address; it opens nothing without the code."""

    id: str
    case_id: str
    explanation: str
    measures: str
    about_person: bool
    way: AnswerWay
    address: str
    language: str
    written_by: str
    written_at: datetime
    expires_at: datetime
    sent_at: datetime | None = None
    code_hash: str = ""
    code_expires_at: datetime | None = None
    code_attempts: int = 0
    codes_sent: int = 0
    opened_at: datetime | None = None
    delivered_at: datetime | None = None  # the sender has had it otherwise, says somebody


class SecrecyMark(StrEnum):
    NONE = "none"
    HEALTH_CARE = "health_care"  # OSL 25:1
    SOCIAL_SERVICES = "social_services"  # OSL 26:1


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterEntry:
    """A row of the public register (OSL 5:2); the sender stands apart, in RegisterSender."""

    id: str
    case_id: str
    diary_number: str
    received_on: date
    secrecy: SecrecyMark
    matter: str  # what it is about, without anybody's name
    registered_by: str
    registered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterSender:
    id: str
    case_id: str
    name: str
    address: str


class Verdict(StrEnum):
    RIGHT = "right"
    UNNECESSARY = "unnecessary"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertVerdict:
    """What a receiver thought of an alert; one for each alert and person."""

    id: str
    alert_id: str
    person_id: str
    verdict: Verdict
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NotTheSame:
    """Somebody has looked: two cases are not one event. The suggestion is not made again."""

    id: str
    case_id: str
    other_id: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SamePerson:
    """A case is about the same person as the others of its group; who that is stands nowhere."""

    id: str
    case_id: str
    group_id: str  # drawn at random, and means nothing beyond this
    by: str
    at: datetime
