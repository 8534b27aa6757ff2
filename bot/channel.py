"""What a channel has to offer for messages that go out."""

from typing import Protocol

from handlers.records import QueuedMessage


class Channel(Protocol):
    def send(self, queued: QueuedMessage) -> None:
        """Deliver one message.

        May be called again with a message that was delivered just before a crash; a channel that
        can tell does nothing then. Raises TemporaryDeliveryError or PermanentDeliveryError.
        """
        ...
