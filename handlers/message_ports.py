"""The stores of messages that are to be sent, of letters and of chats, as protocols."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from handlers.records import ChatMessage, Letter, OutboxMessage, QueuedMessage, StoredAttachment


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


class Letters(Protocol):
    def add(self, letter: Letter, attachments: Iterable[StoredAttachment]) -> None: ...
    def of_case(self, case_id: str) -> Sequence[Letter]: ...
    def attachments_of(self, case_id: str) -> Sequence[StoredAttachment]:
        """Return the files of a case without their content."""
        ...

    def attachment(self, case_id: str, attachment_id: int) -> StoredAttachment | None:
        """Return one file with its content; None when the case has no such file."""
        ...

    def held(self) -> Sequence[datetime]:
        """Return when each mail came in that waits for a person to read it, oldest first."""
        ...

    def case_with_participant(self, case_id: str, address: str) -> bool:
        """Whether the address has written in the case."""
        ...

    def receipts_to(self, address: str, *, since: datetime) -> int:
        """Count receipts to the address, whatever stands behind a plus sign in it."""
        ...


class ChatMessages(Protocol):
    def of_conversation(self, conversation_id: str) -> Sequence[ChatMessage]: ...
