"""A mail as a letter in a case, and what the edge knows of it before anything is decided."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from handlers.domain.case import Case
from handlers.domain.mail import IncomingMail, SenderRole
from handlers.domain.report import Answer
from handlers.domain.text import clean
from handlers.municipality import Municipality
from handlers.ports import UnitOfWork
from handlers.records import CaseEvent, Letter, StoredAttachment

MAIL_FORM = "mail"
_NUMBER = re.compile(r"\b[A-Z]{2,5}-20\d\d-\d{5,7}\b")
_LOOKED_AT = 5_000  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a mail says by itself of what the handler needs to know."""

    unit_id: str = ""
    when: Answer | None = None


def no_link(case_id: str) -> str:
    del case_id
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMail:
    """`token_case_id` is the case of a reply token whose signature holds; else empty."""

    inbox_id: int
    mail: IncomingMail
    token_case_id: str
    answerable: bool  # a person wrote it, from an address that may be answered
    unit_id: str = ""  # of the mailbox, where it has one
    report_kind: str = ""  # of the mailbox: complaint, deviation, or empty
    role: SenderRole = SenderRole.UNKNOWN
    told: Told = Told()
    addition_link: Callable[[str], str] = no_link  # case id -> link to the dialogue for that case


def add_letter(
    uow: UnitOfWork, stored: StoredMail, case: Case, now: datetime, municipality: Municipality
) -> Letter:
    mail = stored.mail
    checks = mail.authentication
    letter = Letter(
        id=municipality.new_id(),
        case_id=case.id,
        inbox_id=stored.inbox_id,
        message_id=mail.message_id,
        sender_address=mail.sender_address,
        sender_name=clean(mail.sender_name),
        subject=clean(mail.subject),
        text=clean(mail.text),
        folded_text=clean(mail.folded_text),
        received_at=now,
        authentication_failed=checks.failed,
        authentication={"spf": checks.spf, "dkim": checks.dkim, "dmarc": checks.dmarc},
        sender_role=stored.role,
        faults=mail.faults,
    )
    attachments = [
        StoredAttachment(
            letter_id=letter.id,
            name=clean(a.name),
            media_type=a.media_type,
            size=len(a.content),
            sha256=a.sha256,
            content=a.content,
            note=a.note,
        )
        for a in mail.attachments
    ]
    uow.letters.add(letter, attachments)
    note(uow, case, now, "mail_received")
    return letter


def add_unreadable(
    uow: UnitOfWork, inbox_id: int, case: Case, now: datetime, municipality: Municipality
) -> None:
    letter = Letter(
        id=municipality.new_id(),
        case_id=case.id,
        inbox_id=inbox_id,
        message_id="",
        sender_address="",
        sender_name="",
        subject="",
        text="",
        folded_text="",
        received_at=now,
        faults=("unreadable",),
    )
    uow.letters.add(letter, ())


def numbered_case(uow: UnitOfWork, mail: IncomingMail) -> Case | None:
    """Return the case whose number the mail states. It proves nothing; a person decides."""
    found = _NUMBER.search(f"{mail.subject}\n{mail.text[:_LOOKED_AT]}")
    return uow.cases.find_number(found.group()) if found else None


def note(uow: UnitOfWork, case: Case, now: datetime, kind: str, **values: str) -> None:
    event = CaseEvent(case_id=case.id, at=now, actor_id="system", kind=kind, values=values)
    uow.cases.add_event(event)
