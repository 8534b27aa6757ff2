"""Outgoing mail: deterministic Message-ID, loop guards, reply token, text with simple HTML."""

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256
from html import escape

from bot.mail.tokens import make_token
from handlers.records import QueuedMessage

LOOP_HEADER = "X-Lotsen-Loop"


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

    A second sending after a crash can so be told from a new mail by every receiver.
    """
    message = queued.message
    mail = EmailMessage(policy=SMTP)
    local, _, domain = head.address.rpartition("@")
    mail["From"] = Address(head.name, local, domain)
    mail["To"] = message.recipient
    mail["Subject"] = message.subject
    if sent_at_header:
        mail["Date"] = sent_at_header
    mail["Message-ID"] = message_id(queued, head)
    if message.case_id and not message.person_id:
        token = make_token(message.case_id, head.secret)
        mail["Reply-To"] = Address(head.name, f"{local}+{token}", domain)
    mail["Auto-Submitted"] = "auto-generated" if message.automatic else "no"
    if message.automatic:
        mail["X-Auto-Response-Suppress"] = "All"  # Exchange answers no such mail
        mail["Precedence"] = "bulk"
    mail[LOOP_HEADER] = head.loop_id
    mail["Content-Language"] = message.language
    mail.set_content(message.text)
    mail.add_alternative(_html(message.subject, message.text, message.language), subtype="html")
    return mail


def message_id(queued: QueuedMessage, head: Letterhead) -> str:
    message = queued.message
    key = sha256(f"{head.secret}{message.dedupe_key}".encode()).hexdigest()[:32]
    token = ""
    if message.case_id and not message.person_id:
        token = f".{make_token(message.case_id, head.secret)}"
    return f"<{key}{token}@{head.domain}>"


def _html(title: str, text: str, language: str) -> str:
    paragraphs = "".join(
        f"<p>{'<br>'.join(escape(line) for line in part.splitlines())}</p>"
        for part in text.split("\n\n")
    )
    return (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title></head><body>{paragraphs}</body></html>"
    )
