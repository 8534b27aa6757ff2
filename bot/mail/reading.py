"""From the bytes of a mail to what the rest of Lotsen knows of it."""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from bot.mail.addresses import addresses, sender
from bot.mail.authentication import read_authentication
from bot.mail.bounces import BounceEvidence, returned_ids
from bot.mail.charsets import clean_text
from bot.mail.contents import Content, read_content
from bot.mail.errors import UnreadableMail
from bot.mail.headers import Headers
from bot.mail.language import guess_language, is_readable
from bot.mail.limits import MailLimits
from bot.mail.mime import parse_entity
from bot.mail.nature import NatureFinding, find_nature
from bot.mail.phrases import MailPhrases, mail_phrases
from bot.mail.quotes import SplitText, is_reply, split_reply
from handlers.domain.mail import IncomingMail, MailAuthentication, MailNature
from handlers.domain.text import composed

_MESSAGE_ID = re.compile(r"<([^<>]{1,900})>")
_BARE_ID = re.compile(r"[^\s<>\"]{1,400}@[^\s<>\"]{1,400}")
_MAX_REFERENCES = 100

NO_SENDER = "no_sender"
NO_DATE = "no_date"
NO_MESSAGE_ID = "no_message_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Envelope:
    """What the header says, read and mended."""

    message_id: str
    sender_address: str
    sender_name: str
    reply_to: tuple[str, ...]
    recipients: tuple[str, ...]
    subject: str
    sent_at: datetime | None
    references: tuple[str, ...]
    authentication: MailAuthentication
    faults: frozenset[str]


def read_mail(
    raw: bytes,
    *,
    own_addresses: frozenset[str],
    own_loop_id: str,
    trusted_server: str = "",
    language: str = "sv",
    limits: MailLimits | None = None,
) -> IncomingMail:
    """Return what can be read; whatever had to be mended stands in `faults`.

    Raises UnreadableMail when there is nothing at all, and nothing else on any bytes.
    `trusted_server` names the server whose Authentication-Results count, `language` the one of mail
    whose words could be in either.
    """
    if not raw.strip():
        raise UnreadableMail("empty")
    bounds = limits or MailLimits()
    phrases = mail_phrases()
    root, faults = parse_entity(raw, bounds)
    content = read_content(root, bounds)
    envelope = _read_envelope(root.headers, raw, trusted_server)
    referring = bool(envelope.references)
    is_answer = is_reply(envelope.subject, has_references=referring, phrases=phrases)
    evidence = BounceEvidence(
        headers=root.headers,
        root=root,
        raw=raw,
        sender=envelope.sender_address,
        sender_name=envelope.sender_name,
        subject=envelope.subject,
        text=content.text,
        is_answer=is_answer,
    )
    found = find_nature(evidence, phrases, own_addresses=own_addresses, own_loop_id=own_loop_id)
    split = _split(content, phrases, is_answer=is_answer)
    returned = returned_ids(root, content.text) if found.nature is MailNature.BOUNCE else ()
    language = guess_language(f"{envelope.subject}\n{split.text}", phrases, language)
    mail = _assembled(envelope, content, split, found, returned, language, faults)
    return replace(mail, is_readable=is_readable(split.text, phrases))


def _assembled(
    envelope: _Envelope,
    content: Content,
    split: SplitText,
    found: NatureFinding,
    returned: tuple[str, ...],
    language: str,
    faults: frozenset[str],
) -> IncomingMail:
    return IncomingMail(
        message_id=envelope.message_id,
        sender_address=envelope.sender_address,
        sender_name=envelope.sender_name,
        reply_to=envelope.reply_to,
        recipients=envelope.recipients,
        subject=envelope.subject,
        sent_at=envelope.sent_at,
        # With the ids of the returned mails a report finds its way to the case it is about.
        references=tuple(dict.fromkeys([*envelope.references, *returned])),
        text=split.text,
        folded_text=split.folded,
        attachments=content.attachments,
        nature=found.nature,
        nature_reasons=found.reasons,
        bounced_recipients=found.bounce.recipients,
        bounce_is_permanent=found.bounce.is_permanent,
        authentication=envelope.authentication,
        language=language,
        encrypted=content.is_encrypted,
        faults=tuple(sorted(faults | content.faults | envelope.faults)),
    )


def _read_envelope(headers: Headers, raw: bytes, trusted_server: str) -> _Envelope:
    address, name = sender(headers)
    sent_at = _sent_at(headers)
    stated_id = _first_id(headers.text("message-id"))
    missing = {NO_SENDER: not address, NO_DATE: sent_at is None, NO_MESSAGE_ID: not stated_id}
    return _Envelope(
        message_id=stated_id or f"{hashlib.sha256(raw).hexdigest()[:40]}@no-message-id.invalid",
        sender_address=address,
        sender_name=name,
        reply_to=addresses(headers, "reply-to"),
        recipients=addresses(headers, "to", "cc", "delivered-to", "x-original-to"),
        subject=composed(clean_text(" ".join(headers.text("subject").split()))),
        sent_at=sent_at,
        references=_references(headers),
        authentication=read_authentication(headers, trusted_server),
        faults=frozenset(code for code, is_so in missing.items() if is_so),
    )


def _split(content: Content, phrases: MailPhrases, *, is_answer: bool) -> SplitText:
    whole = SplitText(text=content.text.strip("\n"), folded="")
    split = split_reply(content.text, phrases) if is_answer else whole
    folded = "\n\n".join(filter(None, (split.folded, content.aside)))
    if not split.text.strip() and folded:  # only strays: better shown than hidden
        return SplitText(text=folded, folded="")
    return SplitText(text=split.text, folded=folded)


def _references(headers: Headers) -> tuple[str, ...]:
    answered = _ids(headers.text("in-reply-to"))
    thread = reversed(_ids(headers.text("references")))
    return tuple(dict.fromkeys([*answered, *thread]))[:_MAX_REFERENCES]


def _ids(text: str) -> list[str]:
    bracketed = _MESSAGE_ID.findall(text)
    return [_tidy_id(found) for found in bracketed or _BARE_ID.findall(text)]


def _first_id(text: str) -> str:
    found = _ids(text)
    return found[0] if found else _tidy_id(text)[:400]


def _tidy_id(text: str) -> str:
    return "".join(text.split()).strip("<>")


def _sent_at(headers: Headers) -> datetime | None:
    for text in headers.texts("date"):
        try:
            moment = parsedate_to_datetime(text[:200])
            aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            return aware.astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None
