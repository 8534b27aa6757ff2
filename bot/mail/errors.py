"""What can go wrong with a mail or a mailbox, beyond the errors that the core knows."""

from handlers.errors import LotsenError


class UnreadableMail(LotsenError):
    """There is nothing in the bytes to show; whoever stored them keeps them as they are."""


class MailboxTrouble(LotsenError):
    """The mailbox cannot be read just now; the next round tries again.

    `code` is a short machine word for health pages and logs and holds no content.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
