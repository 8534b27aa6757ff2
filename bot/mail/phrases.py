"""The patterns of phrases.toml, compiled once for whoever reads mail."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

Pattern = re.Pattern[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPhrases:
    reply_subject: Pattern
    forward_subject: Pattern
    quote_verb: Pattern
    quote_header: dict[str, Pattern]  # sender, moment, receiver, subject, copy
    quote_separator: Pattern
    device_signature: Pattern
    automatic_subject: Pattern
    automatic_weak_subject: Pattern
    automatic_anywhere: Pattern
    automatic_text: Pattern
    away_texts: tuple[Pattern, ...]  # one for each thing that such a text says
    robot_sender: Pattern
    bounce_sender: Pattern
    bounce_weak_sender: Pattern
    bounce_name: Pattern
    bounce_subject: Pattern
    bounce_text: Pattern
    bounce_code: Pattern
    list_sender: Pattern
    list_mailer: Pattern
    language_words: dict[str, frozenset[str]]
    readable_words: frozenset[str]  # of all languages that the model reads


@cache
def mail_phrases() -> MailPhrases:
    """Read and compile the file; the same object every time."""
    source = files("bot.mail").joinpath("phrases.toml").read_text("utf-8")
    data = tomllib.loads(source)
    return _compiled(data)


def _compiled(data: dict[str, Any]) -> MailPhrases:
    quotes, automatic, bounces = data["quotes"], data["automatic"], data["bounces"]
    kinds = ("sender", "moment", "receiver", "subject", "copy")
    languages = {name: frozenset(words) for name, words in data["languages"].items()}
    return MailPhrases(
        reply_subject=_prefix(data["subjects"]["reply"]),
        forward_subject=_prefix(data["subjects"]["forward"]),
        quote_verb=_any(quotes["verbs"], r"(?:^|[\s,>)\]])(?:{})(?=$|[\s:,<\"(])"),
        quote_header={kind: _header_line(quotes[kind]) for kind in kinds},
        quote_separator=_any(quotes["separators"], r"^[\s>*_=-]*(?:{})[\s:*_=-]*$"),
        device_signature=_any(data["signatures"]["devices"], r"^[\s*_<\[-]*(?:{})[\s.*_>\]]*$"),
        automatic_subject=_any(automatic["subjects"], r"^[\s\[\(*\"'!:-]*(?:{})"),
        automatic_weak_subject=_any(automatic["weak_subjects"], r"^[\s\[\(*\"'!:-]*(?:{})"),
        automatic_anywhere=_any(automatic["anywhere"], "(?:{})"),
        automatic_text=_any(automatic["texts"], "(?:{})"),
        away_texts=tuple(_any([text], "(?:{})") for text in automatic["away"]),
        robot_sender=_any(automatic["robots"], "^(?:{})@"),
        bounce_sender=_any(bounces["senders"], "^(?:{})(?:@|$)"),
        bounce_weak_sender=_any(bounces["weak_senders"], "^(?:{})(?:@|$)"),
        bounce_name=_any(bounces["names"], "^(?:{})"),
        bounce_subject=_any(bounces["subjects"], r"^[\s\[\(*\"'!<:-]*(?:{})"),
        bounce_text=_any(bounces["texts"], "(?:{})"),
        bounce_code=_any(bounces["codes"], "(?:{})"),
        list_sender=_any(data["lists"]["senders"], "^(?:{})@"),
        list_mailer=re.compile(data["lists"]["mailers"], re.IGNORECASE),
        language_words=languages,
        readable_words=frozenset(data["readable"]["words"]).union(*languages.values()),
    )


def _any(alternatives: list[str], frame: str) -> Pattern:
    return re.compile(frame.replace("{}", "|".join(alternatives)), re.IGNORECASE | re.MULTILINE)


def _prefix(words: list[str]) -> Pattern:
    escaped = "|".join(re.escape(word) for word in words)
    # "Re:", "RE[2]:", "SV :", and the list's name before it.
    return re.compile(
        rf"^\s*(?:\[[^\]]{{1,60}}\]\s*)?(?:{escaped})(?:\[\d{{1,3}}\]|\(\d{{1,3}}\))?\s*[:：]",
        re.IGNORECASE,
    )


def _header_line(names: list[str]) -> Pattern:
    escaped = "|".join(re.escape(name) for name in names)
    return re.compile(rf"^[\s>*_]*(?:{escaped})[\s*_]*[:：][\s*_]*(.*)$", re.IGNORECASE)
