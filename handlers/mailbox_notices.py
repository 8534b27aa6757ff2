"""The messages about a mailbox that cannot be read, and that it can again."""

from datetime import datetime

from handlers import notices
from handlers.domain.deadline import STOCKHOLM
from handlers.domain.people import Person
from handlers.municipality import Municipality


def trouble(
    mailbox: str, person: Person, since: datetime, municipality: Municipality
) -> notices.Messages:
    return _about("mailbox_trouble", mailbox, person, since, municipality)


def recovered(
    mailbox: str, person: Person, since: datetime, municipality: Municipality
) -> notices.Messages:
    return _about("mailbox_recovered", mailbox, person, since, municipality)


def _about(
    kind: str, mailbox: str, person: Person, since: datetime, municipality: Municipality
) -> notices.Messages:
    return notices.to_person(
        person,
        municipality,
        key=f"{kind}:{mailbox}/{since.isoformat()}",
        subject=f"notice.{kind}_subject",
        text=f"notice.{kind}",
        mailbox=mailbox,
        since=since.astimezone(STOCKHOLM).strftime("%Y-%m-%d %H:%M"),
        link=f"{municipality.base_url}/health/ready",
    )
