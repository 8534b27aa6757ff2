"""Outgoing mail: deterministic Message-ID, loop guards, reply token, text with simple HTML."""

import re
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256
from html import escape

from bot.mail.tokens import make_token
from handlers.errors import PermanentDeliveryError
from handlers.records import Purpose, QueuedMessage

LOOP_HEADER = "X-Lotsen-Loop"
LONGEST_LOCAL_PART = 64  # RFC 5321 4.5.3.1.1
_LOCAL_PART = re.compile(r"^[^\s@\"(),:;<>\[\]\\]{1,64}$")
_DOMAIN = re.compile(r"^(?:[A-Za-z0-9_-]{1,63}\.)+[A-Za-z0-9-]{2,63}$")
# What others' programs call a Message-ID; anything else is left out rather than mended.
_MESSAGE_ID = re.compile(r"^[\x21-\x3b\x3d\x3f-\x7e]{1,250}@[\x21-\x3b\x3d\x3f-\x7e]{1,250}$")
_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """Who writes: the municipality's address, name and signing key."""

    address: str
    name: str
    secret: str
    loop_id: str

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


def compose(queued: QueuedMessage, head: Letterhead, sent_at_header: str = "") -> EmailMessage:
    """Return the mail of an outbox row; the same row always gives the same Message-ID.

    A second sending after a crash can so be told from a new mail by every receiver. Raises
    PermanentDeliveryError when the receiver's address cannot be written into a mail.
    """
    message = queued.message
    subject = " ".join(message.subject.split())  # a line end would begin a new header
    mail = EmailMessage(policy=SMTP)
    local, _, domain = head.address.rpartition("@")
    mail["From"] = Address(head.name, local, domain)
    mail["To"] = _receiver(message.recipient)
    mail["Subject"] = subject
    if sent_at_header:
        mail["Date"] = sent_at_header
    mail["Message-ID"] = message_id(queued, head)
    reply_local = f"{local}+{_token(queued, head)}"
    if _token(queued, head) and len(reply_local) <= LONGEST_LOCAL_PART:
        mail["Reply-To"] = Address(head.name, reply_local, domain)
    if _MESSAGE_ID.match(message.in_reply_to):
        mail["In-Reply-To"] = mail["References"] = f"<{message.in_reply_to}>"
    _guard_against_loops(mail, queued, head)
    mail.set_content(message.text)
    mail.add_alternative(_html(subject, message.text, message.language), subtype="html")
    mail["Content-Language"] = message.language  # of the whole; earlier it would go into a part
    return mail


def message_id(queued: QueuedMessage, head: Letterhead) -> str:
    """Return the id with its brackets; bot.mail.nature knows it again when it comes back."""
    key = sha256(f"{head.secret}{queued.message.dedupe_key}".encode()).hexdigest()[:32]
    token = _token(queued, head)
    return f"<lotsen.{key}{f'.{token}' if token else ''}@{head.domain}>"


def _token(queued: QueuedMessage, head: Letterhead) -> str:
    """Return the key to the case for reporters; staff write in the web pages, not by mail."""
    message = queued.message
    return (
        make_token(message.case_id, head.secret)
        if message.case_id and not message.person_id
        else ""
    )


def _guard_against_loops(mail: EmailMessage, queued: QueuedMessage, head: Letterhead) -> None:
    message = queued.message
    kind = "auto-replied" if message.purpose == Purpose.RECEIPT else "auto-generated"
    mail["Auto-Submitted"] = kind if message.automatic else "no"
    if message.automatic:
        mail["X-Auto-Response-Suppress"] = "All"  # Exchange answers no such mail
        mail["Precedence"] = "bulk"
    mail[LOOP_HEADER] = head.loop_id


def _receiver(address: str) -> Address:
    local, _, domain = address.strip().rpartition("@")
    try:
        known = domain.encode("idna").decode("ascii")
        if not _LOCAL_PART.match(local) or not _DOMAIN.match(known):
            raise PermanentDeliveryError("address")
        return Address("", local, known)
    except (ValueError, IndexError, LookupError) as error:  # what email and idna refuse
        raise PermanentDeliveryError("address") from error


def _html(title: str, text: str, language: str) -> str:
    paragraphs = "".join(
        f"<p>{'<br>'.join(_linked(line) for line in part.splitlines())}</p>"
        for part in text.split("\n\n")
    )
    return (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title></head><body>{paragraphs}</body></html>"
    )


def _linked(line: str) -> str:
    pieces = []
    done = 0
    for found in _LINK.finditer(line):
        address = escape(found.group())
        pieces.append(f'{escape(line[done : found.start()])}<a href="{address}">{address}</a>')
        done = found.end()
    return "".join(pieces) + escape(line[done:])
