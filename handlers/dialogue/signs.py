"""Signs of harm and of who was told, read in the language that the text is in.

"Dog" has died in Swedish and barks in English. So every sign belongs to one language, and what is
denied, only feared, about somebody else or long ago is no sign.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers.dialogue.moments import whole_words

_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE = re.compile(r"[^.!?\n]+")
_CLAUSE_ENDS = re.compile(r"[.!?;\n]|, (?=(?:men|hon|han|de|vi|but|she|he|they|we)\b)")
_STOP = re.compile(r"[.!?,;:\n]")
_CLOSE = 6  # words between a word of telling and who was told
_BEFORE = 3  # words before it in which it can be denied
_NOT_NEEDED_WITHIN = 60  # characters after an ambulance or a hospital


class LanguageReader:
    def __init__(self, data: Mapping[str, Any]) -> None:
        self._words = {name: frozenset(words) for name, words in data.items()}

    def language_of(self, text: str, spoken: str) -> str:
        """Return the language with most of its small words in a text; else the one spoken."""
        words = [word.lower() for word in _WORD.findall(text)]
        counts = {name: sum(w in own for w in words) for name, own in self._words.items()}
        best = max(counts, key=lambda name: (counts[name], name == spoken))
        return best if counts[best] else spoken


@dataclass(frozen=True, slots=True)
class _Sign:
    value: str
    patterns: Mapping[str, re.Pattern[str]]  # by language


class HarmReader:
    """`signs` are worst first; `denials` is the table [harm_not] of story.toml."""

    def __init__(self, signs: list[Mapping[str, str]], denials: Mapping[str, Any]) -> None:
        self._signs = [
            _Sign(one["value"], {k: whole_words(v) for k, v in one.items() if k != "value"})
            for one in signs
        ]
        self._not = frozenset(denials["words"])
        self._within = int(denials["within"])
        self._just_before = frozenset(denials["just_before"])
        self._by_us = frozenset(denials["by_us"])
        self._after = frozenset(denials["after"])
        self._not_needed = whole_words(denials["not_needed"])
        self._others = frozenset(denials["others"])
        self._others_within = int(denials["others_within"])
        self._long_ago = whole_words(denials["long_ago"])

    def read(self, text: str, language: str) -> str:
        """Return the worst that a text says of the person; empty when it says nothing."""
        for sign in self._signs:
            for match in sign.patterns[language].finditer(text):
                if sign.value == "nobody" or not self._is_denied(sign.value, text, match):
                    return sign.value
        return ""

    def _is_denied(self, value: str, text: str, match: re.Match[str]) -> bool:
        before = _words_before(text, match.start())
        following = _words_after(text, match.end())
        if any(word in self._not for word in before[-self._within :]):
            return True
        if set(before[-1:]) & self._just_before or set(following[:1]) & self._after:
            return True
        match value:
            case "death" if match.groupdict().get("person"):
                return self._was_long_ago(text, match)
            case "death":
                about = before[-self._others_within :]
                return bool(set(about) & self._others) or self._was_long_ago(text, match)
            case "hospital":
                after = text[match.end() : match.end() + _NOT_NEEDED_WITHIN]
                return self._not_needed.search(after) is not None
            case "mild":
                return bool(set(before[-2:]) & self._by_us)
            case _:
                return False

    def _was_long_ago(self, text: str, match: re.Match[str]) -> bool:
        sentence = next(
            (s[0] for s in _SENTENCE.finditer(text) if s.start() <= match.start() < s.end()), ""
        )
        return self._long_ago.search(sentence) is not None


class ToldReader:
    """`data` is the table [told] of story.toml, by language."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._subjects = frozenset(data["subjects"])
        spoken = {name: one for name, one in data.items() if name != "subjects"}
        self._of = {
            language: {
                name: whole_words(one[name])
                for name in ("telling", "knowing", "nurse", "relative", "no_answer")
            }
            for language, one in spoken.items()
        }
        self._not = {language: frozenset(one["not_before"]) for language, one in spoken.items()}

    def read(self, text: str, language: str) -> str:
        """Return nurse, relative or both; empty when nobody is said to have been told."""
        told = {
            who
            for sentence in _SENTENCE.findall(text)
            for who in ("nurse", "relative")
            if self._is_told(sentence, who, language)
        }
        return "both" if len(told) > 1 else next(iter(told), "")

    def _is_told(self, sentence: str, who: str, language: str) -> bool:
        found, denied = self._of[language], self._not[language]
        for match in found[who].finditer(sentence):
            before, after = sentence[: match.start()], sentence[match.end() :]
            near = _nearest(found["telling"], before)
            no_answer = found["no_answer"].search(_first_words(after, _CLOSE))
            if near is not None and no_answer is None:
                earlier = self._clause(_words_before(sentence, near.start())[-_BEFORE:])
                between = _WORD.findall(before[near.end() :].lower())
                if len(between) <= _CLOSE and not denied & {*earlier, *between}:
                    return True
            said = found["knowing"].search(_first_words(after, _CLOSE))
            if said is not None and no_answer is None:
                words = _WORD.findall(_first_words(after, _CLOSE)[: said.start()].lower())
                if not denied & set(words):
                    return True
        return False

    def _clause(self, words: list[str]) -> list[str]:
        """Return what stands behind the last subject: before it ended what was said before."""
        subjects = [at for at, word in enumerate(words) if word in self._subjects]
        return words[subjects[-1] + 1 :] if subjects else words


def _nearest(pattern: re.Pattern[str], before: str) -> re.Match[str] | None:
    """Return the last sign in what stands before."""
    return next(reversed(list(pattern.finditer(before))), None)


def _first_words(text: str, count: int) -> str:
    ends = [match.end() for match in _WORD.finditer(text)][:count]
    return text[: ends[-1]] if ends else ""


def _words_before(text: str, at: int) -> list[str]:
    sentence = _CLAUSE_ENDS.split(text[:at])[-1]
    return _WORD.findall(sentence.lower())


def _words_after(text: str, at: int) -> list[str]:
    stop = _STOP.search(text, at)
    return _WORD.findall(text[at : stop.start() if stop else len(text)].lower())
