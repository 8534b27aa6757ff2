"""Whether a text says anything about a person: then it is read on our own page, never in a mail.

Names, numbers and addresses are found by the language part; the words that point at somebody
without a name stand in about_person.toml.
"""

import re
import tomllib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from handlers.errors import ConfigurationFault

Cover = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutPerson:
    """Errs towards yes."""

    covered: Cover  # the text with names, numbers and addresses covered
    pattern: re.Pattern[str]

    def names_somebody(self, text: str) -> bool:
        return self.covered(text) != text

    def __call__(self, *texts: str) -> bool:
        text = "\n".join(texts)
        return self.pattern.search(text.lower()) is not None or self.names_somebody(text)


def load_about_person(covered: Cover, folder: Path | None = None) -> AboutPerson:
    """Raise ConfigurationFault with file and list when the words cannot be used."""
    path = (folder or Path(__file__).parent) / "about_person.toml"
    try:
        lists = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationFault(f"{path.name}: kan inte läsas: {error}") from error
    words = _either(_words(lists, "words", path.name))
    beginnings = _either(_words(lists, "beginnings", path.name))
    pattern = re.compile(rf"\b(?:(?:{words})\b|(?:{beginnings}))")
    return AboutPerson(covered=covered, pattern=pattern)


def _words(lists: dict[str, object], name: str, file: str) -> Collection[str]:
    found = lists.get(name)
    if not isinstance(found, list) or not found:
        raise ConfigurationFault(f"{file}: {name} saknas")
    if any(not isinstance(word, str) or word != word.lower() for word in found):
        raise ConfigurationFault(f"{file}: {name}: bara ord med små bokstäver")
    return found


def _either(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in words)
