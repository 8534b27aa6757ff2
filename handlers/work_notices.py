"""Messages about the work in a case: invitations, chasers, patterns, people who are not told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from handlers.case_records import Exchange, Track
from handlers.domain.case import Case
from handlers.domain.people import Person
from handlers.municipality import Municipality
from handlers.notices import MAIL, Messages, about_case, to_person
from handlers.records import Alert, OutboxMessage, Purpose
from handlers.references import is_number


def invited(
    case: Case, person: Person, municipality: Municipality, *, key: str = "invited"
) -> Messages:
    return about_case(case, person, municipality, "invited", key=key, purpose=Purpose.INVITATION)


def advice(case: Case, question_id: str, person: Person, municipality: Municipality) -> Messages:
    return about_case(case, person, municipality, "advice", key=f"advice/{question_id}")


def advice_answered(
    case: Case, question_id: str, person: Person, municipality: Municipality
) -> Messages:
    key = f"advice-answer/{question_id}"
    return about_case(case, person, municipality, "advice_answered", key=key)


def reopened(case: Case, person: Person, municipality: Municipality) -> Messages:
    return about_case(case, person, municipality, "reopened", key=f"reopened/{case.version}")


def proposal(case: Case, person: Person, municipality: Municipality, *, what: str) -> Messages:
    """Somebody has asked for a second pair of eyes on an end without an investigation."""
    return about_case(case, person, municipality, what, key=f"dismissal/{case.version}")


def proposal_ended(case: Case, person: Person, municipality: Municipality) -> Messages:
    """More has come in a case that somebody wanted to end without an investigation."""
    key = f"proposal_ended/{case.version}"
    return about_case(case, person, municipality, "proposal_ended", key=key)


def provider_step(case: Case, track: Track, person: Person, municipality: Municipality) -> Messages:
    """A private provider has taken a step of its own lex Sarah."""
    step = municipality.catalogue.get(f"provider_sarah.{track.step}", person.language)
    key = f"track/{track.id}/{track.step}"
    return about_case(case, person, municipality, "provider_step", key=key, step=step)


def track_ended(case: Case, track: Track, person: Person, municipality: Municipality) -> Messages:
    """The case goes on; a track that is ended once more after a step taken back is told anew."""
    key = f"ended/{track.id}/{case.version}"
    return about_case(case, person, municipality, "track_ended", key=key)


def chaser(case: Case, exchange: Exchange, times: int, municipality: Municipality) -> OutboxMessage:
    """Ask another organisation for its answer: our number, theirs, and the day, nothing more."""
    key, sent_on = f"chaser/{times}", exchange.sent_on.isoformat()
    return _to_organisation(case, exchange, municipality, "chaser", key, sent_on=sent_on)


def our_answer(case: Case, exchange: Exchange, municipality: Municipality) -> OutboxMessage:
    """What we have found, to whoever sent us the deviation; nothing about a person stands in it."""
    letter = _to_organisation(
        case, exchange, municipality, "our_answer", "answer", answer=exchange.answer
    )
    return replace(letter, purpose=Purpose.FEEDBACK)


def _to_organisation(
    case: Case, exchange: Exchange, municipality: Municipality, name: str, key: str, **values: str
) -> OutboxMessage:
    """Return a notice by mail to the organisation that has sent us an event, or been sent one.

    What stands as its number and is none, from before that was asked, stays with us.
    """
    say, number = municipality.catalogue.get, case.number
    theirs = exchange.reference if is_number(exchange.reference, municipality) else ""
    text = say(
        f"notice.{name}",
        "sv",
        number=number,
        reference=theirs or "–",
        contact=municipality.contact,
        municipality=municipality.name,
        **values,
    )
    return OutboxMessage(
        dedupe_key=f"exchange:{exchange.id}/{key}",
        channel=MAIL,
        recipient=exchange.address,
        subject=say(f"notice.{name}_subject", "sv", number=number),
        text=text,
        purpose=Purpose.NOTICE,
        case_id=case.id,
    )


def unit_answered(
    case: Case, exchange: Exchange, person: Person, municipality: Municipality
) -> Messages:
    """Our answer to a unit of ours is read in the case."""
    key = f"exchange/{exchange.id}/answer"
    return about_case(case, person, municipality, "unit_answered", key=key)


def unit_reminded(
    case: Case, exchange: Exchange, person: Person, municipality: Municipality
) -> Messages:
    key, due_on = f"exchange/{exchange.id}/{exchange.chased_times}", exchange.due_on.isoformat()
    return about_case(case, person, municipality, "unit_reminded", key=key, due_on=due_on)


def late_exchange(
    case: Case, exchange: Exchange, times: int, person: Person, municipality: Municipality
) -> Messages:
    return to_person(
        person,
        municipality,
        key=f"exchange:{exchange.id}/late/{times}/{person.id}",
        subject=f"notice.late_{exchange.direction}_subject",
        text=f"notice.late_{exchange.direction}",
        case_id=case.id,
        number=case.number,
        due_on=exchange.due_on.isoformat(),
        link=municipality.case_link(case.id),
    )


def patterns(person: Person, count: int, week: str, municipality: Municipality) -> Messages:
    return to_person(
        person,
        municipality,
        key=f"patterns:{week}/{person.id}",
        subject="notice.patterns_subject",
        text="notice.patterns",
        count=count,
        link=municipality.patterns_link(),
    )


def uninformed(
    person: Person, cases: Sequence[Case], today: date, municipality: Municipality
) -> Messages:
    return to_person(
        person,
        municipality,
        key=f"uninformed:{today.isoformat()}/{person.id}",
        subject="notice.uninformed_subject",
        text="notice.uninformed",
        numbers=", ".join(case.number for case in cases),
        link=municipality.list_link(),
    )


def shown_to_unit(case: Case, person: Person, municipality: Municipality) -> Messages:
    """A case that was hidden from its unit is the unit's from now on."""
    return to_person(
        person,
        municipality,
        key=f"case:{case.id}/shown/{case.version}/{person.id}",
        subject="notice.new_case_subject",
        text="notice.new_case",
        case_id=case.id,
        number=case.number,
        target_on=case.due_on.isoformat(),
        link=municipality.case_link(case.id),
    )


def nobody_takes(found: Alert, person: Person, municipality: Municipality) -> Messages:
    """Everybody who could take an alert is away; nothing is said of what it is about."""
    return to_person(
        person,
        municipality,
        key=f"nobody:{found.case_id or found.draft_id}/{found.step}/{person.id}",
        subject="notice.nobody_takes_subject",
        text="notice.nobody_takes",
        link=municipality.staff_link(),
    )
