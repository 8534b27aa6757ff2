"""RTF to text, and the packing that Outlook puts around it (MS-OXRTFCP)."""

import re
import struct

from bot.mail.charsets import clean_text
from bot.mail.html_text import html_to_text

_PACKED, _STORED = b"LZFu", b"MELA"
_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss "
    b"\\fmodern \\fscript "
    b"\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl"
    b"\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_RING = 4096
_MAX_TEXT = 4_000_000
_TOKEN = re.compile(
    r"\\'([0-9a-fA-F]{2})|\\u(-?\d{1,6}) ?\??|\\([a-z]{1,32})(-?\d{1,10})? ?"
    r"|\\([^a-z])|([{}])|([^\\{}]+)",
    re.DOTALL,
)
_SKIPPED_GROUPS = {"fonttbl", "colortbl", "stylesheet", "info", "pict", "generator", "themedata"}
_BREAKS = {"par": "\n", "line": "\n", "tab": "\t", "row": "\n", "cell": "\t"}


def unpack_rtf(data: bytes) -> str:
    """Return the RTF source, '' when it is neither packed nor stored as the standard says."""
    if len(data) < 16:
        return ""
    size, kind = struct.unpack_from("<I4s", data, 4)
    if kind == _STORED:
        return data[16 : 16 + size].decode("latin-1")
    if kind != _PACKED:
        return ""
    ring = bytearray(_DICTIONARY.ljust(_RING, b"\0"))
    out = bytearray()
    write = len(_DICTIONARY)
    position = 16
    while position < len(data) and len(out) < min(size, _MAX_TEXT):
        control = data[position]
        position += 1
        for bit in range(8):
            chunk, position = _next_chunk(data, position, ring, write, bool(control >> bit & 1))
            if not chunk:
                return bytes(out).decode("latin-1")
            for letter in chunk:
                ring[write] = letter
                write = (write + 1) % _RING
            out += chunk
    return bytes(out).decode("latin-1")


def _next_chunk(
    data: bytes,
    position: int,
    ring: bytearray,
    write: int,
    is_reference: bool,
) -> tuple[bytes, int]:
    if not is_reference:
        return data[position : position + 1], position + 1
    if position + 2 > len(data):
        return b"", position
    (word,) = struct.unpack_from(">H", data, position)
    offset, length = word >> 4, (word & 0xF) + 2
    if offset == write:
        return b"", position
    chunk = bytearray()
    for index in range(length):  # a reference may run into what it writes itself
        source = (offset + index) % _RING
        distance = (source - write) % _RING
        chunk.append(chunk[distance] if distance < len(chunk) else ring[source])
    return bytes(chunk), position + 2


def rtf_to_text(rtf: str) -> str:
    """Return the text of an RTF document; HTML that Outlook wrapped in RTF is taken as HTML."""
    is_wrapped_html = "\\fromhtml" in rtf[:1_000]
    pieces: list[str] = []
    skip_depth = depth = 0
    is_hidden = False
    for found in _TOKEN.finditer(rtf[:_MAX_TEXT]):
        brace, word = found[6], found[3]
        if brace:
            depth += 1 if brace == "{" else -1
            if skip_depth and depth < skip_depth:
                skip_depth = 0
        elif word in _SKIPPED_GROUPS or (found[5] == "*" and not is_wrapped_html):
            skip_depth = skip_depth or depth
        elif word == "htmlrtf":
            is_hidden = is_wrapped_html and found[4] != "0"
        elif not skip_depth and not is_hidden:
            pieces.append(_letters(found, is_wrapped_html=is_wrapped_html))
    text = clean_text("".join(pieces))
    return html_to_text(text) if is_wrapped_html else text.strip()


def _letters(found: re.Match[str], *, is_wrapped_html: bool) -> str:
    if found[1]:
        return bytes([int(found[1], 16)]).decode("cp1252", "replace")
    if found[2]:
        return chr(int(found[2]) % 0x10000)
    if found[3]:
        return "" if is_wrapped_html and found[3] == "htmltag" else _BREAKS.get(found[3], "")
    if found[5]:
        return found[5] if found[5] in "\\{}" else {"~": "\u00a0", "_": "-"}.get(found[5], "")
    return found[7].replace("\r", "").replace("\n", "")
