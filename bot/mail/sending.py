"""Handing mail over: to a Maildir in the demo, to an SMTP server in earnest."""

import asyncio
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import aiosmtplib

from bot.mail.maildir import deliver
from handlers.errors import PermanentDeliveryError, TemporaryDeliveryError

TIMEOUT_SECONDS = 30
FIRST_PERMANENT_CODE = 500  # RFC 5321 4.2.1: 4yz is worth another try, 5yz is not
# The server refuses us and not this mail: 530 to 538 ask for a login, 554 greets with "no service".
_OUR_TROUBLE = frozenset({454, 530, 534, 535, 538})


class MailSender(Protocol):
    def send(self, mail: EmailMessage) -> None:
        """Raise TemporaryDeliveryError or PermanentDeliveryError when it is not taken."""
        ...


@dataclass(frozen=True, slots=True)
class MaildirSender:
    """The file is named by the Message-ID, so a second delivery of a mail changes nothing."""

    path: Path

    def send(self, mail: EmailMessage) -> None:
        name = sha256(str(mail["Message-ID"]).encode()).hexdigest()
        try:
            deliver(self.path, _as_bytes(mail), name=name)
        except OSError as error:
            raise TemporaryDeliveryError(type(error).__name__) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpSender:
    """`security` is starttls, tls or none; without the demanded encryption nothing is sent.

    A server that does not let us in, or takes nothing from us, is trouble of the installation: the
    mail waits. Only what it says against this mail or its receiver is final.
    """

    host: str
    port: int
    security: str
    user: str = ""
    password: str = ""
    tls: ssl.SSLContext | None = None  # the machine's own authorities when None

    def send(self, mail: EmailMessage) -> None:
        _as_bytes(mail)
        try:
            asyncio.run(self._send(mail))
        except aiosmtplib.SMTPRecipientsRefused as error:
            codes = [refused.code for refused in error.recipients]
            raise _fault(min(codes, default=FIRST_PERMANENT_CODE)) from error
        except (
            aiosmtplib.SMTPAuthenticationError,
            aiosmtplib.SMTPConnectResponseError,
            aiosmtplib.SMTPHeloError,
            aiosmtplib.SMTPSenderRefused,
        ) as error:
            raise TemporaryDeliveryError(f"smtp {error.code}") from error
        except aiosmtplib.SMTPResponseException as error:
            raise _fault(error.code) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise TemporaryDeliveryError(type(error).__name__) from error

    async def _send(self, mail: EmailMessage) -> None:
        await aiosmtplib.send(
            mail,
            hostname=self.host,
            port=self.port,
            use_tls=self.security == "tls",
            start_tls=self.security == "starttls",
            tls_context=self.tls,
            username=self.user or None,
            password=self.password or None,
            timeout=TIMEOUT_SECONDS,
        )


def _as_bytes(mail: EmailMessage) -> bytes:
    try:
        return mail.as_bytes()
    except UnicodeError as error:  # an address with letters that need SMTPUTF8
        raise PermanentDeliveryError("address") from error


def _fault(code: int) -> TemporaryDeliveryError | PermanentDeliveryError:
    if code >= FIRST_PERMANENT_CODE and code not in _OUR_TROUBLE:
        return PermanentDeliveryError(f"smtp {code}")
    return TemporaryDeliveryError(f"smtp {code}")
