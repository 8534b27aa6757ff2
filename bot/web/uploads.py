"""What a browser sends up: which files are taken, and in which sentence the others are refused.

A file is what its bytes say. Pictures are opened once here, within bounds, so that what is kept
can be shown; nothing is unpacked or run.
"""

from collections.abc import Iterable

from fastapi import UploadFile

from bot.config import Settings
from bot.mail.attachments import FoundFile, keep_attachments
from bot.mail.limits import MailLimits
from bot.mail.sniffing import NOTE_ARCHIVE_BOMB, NOTE_IMAGE_BOMB, sniff_media_type
from bot.pictures import clean_picture, opens
from bot.scene import RefusedFile, UploadedFile

UPLOAD_PATH = "/rapportera/fil"
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})
_TEXT = "text/plain"
_MEGABYTE = 1_000_000


def largest_upload_bytes(settings: Settings) -> int:
    """Return the most that one form with files may weigh, its own lines included."""
    return (settings.upload_files * settings.upload_megabytes + 1) * _MEGABYTE


def read_uploads(
    files: Iterable[UploadFile], settings: Settings, *, anonymous: bool
) -> tuple[tuple[UploadedFile, ...], tuple[RefusedFile, ...]]:
    """Return what is taken and what is not.

    An anonymous reporter's pictures are made anew without what the camera wrote beside them, and
    get a name of ours; other files may name their author and are refused.
    """
    taken: list[UploadedFile] = []
    refused: list[RefusedFile] = []
    for number, file in enumerate(files, 1):
        if not file.filename and not file.size:  # the field was left empty
            continue
        name = file.filename or ""
        found = _read(name, file.file.read(_limit(settings) + 1), settings)
        if isinstance(found, UploadedFile) and anonymous:
            found = _without_traces(found, number)
        if isinstance(found, UploadedFile):
            taken.append(found)
        else:
            refused.append(RefusedFile(name=name[:80], reason=found))
    return tuple(taken), tuple(refused)


def _limit(settings: Settings) -> int:
    return settings.upload_megabytes * _MEGABYTE


def _read(name: str, content: bytes, settings: Settings) -> UploadedFile | str:
    """Return the file, or the key of why it is not taken."""
    if not content:
        return "file.empty"
    if len(content) > _limit(settings):
        return "file.too_large"
    media_type = _type_of(content)
    found = FoundFile(name=name, media_type=media_type, content=content)
    kept, _ = keep_attachments([found], MailLimits())
    bombs = {NOTE_ARCHIVE_BOMB, NOTE_IMAGE_BOMB}
    if kept[0].note in bombs:
        return "file.bomb"
    if kept[0].note or media_type not in settings.upload_media_types:
        return "file.other_type"
    if media_type in PICTURES and not opens(content):
        return "file.unreadable"
    return UploadedFile(name=kept[0].name, media_type=media_type, content=content)


def _type_of(content: bytes) -> str:
    """Return the type by the bytes alone: a browser may state anything."""
    shown = sniff_media_type(content, "", "")
    if shown.startswith(("image/", "application/vnd.", "text/html")) or shown == "application/pdf":
        return shown
    return _TEXT if _is_text(content) else "application/octet-stream"


def _is_text(content: bytes) -> bool:
    if b"\0" in content:
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _without_traces(file: UploadedFile, number: int) -> UploadedFile | str:
    if file.media_type not in PICTURES:
        return "file.not_anonymous"
    content = clean_picture(file.content)
    if content is None:
        return "file.unreadable"
    name = f"bild-{number}.{file.media_type.removeprefix('image/')}"
    return UploadedFile(name=name, media_type=file.media_type, content=content)
