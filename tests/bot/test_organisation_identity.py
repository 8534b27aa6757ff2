"""An import never makes a new person of a known one, or a known one of somebody new."""

import pytest

from bot.organisation import import_organisation
from handlers import shielding
from handlers.access import access_of, allowed
from handlers.domain.people import Role
from handlers.organisation_file import COLUMNS
from handlers.permissions import Action
from tests.bot.test_organisation_import import (
    NEW_MANAGER,
    TODAY,
    differences,
    exported,
    given_file,
    organisation,
    row,
    warnings,
)
from tests.handlers.test_work_reminders import do
from tests.lotskoping import AGNETA, INGER, MARIA, MONIKA, Lotskoping


def addressed(person_id: str) -> str:
    return f"{person_id}@lotskoping.example"


def renumbered(lines: list[str], person_id: str, other: str) -> list[str]:
    return [one.replace(f";{person_id};", f";{other};") for one in lines]


def test_a_known_address_with_another_id_is_a_fault_on_the_line_where_it_stands_first(
    lotskoping: Lotskoping,
):
    before = organisation(lotskoping)
    lines = renumbered(exported(lotskoping), MARIA, "p-1001")
    [fault] = given_file(lotskoping, lines, dry_run=True).faults
    first = next(n for n, one in enumerate(lines, start=1) if ";p-1001;" in one)
    assert (fault.line, MARIA in fault.text) == (first, True)
    assert given_file(lotskoping, lines).faults == (fault,)
    assert organisation(lotskoping) == before


def test_who_is_involved_gets_no_second_id_to_read_under(lotskoping: Lotskoping):
    case = lotskoping.report()
    hidden = do(lotskoping, case, MONIKA, shielding.shield, named=(AGNETA,))
    lines = renumbered(exported(lotskoping), AGNETA, "p-1001")
    assert given_file(lotskoping, lines).faults
    assert organisation(lotskoping).person("p-1001") is None
    with lotskoping.unit_of_work() as uow:
        now, municipality = lotskoping.clock(), lotskoping.services.municipality
        for person_id in (AGNETA, "p-1001"):
            access = access_of(uow, municipality, person_id, now)
            assert not allowed(uow, access, Action.OPEN, hidden, now)


def test_whoever_is_new_with_the_local_part_of_another_is_not_taken_for_her(
    lotskoping: Lotskoping,
):
    lines = [one for one in exported(lotskoping) if f";{INGER};" not in one]
    hired = {"roll": "nurse", "namn": "Ingrid Ny", "epost": f"{INGER}@hyrvard.example"}
    [fault] = given_file(lotskoping, [*lines, row(**hired)]).faults
    assert (fault.line, addressed(INGER) in fault.text) == (len(lines) + 1, True)
    assert given_file(lotskoping, [*lines, row(**hired, person_id="ingrid-ny")]).done
    after = organisation(lotskoping)
    assert not after.has_role(INGER, Role.NURSE, TODAY)
    assert after.has_role("ingrid-ny", Role.NURSE, TODAY)


def test_a_known_person_gets_a_new_address_by_id_and_the_old_one_is_free(lotskoping: Lotskoping):
    moved = "inger@ny.example"
    lines = [one.replace(addressed(INGER), moved) for one in exported(lotskoping)]
    new = row(roll="nurse", person_id="ny", namn="Ingrid Ny", epost=addressed(INGER))
    assert differences(given_file(lotskoping, [*lines, new])) == (
        f"~ person Inger Strandlycke: Inger Strandlycke <{moved}>",
        f"+ person Ingrid Ny <{addressed(INGER)}>",
        f"+ nurse: Ingrid Ny från {TODAY}",
    )


def test_a_namesake_and_an_id_with_another_name_and_address_are_asked_about(
    lotskoping: Lotskoping,
):
    lines = exported(lotskoping)
    twin = row(roll="nurse", person_id="p-7", namn="maria lindqvall", epost="ml@lotskoping.example")
    asked = warnings(given_file(lotskoping, [*lines, twin], dry_run=True))
    assert asked == (f"! maria lindqvall är ny, men namnet har också {MARIA}. Samma person?",)
    stolen = row(roll="nurse", person_id=INGER, namn="Eva Ny", epost="eva@lotskoping.example")
    left = [one for one in lines if f";{INGER};" not in one]
    asked = warnings(given_file(lotskoping, [*left, stolen], dry_run=True))
    line = "! Inger Strandlycke blir Eva Ny och har kvar ärenden och larm. Samma person?"
    assert line in asked


def test_an_id_is_made_of_an_address_with_odd_letters(lotskoping: Lotskoping):
    odd = row(roll="nurse", namn="Åsa O'Öberg", epost="Åsa.O'Öberg+vik@lotskoping.example")
    assert given_file(lotskoping, [*exported(lotskoping), odd]).done
    assert organisation(lotskoping).has_role("asa.o-oberg-vik", Role.NURSE, TODAY)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"person_id": "fallback"}, "person_id: fallback är upptaget"),
        ({"person_id": "System"}, "person_id: System är upptaget"),
        ({"person_id": "reporter"}, "är upptaget"),
        ({"epost": "rule@x.example"}, "person_id: rule är upptaget"),
        ({"person_id": ".."}, "person_id: .."),
        ({"person_id": "a/../b?x#y"}, "person_id: a/../b?x#y"),
        ({"person_id": "p" * 65}, "högst 64 tecken"),
        ({"epost": "++@x.example"}, "person_id: saknas"),
        ({"namn": "Ada\x00Nul"}, "namn har tecken som inte syns"),
        ({"namn": "Ada\u202egnp"}, "namn har tecken som inte syns"),
        ({"enhet": "Eken\x1b[2J", "enhet_id": "ny"}, "enhet har tecken som inte syns"),
        ({"namn": "<b>Ada</b>"}, "tecken som inte hör till ett namn"),
        ({"epost": "ada<evil>@y.example"}, "är ingen e-postadress"),
        ({"epost": "ada,b@y.example"}, "är ingen e-postadress"),
    ],
    ids=str,
)
def test_a_hostile_row_is_a_fault_with_its_line(
    lotskoping: Lotskoping, changed: dict[str, str], fault: str
):
    cells = dict(zip(COLUMNS, NEW_MANAGER.split(";"), strict=True)) | changed
    heading, *_ = exported(lotskoping)
    raw = "\n".join([heading, row(**cells)]).encode()
    found = import_organisation(lotskoping.services, raw, actor_id="system", dry_run=True)
    assert [(one.line, fault in one.text) for one in found.faults] == [(2, True)]
