"""From stored raw mail to cases: read, recognise, take, settle; each mail in one transaction."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from hashlib import sha256

import structlog

from bot.additions import addition_link
from bot.app import Services
from bot.mail.answering import may_answer
from bot.mail.errors import UnreadableMail
from bot.mail.mailboxes import AnyMailbox
from bot.mail.reading import read_mail
from bot.mail.sources import RawMail
from bot.mail.tokens import find_case_id
from handlers.domain.deadline import local_date
from handlers.domain.mail import IncomingMail
from handlers.domain.report import Answer
from handlers.letters import StoredMail, Told
from handlers.mail_intake import (
    Intake,
    MailOutcome,
    hold_unreadable,
    make_case_of_held,
    take_mail,
)
from handlers.ports import TextAnalysis
from handlers.records import AuditEvent
from storage.inbox import MAX_ATTEMPTS, InboxItem
from storage.unit_of_work import SqlUnitOfWork

MAIL_SOURCE = "mail:"
LOOP_ID = "lotsen"
COMPLAINT = "complaint"  # the form whose questions a mail answers
READ_CHARACTERS = 20_000
_ANSWERS = re.compile(r"\s*(?:re|sv|svar|aw|vs)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)
SHOWN = "shown"  # done; stands in the mail room for a while


@dataclass(frozen=True, slots=True, kw_only=True)
class HandledMail:
    """What became of one inbox row; `mail` is None when it could not be read."""

    item: InboxItem
    mail: IncomingMail | None
    intake: Intake
    analysis: TextAnalysis | None


class SqlMailStore:
    """What the mail sources need of the database (bot.mail.sources.MailStore)."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def store(self, mail: RawMail) -> bool:
        with self._services.unit_of_work() as uow:
            source = f"{MAIL_SOURCE}{mail.mailbox}"
            now = self._services.clock()
            item_id = uow.inbox.add(source=source, key=mail.key, raw=mail.raw, now=now)
            uow.commit()
        return item_id is not None

    def high_water(self, mailbox: str) -> str | None:
        with self._services.unit_of_work(read_only=True) as uow:
            return uow.inbox.high_water(mailbox)

    def set_high_water(self, mailbox: str, mark: str) -> None:
        with self._services.unit_of_work() as uow:
            uow.inbox.set_high_water(mailbox, mark)
            uow.commit()


def handle_waiting_mail(
    services: Services, on_handled: Callable[[HandledMail], None] | None = None
) -> int:
    """Take every waiting mail; one that fails is tried again later and delays no other."""
    count = 0
    while (item := _claimed(services)) is not None:
        handled = _handle(services, item)
        count += 1
        if handled is not None and on_handled is not None:
            on_handled(handled)
    return count


def _claimed(services: Services) -> InboxItem | None:
    with services.unit_of_work() as uow:
        item = uow.inbox.claim(services.clock(), source_prefix=MAIL_SOURCE)
        uow.commit()
    return item


def _handle(services: Services, item: InboxItem) -> HandledMail | None:
    log = structlog.get_logger().bind(inbox=item.id)
    if item.attempts > MAX_ATTEMPTS:  # it has taken whole processes down
        return _held(services, item)
    try:
        handled = _take(services, item)
    except Exception as error:  # noqa: BLE001 - one of the two outer loops: no mail stops the next
        log.error("mail failed", error=type(error).__name__, attempt=item.attempts)
        return _failed(services, item, error)
    log.info("mail handled", outcome=handled.intake.outcome.value)
    return handled


def _take(services: Services, item: InboxItem) -> HandledMail:
    try:
        mail = read_stored(services, item)
    except UnreadableMail:
        return _held(services, item)
    analysis = services.analyst.analyse(mail.text, subject=_new_subject(services, mail))
    key = message_key(mail)
    with services.unit_of_work() as uow:
        if uow.inbox.settled_with(key) is not None:
            intake = Intake(outcome=MailOutcome.DUPLICATE)
        else:
            stored = _stored(services, uow, item, mail)
            now, municipality = services.clock(), services.municipality
            intake = take_mail(uow, stored, analysis, now, municipality)
        _settle(uow, item, intake, key)
        uow.commit()
    return HandledMail(item=item, mail=mail, intake=intake, analysis=analysis)


def _new_subject(services: Services, mail: IncomingMail) -> str:
    """Return the subject; of a reply nothing, because it was read with what is answered."""
    answers = find_case_id((*mail.references, *mail.recipients), services.secret)
    return "" if answers and _ANSWERS.match(mail.subject) else mail.subject


def make_case(services: Services, item_id: int) -> Intake | None:
    """Turn a held mail into a case; None when it is not held, or no longer."""
    with services.unit_of_work() as uow:
        item = uow.inbox.get(item_id)
        if item is None or item.state not in ("held", SHOWN) or item.outcome.get("case"):
            return None
        mail = read_stored(services, item)
        stored = _stored(services, uow, item, mail)
        analysis = services.analyst.analyse(mail.text, subject=mail.subject)
        now, municipality = services.clock(), services.municipality
        intake = make_case_of_held(uow, stored, analysis, now, municipality)
        _settle(uow, item, intake, message_key(mail))
        uow.commit()
    return intake


def read_and_put_aside(services: Services, item_id: int, reader_id: str) -> None:
    """A person has read a held mail and it is no matter; it stands in the mail room for a while."""
    with services.unit_of_work() as uow:
        item = uow.inbox.get(item_id)
        if item is None or item.state != "held" or item.outcome.get("case"):
            return
        uow.inbox.settle(item.id, state=SHOWN, outcome=item.outcome)
        values = {"mail": str(item.id)}
        event = AuditEvent(
            at=services.clock(), actor_id=reader_id, kind="mail_put_aside", values=values
        )
        uow.audit.add(event)
        uow.commit()


def read_stored(services: Services, item: InboxItem) -> IncomingMail:
    mailbox = _mailbox(services, item)
    return read_mail(
        item.raw,
        own_addresses=_own(services),
        own_loop_id=LOOP_ID,
        trusted_server=services.settings.mail_trusted_server,
        language=mailbox.language if mailbox else "sv",
    )


def _stored(
    services: Services, uow: SqlUnitOfWork, item: InboxItem, mail: IncomingMail
) -> StoredMail:
    """Return the mail with all that the edge knows of it: mailbox, token, sender, what it tells."""
    mailbox = _mailbox(services, item)
    municipality = services.municipality
    return StoredMail(
        inbox_id=item.id,
        mail=mail,
        token_case_id=find_case_id((*mail.references, *mail.recipients), services.secret),
        answerable=may_answer(mail, own_addresses=_own(services)),
        unit_id=mailbox.unit_id if mailbox else "",
        report_kind=mailbox.report_kind if mailbox else "",
        role=municipality.senders.role_of(mail, uow.organisation, municipality.staff_domains),
        told=_told(services, uow, mail),
        addition_link=partial(addition_link, services),
    )


def _told(services: Services, uow: SqlUnitOfWork, mail: IncomingMail) -> Told:
    """Pick unit and time out of the words, as the dialogue does with a story."""
    now = services.clock()
    units = tuple((u.id, u.name) for u in uow.organisation.current_units(local_date(now)))
    text = f"{mail.subject}\n{mail.text}"[:READ_CHARACTERS]
    found = services.reader.read(text, units, now, mail.language)
    when = None
    question = services.forms[COMPLAINT].question("when")
    if found.when is not None and question is not None:
        bucket, words = found.when
        offered = {choice.value for choice in question.choices}
        when = Answer(value=bucket if bucket in offered else "", text=words)
    return Told(unit_id=found.unit, when=when)


def _mailbox(services: Services, item: InboxItem) -> AnyMailbox | None:
    name = item.source.removeprefix(MAIL_SOURCE)
    return next((one for one in services.mailboxes if one.name == name), None)


def _own(services: Services) -> frozenset[str]:
    ours = (services.settings.mail_address, *(one.address for one in services.mailboxes))
    return frozenset(address.lower() for address in ours)


def _held(services: Services, item: InboxItem) -> HandledMail:
    nothing = services.analyst.analyse("")
    with services.unit_of_work() as uow:
        now, municipality = services.clock(), services.municipality
        intake = hold_unreadable(uow, item.id, nothing, now, municipality)
        _settle(uow, item, intake, "")
        uow.commit()
    return HandledMail(item=item, mail=None, intake=intake, analysis=None)


def _failed(services: Services, item: InboxItem, error: Exception) -> HandledMail | None:
    """Wait and try again; after the last attempt a person gets the raw bytes."""
    with services.unit_of_work() as uow:
        last = uow.inbox.fail(item, services.clock(), type(error).__name__)
        uow.commit()
    return _held(services, item) if last else None


def _settle(uow: SqlUnitOfWork, item: InboxItem, intake: Intake, key: str) -> None:
    outcome = {
        "outcome": intake.outcome.value,
        "case": intake.case.number if intake.case else "",
    }
    waits = intake.outcome in (MailOutcome.IRRELEVANT, MailOutcome.HELD)
    state = "held" if waits else "done"
    if intake.outcome in (MailOutcome.AUTOMATIC, MailOutcome.BOUNCE) and intake.case is None:
        state = SHOWN
    uow.inbox.settle(item.id, state=state, outcome=outcome, message_key=key)


def message_key(mail: IncomingMail) -> str:
    """Name a mail by id and content: the same one sent to two of our boxes is one mail.

    The id alone is not enough, because senders use one again for other mails.
    """
    parts = (mail.sender_address, mail.subject, mail.text, mail.folded_text)
    digest = sha256("\0".join(parts).encode("utf-8", "surrogatepass"))
    for attachment in mail.attachments:
        digest.update(attachment.sha256.encode())
    return f"{mail.message_id[:200]}:{digest.hexdigest()}"
