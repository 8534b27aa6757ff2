"""One small model for all tests of the language part: a slice of the corpus, trained once."""

from pathlib import Path

import pytest

from nlp import model_store, training
from nlp.corpus_file import TRAINING_CORPUS


@pytest.fixture(scope="session")
def small_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every tenth training text, with all of its labels."""
    folder = tmp_path_factory.mktemp("corpus")
    lines = [
        line
        for file in sorted(TRAINING_CORPUS.glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
    (folder / "small.jsonl").write_text("\n".join(lines[::10]), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def model_dir(small_corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one trained model in use."""
    folder = tmp_path_factory.mktemp("model")
    settings = training.train(small_corpus, folder, seed=1, progress=lambda *_: None)
    model_store.promote(folder, settings.version)
    return folder
