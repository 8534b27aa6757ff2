"""A reply cut into what is new and what is folded away: quoted history and signature.

Nothing is deleted: every line is in one of the two. In doubt a line is new, because a complaint
that is hidden is worse than a quote that shows.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.mail.phrases import MailPhrases

_QUOTED = re.compile(r"^\s{0,3}(?:>(?!:\s*$)|\|\s)")
_SIGNATURE = re.compile(r"^\s{0,2}--\s?$")
_RULE = re.compile(r"^\s*[_\-=*]{8,}\s*$")
_ADDRESS = re.compile(r"[^\s<>@:]{1,80}@[^\s<>@]{1,120}\w|mailto:", re.IGNORECASE)
_DATED = re.compile(
    r"\b\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b|\b(?:19|20)\d\d\b|\b\d{1,2}[:.]\d\d(?::\d\d)?\b|\d\s*年"
)
_BARE_ATTRIBUTION = re.compile(r"<[^<>\s]+@[^<>\s]+>\s?:$")  # "30.09.2017, 18.30, Anna <a@x.se>:"
_BRACKETED = re.compile(r"<[^<>\s]{1,200}@[^<>\s]{1,200}>")
_ATTRIBUTION_LINES = 4
_LONGEST_ATTRIBUTION = 400
_MOST_LINES = 20_000  # no person writes more above a quote
_HEADER_LINES = 8
_HEADERS_NEEDED = 3
_INVISIBLE = re.compile("[\u200b-\u200f\ufeff\u2060]")


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitText:
    text: str
    folded: str


def is_reply(subject: str, *, has_references: bool, phrases: MailPhrases) -> bool:
    """Whether the mail answers one; a forward is a first mail, whatever it refers to."""
    if phrases.forward_subject.match(subject) and not phrases.reply_subject.match(subject):
        return False
    return has_references or phrases.reply_subject.match(subject) is not None


def split_reply(text: str, phrases: MailPhrases) -> SplitText:
    """Separate the new text of a reply; call it for replies only.

    When nothing new would be left, the whole text is shown.
    """
    lines = text.split("\n")
    folded = _folded_lines(lines, phrases)
    new = [line for index, line in enumerate(lines) if index not in folded]
    if not any(_has_words(line) for line in new):
        return SplitText(text=text.strip("\n"), folded="")
    return SplitText(
        text="\n".join(new).strip("\n"),
        folded="\n".join(line for index, line in enumerate(lines) if index in folded).strip("\n"),
    )


def _folded_lines(lines: Sequence[str], phrases: MailPhrases) -> set[int]:
    """Return the indexes of lines to fold."""
    folded: set[int] = set()
    index = 0
    while index < len(lines):
        length = _quote_introduction(lines, index, phrases) if index < _MOST_LINES else 0
        if length:
            after = index + length
            if _quoted_follows(lines, after):
                folded.update(range(index, after))
                index = after
                continue
            folded.update(range(index, len(lines)))
            break
        if _QUOTED.match(lines[index]):
            folded.add(index)
        index += 1
    _fold_signature(lines, folded, phrases)
    return folded


def _quote_introduction(lines: Sequence[str], index: int, phrases: MailPhrases) -> int:
    """Return how many lines from `index` introduce quoted history, 0 when they do not."""
    line = _plain(lines[index])
    if not line or len(line) > _LONGEST_ATTRIBUTION or _QUOTED.match(line):
        return 0
    if phrases.quote_separator.match(line):
        return 1 if _is_framed(line) or _header_block(lines, index + 1, phrases) else 0
    if _RULE.match(line):
        block = _header_block(lines, index + 1, phrases)
        return block + 1 if block else 0
    return _header_block(lines, index, phrases) or _attribution(lines, index, phrases)


def _is_framed(line: str) -> bool:
    return line.startswith(("-", "_", "=", "*")) and line.endswith(("-", "_", "=", "*"))


def _header_block(lines: Sequence[str], start: int, phrases: MailPhrases) -> int:
    """Recognise "Från: ... Skickat: ... Till: ...", and require what only programs write.

    A person who writes "Från: klockan åtta" and "Till: personalen" gives neither address nor date.
    """
    kinds: set[str] = set()
    has_proof = False
    used = 0
    for offset in range(_HEADER_LINES + 3):
        if start + offset >= len(lines):
            break
        line = _plain(lines[start + offset])
        if not line:
            if kinds:
                break
            continue
        kind, value = _header_kind(line, phrases)
        if not kind and not kinds:
            return 0
        kinds.add(kind)
        has_proof |= bool(_ADDRESS.search(value)) or (
            kind == "moment" and bool(_DATED.search(value))
        )
        used = offset + 1
    known = kinds & {"sender", "moment", "receiver", "subject"}
    is_block = len(known) >= _HEADERS_NEEDED and bool(kinds & {"sender", "moment"}) and has_proof
    return used if is_block else 0


def _header_kind(line: str, phrases: MailPhrases) -> tuple[str, str]:
    for kind, pattern in phrases.quote_header.items():
        found = pattern.match(line)
        if found:
            return kind, found[1]
    return "", ""


def _attribution(lines: Sequence[str], start: int, phrases: MailPhrases) -> int:
    """Recognise "Den 3 mars 2026 kl. 10:12 skrev Anna <a@example.se>:", also when it is wrapped."""
    joined = ""
    for offset in range(_ATTRIBUTION_LINES):
        if start + offset >= len(lines):
            return 0
        line = _plain(lines[start + offset])
        if not line or _QUOTED.match(line):
            return 0
        joined = f"{joined} {line}".strip()
        if len(joined) > _LONGEST_ATTRIBUTION:
            return 0
        before_quote = _quoted_follows(lines, start + offset + 1)
        if _is_attribution(joined, phrases, before_quote=before_quote):
            rest = " ".join(_plain(line) for line in lines[start + 1 : start + offset + 1])
            is_shorter = _is_attribution(rest, phrases, before_quote=before_quote)
            return 0 if is_shorter and _is_sentence(lines[start]) else offset + 1
    return 0


def _is_sentence(line: str) -> bool:
    """Whether a line right above an attribution is the sender's own and not its first half."""
    return not any(letter.isdigit() for letter in line) or line.rstrip().endswith((".", "!", "?"))


def _is_attribution(line: str, phrases: MailPhrases, *, before_quote: bool) -> bool:
    if _runs_on(line, phrases):
        return True
    if not line.rstrip("*_ ").endswith((":", "：", "写道", ">", "----")):
        return False
    has_address = _ADDRESS.search(line) is not None
    if _BARE_ATTRIBUTION.search(line) and _is_stamp(line):
        return True
    if phrases.quote_verb.search(line) is None:
        return before_quote and (_is_stamp(line) or (has_address and bool(_DATED.search(line))))
    return has_address or _is_stamp(line)


def _runs_on(line: str, phrases: MailPhrases) -> bool:
    """Whether the quoted text begins on the same line, as Yahoo's programs do it."""
    address = _BRACKETED.search(line)
    if address is None or not _is_stamp(line[: address.start()]):
        return False
    verb = phrases.quote_verb.match(line, address.end())
    return verb is not None and line[verb.end() :].lstrip().startswith(":")


def _is_stamp(line: str) -> bool:
    """Whether day and time both stand there: people seldom give the minute before "skrev"."""
    return len(_DATED.findall(line)) >= 2


def _quoted_follows(lines: Sequence[str], start: int) -> bool:
    for line in lines[start : start + 4]:
        if line.strip():
            return _QUOTED.match(line) is not None
    return False


def _fold_signature(lines: Sequence[str], folded: set[int], phrases: MailPhrases) -> None:
    """Fold from "-- " to the next quote, and a device's own line at the end of the new text."""
    for index, line in enumerate(lines):
        if index not in folded and _SIGNATURE.match(line):
            end = next((at for at in range(index, len(lines)) if at in folded), len(lines))
            folded.update(range(index, end))
            break
    remaining = [at for at, line in enumerate(lines) if at not in folded and _has_words(line)]
    while remaining and phrases.device_signature.match(_plain(lines[remaining[-1]])):
        folded.add(remaining.pop())


def _plain(line: str) -> str:
    return _INVISIBLE.sub("", line).replace("\u00a0", " ").strip()


def _has_words(line: str) -> bool:
    return any(letter.isalnum() for letter in line)
