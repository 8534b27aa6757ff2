"""Own history as training or test texts: a CSV export with a crosswalk from its categories to ours.

The crosswalk is TOML: which columns hold text, category and kind, and what the old codes mean here:

    text = "Händelse"
    category = "Typ"
    [categories]
    "Fall utan skada" = "fall"

Personal data is masked before anything is stored.
"""

import csv
import hashlib
import io
import json
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from handlers.domain.category import Taxonomy
from handlers.errors import ConfigurationFault
from nlp.corpus_file import CATEGORY, CorpusText
from nlp.personal_data import PersonalDataFinder, mask

_DELIMITERS = ";,\t|"
_ROWS_IN_A_FIELD = 3  # so many lines that look like rows, and a quote has swallowed them


@dataclass(frozen=True, slots=True, kw_only=True)
class Crosswalk:
    text_column: str
    category_column: str
    kind: str  # of every row: an export of deviations holds deviations
    categories: dict[str, str]  # the old name, in small letters with single spaces, to our code


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    texts: tuple[CorpusText, ...]  # masked
    without_text: int  # rows
    unknown: Mapping[str, int]  # categories that the crosswalk does not name, and their rows

    @property
    def left_out(self) -> int:
        return self.without_text + sum(self.unknown.values())


def load_crosswalk(path: Path, taxonomy: Taxonomy) -> Crosswalk:
    """Raise ConfigurationFault, which names file and field, when something is not as agreed."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as fault:
        raise ConfigurationFault(f"{path.name}: save the crosswalk as UTF-8") from fault
    except (OSError, tomllib.TOMLDecodeError) as fault:
        raise ConfigurationFault(f"{path}: {fault}") from fault
    document.setdefault("kind", "deviation")
    for field, wanted in (("text", str), ("category", str), ("kind", str), ("categories", dict)):
        if field not in document:
            raise ConfigurationFault(f"{path.name}: {field!r} is missing")
        if not isinstance(document[field], wanted):
            shape = "a text" if wanted is str else "a table: [categories]"
            raise ConfigurationFault(f"{path.name}: {field!r} must be {shape}")
    kinds = [kind.code for kind in taxonomy.kinds]
    if document["kind"] not in kinds:
        raise ConfigurationFault(
            f"{path.name}: kind is {document['kind']!r}; it can be {', '.join(kinds)}"
        )
    return Crosswalk(
        text_column=document["text"],
        category_column=document["category"],
        kind=document["kind"],
        categories=_categories(path, document["categories"], taxonomy),
    )


def _categories(path: Path, table: Mapping[str, object], taxonomy: Taxonomy) -> dict[str, str]:
    codes: dict[str, str] = {}
    for old, code in table.items():
        if not isinstance(code, str) or taxonomy.find_category(code) is None:
            raise ConfigurationFault(
                f"{path.name}: {old!r} points to {code!r}, which is no category"
            )
        if codes.setdefault(_plain(old), code) != code:
            raise ConfigurationFault(f"{path.name}: {old!r} stands twice with different codes")
    return codes


def read_history(
    path: Path, crosswalk: Crosswalk, finder: PersonalDataFinder, *, delimiter: str = ";"
) -> History:
    """Return the masked texts, and what was left out and why.

    Raises ConfigurationFault with the line where the file stops being a table.
    """
    raw = _bytes(path)
    source = hashlib.sha256(raw).hexdigest()[:8]
    kept: list[CorpusText] = []
    unknown: Counter[str] = Counter()
    without_text = 0
    for number, row in enumerate(_rows(path.name, raw, crosswalk, delimiter), start=1):
        text = (row.get(crosswalk.text_column) or "").strip()
        old = (row.get(crosswalk.category_column) or "").strip()
        code = crosswalk.categories.get(_plain(old))
        if not text:
            without_text += 1
        elif code is None:
            unknown[old] += 1
        else:
            kept.append(
                CorpusText(
                    text_id=f"history-{source}-{number}",
                    voice="other",
                    kind=crosswalk.kind,
                    category=code,
                    text=mask(text, finder.spans(text)),
                    judged=frozenset({CATEGORY}),
                )
            )
    return History(texts=tuple(kept), without_text=without_text, unknown=unknown)


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _rows(
    name: str, raw: bytes, crosswalk: Crosswalk, delimiter: str
) -> Iterator[dict[str, str | None]]:
    lines = io.StringIO(_decoded(raw), newline="")
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    first_line = 1
    header: list[str] = []
    try:
        for fields in reader:
            if not header:
                header = [field.strip() for field in fields]
                _check_header(name, header, crosswalk, delimiter)
            elif any(fields):
                if any(_swallowed(field, delimiter, len(header)) for field in fields):
                    raise ConfigurationFault(_quote_fault(name, first_line))
                yield dict(zip(header, fields, strict=False))
            first_line = reader.line_num + 1
    except csv.Error as fault:
        raise ConfigurationFault(_quote_fault(name, first_line)) from fault
    if not header:
        raise ConfigurationFault(f"{name}: the file is empty")


def _check_header(name: str, header: Sequence[str], crosswalk: Crosswalk, delimiter: str) -> None:
    missing = {crosswalk.text_column, crosswalk.category_column} - set(header)
    other = next((sign for sign in _DELIMITERS if sign != delimiter and sign in header[0]), "")
    if missing and len(header) == 1 and other:
        shown = r"$'\t'" if other == "\t" else repr(other)
        raise ConfigurationFault(
            f"{name}: the columns seem to be parted by {shown}; add --delimiter {shown}"
        )
    if missing:
        found = ", ".join(map(repr, header))
        raise ConfigurationFault(
            f"{name}: there is no column {min(missing)!r}; the columns are {found}"
        )
    for column in (crosswalk.text_column, crosswalk.category_column):
        if header.count(column) > 1:
            raise ConfigurationFault(f"{name}: the column {column!r} stands twice")


def _swallowed(field: str, delimiter: str, columns: int) -> bool:
    """Whether a field holds what look like rows of the file."""
    rows = sum(line.count(delimiter) >= columns - 1 for line in field.splitlines())
    return rows >= _ROWS_IN_A_FIELD


def _quote_fault(name: str, line: int) -> str:
    return (
        f'{name}: the row that begins on line {line} has a quotation mark (") that is not closed '
        "where its field ends; correct the row, or write the mark twice inside a text"
    )


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise ConfigurationFault(f"{path}: {fault}") from fault


def _decoded(raw: bytes) -> str:
    """Spreadsheet programs write UTF-8 or UTF-16 with a mark before the first column, or cp1252."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def write_texts(texts: Sequence[CorpusText], path: Path) -> None:
    """Write texts in the format of the corpus."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8") as file:
            for text in texts:
                file.write(json.dumps(_line(text), ensure_ascii=False) + "\n")
    except OSError as fault:
        raise ConfigurationFault(f"{path}: {fault}") from fault


def _line(text: CorpusText) -> dict[str, object]:
    return {
        "id": text.text_id,
        "voice": text.voice,
        "kind": text.kind,
        "category": text.category,
        "text": text.text,
        **({"only_category": True} if text.judged == {CATEGORY} else {}),
    }
