"""The taxonomy is read whole or refused with file and item."""

from pathlib import Path

import pytest

from handlers.domain.category import load_taxonomy
from handlers.errors import ConfigurationFault

KIND = '[[kind]]\ncode = "deviation"\nlabel = "A"\nlabel_en = "A"\nhelp = "A"\n'
CATEGORY = '[[category]]\ncode = "fall"\nlabel = "Fall"\nlabel_en = "Fall"\nhelp = "Föll."\n'
GOOD = f'version = "1"\n{KIND}{CATEGORY}'


def _written(folder: Path, text: str) -> Path:
    path = folder / "categories.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_taxonomy_has_eighteen_categories_and_six_kinds() -> None:
    taxonomy = load_taxonomy()

    assert len(taxonomy.categories) == 18
    assert len(taxonomy.kinds) == 6
    assert taxonomy.version == "2026.1"


def test_a_retired_category_is_kept_but_not_offered(tmp_path: Path) -> None:
    taxonomy = load_taxonomy(_written(tmp_path, f"{GOOD}retired = true\n"))

    assert taxonomy.offered == ()
    assert taxonomy.find_category("fall") is not None


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("version = 1", "version must be a text"),
        ('version = "1"', r"there is no \[\[kind\]\] block"),
        (GOOD.replace('help = "Föll."', "help = 3"), r"category 1 \(fall\): help"),
        (GOOD + CATEGORY, "the code fall stands twice"),
        (GOOD + 'keywords = ["Fall"]\n', "lower case"),
        (GOOD + "sub_types = [1]\n", "sub_types"),
        ("version = ", "categories.toml"),
    ],
)
def test_a_broken_taxonomy_is_refused_by_item(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(ConfigurationFault, match=complaint):
        load_taxonomy(_written(tmp_path, text))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationFault, match="nowhere"):
        load_taxonomy(tmp_path / "nowhere.toml")
