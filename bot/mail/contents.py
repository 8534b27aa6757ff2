"""Everything below the header of a mail: its text whole, what stood aside, its files."""

from dataclasses import dataclass

from bot.mail.addresses import sender
from bot.mail.attachments import FoundFile, found_file, keep_attachments
from bot.mail.bodies import Body, entity_text, read_body
from bot.mail.calendar_text import calendar_to_text
from bot.mail.headers import NAMELESS, Headers
from bot.mail.limits import MailLimits
from bot.mail.mime import Entity
from bot.mail.tnef import is_tnef, read_tnef
from handlers.domain.mail import MailAttachment
from handlers.domain.text import composed

_ENCRYPTED_TYPES = {"multipart/encrypted", "application/pgp-encrypted"}
_PGP_BLOCK = "-----BEGIN PGP MESSAGE-----"
_SHORT_COVER_NOTE = 40  # characters beside a forwarded mail; the forwarded one is then the matter

ENCRYPTED = "encrypted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    text: str
    aside: str  # kept, and shown folded
    attachments: tuple[MailAttachment, ...]
    is_encrypted: bool
    faults: frozenset[str]


def read_content(root: Entity, limits: MailLimits) -> Content:
    body = read_body(root, limits)
    texts = [body.text] if body.text else []
    aside = [*_lines_before_header(root.headers), *body.strays]
    files: list[FoundFile] = []
    for entity in body.attachments:
        text, packed = _opened(entity, limits)
        (aside if texts else texts).append(text)
        files += packed
    forwarded = "\n\n".join(
        filter(None, (_attached_mail_text(mail, limits) for mail in body.messages))
    )
    is_cover = len("".join(texts).strip()) < _SHORT_COVER_NOTE
    (texts if is_cover else aside).append(forwarded)
    attachments, faults = keep_attachments(files, limits)
    text = "\n\n".join(filter(None, texts))
    is_encrypted = _is_encrypted(root, text)
    return Content(
        text=composed(text),
        aside=composed("\n\n".join(filter(None, aside))),
        attachments=attachments,
        is_encrypted=is_encrypted,
        faults=frozenset(body.faults | faults | ({ENCRYPTED} if is_encrypted else set())),
    )


def _opened(entity: Entity, limits: MailLimits) -> tuple[str, list[FoundFile]]:
    """Return the text inside an attachment that is made to be read, and the files it holds."""
    file = found_file(entity)
    if is_tnef(file.content):
        packed = read_tnef(file.content)
        return packed.text, [*packed.files, file]
    if entity.media_type == "text/calendar":
        return calendar_to_text(entity_text(entity, limits, set())), [file]
    return "", [file]


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
