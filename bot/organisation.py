"""The organisation in and out as CSV: bytes to rows, a dry run or the real thing, and back."""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from bot.app import Services
from handlers.domain.deadline import local_date
from handlers.domain.people import Organisation, Person, Role, Unit
from handlers.organisation_cells import FORMULA_SIGNS
from handlers.organisation_change import Change, changed_by
from handlers.organisation_checks import shared_areas, split_insight, warnings_of
from handlers.organisation_file import (
    COLUMNS,
    STAFF,
    VACANT,
    Fault,
    NumberedRow,
    OrganisationFile,
    missing_columns,
    read_rows,
)
from handlers.records import AuditEvent
from storage.organisation import replace_organisation
from storage.unit_of_work import SqlUnitOfWork

LARGEST_BYTES = 5_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """Either faults, and nothing was done; or a change, done unless it was a dry run."""

    faults: tuple[Fault, ...] = ()
    change: Change | None = None
    done: bool = False


def import_organisation(
    services: Services,
    raw: bytes,
    *,
    actor_id: str,
    dry_run: bool,
    ends_most: bool = False,
    seen: str | None = None,
) -> Import:
    """Read a file and make the organisation what it says; `ends_most` allows a great clear-out.

    `seen` is the mark of the change that somebody has looked at: no other one is done.
    """
    now = services.clock()
    today = local_date(now)
    faults, rows = _rows(raw)
    with services.unit_of_work() as uow:
        before = uow.organisation
        file = read_rows(rows, before.people, today)
        if faults or file.faults:
            return Import(faults=tuple(faults or file.faults))
        change = changed_by(before, file, today)
        if never := _never(change, today):
            return Import(faults=never)
        change = _with_warnings(uow, before, file, change, today)
        if change.ends_most and not ends_most:
            return Import(faults=(_too_much(change),), change=change)
        wanted = not dry_run and seen in (None, mark_of(change))
        if wanted and change.differences:
            replace_organisation(uow.connection, change.organisation)
            values = {"differences": str(len(change.differences))}
            uow.audit.add(
                AuditEvent(at=now, actor_id=actor_id, kind="organisation_imported", values=values)
            )
            uow.commit()
    return Import(change=change, done=wanted)


def _never(change: Change, today: date) -> tuple[Fault, ...]:
    """Return what no organisation may be."""
    after = change.organisation
    shared = (*shared_areas(after, today), *split_insight(after, today))
    return tuple(Fault(line=0, text=text) for text in shared)


def _too_much(change: Change) -> Fault:
    text = (
        f"{change.ended_assignments} uppdrag skulle upphöra och "
        f"{change.kept_assignments} vara kvar. Är filen hel? Tillåt det uttryckligen."
    )
    return Fault(line=0, text=text)


def _with_warnings(
    uow: SqlUnitOfWork, before: Organisation, file: OrganisationFile, change: Change, today: date
) -> Change:
    cases = uow.cases.listed(None, open_only=True)
    vacant = (f"! {text}" for text in file.vacancies)
    return replace(
        change, warnings=(*vacant, *warnings_of(before, change.organisation, cases, today))
    )


def mark_of(change: Change) -> str:
    """Return a short mark of what a change does: the same mark, the same change."""
    return sha256("\n".join(change.differences).encode()).hexdigest()


def export_organisation(services: Services) -> str:
    """Return today's organisation in the form that can be imported."""
    with services.unit_of_work(read_only=True) as uow:
        organisation = uow.organisation
    today = local_date(services.clock())
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(_lines(organisation, [u.id for u in organisation.current_units(today)]))
    return out.getvalue()


def _rows(raw: bytes) -> tuple[list[Fault], list[NumberedRow]]:
    """Return the rows by heading, each with its last line in the file."""
    if len(raw) > LARGEST_BYTES:
        return [Fault(line=0, text="Filen är större än 5 MB.")], []
    text = _text(raw)
    separator = max(";,\t", key=text.split("\n", 1)[0].count)
    reader = csv.DictReader(io.StringIO(text), delimiter=separator, restkey="_", restval="")
    try:
        names = [name.strip().casefold() for name in reader.fieldnames or ()]
        lacking = missing_columns(names)
        if lacking:
            return [Fault(line=1, text=f"kolumnen {name} saknas") for name in lacking], []
        reader.fieldnames = names
        return [], [
            (reader.line_num, {k: v for k, v in row.items() if isinstance(v, str)})
            for row in reader
        ]
    except csv.Error as error:
        return [Fault(line=reader.line_num, text=f"går inte att läsa: {error}")], []


def _text(raw: bytes) -> str:
    """Read what spreadsheets write: UTF-8, UTF-16 or cp1252, and every kind of line end."""
    try:
        wide = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        text = raw.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _lines(organisation: Organisation, current: list[str]) -> Iterator[dict[str, str]]:
    areas = {area.id: area.name for area in organisation.areas}
    for one in organisation.assignments:
        unit = organisation.unit(one.scope)
        person = organisation.person(one.person_id)
        if person is None or (unit is not None and unit.id not in current):
            continue
        area_id = unit.area_id if unit else one.scope if one.role == Role.AREA_MANAGER else ""
        yield _unit_columns(unit) | {
            "område_id": area_id,
            "område": areas.get(area_id, ""),
            "roll": one.role.value,
            **_person_columns(person),
            "ersättare": "ja" if one.deputy else "nej",
            "från": one.valid.first_on.isoformat(),
            "till": one.valid.last_on.isoformat() if one.valid.last_on else "",
        }
    for person in organisation.people:
        unit = organisation.unit(person.unit_id)
        if unit is not None and unit.id in current:
            area = {"område_id": unit.area_id, "område": areas.get(unit.area_id, "")}
            yield _unit_columns(unit) | area | {"roll": STAFF, **_person_columns(person)}
    for unit in (one for one in organisation.units if one.id in current):
        if not _has_people(organisation, unit.id):
            area = {"område_id": unit.area_id, "område": areas.get(unit.area_id, "")}
            yield _unit_columns(unit) | area | {"roll": Role.UNIT_MANAGER.value, "namn": VACANT}


def _has_people(organisation: Organisation, unit_id: str) -> bool:
    """Whether a unit stands in the row of anybody; one without has a row for its empty chair."""
    scopes = {one.scope for one in organisation.assignments}
    return unit_id in scopes or any(one.unit_id == unit_id for one in organisation.people)


def _person_columns(person: Person) -> dict[str, str]:
    return {"person_id": person.id, "namn": _safe(person.name), "epost": person.email}


def _unit_columns(unit: Unit | None) -> dict[str, str]:
    if unit is None:
        return {}
    laws = " ".join(unit.legal_areas)
    return {
        "enhet_id": unit.id,
        "enhet": _safe(unit.name),
        "typ": unit.kind,
        "lagrum": laws,
        "utförare": _safe(unit.provider or "egen regi"),
        "mas_insyn": ("nej" if unit.health_apart else "ja") if unit.provider else "",
    }


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text
