"""Content-Type and Content-Disposition with their parameters, RFC 2231 and broken ones alike."""

import re
from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

from bot.mail.charsets import decode_bytes
from bot.mail.encoded_words import decode_header_bytes

_PARAMETER = re.compile(
    r";?\s*([A-Za-z0-9!#$%&+.^_`{|}~-]{1,60}(?:\*\d{0,3}\*?)?)\s*="
    r'\s*(?:"((?:[^"\\]|\\.){0,4000})"?|([^;]{0,4000}))',
    re.DOTALL,
)
_SECTION = re.compile(r"^(.+?)\*(\d{0,3})(\*?)$")
_ESCAPED = re.compile(r"\\([\"\\])")
_MEDIA_TYPE = re.compile(r"^[a-z0-9!#$&.+^_-]+/[a-z0-9!#$&.+^_-]+$")


def parse_value(raw: bytes, charset_hint: str = "") -> tuple[str, dict[str, str]]:
    """Return the value before the first semicolon in lower case, and its parameters."""
    text = decode_header_bytes(raw, charset_hint)
    value, _, rest = text.partition(";")
    if "=" in value and "/" not in value:  # "filename=a.pdf" with the disposition forgotten
        value, rest = "", text
    return value.strip().lower(), _parameters(rest)


def is_media_type(value: str) -> bool:
    return _MEDIA_TYPE.match(value) is not None


def _parameters(text: str) -> dict[str, str]:
    plain: dict[str, str] = {}
    sections: dict[str, dict[int, tuple[str, bool]]] = {}
    for found in _PARAMETER.finditer(text[:16_000]):
        name = found[1].lower()
        value = _ESCAPED.sub(r"\1", found[2]) if found[2] is not None else (found[3] or "").strip()
        split = _SECTION.match(name)
        if split is None:
            plain.setdefault(name, value)
            continue
        number = int(split[2] or 0)
        is_encoded = bool(split[3]) or not split[2]
        sections.setdefault(split[1], {}).setdefault(number, (value, is_encoded))
    return {**plain, **{name: _joined(parts) for name, parts in sections.items()}}


def _joined(parts: Mapping[int, tuple[str, bool]]) -> str:
    """Put the numbered sections of RFC 2231 together; the charset stands in the first."""
    charset = ""
    data = b""
    for index, (_, (value, is_encoded)) in enumerate(sorted(parts.items())):
        rest = value
        if index == 0 and is_encoded and value.count("'") >= 2:
            charset, _, rest = value.split("'", 2)
        data += unquote_to_bytes(rest) if is_encoded else rest.encode("utf-8", "replace")
    return decode_bytes(data, charset)[0]
