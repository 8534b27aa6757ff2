"""What becomes of a mail: a case, a letter in a case, or nothing that needs an answer.

The raw bytes are stored before any of this runs (ADR 0005), so nothing here can lose a mail.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from handlers import alerts, concerns, notices
from handlers.domain.case import Case, CaseKind, CaseStatus
from handlers.domain.deadline import STOCKHOLM, local_date
from handlers.domain.mail import IncomingMail, MailNature
from handlers.domain.people import Organisation
from handlers.domain.report import Report, Reporter
from handlers.domain.text import clean
from handlers.municipality import Municipality
from handlers.ports import TextAnalysis, UnitOfWork
from handlers.records import CaseEvent, Letter, StoredAttachment
from handlers.reporting import NewCase, open_case, receiver_of

MAIL_FORM = "mail"
IRRELEVANT = "irrelevant"


class MailOutcome(StrEnum):
    CASE = "case"
    REPLY = "reply"
    AUTOMATIC = "automatic"
    BOUNCE = "bounce"
    DUPLICATE = "duplicate"
    IRRELEVANT = "irrelevant"  # held where a person sees it
    HELD = "held"  # could not be read; a case stub with the raw bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMail:
    """`token_case_id` is the case of a reply token whose signature holds; else empty."""

    inbox_id: int
    mail: IncomingMail
    token_case_id: str
    answerable: bool  # a person wrote it, from an address that may be answered
    unit_id: str = ""  # of the mailbox, where it has one


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    outcome: MailOutcome
    case: Case | None = None


def take_mail(
    uow: UnitOfWork,
    stored: StoredMail,
    analysis: TextAnalysis,
    now: datetime,
    municipality: Municipality,
) -> Intake:
    mail = stored.mail
    case = _case_of_token(uow, stored)
    if mail.nature == MailNature.BOUNCE:
        return _take_bounce(uow, stored, case, now, municipality)
    if mail.nature in (MailNature.AUTOMATIC, MailNature.OWN):
        if case is not None:
            _add_letter(uow, stored, case, now, municipality)
        return Intake(outcome=MailOutcome.AUTOMATIC, case=case)
    if case is not None and _may_act(uow, mail, case):
        return _take_reply(uow, stored, case, now, municipality)
    if mail.nature == MailNature.LIST or analysis.kind == IRRELEVANT:
        return Intake(outcome=MailOutcome.IRRELEVANT)
    return _take_new(uow, stored, analysis, case, now, municipality)


def make_case_of_held(
    uow: UnitOfWork,
    stored: StoredMail,
    analysis: TextAnalysis,
    now: datetime,
    municipality: Municipality,
) -> Intake:
    """A person has seen that a held mail is a matter after all; its sender gets the receipt."""
    kind = CaseKind.COMPLAINT if analysis.kind == IRRELEVANT else analysis.kind
    return _take_new(uow, stored, replace(analysis, kind=kind), None, now, municipality)


def hold_unreadable(
    uow: UnitOfWork,
    inbox_id: int,
    analysis: TextAnalysis,
    now: datetime,
    municipality: Municipality,
) -> Intake:
    """Open a stub for a mail that cannot be read, so that a person sees its raw bytes."""
    new = NewCase(
        kind=CaseKind.COMPLAINT,
        category="",
        category_source="",
        unit_id="",
        harm="unknown",
        analysis=analysis,
        reporter_reachable=False,
        actor_id="system",
    )
    case = open_case(uow, new, now, municipality)
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
    notices.queue(uow, notices.held_mail(case, receiver_of(uow, case, now), municipality), now)
    return Intake(outcome=MailOutcome.HELD, case=case)


def _case_of_token(uow: UnitOfWork, stored: StoredMail) -> Case | None:
    return uow.cases.find(stored.token_case_id) if stored.token_case_id else None


def _may_act(uow: UnitOfWork, mail: IncomingMail, case: Case) -> bool:
    """Whether the sender may write into the case: takes part in it and is not known as forged."""
    takes_part = uow.letters.case_with_participant(case.id, mail.sender_address)
    return takes_part and not mail.authentication.failed


def _take_new(
    uow: UnitOfWork,
    stored: StoredMail,
    analysis: TextAnalysis,
    possibly: Case | None,
    now: datetime,
    municipality: Municipality,
) -> Intake:
    mail = stored.mail
    day = local_date(now)
    new = NewCase(
        kind=CaseKind(analysis.kind),
        category=analysis.suggestions[0].category,
        category_source="model",
        unit_id=stored.unit_id or _named_unit(uow.organisation, mail, now),
        harm="unknown",
        analysis=analysis,
        title=clean(mail.subject),
        reporter_reachable=stored.answerable,
    )
    case = open_case(uow, new, now, municipality)
    reporter = Reporter(channel="mail", address=mail.sender_address, language=mail.language)
    uow.reports.add(_report(stored, reporter, now, municipality), case.id)
    _add_letter(uow, stored, case, now, municipality)
    if possibly is not None:
        _note(uow, case, now, "may_belong", number=possibly.number)
    found = concerns.concerns_of_text(analysis, municipality)
    found += concerns.concerns_of_complaint(case, found, municipality)
    alerts.raise_for_case(uow, case, found, "report", now, municipality)
    if stored.answerable and not _answered_today(uow, mail.sender_address, case, now):
        answer_on = municipality.answer_for(case.kind, day)
        uow.outbox.add(notices.receipt_by_mail(case, reporter, municipality, answer_on), now)
    return Intake(outcome=MailOutcome.CASE, case=case)


def _take_reply(
    uow: UnitOfWork, stored: StoredMail, case: Case, now: datetime, municipality: Municipality
) -> Intake:
    if case.status == CaseStatus.CLOSED:
        reopened = replace(case.moved(CaseStatus.INVESTIGATING), closed_at=None)
        case = uow.cases.save(reopened)
        _note(uow, case, now, "reopened")
    letter = _add_letter(uow, stored, case, now, municipality)
    receiver = receiver_of(uow, case, now)
    notices.queue(uow, notices.letter_in_case(case, letter.id, receiver, municipality), now)
    return Intake(outcome=MailOutcome.REPLY, case=case)


def _take_bounce(
    uow: UnitOfWork,
    stored: StoredMail,
    case: Case | None,
    now: datetime,
    municipality: Municipality,
) -> Intake:
    if case is not None:
        _add_letter(uow, stored, case, now, municipality)
        if stored.mail.bounce_is_permanent:
            receiver = receiver_of(uow, case, now)
            key = f"bounce:{stored.inbox_id}"
            messages = notices.undelivered(case, key, receiver, municipality)
            notices.queue(uow, messages, now)
    return Intake(outcome=MailOutcome.BOUNCE, case=case)


def _add_letter(
    uow: UnitOfWork, stored: StoredMail, case: Case, now: datetime, municipality: Municipality
) -> Letter:
    mail = stored.mail
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
        authentication_failed=mail.authentication.failed,
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
    _note(uow, case, now, "mail_received")
    return letter


def _report(
    stored: StoredMail, reporter: Reporter, now: datetime, municipality: Municipality
) -> Report:
    return Report(
        id=municipality.new_id(),
        draft_id=f"mail:{stored.inbox_id}",
        form_id=MAIL_FORM,
        form_version=1,
        reporter=reporter,
        submitted_at=now,
    )


def _named_unit(organisation: Organisation, mail: IncomingMail, now: datetime) -> str:
    """Return the unit that the mail names, when it names exactly one."""
    text = f"{mail.subject}\n{mail.text}".casefold()
    units = organisation.current_units(local_date(now))
    named = [unit.id for unit in units if unit.name.casefold() in text]
    return named[0] if len(named) == 1 else ""


def _answered_today(uow: UnitOfWork, address: str, case: Case, now: datetime) -> bool:
    """At most one automatic mail for each address, case and day."""
    midnight = now.astimezone(STOCKHOLM).replace(hour=0, minute=0, second=0, microsecond=0)
    return uow.letters.automatic_mail_sent(address=address, case_id=case.id, since=midnight)


def _note(uow: UnitOfWork, case: Case, now: datetime, kind: str, **values: str) -> None:
    event = CaseEvent(case_id=case.id, at=now, actor_id="system", kind=kind, values=values)
    uow.cases.add_event(event)
