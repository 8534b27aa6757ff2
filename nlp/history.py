"""Own history as training or test texts: a CSV export with a crosswalk from its categories to ours.

The crosswalk is TOML: which columns hold text, category and kind, and what the old codes mean here:

    text = "Händelse"
    category = "Typ"
    [categories]
    "Fall utan skada" = "fall"

Personal data is masked before anything is stored.
"""

import csv
import io
import json
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from handlers.domain.category import Taxonomy
from handlers.errors import ConfigurationFault
from nlp.corpus_file import CorpusText
from nlp.personal_data import PersonalDataFinder, mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Crosswalk:
    text_column: str
    category_column: str
    kind: str  # of every row: an export of deviations holds deviations
    categories: dict[str, str]  # the old name to our code


def load_crosswalk(path: Path, taxonomy: Taxonomy) -> Crosswalk:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        crosswalk = Crosswalk(
            text_column=document["text"],
            category_column=document["category"],
            kind=document.get("kind", "deviation"),
            categories=document["categories"],
        )
    except (OSError, tomllib.TOMLDecodeError) as fault:
        raise ConfigurationFault(f"{path}: {fault}") from fault
    except KeyError as fault:
        raise ConfigurationFault(f"{path.name}: {fault} is missing") from fault
    for old, code in crosswalk.categories.items():
        if taxonomy.find_category(code) is None:
            raise ConfigurationFault(
                f"{path.name}: {old!r} points to {code!r}, which is no category"
            )
    return crosswalk


def read_history(
    path: Path, crosswalk: Crosswalk, finder: PersonalDataFinder, *, delimiter: str = ";"
) -> tuple[tuple[CorpusText, ...], int]:
    """Return the masked texts and how many rows were left out: no text, or a category unknown."""
    kept: list[CorpusText] = []
    left_out = 0
    for number, row in enumerate(_rows(path, crosswalk, delimiter), start=1):
        text = (row.get(crosswalk.text_column) or "").strip()
        code = crosswalk.categories.get((row.get(crosswalk.category_column) or "").strip())
        if not text or code is None:
            left_out += 1
            continue
        kept.append(
            CorpusText(
                text_id=f"history-{number}",
                voice="other",
                kind=crosswalk.kind,
                category=code,
                text=mask(text, finder.spans(text)),
                only_category=True,
            )
        )
    return tuple(kept), left_out


def _rows(path: Path, crosswalk: Crosswalk, delimiter: str) -> Iterator[dict[str, str]]:
    try:
        reader = csv.DictReader(io.StringIO(_decoded(path.read_bytes())), delimiter=delimiter)
        missing = {crosswalk.text_column, crosswalk.category_column} - set(reader.fieldnames or ())
        if missing:
            raise ConfigurationFault(f"{path.name}: there is no column {min(missing)!r}")
        yield from reader
    except (OSError, csv.Error) as fault:
        raise ConfigurationFault(f"{path.name}: {fault}") from fault


def _decoded(raw: bytes) -> str:
    """Spreadsheet programs write UTF-8 with a mark before the first column, or cp1252."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def write_texts(texts: Sequence[CorpusText], path: Path) -> None:
    """Write texts in the format of the corpus."""
    with path.open("w", encoding="utf-8") as file:
        for text in texts:
            row = {
                "id": text.text_id,
                "voice": text.voice,
                "kind": text.kind,
                "category": text.category,
                "text": text.text,
                **({"only_category": True} if text.only_category else {}),
            }
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
