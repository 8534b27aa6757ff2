"""A chat that sometimes takes nothing for some hours; what it takes is kept in the store."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from bot.app import Services
from bot.channels.webchat import StoredConversation
from handlers.domain.people import Organisation
from handlers.errors import TemporaryDeliveryError
from handlers.records import QueuedMessage
from storage.chat_addresses import KnownChat
from storage.unit_of_work import SqlUnitOfWork

CHANNEL = "slack"
_DAYS_OF_MONTH = 30
_LONGEST_HOURS = 30


@dataclass(slots=True)
class UnsteadyChat:
    """`refused` counts the messages that it did not take."""

    services: Services
    outages: tuple[tuple[datetime, datetime], ...]
    refused: int = field(default=0, init=False)

    def send(self, queued: QueuedMessage) -> None:
        now = self.services.clock()
        if any(begins <= now < ends for begins, ends in self.outages):
            self.refused += 1
            raise TemporaryDeliveryError("the chat takes nothing now")
        StoredConversation(self.services).send(queued)


def outages(
    first: datetime, days: int, a_month: float, random: Random
) -> Iterator[tuple[datetime, datetime]]:
    for day in range(days):
        if random.random() < a_month / _DAYS_OF_MONTH:
            begins = first + timedelta(days=day, hours=random.uniform(0, 24))
            yield begins, begins + timedelta(hours=random.uniform(1, _LONGEST_HOURS))


def open_chats(
    uow: SqlUnitOfWork, organisation: Organisation, share: float, now: datetime, random: Random
) -> None:
    """Give a share of the people a private conversation in the chat."""
    for person in organisation.people:
        if random.random() < share:
            address = f"{CHANNEL}:{person.id}"
            known = KnownChat(channel=CHANNEL, address=address, person_id=person.id, reference={})
            uow.chat_addresses.save(known, now)
