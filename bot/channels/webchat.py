"""Conversations that Lotsen keeps itself: the web chat and the terminal."""

from dataclasses import dataclass

from bot.app import Services
from handlers.records import QueuedMessage


@dataclass(frozen=True, slots=True)
class StoredConversation:
    """Puts a message into the conversation's own table, where its page shows it."""

    services: Services

    def send(self, queued: QueuedMessage) -> None:
        with self.services.unit_of_work() as uow:
            uow.outbox.deliver_to_conversation(queued, self.services.clock())
            uow.commit()
