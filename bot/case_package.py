"""A case as a package for the archive or another authority: originals, readable copy, check sums.

Everything that says who wrote lies in one folder, so that it can be left out (OSL 5:2).
"""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import TypeAdapter

from bot.app import Services
from bot.mail.attachments import NOTE_DANGEROUS
from bot.pictures import clean_picture, is_previewed
from bot.web.answer_lines import NAMING, AnswerLine, answer_lines
from bot.web.event_lines import EventLine, category_label, event_line, local_time
from handlers import same_person
from handlers.access import told_of
from handlers.case_records import RegisterEntry, RegisterSender
from handlers.desk import Desk, note, open_for_work, require
from handlers.domain.case import Case
from handlers.domain.report import Report
from handlers.errors import ConfigurationFault
from handlers.kinds import may_see_reporter
from handlers.permissions import Action
from handlers.records import CaseEvent, Letter, ReportFile
from handlers.registering import entry_of, sender_of
from storage.unit_of_work import SqlUnitOfWork

_LANGUAGE = "sv"  # the package is for archives and authorities
SENDER = "avsandare"  # the folder that names somebody
_TEMPLATES = Path(__file__).parent / "web" / "templates"
_READ_ME = """Ärende {number}

arende.html           läsbar kopia, utan avsändare
arende.json           samma sak för program
bilagor/              bifogade filer (skadliga filer finns bara i originalbreven)
avsandare/            vem som skrev, och brev och bilder precis som de kom
KONTROLLSUMMOR.txt    sha256 för varje fil

Ska avsändaren inte lämnas ut: hämta paketet utan avsändare i stället.
I det här paketet kan texterna säga vem som skrev.
"""
_READ_ME_WITHOUT = """Ärende {number}, utan avsändare

arende.html           läsbar kopia: namn, telefon, mejl och adress i texterna är dolda
arende.json           samma sak för program
bilagor/              bifogade filer, som de kom
KONTROLLSUMMOR.txt    sha256 för varje fil

Ett program har dolt det som det hittade. Läs texter och bilagor innan du lämnar ut dem.
"""


def export_case(services: Services, desk: Desk) -> tuple[str, bytes]:
    """Return file name and content of the package; it is noted in the case's history.

    Who may not see reporters gets the package without the folder that names them.
    """
    case = require(desk, open_for_work(desk), Action.EXPORT)
    note(desk, case, "exported")
    uow = desk.uow
    if not isinstance(uow, SqlUnitOfWork):
        raise TypeError("the originals lie in the inbox, which only the store's own unit has")
    named = may_see_reporter(desk, case)
    return package_of(services, uow, case, with_sender=named, reader_id=desk.person_id)


def package_of(
    services: Services, uow: SqlUnitOfWork, case: Case, *, with_sender: bool, reader_id: str = ""
) -> tuple[str, bytes]:
    """`reader_id` is who will read it; empty for whoever operates Lotsen."""
    found = _Contents(services, uow, case, reader_id, with_sender=with_sender)
    files = {"arende.html": found.page(), "arende.json": found.data(), **found.attachments()}
    if with_sender:
        files |= found.sender()
    read_me = _READ_ME if with_sender else _READ_ME_WITHOUT
    files["LAS-MIG.txt"] = read_me.format(number=case.number).encode()
    sums = "".join(f"{sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    files["KONTROLLSUMMOR.txt"] = sums.encode()
    return f"{case.number}.zip", _zipped(files, case)


def export_by_number(services: Services, number: str, folder: Path, *, with_sender: bool) -> Path:
    """Write the package of a case into the folder, for whoever operates Lotsen."""
    if not folder.is_dir():
        raise ConfigurationFault(f"{folder}: mappen finns inte.")
    with services.unit_of_work() as uow:
        case = uow.cases.find_number(number)
        if case is None:
            raise ConfigurationFault(f"Ärendet {number} finns inte.")
        name, content = package_of(services, uow, case, with_sender=with_sender)
        event = CaseEvent(case_id=case.id, at=services.clock(), actor_id="system", kind="exported")
        uow.cases.add_event(event)
        uow.commit()
    path = folder / name
    path.write_bytes(content)
    return path


class _Contents:
    def __init__(
        self,
        services: Services,
        uow: SqlUnitOfWork,
        case: Case,
        reader_id: str,
        *,
        with_sender: bool,
    ) -> None:
        self._services = services
        self._uow = uow
        self._case = case
        self._letters: Sequence[Letter] = uow.letters.of_case(case.id)
        self._reports: Sequence[Report] = uow.reports.all_of_case(case.id)
        events = told_of(uow, uow.cases.events(case.id), reader_id)
        # Which cases are about one person leaves no house: it would tell more than each alone.
        self._events = [event for event in events if event.kind not in same_person.LINES]
        self._entry = entry_of(uow, case.id)
        if not with_sender:
            self._cover_everybody()

    def _cover_everybody(self) -> None:
        """Cover whom the texts name, first of all whoever signed them."""
        finder = self._services.municipality.about_person.covered
        senders = [name for letter in self._letters for name in letter.sender_name.split()]
        cover = partial(_covered, finder, [name for name in senders if len(name) > 1])
        self._letters = [_covered_letter(letter, cover) for letter in self._letters]
        self._reports = [_covered_report(report, cover) for report in self._reports]
        self._case = _covered_case(self._case, cover)
        if self._entry:
            self._entry = replace(self._entry, matter=cover(self._entry.matter))

    def page(self) -> bytes:
        """Return the copy that people read: words of the pages instead of codes."""
        environment = Environment(
            loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined
        )
        case = self._case
        unit = self._uow.organisation.unit(case.unit_id)
        text = environment.get_template("export.html").render(
            case=case,
            say=self._services.municipality.catalogue.get,
            unit=unit.name if unit else "–",
            category=category_label(self._services, case.category, _LANGUAGE),
            entry=self._entry,
            letters=self._letters,
            answers=[(local_time(one.submitted_at), self._lines(one)) for one in self._reports],
            history=self._history(),
            files=(
                *self._uow.letters.attachments_of(case.id),
                *self._uow.report_files.of_case(case.id),
            ),
            local_time=local_time,
        )
        return text.encode()

    def _lines(self, report: Report) -> Sequence[AnswerLine]:
        return answer_lines(self._services, report, _LANGUAGE, hidden=NAMING)

    def _history(self) -> list[EventLine]:
        organisation = self._uow.organisation
        names = {one.id: one.name for one in (*organisation.people, organisation.fallback)}
        return [
            event_line(self._services, organisation, event, names, _LANGUAGE)
            for event in self._events
        ]

    def data(self) -> bytes:
        letters = [_without_sender(_plain(Letter, letter)) for letter in self._letters]
        reports = [_without_sender(_plain(Report, report)) for report in self._reports]
        for report in reports:
            report["answers"] = {
                name: one for name, one in report["answers"].items() if name not in NAMING
            }
        entry = _plain(RegisterEntry, self._entry) if self._entry else None
        return _json(
            {
                "case": _plain(Case, self._case),
                "register": entry,
                "reports": reports,
                "letters": letters,
                "events": [_plain(CaseEvent, event) for event in self._events],
            }
        )

    def attachments(self) -> Mapping[str, bytes]:
        files = {}
        for listed in self._uow.letters.attachments_of(self._case.id):
            whole = self._uow.letters.attachment(self._case.id, listed.id)
            if whole is not None and whole.note != NOTE_DANGEROUS:
                files[f"bilagor/{whole.id}-{whole.name}"] = whole.content
        for number, file in enumerate(self._reported(), 1):
            content = clean_picture(file.content) if is_previewed(file) else file.content
            if content is not None:
                files[f"bilagor/rapport-{number}-{file.name}"] = content
        return files

    def _reported(self) -> Iterator[ReportFile]:
        for listed in self._uow.report_files.of_case(self._case.id):
            whole = self._uow.report_files.find(self._case.id, listed.id)
            if whole is not None:
                yield whole

    def sender(self) -> Mapping[str, bytes]:
        """Return who wrote, and each mail and picture byte for byte as it came."""
        files = {}
        people = []
        for number, letter in enumerate(self._letters, 1):
            name = f"{SENDER}/brev-{number}.eml"
            original = self._uow.inbox.get(letter.inbox_id)
            if original is not None:
                files[name] = original.raw
            people.append(
                {
                    "file": name,
                    "name": letter.sender_name,
                    "address": letter.sender_address,
                    "role": letter.sender_role.value,
                }
            )
        hidden = {report.id for report in self._reports if report.reporter.confidential}
        for number, file in enumerate(self._reported(), 1):
            if is_previewed(file) and file.report_id not in hidden:  # as the camera made it
                files[f"{SENDER}/rapport-{number}-{file.name}"] = file.content
        registered = sender_of(self._uow, self._case.id)
        who = _plain(RegisterSender, registered) if registered else None
        files[f"{SENDER}/avsandare.json"] = _json({"register": who, "letters": people})
        return files


def _covered(finder: Callable[[str], str], names: Sequence[str], text: str) -> str:
    found = finder(text)
    for name in names:
        found = re.sub(rf"\b{re.escape(name)}s?\b", "[namn]", found, flags=re.IGNORECASE)
    return found


def _covered_letter(letter: Letter, cover: Callable[[str], str]) -> Letter:
    return replace(
        letter,
        subject=cover(letter.subject),
        text=cover(letter.text),
        folded_text=cover(letter.folded_text),
        message_id="",  # it ends with the name of the sender's mail server
        authentication={},
    )


def _covered_report(report: Report, cover: Callable[[str], str]) -> Report:
    answers = {key: replace(one, text=cover(one.text)) for key, one in report.answers.items()}
    return replace(report, answers=answers)


def _covered_case(case: Case, cover: Callable[[str], str]) -> Case:
    return replace(
        case,
        title=cover(case.title),
        feedback=cover(case.feedback),
        no_action_reason=cover(case.no_action_reason),
        causes=tuple(replace(one, text=cover(one.text)) for one in case.causes),
        actions=tuple(
            replace(one, text=cover(one.text), effect=cover(one.effect)) for one in case.actions
        ),
    )


def _plain(kind: type[Any], record: object) -> dict[str, Any]:
    found: dict[str, Any] = TypeAdapter(kind).dump_python(record, mode="json")
    return found


def _without_sender(record: dict[str, Any]) -> dict[str, Any]:
    hidden = {"sender_address", "sender_name", "reporter"}
    return {name: value for name, value in record.items() if name not in hidden}


def _json(data: Mapping[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, indent=2).encode()


def _zipped(files: Mapping[str, bytes], case: Case) -> bytes:
    """Return the archive; the same case gives the same bytes."""
    out = io.BytesIO()
    at = case.received_at
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{case.number}/{name}", at.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, files[name])
    return out.getvalue()
