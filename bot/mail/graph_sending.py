"""Handing mail over to Exchange Online through Microsoft Graph."""

import base64
from email.message import EmailMessage
from urllib.parse import quote

from bot.mail.errors import MailboxTrouble
from bot.mail.microsoft import GraphAnswer, GraphClient
from handlers.errors import DeliveryError, PermanentDeliveryError, TemporaryDeliveryError

_ACCEPTED = 202
# Graph says 400 for what is wrong with this mail; 401 to 404 are trouble of the installation.
_OF_THE_MAIL = frozenset({400, 413, 422})


class GraphSender:
    """Sends the mail as MIME, so that our header fields go out as they are."""

    def __init__(self, client: GraphClient, *, user: str) -> None:
        self._client = client
        self._path = f"/users/{quote(user, safe='@')}/sendMail"

    def send(self, mail: EmailMessage) -> None:
        """Raise TemporaryDeliveryError or PermanentDeliveryError when it is not taken."""
        try:
            content = base64.b64encode(mail.as_bytes())
        except UnicodeError as error:
            raise PermanentDeliveryError("address") from error
        try:
            answer = self._client.call(
                "POST", self._path, content=content, headers={"Content-Type": "text/plain"}
            )
        except MailboxTrouble as trouble:
            raise TemporaryDeliveryError(trouble.code) from trouble
        if answer.status != _ACCEPTED:
            raise _fault(answer)


def _fault(answer: GraphAnswer) -> DeliveryError:
    if answer.status in _OF_THE_MAIL:
        return PermanentDeliveryError(f"graph {answer.status}")
    return TemporaryDeliveryError(f"graph {answer.status}", answer.retry_after)
