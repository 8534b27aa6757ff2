"""Which parts of a mail are its text, which are attachments, and the text as one string."""

import re
from dataclasses import dataclass, field

from bot.mail.charsets import decode_bytes
from bot.mail.html_text import html_to_text
from bot.mail.limits import MailLimits
from bot.mail.mime import Entity, decoded_body

_INLINE_MEDIA = ("image/", "audio/", "video/")
_TEXT_TYPES = {"text/plain", "text/html"}
_BOILERPLATE = re.compile(r"multi-?part|mime|flerdelat", re.IGNORECASE)
_LOOKS_HTML = re.compile(r"^\s*(?:<!doctype html|<html[\s>])", re.IGNORECASE)

TEXT_TOO_LONG = "text_cut"
PREFERRED_HTML = "plain_text_was_poorer"


@dataclass(slots=True)
class Body:
    """`text` is what the sender wrote; `strays` stood outside of all parts."""

    texts: list[str] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)
    attachments: list[Entity] = field(default_factory=list)
    messages: list[Entity] = field(default_factory=list)  # attached mails, also in attachments
    faults: set[str] = field(default_factory=set)

    @property
    def text(self) -> str:
        return "\n\n".join(text.strip("\n") for text in self.texts if text.strip())


def read_body(root: Entity, limits: MailLimits) -> Body:
    """Choose as RFC 8621 section 4.1.4 does; of two alternatives the one that says more."""
    body = Body()
    is_odd_text = root.media_type.startswith("text/") and root.disposition != "attachment"
    if is_odd_text and root.media_type != "text/calendar":  # better shown than kept as a file
        body.texts.append(entity_text(root, limits, body.faults))
    else:
        _collect(body, root, limits)
    return body


def _collect(body: Body, entity: Entity, limits: MailLimits) -> None:
    if entity.is_multipart:
        _collect_strays(body, entity, limits)
        if entity.media_type == "multipart/alternative":
            _collect_alternatives(body, entity, limits)
            return
        for index, child in enumerate(entity.children):
            first_or_free = index == 0 or entity.media_type != "multipart/related"
            if child.is_multipart or (_is_text(child, is_first=index == 0) and first_or_free):
                _collect(body, child, limits)
            else:
                _attach(body, child)
        return
    if entity.media_type.startswith("multipart/") or _is_text(entity, is_first=True):
        body.texts.append(entity_text(entity, limits, body.faults))
        if (
            entity.is_cut_off and entity.body.strip()
        ):  # nobody should take the shown text for the whole
            body.attachments.append(entity)
    else:
        _attach(body, entity)


def _is_text(entity: Entity, *, is_first: bool) -> bool:
    if entity.disposition == "attachment":
        return False
    if entity.media_type.startswith("multipart/"):  # none of its parts could be found
        return True
    return entity.media_type in _TEXT_TYPES and (is_first or not entity.file_name)


def _attach(body: Body, entity: Entity) -> None:
    body.attachments.append(entity)
    if entity.is_message and entity.children:
        body.messages.append(entity.children[0])


def _collect_alternatives(body: Body, entity: Entity, limits: MailLimits) -> None:
    plain, rich = Body(), Body()
    for child in entity.children:
        is_rich = child.media_type != "text/plain" and not _holds_plain(child)
        is_readable = child.is_multipart or child.media_type in _TEXT_TYPES
        is_readable = is_readable and child.disposition != "attachment"
        if is_readable:
            _collect(rich if is_rich else plain, child, limits)
        else:
            _attach(rich, child)
    chosen = plain if _says_enough(plain.text, rich.text) else rich
    if chosen is rich and plain.text.strip():
        body.faults.add(PREFERRED_HTML)
    body.texts += chosen.texts
    for part in (plain, rich):
        body.attachments += part.attachments
        body.messages += part.messages
        body.strays += part.strays
        body.faults |= part.faults


def _holds_plain(entity: Entity) -> bool:
    if not entity.is_multipart or entity.media_type == "multipart/related":
        return False
    return any(child.media_type == "text/plain" or _holds_plain(child) for child in entity.children)


def _says_enough(plain: str, rich: str) -> bool:
    """Whether the plain text is no mere "your program cannot show this"."""
    plain_words, rich_words = plain.split(), rich.split()
    if not plain_words or not rich_words:
        return bool(plain_words) or not rich_words
    if len(plain_words) >= len(rich_words) * 0.5:
        return True
    shared = set(plain_words) & set(rich_words)
    return len(plain_words) >= len(rich_words) * 0.2 and len(shared) >= len(set(plain_words)) * 0.6


def _collect_strays(body: Body, entity: Entity, limits: MailLimits) -> None:
    text = decode_bytes(entity.strays, entity.charset)[0].strip()
    if text and not (len(text) < 400 and _BOILERPLATE.search(text)):
        body.strays.append(text[: limits.text_chars])


def entity_text(entity: Entity, limits: MailLimits, faults: set[str]) -> str:
    """Return one text part with plain line ends, HTML made readable, flowed lines joined."""
    data, transfer_fault = decoded_body(entity)
    text, charset_fault = decode_bytes(data, entity.charset)
    faults.update(fault for fault in (transfer_fault, charset_fault) if fault)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    is_html = entity.media_type == "text/html" or (
        entity.media_type == "text/plain" and _LOOKS_HTML.match(text) is not None
    )
    longest = limits.html_chars if is_html else limits.text_chars
    if len(text) > longest:
        faults.add(TEXT_TOO_LONG)
        text = text[:longest]
    if is_html:
        return html_to_text(text)[: limits.text_chars]
    if entity.parameters.get("format", "").lower() == "flowed":
        return unflow(text, delete_space=entity.parameters.get("delsp", "").lower() == "yes")
    return text


def unflow(text: str, *, delete_space: bool) -> str:
    """Join the soft lines of format=flowed (RFC 3676); quotes keep their depth."""
    lines: list[str] = []
    is_open = False
    last_depth = 0
    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content.removeprefix(" ")
        is_signature = content in {"-- ", "--"}
        if is_open and depth == last_depth and not is_signature:
            lines[-1] += content
        else:
            lines.append(f"{'>' * depth} {content}" if depth else content)
        is_open = content.endswith(" ") and not is_signature
        if is_open and delete_space:
            lines[-1] = lines[-1][:-1]
        last_depth = depth
    return "\n".join(lines)
