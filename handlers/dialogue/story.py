"""What a story already tells: when, where, harm, who was told, whether it has happened before.

Everything that is found is a guess. It is shown to the person and asked no more, and it becomes
the person's own word only when the summary is confirmed. What is not clear is left to be asked.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from handlers.dialogue.moments import Moment, MomentReader, whole_words
from handlers.domain.deadline import STOCKHOLM
from handlers.errors import ConfigurationFault

WORK_ENVIRONMENT = "work_environment"  # a flag of the state
_SENTENCE = re.compile(r"[^.!?\n]+")
_WORD = re.compile(r"[^\W\d_]+")
_LONGEST_BEFORE = 20  # characters in which "på" or "hos" has to stand
_SHORTEST_NAME = 4  # letters in a word of a unit's name that tells the unit by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """`when` is the bucket and the words of the moment; the others are values of answers."""

    when: tuple[str, str] | None = None
    harm: str = ""
    told: str = ""
    background: str = ""
    unit: str = ""
    flags: tuple[str, ...] = ()


class StoryReader:
    def __init__(self, data: Mapping[str, Any]) -> None:
        self._moments = MomentReader(data)
        self._harm = [(str(one["value"]), whole_words(one["pattern"])) for one in data["harm"]]
        self._harm_not = frozenset(data["harm_not"]["words"])
        self._within = int(data["harm_not"]["within"])
        self._told = {
            name: whole_words(data["told"][name]) for name in ("verbs", "nurse", "relative")
        }
        self._told_not = whole_words("|".join(data["told"]["not"]))
        self._before = {
            name: whole_words(data["background"][name]) for name in ("often", "sometimes")
        }
        self._work = whole_words(data["work"]["pattern"])
        self._roles = data["role_words"]
        self._lettered = data["role_words_with_letter"]
        self._ends_in_s = frozenset(data["roles"]["ends_in_s"])
        self.role_pattern = str(data["roles"]["before"])
        self._common = frozenset(data["units"]["common"])
        self._in = frozenset(data["units"]["before"])

    def read(
        self, text: str, units: Sequence[tuple[str, str]], now: datetime, language: str
    ) -> Found:
        """Read a story; `units` are ids and names. Never raises, whatever the text."""
        moment = self._moments.read(text, now)
        return Found(
            when=self._when(moment, now, language) if moment else None,
            harm=self._harm_in(text),
            told=self._told_in(text),
            background=self._background_in(text),
            unit=self._unit_in(text, units),
            flags=(WORK_ENVIRONMENT,) if self._work.search(text) else (),
        )

    def is_doubtful(self, text: str, now: datetime) -> bool:
        """Whether what somebody says of when it happened cannot be so."""
        return self._moments.is_doubtful(text, now)

    def role_for(self, label: str, language: str) -> str:
        """Return the word that stands in for a name of this label."""
        words = self._roles[language]
        return str(words.get(label, words["name"]))

    def lettered_role_for(self, label: str, language: str) -> str:
        """Return the word that a letter follows where several have the same role."""
        words = self._lettered[language]
        return str(words.get(label, words["name"]))

    def is_owner(self, name: str) -> bool:
        """Whether a name stands in the genitive: "Berits", but not "Lars"."""
        return name.endswith("s") and name.casefold() not in self._ends_in_s

    def _when(self, moment: Moment, now: datetime, language: str) -> tuple[str, str]:
        if moment.is_now:
            return "now", ""
        if moment.day is None:
            return "earlier", moment.words
        back = (now.astimezone(STOCKHOLM).date() - moment.day).days
        bucket = {0: "today", 1: "yesterday"}.get(back, "earlier")
        if back == 0 and moment.part == "night":
            bucket = "last_night"
        return bucket, self._moments.said(moment, language)

    def _harm_in(self, text: str) -> str:
        """Return the worst that the text says, leaving out what it denies or only fears."""
        for value, pattern in self._harm:
            for match in pattern.finditer(text):
                if value == "nobody" or not self._is_denied(text, match.start()):
                    return value
        return ""

    def _is_denied(self, text: str, start: int) -> bool:
        sentence = re.split(r"[.!?;\n]", text[:start])[-1]
        near = _WORD.findall(sentence.lower())[-self._within :]
        return any(word in self._harm_not for word in near)

    def _told_in(self, text: str) -> str:
        told = set()
        for sentence in _SENTENCE.findall(text):
            if not self._told["verbs"].search(sentence) or self._told_not.search(sentence):
                continue
            told |= {who for who in ("nurse", "relative") if self._told[who].search(sentence)}
        return "both" if len(told) > 1 else next(iter(told), "")

    def _background_in(self, text: str) -> str:
        return next((name for name, sign in self._before.items() if sign.search(text)), "")

    def _unit_in(self, text: str, units: Sequence[tuple[str, str]]) -> str:
        """Return the one unit that the text names; nothing when it names several."""
        lowered = " ".join(text.casefold().split())
        named = {unit_id for unit_id, name in units if self._names_unit(lowered, text, name, units)}
        return next(iter(named)) if len(named) == 1 else ""

    def _names_unit(
        self, lowered: str, text: str, name: str, units: Sequence[tuple[str, str]]
    ) -> bool:
        is_service = all(word in self._common for word in _words(name))
        if not is_service and whole_words(re.escape(name.casefold())).search(lowered):
            return True
        others = {word for _, other in units if other != name for word in _words(other)}
        own = [w for w in _words(name) if len(w) >= _SHORTEST_NAME and w not in others]
        return any(self._tells(word, text) for word in own)

    def _tells(self, word: str, text: str) -> bool:
        """Whether a word of a unit's name stands for the unit: as a name, or after "på"."""
        stem = word.removesuffix("s") if len(word) > _SHORTEST_NAME else word
        for match in whole_words(f"{re.escape(stem)}s?").finditer(text):
            before = text[max(0, match.start() - _LONGEST_BEFORE) : match.start()].split()
            placed = bool(before) and before[-1].casefold() in self._in
            is_name = match[0][0].isupper() and word not in self._common
            if (placed and (is_name or word in self._common)) or is_name:
                return True
        return False


def load_story_reader(path: Path | None = None) -> StoryReader:
    path = path or Path(__file__).with_name("story.toml")
    try:
        return StoryReader(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, re.error) as error:
        raise ConfigurationFault(f"{path.name}: kan inte läsas: {error}") from error
    except (KeyError, ValueError) as error:
        raise ConfigurationFault(f"{path.name}: {error} saknas eller är fel") from error


def _words(name: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(name)]
