"""What a report can be about: the taxonomy as it stands in categories.toml, read and checked."""

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from handlers.errors import ConfigurationFault

DEFAULT_TAXONOMY = Path(__file__).resolve().parent.parent / "categories.toml"
FALLBACK_CATEGORY = "other"

Block = dict[str, object]
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class SubType:
    code: str  # unique within its category
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    code: str
    label: str
    label_en: str
    help: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    code: str
    label: str
    label_en: str
    help: str
    keywords: tuple[str, ...] = ()  # lower case; "=word" means the whole word
    sub_types: tuple[SubType, ...] = ()
    retired: bool = False  # no longer offered, but old cases keep it


@dataclass(frozen=True, slots=True, kw_only=True)
class Taxonomy:
    """`version` is stored with every case, so that series over years stay comparable."""

    version: str
    kinds: tuple[Kind, ...]
    categories: tuple[Category, ...]

    @property
    def offered(self) -> tuple[Category, ...]:
        """The categories that a new case may get, in the order of the file."""
        return tuple(category for category in self.categories if not category.retired)

    def find_category(self, code: str) -> Category | None:
        return next((found for found in self.categories if found.code == code), None)

    def find_kind(self, code: str) -> Kind | None:
        return next((found for found in self.kinds if found.code == code), None)


def load_taxonomy(path: Path = DEFAULT_TAXONOMY) -> Taxonomy:
    """Raise ConfigurationFault with file and item when the taxonomy cannot be used."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise ConfigurationFault(f"{path}: {fault}") from fault
    taxonomy = Taxonomy(
        version=_text(document, "version", path.name),
        kinds=_blocks(document, "kind", path.name, _kind),
        categories=_blocks(document, "category", path.name, _category),
    )
    _require_unique([kind.code for kind in taxonomy.kinds], f"{path.name}: kind")
    _require_unique([category.code for category in taxonomy.categories], f"{path.name}: category")
    return taxonomy


def _blocks(
    document: Block, key: str, where: str, build: Callable[[Block, str], Item]
) -> tuple[Item, ...]:
    blocks = document.get(key)
    if not isinstance(blocks, list) or not blocks:
        raise ConfigurationFault(f"{where}: there is no [[{key}]] block")
    return tuple(
        build(block, f"{where}: {key} {number} ({block.get('code', 'without code')})")
        for number, block in enumerate(blocks, start=1)
    )


def _kind(block: Block, item: str) -> Kind:
    return Kind(
        code=_text(block, "code", item),
        label=_text(block, "label", item),
        label_en=_text(block, "label_en", item),
        help=_text(block, "help", item),
    )


def _category(block: Block, item: str) -> Category:
    sub_types = tuple(_sub_type(entry, item) for entry in _list(block, "sub_types", item))
    _require_unique([sub_type.code for sub_type in sub_types], f"{item}: sub_types")
    keywords = _list(block, "keywords", item)
    if not all(isinstance(word, str) and word == word.lower() for word in keywords):
        raise ConfigurationFault(f"{item}: keywords must be texts in lower case")
    return Category(
        code=_text(block, "code", item),
        label=_text(block, "label", item),
        label_en=_text(block, "label_en", item),
        help=_text(block, "help", item),
        keywords=tuple(str(word) for word in keywords),
        sub_types=sub_types,
        retired=block.get("retired") is True,
    )


def _sub_type(entry: object, item: str) -> SubType:
    if not isinstance(entry, dict):
        raise ConfigurationFault(f"{item}: each of sub_types needs a code and a label")
    return SubType(code=_text(entry, "code", item), label=_text(entry, "label", item))


def _text(block: Block, key: str, item: str) -> str:
    value = block.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ConfigurationFault(f"{item}: {key} must be a text")
    return value


def _list(block: Block, key: str, item: str) -> list[object]:
    value = block.get(key, [])
    if not isinstance(value, list):
        raise ConfigurationFault(f"{item}: {key} must be a list")
    return value


def _require_unique(codes: Sequence[str], where: str) -> None:
    doubled = {code for code in codes if codes.count(code) > 1}
    if doubled:
        raise ConfigurationFault(f"{where}: the code {min(doubled)} stands twice")
