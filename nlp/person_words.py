"""The lists that the search for personal data uses, read from personal_data.toml and names/."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from handlers.errors import ConfigurationFault

DEFAULT_WORDS = Path(__file__).resolve().parent / "personal_data.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonWords:
    """All in lower case."""

    first_names: frozenset[str]
    ambiguous_names: frozenset[str]  # also everyday words: "stig", "hans"
    surnames: frozenset[str]
    not_names: frozenset[str]
    surname_endings: tuple[str, ...]
    relations: frozenset[str]
    colleague_titles: frozenset[str]
    colleague_after: tuple[str, ...]
    colleague_before: tuple[str, ...]
    place_words: frozenset[str]
    place_endings: tuple[str, ...]
    street_endings: tuple[str, ...]
    street_beginnings: tuple[str, ...]
    person_verbs: frozenset[str]  # what only a person does: "skrek"
    verbs: frozenset[str]  # what persons and things do: "fick"

    def is_verb(self, lower: str) -> bool:
        """Whether a word after a name may say what its bearer does."""
        past = lower.endswith(("ade", "ades")) and len(lower) > 4
        return past or lower in self.verbs or lower in self.person_verbs


def load_person_words(path: Path = DEFAULT_WORDS) -> PersonWords:
    """Raise ConfigurationFault when a list is missing or cannot be read."""
    try:
        lists = tomllib.loads(path.read_text(encoding="utf-8"))
        first = _word_list(path.parent / "names" / "first_names.txt")
        surnames = _word_list(path.parent / "names" / "surnames.txt")
        not_names = _word_list(path.parent / "names" / "not_names.txt")
        return PersonWords(
            first_names=frozenset(name for name in first if not name.endswith("?")),
            ambiguous_names=frozenset(name[:-1] for name in first if name.endswith("?")),
            surnames=surnames,
            not_names=not_names,
            surname_endings=tuple(lists["surname_endings"]),
            relations=frozenset(lists["relations"]),
            colleague_titles=frozenset(lists["colleague_titles"]),
            colleague_after=tuple(lists["colleague_after"]),
            colleague_before=tuple(lists["colleague_before"]),
            place_words=frozenset(lists["place_words"]),
            place_endings=tuple(lists["place_endings"]),
            street_endings=tuple(lists["street_endings"]),
            street_beginnings=tuple(lists["street_beginnings"]),
            person_verbs=frozenset(lists["person_verbs"]),
            verbs=frozenset(lists["verbs"]),
        )
    except (OSError, tomllib.TOMLDecodeError) as fault:
        raise ConfigurationFault(f"{path}: {fault}") from fault
    except KeyError as fault:
        raise ConfigurationFault(f"{path.name}: the list {fault} is missing") from fault


def _word_list(path: Path) -> frozenset[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(
        word.lower() for line in lines if not line.startswith("#") for word in line.split()
    )
