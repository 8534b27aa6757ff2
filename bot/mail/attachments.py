"""Attachments as records: safe names, types by content, check sums; nothing is opened or run."""

import hashlib
import mimetypes
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from bot.mail.limits import MailLimits
from bot.mail.mime import Entity, decoded_body
from bot.mail.sniffing import archive_note, image_note, sniff_media_type
from handlers.domain.mail import MailAttachment

_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"|?*/\\]')
_RESERVED = re.compile(r"^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
_SIDEWAYS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\ufeff")
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,10}$")
_LONGEST_NAME = 120
_DANGEROUS_ENDINGS = re.compile(
    r"\.(?:exe|com|scr|pif|bat|cmd|ps1|vbs?|jse?|wsf|hta|msi|jar|lnk|reg|dll|cpl|iso|img|vhdx?"
    r"|docm|xlsm|pptm|xll|one|chm|url|html?|svg|xht(?:ml)?|mht(?:ml)?)$",
    re.IGNORECASE,
)
_SHOWN = frozenset(
    {
        "application/pdf",
        "text/plain",
        "text/calendar",
        "text/csv",
        "image/jpeg",
        "image/png",
        "image/gif",
        "image/webp",
        "image/heic",
        "image/tiff",
        "image/bmp",
        "message/rfc822",
        "application/msword",
        "application/rtf",
        "text/rtf",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.oasis.opendocument.text",
        "audio/mpeg",
        "audio/mp4",
        "audio/wav",
        "audio/ogg",
        "video/mp4",
        "video/quicktime",
    }
)

NOTE_DANGEROUS = "attachment_may_do_harm"
NOTE_UNKNOWN_TYPE = "attachment_kept_only"
NOTE_TOO_LARGE = "attachment_too_large"
NOTE_CUT_OFF = "attachment_cut_off"
TOO_MANY = "too_many_attachments"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFile:
    """An attachment before any policy: as the mail, or a file inside the mail, has it."""

    name: str
    media_type: str
    content: bytes
    note: str = ""


def found_file(entity: Entity) -> FoundFile:
    if entity.is_message and entity.children:
        subject = entity.children[0].headers.text("subject")
        return FoundFile(
            name=entity.file_name or f"{subject or 'mail'}.eml",
            media_type="message/rfc822",
            content=decoded_body(entity)[0],
        )
    return FoundFile(
        name=entity.file_name or _name_of_id(entity),
        media_type=entity.media_type,
        content=decoded_body(entity)[0],
        note=NOTE_CUT_OFF if entity.is_cut_off else "",
    )


def keep_attachments(
    files: Iterable[FoundFile], limits: MailLimits
) -> tuple[tuple[MailAttachment, ...], frozenset[str]]:
    """Apply the policy. Everything is kept; `note` says why something is not shown."""
    kept: list[MailAttachment] = []
    taken: set[str] = set()
    faults: set[str] = set()
    for number, file in enumerate(files, start=1):
        if number > limits.attachments:
            faults.add(TOO_MANY)
            break
        media_type = sniff_media_type(file.content, file.media_type, file.name)
        name = _unused(safe_name(file.name, number=number, media_type=media_type), taken)
        kept.append(
            MailAttachment(
                name=name,
                media_type=media_type,
                content=file.content,
                sha256=hashlib.sha256(file.content).hexdigest(),
                note=_note(file, name, media_type, limits),
            )
        )
    return tuple(kept), frozenset(faults)


def safe_name(stated: str, *, number: int, media_type: str) -> str:
    """Return a file name without paths, control signs, direction signs or reserved words."""
    name = re.split(r"[/\\]", stated.strip().rstrip("/\\"))[-1]
    name = "".join(letter for letter in name if letter not in _SIDEWAYS)
    name = unicodedata.normalize("NFC", _NOT_IN_NAMES.sub("_", name))
    name = " ".join(name.split()).strip(" .")
    if not name.strip("_. "):
        return f"bilaga-{number}{mimetypes.guess_extension(media_type) or '.bin'}"
    if _RESERVED.match(name):
        name = f"_{name}"
    ending = _EXTENSION.search(name)
    suffix = ending.group() if ending else ""
    stem = name[: len(name) - len(suffix)]
    return stem[: _LONGEST_NAME - len(suffix)].rstrip() + suffix


def _name_of_id(entity: Entity) -> str:
    location = entity.headers.text("content-location")
    return location.partition("?")[0].rstrip("/").rpartition("/")[2]


def _unused(name: str, taken: set[str]) -> str:
    ending = _EXTENSION.search(name)
    suffix = ending.group() if ending else ""
    stem = name[: len(name) - len(suffix)]
    number = 2
    candidate = name
    while candidate.lower() in taken:
        candidate = f"{stem}-{number}{suffix}"
        number += 1
    taken.add(candidate.lower())
    return candidate


def _note(file: FoundFile, name: str, media_type: str, limits: MailLimits) -> str:
    if len(file.content) > limits.attachment_bytes:
        return NOTE_TOO_LARGE
    bomb = archive_note(file.content, limits) or image_note(file.content, limits)
    if bomb:
        return bomb
    if file.note:
        return file.note
    if _DANGEROUS_ENDINGS.search(name) or media_type in {"application/x-msdownload", "text/html"}:
        return NOTE_DANGEROUS
    return "" if media_type in _SHOWN else NOTE_UNKNOWN_TYPE
