"""How well mails are read, measured against what the authors of public suites state.

Run as `python -m tests.mail_report ../shared/mail [--failures]`. A folder holds raw mails and an
`EXPECTED.jsonl` (fields: file, subject, from_email, from_name, text, n_attachments, kind).
"""

import argparse
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.mail.errors import UnreadableMail
from bot.mail.reading import read_mail
from handlers.domain.mail import IncomingMail

OWN_ADDRESSES = frozenset({"synpunkter@lotskoping.example"})
OWN_LOOP_ID = "report"
_NOT_MAIL = {".json", ".jsonl", ".md", ".golden", ".gitattributes"}
_PLAIN_BODIES = {"crisp_email_reply_parser", "mail_parser_reply"}
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufeff\u200b]")
FIELDS = ("subject", "from_email", "from_name", "text", "n_attachments", "kind")


@dataclass(slots=True)
class Report:
    files: Counter[str] = field(default_factory=Counter)
    unreadable: Counter[str] = field(default_factory=Counter)
    natures: dict[str, Counter[str]] = field(default_factory=dict)
    stated: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[str, str, str, str]] = field(default_factory=list)
    slowest_seconds: float = 0.0
    slowest_file: str = ""

    @property
    def share_met(self) -> float:
        return sum(self.met.values()) / max(1, sum(self.stated.values()))


def mail_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in _NOT_MAIL and "LICENSE" not in path.name:
            yield path


def measure(folder: Path) -> Report:
    """Read every file; an error other than UnreadableMail is not caught, so it stops the run."""
    expected = _expectations(folder)
    report = Report()
    for path in mail_files(folder):
        name = path.relative_to(folder).as_posix()
        suite = name.partition("/")[0]
        report.files[suite] += 1
        raw = path.read_bytes()
        begin = time.thread_time()
        try:
            mail = read_mail(raw, own_addresses=OWN_ADDRESSES, own_loop_id=OWN_LOOP_ID)
        except UnreadableMail:
            report.unreadable[suite] += 1
            continue
        seconds = time.thread_time() - begin
        if seconds > report.slowest_seconds:
            report.slowest_seconds, report.slowest_file = seconds, name
        report.natures.setdefault(suite, Counter())[mail.nature.value] += 1
        if name in expected:
            _compare(report, name, expected[name], mail)
    return report


def _expectations(folder: Path) -> dict[str, dict[str, Any]]:
    lines = (folder / "EXPECTED.jsonl").read_text("utf-8").splitlines()
    return {record["file"]: record for record in map(json.loads, lines)}


def _compare(report: Report, name: str, stated: dict[str, Any], mail: IncomingMail) -> None:
    found = {
        "subject": mail.subject,
        "from_email": mail.sender_address,
        "from_name": mail.sender_name,
        "text": f"{mail.text}\n{mail.folded_text}",
        "n_attachments": len(mail.attachments),
        "kind": mail.nature.value,
    }
    for key in FIELDS:
        if key not in stated:
            continue
        report.stated[key] += 1
        if _agrees(key, stated[key], found[key]):
            report.met[key] += 1
        else:
            report.failures.append((name, key, str(stated[key]), str(found[key])))


def _agrees(key: str, stated: Any, found: Any) -> bool:
    if not isinstance(stated, str):
        return bool(stated == found)
    wanted, got = _squeezed(stated), _squeezed(str(found))
    if key == "from_email":
        return wanted.lower() == got.lower()
    # Where the origin gave up on a letter, any letter agrees.
    pattern = ".{0,3}?".join(re.escape(piece) for piece in re.split(r"\s?\ufffd+\s?", wanted))
    return re.search(pattern if key == "text" else f"^{pattern}$", got) is not None


def _squeezed(text: str) -> str:
    return " ".join(_UNSEEN.sub(" ", text).split())


def lines_of(report: Report) -> Iterator[str]:
    for suite, number in sorted(report.files.items()):
        natures = dict(report.natures.get(suite, {}))
        yield f"{suite}: {number} files, {report.unreadable[suite]} with nothing in them, {natures}"
    for key in FIELDS:
        yield f"{key}: {report.met[key]} of {report.stated[key]}"
    yield f"all: {report.share_met:.1%} of {sum(report.stated.values())} stated expectations"
    yield f"slowest: {report.slowest_seconds:.2f} s, {report.slowest_file}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--failures", action="store_true")
    arguments = parser.parse_args()
    report = measure(arguments.folder)
    for line in lines_of(report):
        sys.stdout.write(f"{line}\n")
    for failure in report.failures if arguments.failures else ():
        sys.stdout.write(f"{json.dumps(failure, ensure_ascii=False)}\n")


if __name__ == "__main__":
    main()
