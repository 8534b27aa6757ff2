"""Who writes: the conversation, the person it belongs to, and how to write to them first."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.app import Services
from bot.channels.teams.activities import Activity
from handlers.domain.deadline import local_date
from handlers.domain.people import Organisation
from storage.chat_addresses import KnownChat

CHANNEL = "teams"
DEFAULT_LANGUAGE = "sv"  # whatever language the client has: the work is done in Swedish


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    conversation_id: str  # "teams:<tenant>:<user>"
    person_id: str  # empty for staff without a role here
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What it takes to write to somebody first; stored in chat_addresses.reference."""

    conversation: str  # Teams' id of the private chat
    service_url: str
    user: str  # Teams' id of the person
    language: str = ""  # what the person has chosen; empty: nothing yet
    looked_up_on: str = ""  # the day that the profile was last asked for, ISO

    def to_json(self) -> Mapping[str, str]:
        return {
            "conversation": self.conversation,
            "service_url": self.service_url,
            "user": self.user,
            "language": self.language,
            "looked_up_on": self.looked_up_on,
        }


def reference_of(known: KnownChat) -> Reference:
    stored: Mapping[str, Any] = known.reference
    return Reference(
        conversation=str(stored.get("conversation", "")),
        service_url=str(stored.get("service_url", "")),
        user=str(stored.get("user", "")),
        language=str(stored.get("language", "")),
        looked_up_on=str(stored.get("looked_up_on", "")),
    )


def conversation_id(activity: Activity) -> str:
    return f"{CHANNEL}:{activity.tenant_id}:{activity.user_id}"


def known_chat(services: Services, address: str) -> KnownChat | None:
    with services.unit_of_work(read_only=True) as uow:
        return uow.chat_addresses.find(CHANNEL, address)


def needs_profile(services: Services, known: KnownChat | None) -> bool:
    """Whether to ask Teams for the person's mail address: once a day and person."""
    today = local_date(services.clock()).isoformat()
    return known is None or reference_of(known).looked_up_on != today


def remember(
    services: Services, activity: Activity, known: KnownChat | None, mail: str | None
) -> Caller:
    """Store where the person can be written to; `mail` is None when it was not asked for.

    The person is known by the mail address that the municipality's own directory vouches for.
    """
    now = services.clock()
    before = reference_of(known) if known else None
    asked_on = before.looked_up_on if before else ""
    reference = Reference(
        conversation=activity.conversation.id,
        service_url=activity.service_url,
        user=activity.sender.id,
        language=before.language if before else "",
        looked_up_on=asked_on if mail is None else local_date(now).isoformat(),
    )
    address = conversation_id(activity)
    with services.unit_of_work(read_only=True) as uow:
        organisation = uow.organisation
    person_id = known.person_id if known else ""
    if mail is not None:
        person_id = _person_with(organisation, mail)
    if reference != before or (known and person_id != known.person_id):
        chat = KnownChat(
            channel=CHANNEL, address=address, person_id=person_id, reference=reference.to_json()
        )
        with services.unit_of_work() as uow:  # seldom: a writer keeps all others waiting
            uow.chat_addresses.save(chat, now)
            uow.commit()
    person = organisation.person(person_id) if person_id else None
    language = reference.language or (person.language if person else DEFAULT_LANGUAGE)
    return Caller(conversation_id=address, person_id=person_id, language=language)


def _person_with(organisation: Organisation, mail: str) -> str:
    wanted = mail.casefold()
    return next((p.id for p in organisation.people if wanted and p.email.casefold() == wanted), "")


def choose_language(services: Services, caller: Caller, language: str) -> Caller:
    """Keep the language that somebody has chosen, for everything that follows."""
    with services.unit_of_work() as uow:
        known = uow.chat_addresses.find(CHANNEL, caller.conversation_id)
        if known is not None:
            chosen = {**known.reference, "language": language}
            uow.chat_addresses.save(replace(known, reference=chosen), services.clock())
            uow.commit()
    return replace(caller, language=language)


def forget(services: Services, address: str) -> None:
    with services.unit_of_work() as uow:
        uow.chat_addresses.forget(CHANNEL, address)
        uow.commit()
