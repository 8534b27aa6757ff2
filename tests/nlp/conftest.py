"""One small model for all tests of the language part: a slice of the corpus, trained once."""

from pathlib import Path

import pytest

from handlers.domain.category import load_taxonomy
from nlp import model_store, training
from nlp.corpus_file import TRAINING_CORPUS, CorpusText, read_corpus
from nlp.history import write_texts


@pytest.fixture(scope="session")
def small_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every tenth training text."""
    folder = tmp_path_factory.mktemp("corpus")
    texts: tuple[CorpusText, ...] = read_corpus(TRAINING_CORPUS, load_taxonomy())
    write_texts(texts[::10], folder / "small.jsonl")
    return folder


@pytest.fixture(scope="session")
def model_dir(small_corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one trained model in use."""
    folder = tmp_path_factory.mktemp("model")
    settings = training.train(small_corpus, folder, seed=1, progress=lambda *_: None)
    model_store.promote(folder, settings.version)
    return folder
