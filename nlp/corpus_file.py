"""The hand-written corpus: JSON Lines in, checked records out."""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from handlers.domain.category import Taxonomy
from handlers.errors import ConfigurationFault
from handlers.ports import PersonalDataSpan

TRAINING_CORPUS = Path(__file__).resolve().parent / "corpus" / "train"
DEVELOPMENT_CORPUS = Path(__file__).resolve().parent / "corpus" / "dev"
# Written by people who had read none of the other texts; each is measured on its own.
INDEPENDENT_TEXTS = (DEVELOPMENT_CORPUS / "unseen.jsonl", DEVELOPMENT_CORPUS / "unseen2.jsonl")

VOICES = frozenset(
    {"usk", "l2", "dict", "nurse", "rehab", "officer", "lss", "psych", "manager", "relative"}
    | {"person", "english", "other"}
)
LEGAL_AREAS = ("HSL", "SoL", "LSS")
# What somebody has judged of a text; of those written for the corpus, all of it.
CATEGORY, KIND, SERIOUS = "category", "kind", "serious"
FULLY = frozenset({CATEGORY, KIND, SERIOUS, "areas", "personal_data"})
HARM: frozenset[object] = frozenset({"yes", "no", "unknown"})

_MARK = re.compile(r"⟦(name|colleague|pnr|phone|address|email):([^⟦⟧]+)⟧")
_SPAN_LABELS = {"pnr": "person_number"}
_REQUIRED = frozenset({"id", "voice", "kind", "text"})
_KNOWN = _REQUIRED | {
    "category", "second", "medical_harm", "misconduct", "harm", "areas", "subject",
    "only_category",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusText:
    """One labelled text. `spans` count in `text`, whose marks are already stripped."""

    text_id: str
    voice: str
    kind: str
    category: str | None  # None: irrelevant, or praise of nothing in particular
    second: str | None = None
    medical_harm: bool = False
    misconduct: bool = False
    harm: str = "unknown"
    areas: tuple[str, ...] = ()
    subject: str = ""
    text: str
    spans: tuple[PersonalDataSpan, ...] = ()
    judged: frozenset[str] = FULLY  # a text from the site teaches only what somebody has judged

    @property
    def serious(self) -> bool:
        return self.medical_harm or self.misconduct


def strip_marks(marked: str) -> tuple[str, tuple[PersonalDataSpan, ...]]:
    """Take ⟦label:text⟧ out of a marked text; return the plain text and where the marks were."""
    plain: list[str] = []
    spans: list[PersonalDataSpan] = []
    length = position = 0
    for mark in _MARK.finditer(marked):
        before, inside = marked[position : mark.start()], mark.group(2)
        plain += [before, inside]
        start = length + len(before)
        length = start + len(inside)
        label = _SPAN_LABELS.get(mark.group(1), mark.group(1))
        spans.append(PersonalDataSpan(start=start, end=length, label=label))
        position = mark.end()
    plain.append(marked[position:])
    return "".join(plain), tuple(spans)


def read_corpus(
    folder: Path, taxonomy: Taxonomy, *, without: Collection[Path] = ()
) -> tuple[CorpusText, ...]:
    """Read every *.jsonl of a folder, but those that are left out, in the order of the names.

    Raises ConfigurationFault that names file and line at the first thing that is not as agreed.
    """
    files = sorted(file for file in folder.glob("*.jsonl") if file not in without)
    if not files:
        raise ConfigurationFault(f"{folder}: there is no .jsonl file")
    texts: dict[str, CorpusText] = {}
    for file in files:
        for where, text in _read_file(file, taxonomy):
            if text.text_id in texts:
                raise ConfigurationFault(f"{where}: the id {text.text_id} stands twice")
            texts[text.text_id] = text
    return tuple(texts.values())


def read_corpus_file(file: Path, taxonomy: Taxonomy) -> tuple[CorpusText, ...]:
    return tuple(text for _, text in _read_file(file, taxonomy))


def _read_file(file: Path, taxonomy: Taxonomy) -> Iterator[tuple[str, CorpusText]]:
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as fault:
        raise ConfigurationFault(f"{file}: {fault}") from fault
    for number, line in enumerate(lines, start=1):
        if line.strip():
            where = f"{file.name} line {number}"
            yield where, _parse(line, where, taxonomy)


def _parse(line: str, where: str, taxonomy: Taxonomy) -> CorpusText:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as fault:
        raise ConfigurationFault(f"{where}: not JSON ({fault.msg})") from fault
    if not isinstance(row, dict) or not row.keys() >= _REQUIRED:
        raise ConfigurationFault(f"{where}: needs {', '.join(sorted(_REQUIRED))}")
    if row.keys() - _KNOWN:
        raise ConfigurationFault(f"{where}: unknown field {min(row.keys() - _KNOWN)}")
    _check_labels(row, where, taxonomy)
    text, spans = strip_marks(row["text"])
    subject, _ = strip_marks(row.get("subject", ""))
    if "⟦" in text + subject or "⟧" in text + subject:
        raise ConfigurationFault(f"{where}: a mark is not ⟦label:text⟧")
    return CorpusText(
        text_id=row["id"],
        voice=row["voice"],
        kind=row["kind"],
        category=row.get("category"),
        second=row.get("second"),
        medical_harm=row.get("medical_harm", False),
        misconduct=row.get("misconduct", False),
        harm=row.get("harm", "unknown"),
        areas=tuple(row.get("areas", ())),
        subject=subject,
        text=text,
        spans=spans,
        judged=frozenset({CATEGORY}) if row.get("only_category") else FULLY,
    )


def _check_labels(row: dict[str, object], where: str, taxonomy: Taxonomy) -> None:
    categories = {category.code for category in taxonomy.categories}
    without_category = {None} if row["kind"] in ("irrelevant", "praise") else set()
    allowed: dict[str, set[object]] = {
        "kind": {kind.code for kind in taxonomy.kinds},
        "voice": set(VOICES),
        "category": categories | without_category,
        "second": categories | {None},
        "harm": {*HARM, None},
        "medical_harm": {True, False, None},
        "misconduct": {True, False, None},
        "only_category": {True, False, None},
    }
    for field, values in allowed.items():
        if row.get(field) not in values:
            raise ConfigurationFault(f"{where}: {field} is {row.get(field)!r}")
    areas = row.get("areas", [])
    if not isinstance(areas, list) or not set(areas) <= set(LEGAL_AREAS):
        raise ConfigurationFault(f"{where}: areas is {areas!r}")
