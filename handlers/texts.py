"""The catalogue of everything that Lotsen says: key and language to text (ADR 0008)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from handlers.errors import ConfigurationFault
from handlers.forms.form import LANGUAGES


@dataclass(frozen=True, slots=True)
class Catalogue:
    texts: Mapping[str, Mapping[str, str]]  # language -> key -> text with {named} values

    def get(self, key: str, language: str, **values: object) -> str:
        """Return the text; a language that is not there falls back to Swedish."""
        of_language = self.texts.get(language) or self.texts["sv"]
        return of_language[key].format(**values)

    def has(self, key: str) -> bool:
        return key in self.texts["sv"]


def load_catalogue(folder: Path | None = None) -> Catalogue:
    """Read texts_<language>.toml; every language has to have the same keys."""
    folder = folder or Path(__file__).parent
    texts = {language: _flat(folder / f"texts_{language}.toml") for language in LANGUAGES}
    for language, found in texts.items():
        different = set(found) ^ set(texts["sv"])
        if different:
            keys = ", ".join(sorted(different))
            raise ConfigurationFault(f"texts_{language}.toml: nycklar som skiljer sig: {keys}")
    return Catalogue(texts)


def _flat(path: Path) -> Mapping[str, str]:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationFault(f"{path.name}: kan inte läsas: {error}") from error
    return {
        f"{group}.{key}": str(text)
        for group, entries in data.items()
        for key, text in entries.items()
    }
