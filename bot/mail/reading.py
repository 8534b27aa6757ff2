"""From the bytes of a mail to what the rest of Lotsen knows of it."""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from bot.mail.addresses import addresses, sender
from bot.mail.attachments import FoundFile, found_file, keep_attachments
from bot.mail.authentication import read_authentication
from bot.mail.bodies import Body, entity_text, read_body
from bot.mail.bounces import BounceEvidence
from bot.mail.calendar_text import calendar_to_text
from bot.mail.charsets import clean_text
from bot.mail.errors import UnreadableMail
from bot.mail.headers import NAMELESS, Headers
from bot.mail.language import guess_language
from bot.mail.limits import MailLimits
from bot.mail.mime import Entity, parse_entity
from bot.mail.nature import find_nature
from bot.mail.phrases import MailPhrases, mail_phrases
from bot.mail.quotes import SplitText, is_reply, split_reply
from bot.mail.tnef import is_tnef, read_tnef
from handlers.domain.mail import IncomingMail, MailAttachment

_MESSAGE_ID = re.compile(r"<([^<>]{1,900})>")
_BARE_ID = re.compile(r"[^\s<>\"]{1,400}@[^\s<>\"]{1,400}")
_ENCRYPTED_TYPES = {"multipart/encrypted", "application/pgp-encrypted"}
_PGP_BLOCK = "-----BEGIN PGP MESSAGE-----"
_SHORT_COVER_NOTE = 40  # characters beside a forwarded mail; the forwarded one is then the matter
_MAX_REFERENCES = 100

NO_SENDER = "no_sender"
NO_DATE = "no_date"
NO_MESSAGE_ID = "no_message_id"
ENCRYPTED = "encrypted"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Content:
    """Everything below the header: text whole, what stood aside, files."""

    text: str
    aside: str
    attachments: tuple[MailAttachment, ...]
    is_encrypted: bool
    faults: frozenset[str]


def read_mail(
    raw: bytes,
    *,
    own_addresses: frozenset[str],
    own_loop_id: str,
    trusted_server: str = "",
    limits: MailLimits | None = None,
) -> IncomingMail:
    """Return what can be read; whatever had to be mended stands in `faults`.

    Raises UnreadableMail when there is nothing at all, and nothing else on any bytes.
    `trusted_server` names the server whose Authentication-Results count.
    """
    if not raw.strip():
        raise UnreadableMail("empty")
    bounds = limits or MailLimits()
    phrases = mail_phrases()
    root, faults = parse_entity(raw, bounds)
    content = _read_content(root, bounds)
    headers = root.headers
    subject = clean_text(" ".join(headers.text("subject").split()))
    address, name = sender(headers)
    references = _references(headers)
    answers = is_reply(subject, has_references=bool(references), phrases=phrases)
    split = _split(content, phrases, is_answer=answers)
    found = find_nature(
        BounceEvidence(
            headers=headers,
            root=root,
            raw=raw,
            sender=address,
            sender_name=name,
            subject=subject,
            text=content.text,
            is_answer=answers,
        ),
        phrases,
        own_addresses=own_addresses,
        own_loop_id=own_loop_id,
    )
    sent_at = _sent_at(headers)
    stated_id = _first_id(headers.text("message-id"))
    missing = {NO_SENDER: not address, NO_DATE: sent_at is None, NO_MESSAGE_ID: not stated_id}
    return IncomingMail(
        message_id=stated_id or f"{hashlib.sha256(raw).hexdigest()[:40]}@no-message-id.invalid",
        sender_address=address,
        sender_name=name,
        reply_to=addresses(headers, "reply-to"),
        recipients=addresses(headers, "to", "cc", "delivered-to", "x-original-to"),
        subject=subject,
        sent_at=sent_at,
        references=references,
        text=split.text,
        folded_text=split.folded,
        attachments=content.attachments,
        nature=found.nature,
        nature_reasons=found.reasons,
        bounced_recipients=found.bounce.recipients,
        bounce_is_permanent=found.bounce.is_permanent,
        authentication=read_authentication(headers, trusted_server),
        language=guess_language(f"{subject}\n{split.text}", phrases),
        encrypted=content.is_encrypted,
        faults=tuple(
            sorted(faults | content.faults | {code for code, is_so in missing.items() if is_so})
        ),
    )


def _read_content(root: Entity, limits: MailLimits) -> _Content:
    body = read_body(root, limits)
    files: list[FoundFile] = []
    texts = [body.text] if body.text else []
    aside = [*_lines_before_header(root.headers), *body.strays]
    for entity in body.attachments:
        file = found_file(entity)
        if is_tnef(file.content):
            packed = read_tnef(file.content)
            files += packed.files
            (aside if texts else texts).append(packed.text)
        elif entity.media_type == "text/calendar":
            (aside if texts else texts).append(calendar_to_text(entity_text(entity, limits, set())))
        files.append(file)
    forwarded = "\n\n".join(
        filter(None, (_attached_mail_text(mail, limits) for mail in body.messages))
    )
    if forwarded:
        is_cover = len("".join(texts).strip()) < _SHORT_COVER_NOTE
        (texts if is_cover else aside).append(forwarded)
    attachments, faults = keep_attachments(files, limits)
    text = "\n\n".join(filter(None, texts))
    is_encrypted = _is_encrypted(root, text)
    return _Content(
        text=text,
        aside="\n\n".join(filter(None, aside)),
        attachments=attachments,
        is_encrypted=is_encrypted,
        faults=frozenset(body.faults | faults | ({ENCRYPTED} if is_encrypted else set())),
    )


def _lines_before_header(headers: Headers) -> list[str]:
    return [text for text in headers.texts(NAMELESS) if text]


def _attached_mail_text(mail: Entity, limits: MailLimits) -> str:
    body: Body = read_body(mail, limits)
    address, name = sender(mail.headers)
    subject = mail.headers.text("subject")
    heading = " ".join(filter(None, (name, f"<{address}>" if address else "")))
    return "\n".join(filter(None, (heading, subject, body.text)))


def _is_encrypted(root: Entity, text: str) -> bool:
    for part in root.walk():
        if part.media_type in _ENCRYPTED_TYPES:
            return True
        is_smime = part.media_type in {"application/pkcs7-mime", "application/x-pkcs7-mime"}
        if (
            is_smime
            and part.parameters.get("smime-type", "enveloped-data").lower() != "signed-data"
        ):
            return True
    return text.lstrip().startswith(_PGP_BLOCK)


def _split(content: _Content, phrases: MailPhrases, *, is_answer: bool) -> SplitText:
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
