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
from handlers.dialogue.places import PlaceReader
from handlers.dialogue.signs import HarmReader, LanguageReader, ToldReader
from handlers.domain.deadline import STOCKHOLM
from handlers.errors import ConfigurationFault

WORK_ENVIRONMENT = "work_environment"  # a flag of the state


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
        self._languages = LanguageReader(data["languages"])
        self._harm = HarmReader(data["harm"], data["harm_not"])
        self._told = ToldReader(data["told"])
        self._before = {
            name: whole_words(data["background"][name]) for name in ("often", "sometimes")
        }
        self._work = whole_words(data["work"]["pattern"])
        self._roles = data["role_words"]
        self._lettered = data["role_words_with_letter"]
        self._ends_in_s = frozenset(data["roles"]["ends_in_s"])
        self.role_pattern = str(data["roles"]["before"])
        self._places = PlaceReader(data["units"])

    def read(
        self, text: str, units: Sequence[tuple[str, str]], now: datetime, language: str
    ) -> Found:
        """Read a story; `units` are ids and names. Never raises, whatever the text."""
        moment = self._moments.read(text, now)
        written_in = self._languages.language_of(text, language)
        return Found(
            when=self._when(moment, now, language) if moment else None,
            harm=self._harm.read(text, written_in),
            told=self._told.read(text, written_in),
            background=self._background_in(text),
            unit=self._places.read(text, units),
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

    def _background_in(self, text: str) -> str:
        return next((name for name, sign in self._before.items() if sign.search(text)), "")


def load_story_reader(path: Path | None = None) -> StoryReader:
    path = path or Path(__file__).with_name("story.toml")
    try:
        return StoryReader(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, re.error) as error:
        raise ConfigurationFault(f"{path.name}: kan inte läsas: {error}") from error
    except (KeyError, ValueError) as error:
        raise ConfigurationFault(f"{path.name}: {error} saknas eller är fel") from error
