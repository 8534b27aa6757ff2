"""Mail as a channel for outgoing messages."""

from dataclasses import dataclass
from email.utils import format_datetime

from bot.app import Services
from bot.config import MailDelivery
from bot.intake import LOOP_ID
from bot.mail.composing import Letterhead, compose
from bot.mail.graph_sending import GraphSender
from bot.mail.mailboxes import GraphMailbox
from bot.mail.microsoft import GRAPH_SCOPE, GraphClient
from bot.mail.sending import MaildirSender, MailSender, SmtpSender
from handlers.errors import ConfigurationFault
from handlers.ports import Clock
from handlers.records import QueuedMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class MailChannel:
    head: Letterhead
    sender: MailSender
    clock: Clock

    def send(self, queued: QueuedMessage) -> None:
        self.sender.send(compose(queued, self.head, format_datetime(self.clock())))


def build_mail_channel(services: Services) -> MailChannel:
    settings = services.settings
    head = Letterhead(
        address=settings.mail_address,
        name=settings.municipality_name,
        secret=services.secret,
        loop_id=LOOP_ID,
    )
    return MailChannel(head=head, sender=_sender(services), clock=services.clock)


def _sender(services: Services) -> MailSender:
    settings = services.settings
    if settings.mail_delivery == MailDelivery.MAILDIR:
        return MaildirSender(settings.sent_maildir)
    if settings.mail_delivery == MailDelivery.GRAPH:
        return _graph_sender(services)
    return SmtpSender(
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=settings.smtp_security,
        user=settings.smtp_user,
        password=settings.smtp_password.get_secret_value(),
    )


def _graph_sender(services: Services) -> GraphSender:
    """Send as the first of our Microsoft 365 mailboxes, best the one of the sender's address."""
    ours = [one for one in services.mailboxes if isinstance(one, GraphMailbox)]
    own = services.settings.mail_address
    ours.sort(key=lambda one: one.address.lower() != own.lower())
    if not ours:
        raise ConfigurationFault(
            f"{services.settings.mailboxes}: ingen brevlåda med kind = graph, "
            "fast LOTSEN_MAIL_DELIVERY är graph."
        )
    client = GraphClient(ours[0].microsoft.tokens(GRAPH_SCOPE))
    return GraphSender(client, user=ours[0].address)
