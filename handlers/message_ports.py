"""The store of messages that are to be sent, as a protocol."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from handlers.records import OutboxMessage, QueuedMessage


class Outbox(Protocol):
    def add(self, message: OutboxMessage, now: datetime) -> bool:
        """Queue a message; False when one with its key is there already."""
        ...

    def waiting_about(self, case_id: str, number: str) -> Sequence[QueuedMessage]:
        """Return what is to go to staff and is about a case or names it, and is not sent yet."""
        ...

    def rewrite(self, message_id: int, message: OutboxMessage) -> None:
        """Let a message that is not sent yet say something else."""
        ...

    def withdraw(self, message_id: int) -> None:
        """Never send a message that is not sent yet; nobody is told that it did not come."""
        ...
