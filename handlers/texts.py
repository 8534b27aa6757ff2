"""The catalogue of everything that Lotsen says: key and language to text (ADR 0008)."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from string import Formatter

from handlers.errors import ConfigurationFault
from handlers.forms.form import LANGUAGES


@dataclass(frozen=True, slots=True)
class Catalogue:
    texts: Mapping[str, Mapping[str, str]]  # language -> key -> text with {named} values
    version: str = ""  # changes with every text; kept with each message that was made from it

    def get(self, key: str, language: str, **values: object) -> str:
        """Return the text; a language that is not there falls back to Swedish."""
        of_language = self.texts.get(language) or self.texts["sv"]
        return of_language[key].format(**values)

    def has(self, key: str) -> bool:
        return key in self.texts["sv"]


def load_catalogue(folder: Path | None = None, own: Path | None = None) -> Catalogue:
    """Read texts_<language>.toml; every language has to have the same keys.

    Texts of the same files in `own` go before ours: only those that the municipality has changed.
    """
    folder = folder or Path(__file__).parent
    texts = {language: _flat(folder / f"texts_{language}.toml") for language in LANGUAGES}
    for language, found in texts.items():
        different = set(found) ^ set(texts["sv"])
        if different:
            keys = ", ".join(sorted(different))
            raise ConfigurationFault(f"texts_{language}.toml: nycklar som skiljer sig: {keys}")
    if own is not None:
        texts = {language: _changed(texts[language], own, language) for language in LANGUAGES}
    digest = sha256(json.dumps(texts, sort_keys=True).encode()).hexdigest()
    return Catalogue(texts, digest[:12])


def _changed(texts: Mapping[str, str], own: Path, language: str) -> Mapping[str, str]:
    """Return the texts with the municipality's own; a value that we do not fill in is a fault."""
    path = own / f"texts_{language}.toml"
    if not own.is_dir():
        raise ConfigurationFault(f"{own}: mappen finns inte.")
    changed = _flat(path) if path.exists() else {}
    for key, text in changed.items():
        if key not in texts:
            raise ConfigurationFault(f"{path.name}: {key}: okänd nyckel")
        unknown = _values_in(text, f"{path.name}: {key}") - _values_in(texts[key], key)
        if unknown:
            raise ConfigurationFault(
                f"{path.name}: {key}: okänt värde {', '.join(sorted(unknown))}"
            )
    return {**texts, **changed}


def _values_in(text: str, where: str) -> set[str]:
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError as error:
        raise ConfigurationFault(f"{where}: klamrarna stämmer inte") from error


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
