"""One incoming mail as the rest of Lotsen sees it; how it is read out of bytes is in bot/mail."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class MailNature(StrEnum):
    """Who or what wrote the mail; only PERSONAL is ever answered."""

    PERSONAL = "personal"
    AUTOMATIC = "automatic"  # out-of-office, receipts, notices from systems
    BOUNCE = "bounce"  # delivery reports, also delayed ones
    LIST = "list"  # mailing lists and newsletters
    OWN = "own"  # sent by this installation and come back


class CheckResult(StrEnum):
    """SPF, DKIM or DMARC as the receiving server stated it (RFC 8601)."""

    PASSED = "pass"
    FAILED = "fail"
    NONE = "none"


class SenderRole(StrEnum):
    """In what capacity somebody writes, as far as address and words tell."""

    UNKNOWN = "unknown"
    RELATIVE = "relative"
    CARED_FOR = "cared_for"
    STAFF = "staff"  # our own; meant for the form for deviations
    PROVIDER = "provider"  # other care: a region, a private provider
    AUTHORITY = "authority"  # IVO, Patientnämnden, JO ...


@dataclass(frozen=True, slots=True, kw_only=True)
class MailAttachment:
    name: str  # safe to show and to store under; never a path
    media_type: str  # as sniffed from the content, else as declared
    content: bytes
    sha256: str  # hex
    note: str = ""  # text key: why it is only kept and not shown, empty when it is


@dataclass(frozen=True, slots=True, kw_only=True)
class MailAuthentication:
    spf: CheckResult = CheckResult.NONE
    dkim: CheckResult = CheckResult.NONE
    dmarc: CheckResult = CheckResult.NONE

    @property
    def failed(self) -> bool:
        """Whether the address was only used: it acts in no case and gets no answer.

        Where a domain has a DMARC policy, that decides. Forwarding breaks SPF; then a signature
        that holds speaks for the sender.
        """
        if self.dmarc is not CheckResult.NONE:
            return self.dmarc is CheckResult.FAILED
        return self.spf is CheckResult.FAILED and self.dkim is not CheckResult.PASSED


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingMail:
    """`text` and `folded_text` together hold every word of the sender; nothing is dropped."""

    message_id: str  # without angle brackets; made from the bytes' hash when the mail has none
    sender_address: str  # lower case; empty when the mail states none
    sender_name: str
    reply_to: tuple[str, ...]
    recipients: tuple[str, ...]  # To and Cc and Delivered-To, lower case
    subject: str
    sent_at: datetime | None  # aware UTC; what the sender's clock said
    references: tuple[str, ...]  # In-Reply-To first, then References from the newest
    text: str  # the new text
    folded_text: str  # quoted history and signature, kept
    attachments: tuple[MailAttachment, ...]
    nature: MailNature
    nature_reasons: tuple[str, ...]  # header or rule that decided, without its content
    bounced_recipients: tuple[str, ...]  # for BOUNCE: whom it could not reach, lower case
    bounce_is_permanent: bool
    authentication: MailAuthentication
    language: str  # "sv" or "en": how it is answered
    encrypted: bool  # S/MIME or PGP that cannot be read here
    faults: tuple[str, ...]  # what was wrong with the bytes and mended; codes, no content
    is_readable: bool = True  # the model knows its language

    @property
    def has_words(self) -> bool:
        return bool(self.subject.strip() or self.text.strip())

    @property
    def has_message_id(self) -> bool:
        """Whether the sender gave it one that an answer can name."""
        return not self.message_id.endswith("@no-message-id.invalid")
