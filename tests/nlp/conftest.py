"""What the tests of the language part share: rules, finder, and one small model, trained once."""

from pathlib import Path

import pytest

from nlp import model_store, training
from nlp.analyst import Analyst, load_analyst
from nlp.corpus_file import TRAINING_CORPUS
from nlp.personal_data import PersonalDataFinder, load_personal_data_finder
from nlp.serious import SeriousRules, load_serious_rules


@pytest.fixture(scope="session")
def rules() -> SeriousRules:
    return load_serious_rules()


@pytest.fixture(scope="session")
def finder() -> PersonalDataFinder:
    return load_personal_data_finder()


@pytest.fixture(scope="session")
def small_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every sixteenth training text, with all of its labels."""
    folder = tmp_path_factory.mktemp("corpus")
    lines = [
        line
        for file in sorted(TRAINING_CORPUS.glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
    (folder / "small.jsonl").write_text("\n".join(lines[::16]), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def model_dir(small_corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one trained model in use."""
    folder = tmp_path_factory.mktemp("model")
    settings = training.train(small_corpus, folder, seed=1, progress=lambda *_: None)
    model_store.promote(folder, settings.version)
    return folder


@pytest.fixture(scope="session")
def analyst(model_dir: Path) -> Analyst:
    return load_analyst(model_dir)


@pytest.fixture(scope="session")
def keyword_analyst() -> Analyst:
    return load_analyst(None)
