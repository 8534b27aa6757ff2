"""Mail as a channel for outgoing messages."""

from dataclasses import dataclass
from email.utils import format_datetime

from bot.app import Services
from bot.config import MailDelivery
from bot.intake import LOOP_ID
from bot.mail.composing import Letterhead, compose
from bot.mail.sending import MaildirSender, MailSender, SmtpSender
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
    return SmtpSender(
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=settings.smtp_security,
        user=settings.smtp_user,
        password=settings.smtp_password.get_secret_value(),
    )
