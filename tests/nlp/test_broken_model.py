"""A damaged, gone or slow model never stops Lotsen: rules and keywords go on."""

import os
import shutil
import struct
import threading
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from bot.checking import faults_of
from bot.config import load_settings
from nlp import model_store
from nlp.analyst import KEYWORDS_VERSION, Analyst, load_analyst, model_trouble
from nlp.guard import MOST_LATE, THREAD, TOO_LATE, Deadline, Trouble, attempted
from nlp.model import Judgement, TrainedModel

SERIOUS = "Hon föll i natt och bröt höften, ambulans kom."
DAMAGES: dict[str, Callable[[Path], object]] = {
    "gone": Path.unlink,
    "empty": lambda file: file.write_bytes(b""),
    "garbage": lambda file: file.write_bytes(os.urandom(2_000)),
    "half": lambda file: file.write_bytes(file.read_bytes()[: file.stat().st_size // 2]),
}


class Unwell(TrainedModel):
    """A model that does something else than judge."""

    def __init__(self, whole: TrainedModel, instead: Callable[[], Judgement]) -> None:
        self.settings = whole.settings
        self._instead = instead

    def judge(self, text: str) -> Judgement:
        return self._instead()


@pytest.fixture
def copied(model_dir: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(model_dir, tmp_path / "model"))


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Opened at the end, so that no thread of a test outlives it."""
    made = threading.Event()
    yield made
    made.set()
    for thread in _threads():
        thread.join(timeout=10)


def unwell(analyst: Analyst, instead: Callable[[], Judgement], seconds: float = 0.05) -> Analyst:
    assert analyst.model is not None
    model = Unwell(analyst.model, instead)
    return replace(analyst, model=model, deadline=Deadline(seconds=seconds))


@pytest.mark.parametrize("damage", DAMAGES)
def test_rules_fire_whatever_has_become_of_any_file_of_the_model(
    analyst: Analyst, copied: Path, damage: str
) -> None:
    sound = analyst.analyse(SERIOUS)
    files = [file for file in sorted(copied.rglob("*")) if file.is_file()]
    assert len(files) > 20
    for file in files:
        whole = file.read_bytes()
        DAMAGES[damage](file)

        found = load_analyst(copied).analyse(SERIOUS)

        assert "A9" in found.rule_ids, file.name
        assert found.possible_medical_harm, file.name
        # A model is used whole or not at all.
        assert found == sound or found.model_version == KEYWORDS_VERSION, file.name
        file.write_bytes(whole)


def test_check_config_names_the_model_that_cannot_be_used(copied: Path) -> None:
    assert model_trouble(copied) == ""
    weights = copied / model_store.versions(copied)[0] / "lotsen_naive_bayes" / "sums.npz"
    weights.write_bytes(b"")
    settings = load_settings(_env_file=None, data_dir=copied.parent)

    (fault,) = faults_of(settings)

    assert str(copied) in fault
    assert "EOFError" in fault
    assert "nyckelord" in fault


def test_a_model_in_use_that_is_gone_is_trouble_and_one_not_made_yet_is_none(copied: Path) -> None:
    shutil.rmtree(copied / model_store.versions(copied)[0])

    assert model_trouble(copied) == "FileNotFoundError"
    assert model_trouble(copied / "nothing") == ""


def test_a_new_model_takes_no_name_of_a_broken_one(copied: Path) -> None:
    (version,) = model_store.versions(copied)
    (copied / version / model_store.SETTINGS_FILE).unlink()

    assert model_store.next_version(copied, version[5:]).startswith("0002-")


@pytest.mark.parametrize(
    "error",
    [
        *(EOFError(), RecursionError(), MemoryError(), TimeoutError(), SystemError("x")),
        *(StopIteration(), BufferError(), NotImplementedError(), UnicodeError(), ReferenceError()),
        *(Exception("plain"), struct.error("x"), Warning("w"), zipfile.BadZipFile(), KeyError("k")),
    ],
    ids=lambda error: type(error).__name__,
)
@pytest.mark.parametrize("seconds", [None, 10.0])
def test_no_failure_of_the_model_silences_the_rules(
    analyst: Analyst, error: Exception, seconds: float | None
) -> None:
    def fail() -> Judgement:
        raise error

    assert analyst.model is not None
    deadline = None if seconds is None else Deadline(seconds=seconds)
    failing = replace(analyst, model=Unwell(analyst.model, fail), deadline=deadline)

    found = failing.analyse(SERIOUS)

    assert "A9" in found.rule_ids
    assert found.model_version == KEYWORDS_VERSION


def test_damaged_weights_are_no_calm_answer(analyst: Analyst, copied: Path) -> None:
    assert analyst.model is not None
    weights = copied / analyst.model.settings.version / "lotsen_features" / "rarity.npy"
    np.save(weights, np.load(weights) * np.nan)

    assert load_analyst(copied).model is None


def test_a_slow_model_does_not_hold_up_the_rules(analyst: Analyst, gate: threading.Event) -> None:
    slow = unwell(analyst, partial(_hang, gate))

    found = slow.analyse(SERIOUS)

    assert not gate.is_set()  # the model still thinks
    assert "A9" in found.rule_ids
    assert found.possible_medical_harm
    assert found.model_version == KEYWORDS_VERSION
    assert found.suggestions


def test_a_model_that_hangs_keeps_only_a_few_threads(
    analyst: Analyst, gate: threading.Event
) -> None:
    slow = unwell(analyst, partial(_hang, gate))

    for _ in range(20):
        slow.analyse(SERIOUS)

    assert len(_threads()) == MOST_LATE


def test_a_model_that_is_well_again_is_used_again(analyst: Analyst, gate: threading.Event) -> None:
    deadline = Deadline(seconds=0.05)
    for _ in range(MOST_LATE + 1):
        assert deadline.attempted(partial(_hang, gate)) == Trouble(TOO_LATE)
    gate.set()
    for thread in _threads():
        thread.join()
    deadline.seconds = 10.0

    assert deadline.attempted(lambda: 7) == 7


def test_in_time_the_answer_is_that_of_the_model_and_no_thread_stays(analyst: Analyst) -> None:
    waited_for = replace(analyst, deadline=Deadline(seconds=60.0))

    assert waited_for.analyse(SERIOUS) == analyst.analyse(SERIOUS)
    for thread in _threads():
        thread.join(timeout=10)
    assert _threads() == []


def test_many_callers_get_an_answer_from_a_model_that_hangs(
    analyst: Analyst, gate: threading.Event
) -> None:
    slow = unwell(analyst, partial(_hang, gate))
    with ThreadPoolExecutor(max_workers=8) as pool:
        answers = list(pool.map(lambda _: slow.analyse(SERIOUS), range(24)))

    assert all("A9" in found.rule_ids for found in answers)
    assert len(_threads()) <= 8 + MOST_LATE


def test_trouble_carries_no_word_of_the_text() -> None:
    def fail() -> None:
        raise ValueError(SERIOUS)

    assert attempted(fail) == Trouble("ValueError")


def _hang(gate: threading.Event) -> Judgement:
    gate.wait(timeout=60)
    raise TimeoutError


def _threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == THREAD]
