"""The messages to staff and reporters: number, duty, date, link (ADR 0007).

Nothing about a person stands in them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from handlers.domain.case import Case
from handlers.domain.people import Person
from handlers.domain.report import Reporter
from handlers.municipality import Municipality
from handlers.ports import UnitOfWork
from handlers.records import Alert, Button, Handover, OutboxMessage, Purpose

MAIL = "mail"  # the channel that reaches everybody

Messages = tuple[OutboxMessage, ...]


def queue(uow: UnitOfWork, messages: Messages, now: datetime) -> bool:
    """Put messages into the outbox; False when all of them are there already."""
    added = [uow.outbox.add(message, now) for message in messages]
    return any(added)


def by_mail(message: OutboxMessage, person: Person, key: str) -> OutboxMessage:
    """Return a message to staff again as mail, for when their chat does not take it."""
    return replace(message, channel=MAIL, recipient=person.email, dedupe_key=key)


def new_case(case: Case, person: Person, municipality: Municipality) -> Messages:
    return about_case(
        case, person, municipality, "new_case", key="new", target_on=case.due_on.isoformat()
    )


def alert(found: Alert, number: str, person: Person, municipality: Municipality) -> Messages:
    """`number` is empty while the report is still being written."""
    kind = "alert" if number else "alert_draft"
    kind = "alert_series" if found.series_case_ids else kind
    return to_person(
        person,
        municipality,
        key=f"alert:{found.id}/{person.id}/{found.step}",
        subject=f"notice.{kind}_subject",
        text=f"notice.{kind}",
        case_id=found.case_id,
        purpose=Purpose.ALERT,
        alert_id=found.id,
        number=number,
        link=municipality.alert_link(found.id),
    )


def letter_in_case(
    case: Case, letter_id: str, person: Person, municipality: Municipality
) -> Messages:
    return about_case(case, person, municipality, "reply", key=f"letter/{letter_id}")


def held_mail(case: Case, person: Person, municipality: Municipality) -> Messages:
    return about_case(case, person, municipality, "held", key="held")


def added_to_case(
    case: Case, report_id: str, person: Person, municipality: Municipality
) -> Messages:
    return about_case(case, person, municipality, "added", key=f"added/{report_id}")


def handed_over(
    found: Handover, person: Person, municipality: Municipality, unit_name: str = ""
) -> Messages:
    return to_person(
        person,
        municipality,
        key=f"handover:{found.id}/{person.id}",
        subject=f"notice.handover_{found.form_id}_subject",
        text=f"notice.handover_{found.form_id}",
        number=found.number,
        unit=unit_name or municipality.catalogue.get("dialogue.unknown", person.language),
        link=municipality.handover_link(found.id),
    )


def handed_on(found: Handover, municipality: Municipality) -> OutboxMessage:
    """The receipt to whoever wrote about the work environment."""
    say, language = municipality.catalogue.get, found.language
    system = municipality.work_system_in(language)
    key = "work.receipt_above" if found.past_manager else "work.receipt"
    key = "work.receipt_past" if found.past_above_ids else key
    return OutboxMessage(
        dedupe_key=f"handover:{found.id}/handed_on",
        channel=found.channel,
        recipient=found.address,
        subject=say("work.receipt_subject", language, number=found.number),
        text=say(key, language, number=found.number, system=system),
        purpose=Purpose.FEEDBACK,
        language=language,
    )


def emergency_opened(
    case: Case, access_id: str, person: Person, municipality: Municipality
) -> Messages:
    """An administrator has opened a case."""
    return to_person(
        person,
        municipality,
        key=f"emergency:{access_id}/{person.id}",
        subject="notice.emergency_subject",
        text="notice.emergency",
        case_id=case.id,
        number=case.number,
        link=municipality.case_link(case.id),
    )


def undelivered(case: Case, what: str, person: Person, municipality: Municipality) -> Messages:
    return to_person(
        person,
        municipality,
        key=f"undelivered:{what}/{person.id}",
        subject="notice.undelivered_subject",
        text="notice.undelivered",
        case_id=case.id,
        number=case.number,
        link=municipality.case_link(case.id),
    )


@dataclass(frozen=True, slots=True)
class DigestLine:
    """One thing that waits: as it stands in a mail, and as words with a button in a chat."""

    text: str
    words: str
    link: str
    how: str = ""
    about: str = ""  # the case's number, the place, or the step that several share
    named: str = ""  # the numbers and days of several, for a chat


def digest(
    person: Person,
    lines: Sequence[DigestLine],
    count: int,
    today: date,
    municipality: Municipality,
) -> Messages:
    """`count` is of everything that waits, also of what the last lines only count."""
    key = "notice.digest_subject_one" if count == 1 else "notice.digest_subject"
    messages = to_person(
        person,
        municipality,
        key=f"digest:{person.id}/{today.isoformat()}",
        subject=key,
        text="notice.digest",
        purpose=Purpose.DIGEST,
        count=count,
        lines="\n\n".join(line.text for line in lines),
        link=municipality.todo_link(),
    )
    buttons = tuple(
        Button(line.words, line.link, line.how, line.about, line.named) for line in lines
    )
    return tuple(one if one.channel == MAIL else replace(one, buttons=buttons) for one in messages)


def feedback(
    case: Case, reporter: Reporter, municipality: Municipality, answer: Case | None = None
) -> OutboxMessage:
    """What the manager wrote, in the channel that the report came from.

    `answer` is the case with the answer, when the report has been merged into it.
    """
    answer = answer or case
    say = municipality.catalogue.get
    language = reporter.language
    return OutboxMessage(
        dedupe_key=f"case:{case.id}/feedback/{answer.version}",
        channel=reporter.channel,
        recipient=reporter.address,
        subject=say("notice.feedback_subject", language, number=case.number),
        text=say("notice.feedback", language, number=case.number, text=answer.feedback),
        purpose=Purpose.FEEDBACK,
        case_id=case.id,
        language=language,
        automatic=False,
    )


def to_reporter(
    case: Case,
    reporter: Reporter,
    municipality: Municipality,
    name: str,
    *,
    key: str,
    **values: str,
) -> OutboxMessage:
    """Return the message of this name to who reported, with the number; once for each key."""
    say, language = municipality.catalogue.get, reporter.language
    return OutboxMessage(
        dedupe_key=f"case:{case.id}/{key}",
        channel=reporter.channel,
        recipient=reporter.address,
        subject=say(f"notice.{name}_subject", language, number=case.number),
        text=say(f"notice.{name}", language, number=case.number, **values),
        purpose=Purpose.NOTICE,
        case_id=case.id,
        language=language,
    )


def about_case(
    case: Case,
    person: Person,
    municipality: Municipality,
    name: str,
    *,
    key: str,
    purpose: Purpose = Purpose.NOTICE,
    **values: str,
) -> Messages:
    """Return the message of this name about a case, with its number and link; once for each key."""
    return to_person(
        person,
        municipality,
        key=f"case:{case.id}/{key}/{person.id}",
        subject=f"notice.{name}_subject",
        text=f"notice.{name}",
        case_id=case.id,
        purpose=purpose,
        number=case.number,
        link=municipality.case_link(case.id),
        **values,
    )


def to_person(
    person: Person,
    municipality: Municipality,
    *,
    key: str,
    subject: str,
    text: str,
    link: str,
    case_id: str = "",
    alert_id: str = "",
    purpose: Purpose = Purpose.NOTICE,
    **values: object,
) -> Messages:
    """Return the message once for each way that it goes.

    An alert goes by mail and by every chat, each on its own, so that no channel's trouble stops
    it. Everything else goes where the person works: by chat if there is one, else by mail.
    """
    say = municipality.catalogue.get
    chats = [(chat.channel, chat.address) for chat in person.chats]
    ways = [(MAIL, person.email), *chats] if purpose == Purpose.ALERT else chats[:1]
    return tuple(
        OutboxMessage(
            dedupe_key=f"{key}/{channel}",
            channel=channel,
            recipient=address,
            subject=say(subject, person.language, **values),
            text=say(text, person.language, link=link, **values),
            purpose=purpose,
            case_id=case_id,
            language=person.language,
            person_id=person.id,
            alert_id=alert_id,
            link=link,
            text_version=municipality.catalogue.version,
        )
        for channel, address in ways or [(MAIL, person.email)]
    )
