"""`lotsen ingest`: files, folders and Maildirs of raw mail through the mailbox's own way."""

import json
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

from rich.console import Console
from rich.progress import track

from bot.app import Services
from bot.intake import MAIL_SOURCE, HandledMail, handle_waiting_mail
from handlers.errors import ConfigurationFault
from handlers.mail_intake import MailOutcome

SOURCE = f"{MAIL_SOURCE}ingest"


def ingest_paths(services: Services, paths: Iterable[Path]) -> Iterator[str]:
    """Yield a JSON line for every file; the same bytes a second time are a duplicate."""
    files = [file for path in paths for file in _files(path)]
    shown = track(files, description="Läser brev", console=Console(stderr=True), transient=True)
    for file in shown:
        yield json.dumps(_ingest(services, file), ensure_ascii=False)


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise ConfigurationFault(f"{path}: filen eller mappen finns inte.")
    if (path / "new").is_dir() and (path / "cur").is_dir():  # a Maildir
        return sorted(f for name in ("new", "cur") for f in (path / name).iterdir() if f.is_file())
    return sorted(f for f in path.rglob("*") if f.is_file())


def _ingest(services: Services, file: Path) -> dict[str, object]:
    raw = file.read_bytes()
    with services.unit_of_work() as uow:
        key = sha256(raw).hexdigest()
        item_id = uow.inbox.add(source=SOURCE, key=key, raw=raw, now=services.clock())
        known = uow.inbox.find(source=SOURCE, key=key)
        uow.commit()
    if item_id is None:
        case = str(known.outcome.get("case", "")) if known else ""
        return _line(file, MailOutcome.DUPLICATE, case=case)
    found: list[HandledMail] = []
    handle_waiting_mail(services, found.append)
    mine = next((handled for handled in found if handled.item.id == item_id), None)
    if mine is None:  # it waits for its next attempt
        return _line(file, MailOutcome.HELD, reasons=("tried_again_later",))
    return _line_of(file, mine)


def _line_of(file: Path, handled: HandledMail) -> dict[str, object]:
    case = handled.intake.case
    mail, analysis = handled.mail, handled.analysis
    number = case.number if case else ""
    if mail is None or analysis is None:
        return _line(file, handled.intake.outcome, case=number, reasons=("unreadable",))
    return {
        "file": str(file),
        "outcome": handled.intake.outcome.value,
        "case": number or None,
        "kind": analysis.kind,  # what the text says; mailbox and sender may decide the case's
        "sender": mail.sender_address,
        "subject": mail.subject,
        "text": mail.text,
        "attachments": [
            {"name": a.name, "type": a.media_type, "size": len(a.content), "sha256": a.sha256}
            for a in mail.attachments
        ],
        "reasons": [*mail.nature_reasons, *mail.faults, *analysis.reasons],
    }


def _line(
    file: Path, outcome: MailOutcome, *, case: str = "", reasons: tuple[str, ...] = ()
) -> dict[str, object]:
    return {
        "file": str(file),
        "outcome": outcome.value,
        "case": case or None,
        "kind": None,
        "sender": "",
        "subject": "",
        "text": "",
        "attachments": [],
        "reasons": list(reasons),
    }
