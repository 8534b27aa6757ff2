"""Models are put in use and taken out again by pointer."""

from pathlib import Path

import pytest

from handlers.errors import ConfigurationFault
from nlp import model_store
from nlp.model_store import ModelSettings

OLD, NEW = "0001-aaaaaaaa", "0002-bbbbbbbb"


def _store(folder: Path, version: str) -> None:
    (folder / version).mkdir(parents=True)
    settings = ModelSettings(
        version=version,
        taxonomy_version="2026.1",
        texts=10,
        corrections=0,
        bayes_share=0.1,
        category_temperature=1.0,
        kind_temperature=1.0,
        certain_from=0.6,
        irrelevant_from=0.5,
        serious_from=0.1,
    )
    model_store.write_settings(folder / version, settings)


def test_a_promoted_model_is_in_use(tmp_path: Path) -> None:
    _store(tmp_path, OLD)
    assert model_store.current_version(tmp_path) is None

    model_store.promote(tmp_path, OLD)

    assert model_store.current_version(tmp_path) == OLD


def test_rolling_back_brings_the_former_model(tmp_path: Path) -> None:
    for version in (OLD, NEW):
        _store(tmp_path, version)
        model_store.promote(tmp_path, version)

    assert model_store.roll_back(tmp_path) == OLD
    assert model_store.current_version(tmp_path) == OLD


def test_without_a_former_model_rolling_back_is_refused(tmp_path: Path) -> None:
    _store(tmp_path, OLD)
    model_store.promote(tmp_path, OLD)

    with pytest.raises(ConfigurationFault, match="no earlier model"):
        model_store.roll_back(tmp_path)


def test_an_unknown_model_cannot_be_promoted(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationFault, match=NEW):
        model_store.promote(tmp_path, NEW)


def test_versions_count_on(tmp_path: Path) -> None:
    assert model_store.next_version(tmp_path, "cccccccc11") == "0001-cccccccc"
    _store(tmp_path, OLD)
    assert model_store.next_version(tmp_path, "dddddddd11") == "0002-dddddddd"


def test_a_pointer_to_a_model_that_is_gone_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / "CURRENT").write_text(NEW, encoding="utf-8")

    assert model_store.current_version(tmp_path) is None
