"""Mail addresses as people and programs really write them."""

import re

from bot.mail.encoded_words import decode_header_bytes, decode_words
from bot.mail.headers import Headers

_ANGLE = re.compile(r"<\s*([^<>]{0,600}?)\s*>")
_BARE = re.compile(r"[^\s<>,;:\"()\[\]@]{1,120}@[^\s<>,;:\"()@]{1,250}")
_COMMENT = re.compile(r"\(([^()]{0,300})\)")
_OUTER_QUOTES = re.compile(r"^[\s\"']+|[\s\"']+$")
_QUOTED_NAME = re.compile(r"\s*\"(?:[^\"\\]|\\.){0,500}\"")
_LOCAL_ONLY = re.compile(r"^[\w.+-]{1,64}$", re.ASCII)
_MAX_ADDRESSES = 500


def parse_addresses(raw: bytes, charset_hint: str = "") -> tuple[tuple[str, str], ...]:
    """Return (address in lower case, name) for each entry that holds an address; never raises."""
    # Structure first, words afterwards: a decoded name may hold commas and angle brackets.
    text = " ".join(decode_header_bytes(_shield_words(raw), charset_hint).split())
    entries = (_read_entry(entry) for entry in _split_entries(text)[:_MAX_ADDRESSES])
    return tuple(entry for entry in entries if entry[0] or entry[1])


def sender(headers: Headers) -> tuple[str, str]:
    """Return the address and name of From; of Sender or Return-Path when From has no address."""
    name = ""
    for field in ("from", "sender", "return-path", "reply-to"):
        for raw in headers.raw_all(field):
            for address, shown in parse_addresses(raw, headers.charset_hint):
                name = ", ".join(filter(None, (name, shown))) if field == "from" else name or shown
                if address:
                    return address, name
    return "", name


def addresses(headers: Headers, *fields: str) -> tuple[str, ...]:
    """Return the addresses of those fields, each once, in their order."""
    found: dict[str, None] = {}
    for field in fields:
        for raw in headers.raw_all(field):
            for address, _ in parse_addresses(raw, headers.charset_hint):
                if address:
                    found[address] = None
    return tuple(found)


def _shield_words(raw: bytes) -> bytes:
    return raw.replace(b"=?", b"\x01").replace(b"?=", b"\x02")


def _unshield(text: str) -> str:
    return decode_words(text.replace("\x01", "=?").replace("\x02", "?=")).strip()


def _split_entries(text: str) -> list[str]:
    """Cut at commas and semicolons that stand outside of quotes, comments and brackets."""
    entries: list[str] = []
    current: list[str] = []
    is_quoted = False
    nested = 0
    previous = ""
    for letter in text:
        if letter == '"' and previous != "\\":
            is_quoted = not is_quoted
        elif not is_quoted:
            nested = max(0, nested + (letter in "(<") - (letter in ")>"))
        if letter in ",;" and not is_quoted and not nested:
            entries.append("".join(current))
            current = []
        else:
            current.append(letter)
        previous = letter
    entries.append("".join(current))
    if is_quoted and len(entries) == 1 and text.count("@") > 1:  # a quote that never ends
        entries = re.split("[,;]", text)
    return [entry.strip() for entry in entries if entry.strip()]


def _read_entry(entry: str) -> tuple[str, str]:
    angle = _find_angle(entry)
    if angle is not None:
        address = _clean_address(angle[1])
        before = entry[: angle.start()]
        before = before if before.lstrip().startswith('"') else before.rpartition(":")[2]
        name = _clean_name(before) or _clean_name(entry[angle.end() :])
        if address:
            return address, name
    without_comments = _COMMENT.sub(" ", entry)
    bare = _BARE.search(without_comments)
    if bare is None:
        return "", _clean_name(_ANGLE.sub(" ", entry))
    comment = _COMMENT.search(entry)
    name = _clean_name(without_comments[: bare.start()].rpartition(":")[2])
    return _clean_address(bare.group()), name or (_clean_name(comment[1]) if comment else "")


def _find_angle(entry: str) -> re.Match[str] | None:
    """Return the bracketed address, past one that stands inside the quoted name."""
    quoted = _QUOTED_NAME.match(entry)
    found = list(_ANGLE.finditer(entry, quoted.end() if quoted else 0))
    return next((angle for angle in found if "@" in angle[1]), found[0] if found else None)


def _clean_address(text: str) -> str:
    """Return 'local@domain' in lower case, 'local' as old systems write it, or ''."""
    text = _unshield(text)
    text = text.rpartition(":")[2] if text.lower().startswith(("mailto:", "@")) else text
    text = _COMMENT.sub("", text).strip().strip("'\",;<>").rstrip(".")
    local, at, domain = text.rpartition("@")
    if not at:
        return text.lower() if _LOCAL_ONLY.match(text) else ""
    if not local or not domain:
        return ""
    return f"{local.strip()}@{domain.strip()}".replace(" ", "").lower()


def _clean_name(text: str) -> str:
    text = _unshield(text).replace("\\", "")
    name = " ".join(_OUTER_QUOTES.sub("", text).split())
    return name if any(letter.isalnum() for letter in name) else ""
