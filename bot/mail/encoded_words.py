"""Header text: RFC 2047 words, raw 8-bit bytes and the many broken forms of both."""

import binascii
import re
from dataclasses import dataclass

from bot.mail.charsets import decode_bytes

_WORD = re.compile(
    r"=\?([^?\s]{1,60})\?([bq])\?((?:[^?]|\?(?!=)){0,8000})\?=", re.IGNORECASE | re.DOTALL
)
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
_FOLD = re.compile(r"\r?\n[ \t]*")


@dataclass(slots=True)
class _Run:
    """Encoded words that follow one another: a letter may be split between two of them."""

    charset: str
    data: bytes
    end: int


def decode_header_bytes(raw: bytes, charset_hint: str = "") -> str:
    """Return the text of one header field; never raises. Folding becomes one space."""
    text = decode_bytes(raw, charset_hint)[0] if not raw.isascii() else decode_bytes(raw, "")[0]
    return decode_words(_FOLD.sub(" ", text)).strip()


def decode_words(text: str) -> str:
    """Return `text` with all its encoded words decoded; what is no encoded word stays."""
    if "=?" not in text:
        return text
    pieces: list[str] = []
    run: _Run | None = None
    done = 0
    for found in _WORD.finditer(text):
        between = text[done : found.start()]
        charset = found[1].partition("*")[0]
        data = _word_bytes(found[2].lower(), found[3])
        if run is not None and not between.strip() and run.charset.lower() == charset.lower():
            run.data += data
        else:
            if run is not None:
                pieces.append(decode_bytes(run.data, run.charset)[0])
            pieces.append("" if run is not None and not between.strip() else between)
            run = _Run(charset, data, found.end())
        done = found.end()
    if run is not None:
        pieces.append(decode_bytes(run.data, run.charset)[0])
    pieces.append(text[done:])
    return "".join(pieces)


def _word_bytes(encoding: str, payload: str) -> bytes:
    data = payload.encode("utf-8", "replace")
    if encoding == "q":
        return binascii.a2b_qp(data.replace(b" ", b"_"), header=True)
    return decode_base64(data)


def decode_base64(data: bytes) -> bytes:
    """Decode as much as there is, past foreign characters and missing or misplaced padding.

    Outputs of several encoders may be joined; what follows padding and is no whole number of
    groups is no base64.
    """
    try:  # ten times as fast, and right for nearly all
        return binascii.a2b_base64(data.translate(None, b"\r\n\t "), strict_mode=True)
    except binascii.Error:
        return _decode_broken_base64(data)


def _decode_broken_base64(data: bytes) -> bytes:
    pieces = []
    chunks = [_NOT_BASE64.sub(b"", chunk) for chunk in data.split(b"=")]
    for index, letters in enumerate(chunks):
        is_last = index >= len(chunks) - 1
        if index and letters and is_last and len(letters) % 4:
            break
        whole = letters[:-1] if len(letters) % 4 == 1 else letters
        pieces.append(binascii.a2b_base64(whole + b"=" * (-len(whole) % 4)))
    return b"".join(pieces)
