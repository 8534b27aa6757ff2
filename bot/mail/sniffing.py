"""What a file is by its first bytes, and whether it would unfold into something enormous."""

import io
import re
import struct
import zipfile
from zlib import error as ZlibError  # noqa: N812 - a class with a lower-case name

import puremagic

from bot.mail.limits import MailLimits

_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF-", "application/pdf"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftyphei", "image/heic"),
    (4, b"ftypmif1", "image/heic"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftyp", "video/mp4"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (8, b"WAVE", "audio/wav"),
    (0, b"MZ", "application/x-msdownload"),
    (0, b"\x7fELF", "application/x-executable"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"Rar!", "application/vnd.rar"),
    (0, b"7z\xbc\xaf", "application/x-7z-compressed"),
)
_OFFICE = "application/vnd.openxmlformats-officedocument."
_IN_ZIP: tuple[tuple[bytes, str], ...] = (
    (b"word/", f"{_OFFICE}wordprocessingml.document"),
    (b"xl/", f"{_OFFICE}spreadsheetml.sheet"),
    (b"ppt/", f"{_OFFICE}presentationml.presentation"),
    (b"mimetypeapplication/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_ENDINGS = {".xls": "application/vnd.ms-excel", ".ppt": "application/vnd.ms-powerpoint"}
_ACTIVE_TEXT = re.compile(rb"\s*(?:<!doctype html|<html|<script|<svg|<\?xml[^>]*>\s*<svg)", re.I)
_JPEG_SIZE = re.compile(rb"\xff[\xc0-\xc3\xc5-\xc7\xc9-\xcb\xcd-\xcf]..(?:.)(..)(..)", re.DOTALL)

NOTE_ARCHIVE_BOMB = "attachment_unpacks_too_large"
NOTE_IMAGE_BOMB = "attachment_image_too_large"


def sniff_media_type(content: bytes, declared: str, name: str) -> str:
    """Return the type that the content shows; the declared one when it shows none."""
    for offset, magic, media_type in _MAGIC:
        if content.startswith(magic, offset):
            return media_type
    if content.startswith(b"PK\x03\x04"):
        return _in_zip(content)
    if content.startswith(_OLE):
        return _OLE_ENDINGS.get(name[-4:].lower(), "application/msword")
    if _ACTIVE_TEXT.match(content[:2_000]):
        return "image/svg+xml" if b"<svg" in content[:2_000].lower() else "text/html"
    if declared in {"", "application/octet-stream"}:
        return _guess(content, name)
    return declared


def archive_note(content: bytes, limits: MailLimits) -> str:
    """Return a note when a ZIP says that it unpacks to too much; nothing is unpacked."""
    if not content.startswith(b"PK\x03\x04"):
        return ""
    if content.count(b"PK\x01\x02") > limits.archive_entries:
        return NOTE_ARCHIVE_BOMB
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, struct.error, ZlibError):
        return ""
    too_much = unpacked > limits.unpacked_bytes
    too_dense = unpacked > 10_000_000 and unpacked > len(content) * limits.unpacked_ratio
    return NOTE_ARCHIVE_BOMB if too_much or too_dense else ""


def image_note(content: bytes, limits: MailLimits) -> str:
    """Return a note when the picture's own header says that it is larger than a screen can use."""
    width, height = _image_size(content)
    return NOTE_IMAGE_BOMB if width * height > limits.image_pixels else ""


def _image_size(content: bytes) -> tuple[int, int]:
    head = content[:200_000]
    try:
        if head.startswith(b"\x89PNG"):
            return struct.unpack_from(">II", head, 16)
        if head.startswith(b"GIF8"):
            return struct.unpack_from("<HH", head, 6)
        if head.startswith(b"BM"):
            width, height = struct.unpack_from("<ii", head, 18)
            return abs(width), abs(height)
    except struct.error:
        return 0, 0
    found = _JPEG_SIZE.search(head) if head.startswith(b"\xff\xd8\xff") else None
    if found is None:
        return 0, 0
    return int.from_bytes(found[2], "big"), int.from_bytes(found[1], "big")


def _in_zip(content: bytes) -> str:
    sample = content[:4_000] + content[-8_000:]
    return next((kind for mark, kind in _IN_ZIP if mark in sample), "application/zip")


def _guess(content: bytes, name: str) -> str:
    if not content:
        return "application/octet-stream"
    try:
        guessed = puremagic.from_string(content[:8_000], mime=True, filename=name)
    except (puremagic.PureError, ValueError, LookupError, TypeError, OSError):
        guessed = ""
    return str(guessed) or "application/octet-stream"
