"""The models on disk: one folder a version, and a pointer to the one in use.

<model_dir>/0001-5f2c9a1e/    a spaCy pipeline and lotsen.json
<model_dir>/CURRENT           the version in use
<model_dir>/HISTORY           every version that was put in use, newest last
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from handlers.errors import ConfigurationFault

_VERSION = re.compile(r"^\d{4}-[0-9a-f]{8}$")
SETTINGS_FILE = "lotsen.json"
LEARNT_FILE = "learnt.txt"  # a digest for each text that the model was trained on


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSettings:
    """What was measured in training and is needed to read the model's scores."""

    version: str
    taxonomy_version: str
    texts: int  # hand-written texts it was trained on
    corrections: int  # corrections from the site among them
    bayes_share: float  # part of naive Bayes beside the linear model, 0 to 1
    category_temperature: float  # scores are sharpened (<1) or softened (>1) by it
    kind_temperature: float
    certain_from: float  # probability of the best category from which it is shown as the choice
    irrelevant_from: float  # probability from which a mail is called irrelevant
    serious_from: float  # probability of a serious event from which the model alarms
    # The same for thanks and mail that is no case; above 1: never, as models from before it were.
    serious_from_when_quiet: float = 1.1
    serious_bayes_share: float = 0.0  # weight of the log-odds of naive Bayes beside the linear ones
    areas_from: Mapping[str, float] = field(default_factory=dict)  # by act; models from before: 0.5


def versions(model_dir: Path) -> tuple[str, ...]:
    """The stored versions, oldest first."""
    if not model_dir.is_dir():
        return ()
    return tuple(sorted(found.name for found in model_dir.iterdir() if _is_model(found)))


def _is_model(folder: Path) -> bool:
    return bool(_VERSION.match(folder.name)) and (folder / SETTINGS_FILE).is_file()


def next_version(model_dir: Path, fingerprint: str) -> str:
    """`fingerprint` is a hex digest of what the model is trained on."""
    # Folders count too whose settings are lost: a new model must not want the same name.
    names = [found.name for found in model_dir.iterdir()] if model_dir.is_dir() else []
    last = max((int(name[:4]) for name in names if _VERSION.match(name)), default=0)
    return f"{last + 1:04d}-{fingerprint[:8]}"


def current_version(model_dir: Path) -> str | None:
    pointer = model_dir / "CURRENT"
    if not pointer.is_file():
        return None
    version = pointer.read_text(encoding="utf-8").strip()
    return version if version in versions(model_dir) else None


def promote(model_dir: Path, version: str) -> None:
    """Put a stored version in use. Raises ConfigurationFault when it is not there."""
    if version not in versions(model_dir):
        raise ConfigurationFault(f"{model_dir}: there is no model {version}")
    with (model_dir / "HISTORY").open("a", encoding="utf-8") as history:
        history.write(f"{version}\n")
    _point_to(model_dir, version)


def roll_back(model_dir: Path) -> str:
    """Put the model in use that was before the present one; return its version."""
    history = model_dir / "HISTORY"
    used = history.read_text(encoding="utf-8").split() if history.is_file() else []
    stored, present = versions(model_dir), current_version(model_dir)
    earlier = [version for version in used if version in stored and version != present]
    if not earlier:
        raise ConfigurationFault(f"{model_dir}: there is no earlier model to go back to")
    kept = used[: _last_index(used, earlier[-1]) + 1]
    history.write_text("".join(f"{version}\n" for version in kept), encoding="utf-8")
    _point_to(model_dir, earlier[-1])
    return earlier[-1]


def _last_index(entries: list[str], wanted: str) -> int:
    return len(entries) - 1 - entries[::-1].index(wanted)


def _point_to(model_dir: Path, version: str) -> None:
    # Replacing the file is atomic: a process that starts meanwhile reads the old or the new one.
    fresh = model_dir / "CURRENT.new"
    fresh.write_text(f"{version}\n", encoding="utf-8")
    fresh.replace(model_dir / "CURRENT")


def write_settings(folder: Path, settings: ModelSettings) -> None:
    text = json.dumps(asdict(settings), indent=2, sort_keys=True)
    (folder / SETTINGS_FILE).write_text(text + "\n", encoding="utf-8")


def read_settings(folder: Path) -> ModelSettings:
    """Raise ConfigurationFault when the settings are not those of this version of Lotsen."""
    try:
        return ModelSettings(**json.loads((folder / SETTINGS_FILE).read_text(encoding="utf-8")))
    except (OSError, TypeError, json.JSONDecodeError) as fault:
        raise ConfigurationFault(f"{folder / SETTINGS_FILE}: {fault}") from fault


def write_learnt(folder: Path, texts: Iterable[str]) -> None:
    """Keep by which texts a model was trained, so that nobody measures it on them unawares."""
    lines = sorted({_digest(text) for text in texts})
    (folder / LEARNT_FILE).write_text("\n".join(lines), encoding="ascii")


def learnt(folder: Path, texts: Iterable[str]) -> int:
    """Count the texts that the model in the folder was trained on; older models know of none."""
    file = folder / LEARNT_FILE
    known = set(file.read_text(encoding="ascii").split()) if file.is_file() else set()
    return sum(_digest(text) in known for text in texts)


def _digest(text: str) -> str:
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:16]
