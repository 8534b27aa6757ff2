"""The header block of a mail or a part of it, read so that no field can stop the reading."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.mail.encoded_words import decode_header_bytes
from bot.mail.limits import MailLimits

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:[ \t]*")
_LINE = re.compile(rb"[^\n]*(?:\n|\Z)")
_BLANK_LINES = re.compile(rb"(?:[ \t]*+\r?\n)*+\r*+")
_MBOX_FROM = re.compile(rb">?From [^\n:]*\S+[^\n]*(?:\n|\Z)")
_KNOWN = re.compile(
    rb"(?:from|to|cc|subject|date|message-id|mime-version|content-[a-z-]+|received|reply-to"
    rb"|return-path|x-[a-z-]+|in-reply-to|references|sender)[ \t]*:",
    re.IGNORECASE,
)
_CONTENT_FIELD = re.compile(rb"content-(?:type|transfer|disposition)[a-z-]*[ \t]*:", re.IGNORECASE)
_LOOK_AHEAD_LINES = 3

NAMELESS = ""  # the name of a line before the first field that is no field

JUNK_IN_HEADER = "header_line_mended"
TOO_MANY_FIELDS = "header_too_large"
NO_BLANK_LINE = "header_without_blank_line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Headers:
    """Fields in the order of the mail; names are lower case, values raw bytes."""

    fields: tuple[tuple[str, bytes], ...]
    charset_hint: str = ""  # of raw 8-bit bytes: what the body says of itself

    def raw(self, name: str) -> bytes:
        """Return the first field of that name that has a value, unfolded but not decoded."""
        return next((value for value in self.raw_all(name) if value.strip()), b"")

    def raw_all(self, name: str) -> Iterator[bytes]:
        return (value for key, value in self.fields if key == name)

    def text(self, name: str) -> str:
        return decode_header_bytes(self.raw(name), self.charset_hint)

    def texts(self, name: str) -> tuple[str, ...]:
        return tuple(decode_header_bytes(value, self.charset_hint) for value in self.raw_all(name))

    def has(self, name: str) -> bool:
        return any(key == name for key, _ in self.fields)

    @property
    def names(self) -> frozenset[str]:
        return frozenset(name for name, _ in self.fields)


@dataclass(slots=True)
class _Reading:
    fields: list[tuple[str, bytearray]]
    faults: set[str]
    position: int


def read_headers(
    data: bytes, limits: MailLimits, *, is_part: bool = False
) -> tuple[Headers, int, frozenset[str]]:
    """Return the fields, where the body begins, and what had to be mended.

    Leading empty lines, of blanks too as some exports have them, and an mbox "From " line are
    passed over. A line that is no field ends the block, as if the blank line had been forgotten,
    unless well-known fields follow at once.
    """
    end = len(data)
    reading = _Reading([], set(), _skip_preface(data, end, is_part=is_part))
    while reading.position < end:
        found = _LINE.match(data, reading.position, end)
        next_line = found.end() if found else end
        line = data[reading.position : min(next_line, reading.position + limits.field_bytes)]
        if not line.strip(b"\r\n"):
            return _finished(reading, next_line)
        if not _take_line(reading, line, data[next_line : next_line + 2_000], limits):
            reading.faults.add(NO_BLANK_LINE)
            return _finished(reading, reading.position)
        reading.position = next_line
    return _finished(reading, end)


def _finished(reading: _Reading, body: int) -> tuple[Headers, int, frozenset[str]]:
    fields = tuple((name, bytes(value).strip()) for name, value in reading.fields)
    return Headers(fields=fields), body, frozenset(reading.faults)


def _skip_preface(data: bytes, end: int, *, is_part: bool) -> int:
    blank = _BLANK_LINES.match(data, 0, end)
    position = blank.end() if blank else 0
    if is_part:  # a blank line says that the part has no header, unless one follows all the same
        return position if _CONTENT_FIELD.match(data, position, end) else 0
    found = _MBOX_FROM.match(data, position, end)
    if found and _FIELD.match(data, found.end(), end):
        return found.end()
    return position if _FIELD.match(data, position, end) else 0


def _take_line(reading: _Reading, line: bytes, following: bytes, limits: MailLimits) -> bool:
    """Return False when the line belongs to the body."""
    if line[:1] in {b" ", b"\t"} and reading.fields:
        value = reading.fields[-1][1]
        if len(value) < limits.field_bytes:
            value += b"\n" + line
        return True
    found = _FIELD.match(line)
    if found:
        if len(reading.fields) < limits.header_fields:
            reading.fields.append(
                (found[1].decode("ascii").lower(), bytearray(line[found.end() :]))
            )
        else:
            reading.faults.add(TOO_MANY_FIELDS)
        return True
    if _MBOX_FROM.match(line) and _FIELD.match(following):
        return True
    if not _header_goes_on(following):
        return False
    reading.faults.add(JUNK_IN_HEADER)
    if reading.fields:
        reading.fields[-1][1].extend(b"\n " + line)
    else:
        reading.fields.append((NAMELESS, bytearray(line)))
    return True


def _header_goes_on(following: bytes) -> bool:
    for line in following.split(b"\n")[:_LOOK_AHEAD_LINES]:
        if not line.strip():
            return False
        if _KNOWN.match(line):
            return True
    return False
