"""winmail.dat (MS-OXTNEF): the text and the files that old Outlooks pack into it."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.mail.attachments import FoundFile
from bot.mail.charsets import decode_bytes
from bot.mail.html_text import html_to_text
from bot.mail.rich_text import rtf_to_text, unpack_rtf

_SIGNATURE = b"\x78\x9f\x3e\x22"
_LEVEL_ATTACHMENT = 2
_MAX_ATTRIBUTES = 5_000
_MAX_PROPERTIES = 2_000
# Attribute ids of MS-OXTNEF 2.1.3.3, low word.
_BODY, _MAPI_PROPERTIES = 0x800C, 0x9003
_RENDERING, _TITLE, _DATA, _ATTACHMENT_PROPERTIES = 0x9002, 0x8010, 0x800F, 0x9005
# Property ids of MS-OXPROPS.
_PR_BODY, _PR_RTF, _PR_HTML = 0x1000, 0x1009, 0x1013
_PR_LONG_NAME, _PR_MIME_TAG = 0x3707, 0x370E
_SIZES = {
    0x0002: 4,
    0x0003: 4,
    0x0004: 4,
    0x000A: 4,
    0x000B: 4,
    0x0005: 8,
    0x0006: 8,
    0x0007: 8,
    0x0014: 8,
    0x0040: 8,
    0x0048: 16,
}
_TEXT_TYPES = {0x001E: "cp1252", 0x001F: "utf-16-le"}
_BINARY_TYPES = {0x0102, 0x000D, *_TEXT_TYPES}


@dataclass(slots=True)
class TnefContent:
    text: str = ""
    files: list[FoundFile] = field(default_factory=list)


@dataclass(slots=True)
class _OpenFile:
    name: str = ""
    media_type: str = "application/octet-stream"
    content: bytes = b""


def is_tnef(content: bytes) -> bool:
    return content.startswith(_SIGNATURE)


def read_tnef(content: bytes) -> TnefContent:
    """Return what can be read; a broken file gives what stands before the damage."""
    result = TnefContent()
    texts: dict[int, str] = {}
    open_file: _OpenFile | None = None
    for level, attribute, data in _attributes(content):
        if level == _LEVEL_ATTACHMENT:
            if attribute == _RENDERING or open_file is None:
                _close(result, open_file)
                open_file = _OpenFile()
            _read_attachment(open_file, attribute, data)
        elif attribute == _BODY:
            texts[_PR_BODY] = decode_bytes(data.rstrip(b"\0"), "cp1252")[0]
        elif attribute == _MAPI_PROPERTIES:
            texts.update(_message_texts(data))
    _close(result, open_file)
    result.text = next((texts[key] for key in (_PR_BODY, _PR_HTML, _PR_RTF) if texts.get(key)), "")
    return result


def _attributes(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    position = 6  # signature and key
    for _ in range(_MAX_ATTRIBUTES):
        if position + 9 > len(content):
            return
        level, attribute, _, length = struct.unpack_from("<BHHI", content, position)
        start = position + 9
        yield level, attribute, content[start : start + length]
        position = start + length + 2  # the check sum


def _read_attachment(file: _OpenFile, attribute: int, data: bytes) -> None:
    if attribute == _TITLE:
        file.name = file.name or decode_bytes(data.rstrip(b"\0"), "cp1252")[0]
    elif attribute == _DATA:
        file.content = data
    elif attribute == _ATTACHMENT_PROPERTIES:
        for key, kind, value in _properties(data):
            if key == _PR_LONG_NAME:
                file.name = _text(kind, value) or file.name
            elif key == _PR_MIME_TAG:
                file.media_type = _text(kind, value).lower() or file.media_type


def _close(result: TnefContent, file: _OpenFile | None) -> None:
    if file is not None and (file.content or file.name):
        result.files.append(
            FoundFile(name=file.name, media_type=file.media_type, content=file.content)
        )


def _message_texts(data: bytes) -> Iterator[tuple[int, str]]:
    for key, kind, value in _properties(data):
        if key == _PR_BODY:
            yield key, _text(kind, value)
        elif key == _PR_HTML:
            yield key, html_to_text(decode_bytes(value, "utf-8")[0])
        elif key == _PR_RTF:
            yield key, rtf_to_text(unpack_rtf(value))


def _text(kind: int, value: bytes) -> str:
    return decode_bytes(value, _TEXT_TYPES.get(kind, "cp1252"))[0].rstrip("\0")


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield (id, type, first value) until the first thing that cannot be measured."""
    position = 4
    for _ in range(_MAX_PROPERTIES):
        if position + 4 > len(data):
            return
        kind, key = struct.unpack_from("<HH", data, position)
        position += 4
        if key >= 0x8000:  # a named property: its name stands between
            position = _after_name(data, position)
        if kind in _SIZES:
            yield key, kind, data[position : position + _SIZES[kind]]
            position += _SIZES[kind]
            continue
        if kind & ~0x1000 not in _BINARY_TYPES or position + 8 > len(data):
            return
        count, length = struct.unpack_from("<II", data, position)
        if count != 1 and not kind & 0x1000:
            return
        yield key, kind & ~0x1000, data[position + 8 : position + 8 + length]
        position += 8 + length + (-length % 4)


def _after_name(data: bytes, position: int) -> int:
    if position + 24 > len(data):
        return len(data)
    is_string = struct.unpack_from("<I", data, position + 16)[0]
    length = struct.unpack_from("<I", data, position + 20)[0]
    return position + 24 + (length + (-length % 4) if is_string else 0)
