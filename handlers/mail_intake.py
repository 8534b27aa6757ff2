"""What becomes of a mail: a case, a letter in a case, or nothing that needs an answer.

The raw bytes are stored before any of this runs (ADR 0005), so nothing here can lose a mail.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from handlers import alerts, asides, concerns, notices
from handlers.beside import going_on
from handlers.case_records import Direction, Exchange
from handlers.chairs import organisation_of
from handlers.domain.case import FROM_OUTSIDE, Case, CaseKind
from handlers.domain.deadline import STOCKHOLM, local_date
from handlers.domain.mail import IncomingMail, MailNature, SenderRole
from handlers.domain.people import Role
from handlers.domain.report import Report, Reporter
from handlers.domain.sign import Sign
from handlers.domain.text import clean
from handlers.involved import may_be_about_manager
from handlers.letters import MAIL_FORM, StoredMail, add_letter, add_unreadable, numbered_case
from handlers.letters import note as _note
from handlers.merged import where_it_lives
from handlers.municipality import Municipality
from handlers.ports import TextAnalysis, UnitOfWork
from handlers.receipts import Asked, receipt_by_mail
from handlers.registering import Outsider
from handlers.reopening import closed_long_ago
from handlers.replies import may_act, take_bounce, take_reply
from handlers.reporting import NewCase, open_case, receiver_of

IRRELEVANT = "irrelevant"
RECEIPTS_A_DAY = 5  # to one address; whoever handles the sixth case confirms it
_FROM_STAFF = frozenset({CaseKind.DEVIATION, CaseKind.RISK})
_FORMAL = frozenset({SenderRole.AUTHORITY, SenderRole.PROVIDER})


class MailOutcome(StrEnum):
    CASE = "case"
    REPLY = "reply"
    AUTOMATIC = "automatic"
    BOUNCE = "bounce"
    DUPLICATE = "duplicate"
    IRRELEVANT = "irrelevant"  # held where a person sees it
    HELD = "held"  # could not be read; a case stub with the raw bytes


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
    case = uow.cases.find(stored.token_case_id) if stored.token_case_id else None
    if mail.nature == MailNature.BOUNCE:
        take_bounce(uow, stored, case, now, municipality)
        return Intake(outcome=MailOutcome.BOUNCE, case=case)
    if mail.nature in (MailNature.AUTOMATIC, MailNature.OWN):
        if case is not None:
            add_letter(uow, stored, case, now, municipality)
        return Intake(outcome=MailOutcome.AUTOMATIC, case=case)
    if case is not None and may_act(uow, mail, case):
        main = where_it_lives(uow, case)
        if may_be_about_manager(stored.role, analysis) and not main.manager_involved:
            case = main  # the unit has that one; what is held is a case of its own
        elif not closed_long_ago(main, now, municipality):
            done = take_reply(uow, stored, case, analysis, now, municipality)
            return Intake(outcome=MailOutcome.REPLY, case=done)
        return _take_new(uow, stored, _as_matter(analysis), case, "continues", now, municipality)
    possibly = case or numbered_case(uow, mail)
    if stored.role not in _FORMAL and possibly is None and _is_irrelevant(mail, analysis):
        return Intake(outcome=MailOutcome.IRRELEVANT)
    return _take_new(uow, stored, _as_matter(analysis), possibly, "may_belong", now, municipality)


def make_case_of_held(
    uow: UnitOfWork,
    stored: StoredMail,
    analysis: TextAnalysis,
    now: datetime,
    municipality: Municipality,
) -> Intake:
    """A person has seen that a held mail is a matter after all; its sender gets the receipt."""
    matter = _as_matter(analysis)
    return _take_new(uow, stored, matter, None, "may_belong", now, municipality)


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
    add_unreadable(uow, inbox_id, case, now, municipality)
    notices.queue(uow, notices.held_mail(case, receiver_of(uow, case, now), municipality), now)
    return Intake(outcome=MailOutcome.HELD, case=case)


def kind_of(stored: StoredMail, analysis: TextAnalysis) -> CaseKind:
    """Return the kind that sender and mailbox say; where they say nothing, the text decides."""
    kind = CaseKind(analysis.kind) if stored.mail.has_words else CaseKind.COMPLAINT
    if stored.role == SenderRole.AUTHORITY:
        return CaseKind.AUTHORITY
    if stored.role == SenderRole.PROVIDER or stored.report_kind == CaseKind.DEVIATION:
        return kind if kind in _FROM_STAFF else CaseKind.DEVIATION
    if stored.role == SenderRole.STAFF and kind == CaseKind.COMPLAINT:
        return CaseKind.DEVIATION
    if stored.report_kind == CaseKind.COMPLAINT and stored.role != SenderRole.STAFF:
        return kind if kind in FROM_OUTSIDE else CaseKind.COMPLAINT
    return kind


def _as_matter(analysis: TextAnalysis) -> TextAnalysis:
    """Return the analysis with a kind that a case can have."""
    if analysis.kind != IRRELEVANT:
        return analysis
    return replace(analysis, kind=CaseKind.COMPLAINT)


def _is_irrelevant(mail: IncomingMail, analysis: TextAnalysis) -> bool:
    """What the model cannot read is for a person to judge, and its sender gets a receipt."""
    if mail.nature == MailNature.LIST:
        return True
    return analysis.kind == IRRELEVANT and mail.is_readable and mail.has_words


def _take_new(
    uow: UnitOfWork,
    stored: StoredMail,
    analysis: TextAnalysis,
    earlier: Case | None,
    relation: str,
    now: datetime,
    municipality: Municipality,
) -> Intake:
    """`relation` is the kind of event that ties the new case to an earlier one."""
    mail = stored.mail
    is_answered = stored.answerable and not _had_enough(uow, mail.sender_address, now)
    new = replace(_new_case(stored, analysis), has_receipt=is_answered)
    if relation == "continues" and earlier is not None:
        lives_in = where_it_lives(uow, earlier)
        new = going_on(uow, new, earlier, lives_in, now, has_a_unit=_has_a_unit(stored, analysis))
    case = open_case(uow, new, now, municipality)
    reporter = Reporter(channel="mail", address=mail.sender_address, language=mail.language)
    report = Report(
        id=municipality.new_id(),
        draft_id=f"mail:{stored.inbox_id}",
        form_id=MAIL_FORM,
        form_version=1,
        reporter=reporter,
        submitted_at=now,
    )
    uow.reports.add(report, case.id)
    add_letter(uow, stored, case, now, municipality)
    if earlier is not None:
        _note_relation(uow, case, earlier, relation, now)
    _tell_others(uow, stored, case, now, municipality)
    found = concerns.concerns_of_report(case, analysis, municipality)
    alerts.raise_for_case(uow, case, found, "report", now, municipality)
    if is_answered:
        asked = _asked(stored, analysis, case, municipality)
        _answer(uow, stored, case, reporter, asked, now, municipality)
    elif stored.answerable:
        _note(uow, case, now, "receipt_held", count=str(RECEIPTS_A_DAY))
    return Intake(outcome=MailOutcome.CASE, case=case)


def _note_relation(
    uow: UnitOfWork, case: Case, earlier: Case, relation: str, now: datetime
) -> None:
    _note(uow, case, now, relation, number=earlier.number)
    if not case.manager_involved or earlier.manager_involved:  # else the unit would know
        _note(uow, earlier, now, f"{relation}_later", number=case.number)


def _new_case(stored: StoredMail, analysis: TextAnalysis) -> NewCase:
    mail = stored.mail
    outsider = Outsider(name=clean(mail.sender_name), address=mail.sender_address)
    return NewCase(
        kind=kind_of(stored, analysis),
        category=analysis.suggestions[0].category if mail.has_words else "",
        category_source="model" if mail.has_words else "",
        unit_id=(stored.told.unit_id or stored.unit_id) if _has_a_unit(stored, analysis) else "",
        harm="unknown",
        analysis=analysis,
        title=clean(mail.subject),
        words=f"{mail.subject}\n{mail.text}",
        reporter_reachable=stored.answerable,
        held=may_be_about_manager(stored.role, analysis),
        outsider=None if stored.role == SenderRole.STAFF else outsider,
    )


def _has_a_unit(stored: StoredMail, analysis: TextAnalysis) -> bool:
    """Whether it goes to a unit; what an authority or anybody else asks for does not.

    It goes to the registrator, whatever unit it is about.
    """
    asks = Sign.DOCUMENTS in analysis.signs and stored.role != SenderRole.STAFF
    return stored.role != SenderRole.AUTHORITY and not asks


def _tell_others(
    uow: UnitOfWork, stored: StoredMail, case: Case, now: datetime, municipality: Municipality
) -> None:
    """Tell MAS of an authority; wait for an answer to other care providers."""
    mail, day = stored.mail, local_date(now)
    if stored.role == SenderRole.AUTHORITY:
        for person in organisation_of(uow, case, day).holders(Role.MAS, "", day)[:1]:
            notices.queue(uow, notices.new_case(case, person, municipality), now)
    if stored.role == SenderRole.PROVIDER:
        kind = municipality.senders.party_kind(mail.sender_address)
        exchange = Exchange(
            id=municipality.new_id(),
            case_id=case.id,
            direction=Direction.IN,
            party_kind=kind,
            party=clean(mail.sender_name) or mail.sender_address,
            address=mail.sender_address,
            reference="",
            sent_on=day,
            due_on=municipality.clocks.exchange_due_on(kind, day),
            created_by="system",
        )
        uow.work.exchanges.add(exchange)


def _answer(
    uow: UnitOfWork,
    stored: StoredMail,
    case: Case,
    reporter: Reporter,
    asked: Asked,
    now: datetime,
    municipality: Municipality,
) -> None:
    receipt = receipt_by_mail(
        case,
        reporter,
        stored.role,
        asked,
        municipality,
        answer_on=municipality.answer_for(case.kind, local_date(now)),
        in_reply_to=stored.mail.message_id if stored.mail.has_message_id else "",
    )
    uow.outbox.add(receipt, now)


def _asked(
    stored: StoredMail, analysis: TextAnalysis, case: Case, municipality: Municipality
) -> Asked:
    """Return what is missing in a complaint of a person; who it is about is never asked by mail.

    What to do with a device that failed stands there too, if that is sure.
    """
    if stored.role in _FORMAL or Sign.DOCUMENTS in case.signs:
        return Asked()
    category = case.category if analysis.certain else ""
    called = asides.advice_of(category, analysis.rule_ids, municipality.alert_rules)
    advice = asides.words_for(called, staff=stored.role == SenderRole.STAFF)
    if case.kind not in (CaseKind.COMPLAINT, CaseKind.DEVIATION):
        return Asked(advice=advice)
    missing = {"unit": not case.unit_id, "when": stored.told.when is None}
    questions = tuple(name for name, is_missing in missing.items() if is_missing)
    return Asked(questions=questions, link=stored.addition_link(case.id), advice=advice)


def _had_enough(uow: UnitOfWork, address: str, now: datetime) -> bool:
    """Whether the address has had its receipts of the day.

    Each case gives one receipt at most. A helpdesk that says nothing of being one and answers
    each of ours in a new thread would make a new case, and a new receipt, for ever.
    """
    midnight = now.astimezone(STOCKHOLM).replace(hour=0, minute=0, second=0, microsecond=0)
    return uow.letters.receipts_to(address, since=midnight) >= RECEIPTS_A_DAY
