"""The organisation from a file: every fault by its line, every difference named, nothing lost."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.organisation import Import, export_organisation, import_organisation
from handlers.domain.people import Organisation, Role, Validity
from handlers.organisation_file import COLUMNS, read_rows
from tests.clock import T0
from tests.handlers.test_reminders import absent
from tests.lotskoping import INGER, JONAS, MARIA, Lotskoping

TODAY = T0.date()


def exported(lotskoping: Lotskoping) -> list[str]:
    return export_organisation(lotskoping.services).splitlines()


def given_file(lotskoping: Lotskoping, lines: list[str], *, dry_run: bool = False) -> Import:
    raw = "\r\n".join(lines).encode("utf-8-sig")
    return import_organisation(lotskoping.services, raw, actor_id="system", dry_run=dry_run)


def organisation(lotskoping: Lotskoping) -> Organisation:
    with lotskoping.unit_of_work() as uow:
        return uow.organisation


def differences(result: Import) -> tuple[str, ...]:
    assert result.faults == ()
    assert result.change is not None
    return result.change.differences


def warnings(result: Import) -> tuple[str, ...]:
    assert result.faults == ()
    assert result.change is not None
    return but_two_chairs(result.change.warnings)


def but_two_chairs(warnings: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out that the demo's deputy SAS is a manager, which every import of it says."""
    return tuple(one for one in warnings if "Leila Sandemo är SAS och svarar för" not in one)


def row(**cells: str) -> str:
    return ";".join(cells.get(name, "") for name in COLUMNS)


NEW_MANAGER = row(
    enhet_id="bjorkgarden", enhet="Björkgårdens äldreboende", typ="care_home",
    område_id="omr-boende", område="Särskilt boende", lagrum="HSL SoL", roll="Enhetschef",
    namn="Nina Nordgren", epost="nina.nordgren@lotskoping.example",
)  # fmt: skip


def test_what_was_exported_can_be_imported_and_changes_nothing(lotskoping: Lotskoping):
    before = organisation(lotskoping)
    assert differences(given_file(lotskoping, exported(lotskoping))) == ()
    assert organisation(lotskoping) == before


def test_a_file_of_odd_bytes_is_a_fault_and_no_crash(lotskoping: Lotskoping):
    for raw in (b"", b"\xff\xfe\x00", b"\x00" * 50, b'"roll;namn\n' * 3):
        found = import_organisation(lotskoping.services, raw, actor_id="system", dry_run=True)
        assert found.faults


def test_a_fault_names_the_line_of_the_file_past_blank_ones(lotskoping: Lotskoping):
    lines = [*exported(lotskoping), "", "", row(roll="drottning", namn="Nina", epost="n@x.example")]
    [fault] = given_file(lotskoping, lines).faults
    assert (fault.line, fault.text) == (len(lines), "rollen drottning finns inte")


def test_a_dry_run_names_the_differences_and_changes_nothing(lotskoping: Lotskoping):
    before = organisation(lotskoping)
    lines = [one for one in exported(lotskoping) if f";{MARIA};" not in one or "solrosen" in one]
    found = differences(given_file(lotskoping, [*lines, NEW_MANAGER], dry_run=True))
    assert "+ person Nina Nordgren <nina.nordgren@lotskoping.example>" in found
    assert "- enhetschef Björkgårdens äldreboende: Maria Lindqvall" in found
    assert f"+ enhetschef Björkgårdens äldreboende: Nina Nordgren från {TODAY.isoformat()}" in found
    assert organisation(lotskoping) == before


def test_a_changed_manager_takes_over_the_units_open_cases_at_once(lotskoping: Lotskoping):
    lines = [one for one in exported(lotskoping) if f";{MARIA};" not in one or "solrosen" in one]
    given_file(lotskoping, [*lines, NEW_MANAGER])
    after = organisation(lotskoping)
    chain = [person.id for person in after.unit_chain("bjorkgarden", TODAY)]
    assert chain[:2] == ["nina.nordgren", JONAS]
    assert "bjorkgarden" not in after.managed_units(MARIA, TODAY)
    assert after.person(MARIA) is not None  # the history still points at her


def test_a_unit_that_is_gone_ends_and_is_not_deleted(lotskoping: Lotskoping):
    lines = [one for one in exported(lotskoping) if not one.startswith("verkstan;")]
    assert "- enhet Verkstan daglig verksamhet" in differences(given_file(lotskoping, lines))
    after = organisation(lotskoping)
    unit = after.unit("verkstan")
    assert unit is not None
    assert unit not in after.current_units(TODAY)


def test_absences_stay_through_an_import(lotskoping: Lotskoping):
    absent(lotskoping, MARIA, TODAY)
    given_file(lotskoping, exported(lotskoping))
    assert organisation(lotskoping).is_absent(MARIA, TODAY)


def test_deputies_stay_when_the_file_has_none(lotskoping: Lotskoping):
    lines = [one for one in exported(lotskoping) if ";ja;" not in one]
    assert differences(given_file(lotskoping, lines)) == ()
    assert JONAS in {p.id for p in organisation(lotskoping).unit_chain("bjorkgarden", TODAY)}


def test_a_last_day_is_taken_over(lotskoping: Lotskoping):
    last = TODAY + timedelta(days=30)
    lines = [
        f"{one}{last.isoformat()}" if f";{INGER};" in one else one for one in exported(lotskoping)
    ]
    assert differences(given_file(lotskoping, lines)) == (f"~ MAS: Inger Strandlycke: till {last}",)
    [held] = [a for a in organisation(lotskoping).assignments if a.person_id == INGER]
    assert held.role == Role.MAS
    assert held.valid == Validity(first_on=held.valid.first_on, last_on=last)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"roll": "kejsare"}, "rollen kejsare finns inte"),
        ({"epost": "nina"}, "epost: nina är ingen e-postadress"),
        ({"epost": ""}, "epost saknas"),
        ({"från": "1/6 2026"}, "från: 1/6 2026 är inget datum"),
        ({"från": "2026-06-02", "till": "2026-06-01"}, "till ligger före från"),
        ({"lagrum": "Grundlagen"}, "lagrum: Grundlagen"),
        ({"enhet_id": "", "enhet": ""}, "en enhetschef behöver en enhet"),
        ({"område_id": "", "område": ""}, "enheten har inget område"),
        ({"område": "Annat namn"}, "området omr-boende har ett annat namn ovanför"),
        ({"enhet": "Annat namn"}, "enheten bjorkgarden har andra uppgifter ovanför"),
        ({"ersättare": "kanske"}, "ersättare: kanske är varken ja eller nej"),
        ({"namn": "N" * 201}, "namn är längre än 200 tecken"),
        ({"person_id": MARIA}, "personen maria-lindqvall har ett annat namn"),
        (
            {"person_id": "ny", "epost": f"{MARIA}@lotskoping.example"},
            "tillhör redan någon annan",
        ),
    ],
    ids=str,
)
def test_a_fault_names_its_line_and_nothing_is_done(
    lotskoping: Lotskoping, changed: dict[str, str], fault: str
):
    before = organisation(lotskoping)
    cells = dict(zip(COLUMNS, NEW_MANAGER.split(";"), strict=True)) | changed
    lines = exported(lotskoping)
    result = given_file(lotskoping, [*lines, row(**cells)])
    assert [(one.line, fault in one.text) for one in result.faults] == [(len(lines) + 1, True)]
    assert organisation(lotskoping) == before


def test_the_same_assignment_twice_is_a_fault(lotskoping: Lotskoping):
    lines = exported(lotskoping)
    result = given_file(lotskoping, [*lines, lines[1]])
    assert "en rad till" in result.faults[0].text


@pytest.mark.parametrize("role", ["mas", "sas", "registrator"])
def test_an_empty_chair_is_a_warning_and_the_file_is_taken(lotskoping: Lotskoping, role: str):
    lines = [one for one in exported(lotskoping) if f";{role};" not in one]
    result = given_file(lotskoping, lines)
    assert result.done
    assert f"ingen är {role}" in warnings(result)[0].casefold()
    assert not organisation(lotskoping).holders(Role(role), "", TODAY)


def test_a_unit_whose_deputy_acts_is_taken_with_a_warning(lotskoping: Lotskoping):
    lines = [
        one
        for one in exported(lotskoping)
        if not (one.startswith("bjorkgarden;") and f";{MARIA};" in one)
    ]
    result = given_file(lotskoping, lines)
    assert result.done
    assert warnings(result) == ("! enheten Björkgårdens äldreboende har ingen enhetschef",)
    chain = organisation(lotskoping).unit_chain("bjorkgarden", TODAY)
    assert chain[0].id == JONAS


def test_a_vacant_chair_can_be_written_down(lotskoping: Lotskoping):
    empty = row(
        enhet_id="nygard", enhet="Nygården", typ="care_home", område_id="omr-boende",
        område="Särskilt boende", lagrum="HSL SoL", roll="enhetschef", namn="Vakant",
    )  # fmt: skip
    nobody = row(roll="medarbetare", enhet="Nygården", område="X", lagrum="HSL", namn="vakant")
    result = given_file(lotskoping, [*exported(lotskoping), empty], dry_run=True)
    assert differences(result) == ("+ enhet Nygården",)
    assert warnings(result) == ("! enheten Nygården har ingen enhetschef",)
    [fault] = given_file(lotskoping, [*exported(lotskoping), nobody]).faults
    assert "en medarbetare behöver ett namn" in fault.text


def mas_row(first: str = "", last: str = "", *, deputy: str = "") -> str:
    return row(
        roll="MAS", namn="Nina Nordgren", epost="nina.nordgren@lotskoping.example",
        ersättare=deputy, från=first, till=last,
    )  # fmt: skip


def held_by_nina(lotskoping: Lotskoping) -> list[tuple[str, str]]:
    found = organisation(lotskoping).assignments
    days = [one.valid for one in found if one.person_id == "nina.nordgren"]
    return sorted((str(one.first_on), str(one.last_on or "")) for one in days)


def test_a_changed_first_day_is_a_difference_and_taken(lotskoping: Lotskoping):
    lines = exported(lotskoping)
    given_file(lotskoping, [*lines, mas_row("2026-09-01")])
    result = given_file(lotskoping, [*lines, mas_row("2026-06-01")])
    assert differences(result) == ("~ MAS: Nina Nordgren: från 2026-06-01, förut 2026-09-01",)
    assert held_by_nina(lotskoping) == [("2026-06-01", "")]
    assert organisation(lotskoping).has_role("nina.nordgren", Role.MAS, TODAY)


def test_a_row_without_a_first_day_leaves_the_first_day_alone(lotskoping: Lotskoping):
    lines = exported(lotskoping)
    given_file(lotskoping, [*lines, mas_row("2026-09-01")])
    assert differences(given_file(lotskoping, [*lines, mas_row()])) == ()
    assert held_by_nina(lotskoping) == [("2026-09-01", "")]


def test_who_is_to_begin_later_has_held_it_until_now(lotskoping: Lotskoping):
    lines = exported(lotskoping)
    given_file(lotskoping, [*lines, mas_row("2026-01-01")])
    result = given_file(lotskoping, [*lines, mas_row("2026-09-01")])
    assert differences(result) == ("~ MAS: Nina Nordgren: från 2026-09-01, förut 2026-01-01",)
    assert held_by_nina(lotskoping) == [("2026-01-01", "2026-05-31"), ("2026-09-01", "")]
    assert differences(given_file(lotskoping, [*lines, mas_row("2026-09-01")])) == ()


def test_a_substitute_stands_in_two_periods(lotskoping: Lotskoping):
    july = mas_row("2026-07-01", "2026-07-31", deputy="ja")
    christmas = mas_row("2026-12-20", "2027-01-07", deputy="ja")
    lines = exported(lotskoping)
    assert len(differences(given_file(lotskoping, [*lines, july, christmas]))) == 3
    both = [("2026-07-01", "2026-07-31"), ("2026-12-20", "2027-01-07")]
    assert held_by_nina(lotskoping) == both
    assert differences(given_file(lotskoping, [*lines, july, christmas])) == ()
    longer = mas_row("2026-07-01", "2026-08-09", deputy="ja")
    result = given_file(lotskoping, [*lines, longer, christmas])
    assert differences(result) == ("~ ersättare för MAS: Nina Nordgren: till 2026-08-09",)
    result = given_file(lotskoping, [*lines, christmas])
    assert differences(result) == ("- ersättare för MAS: Nina Nordgren",)
    assert ("2026-12-20", "2027-01-07") in held_by_nina(lotskoping)


def test_two_periods_of_one_assignment_do_not_overlap(lotskoping: Lotskoping):
    rows = [mas_row("2026-07-01", "2026-07-31"), mas_row("2026-07-31", "2026-08-31")]
    [fault] = given_file(lotskoping, [*exported(lotskoping), *rows]).faults
    assert "samma uppdrag står på en rad till" in fault.text


def test_what_is_over_comes_out_and_in_again_once(lotskoping: Lotskoping):
    july = mas_row("2026-07-01", "2026-07-31", deputy="ja")
    given_file(lotskoping, [*exported(lotskoping), july])
    lotskoping.clock.advance(days=100)
    before = organisation(lotskoping)
    assert differences(given_file(lotskoping, exported(lotskoping))) == ()
    assert organisation(lotskoping) == before


def test_half_a_file_is_refused_unless_it_is_meant(lotskoping: Lotskoping):
    lines = exported(lotskoping)
    few = [lines[0], *[one for one in lines if "bjorkgarden" in one or ";mas;" in one]]
    few += [one for one in lines if ";sas;" in one or ";registrator;" in one]
    assert "Är filen hel?" in str(given_file(lotskoping, few).faults[0])
    raw = "\n".join(few).encode()
    meant = import_organisation(
        lotskoping.services, raw, actor_id="system", dry_run=False, ends_most=True
    )
    assert meant.done


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r"])
def test_what_spreadsheets_write_is_read(
    lotskoping: Lotskoping, encoding: str, separator: str, line_end: str
):
    text = line_end.join(exported(lotskoping)).replace(";", separator)
    result = import_organisation(
        lotskoping.services, text.encode(encoding), actor_id="system", dry_run=True
    )
    assert differences(result) == ()


def test_missing_columns_and_an_empty_file_are_told(lotskoping: Lotskoping):
    assert [str(f) for f in given_file(lotskoping, ["enhet;roll;namn"]).faults] == [
        "rad 1: kolumnen epost saknas"
    ]
    assert "inga rader" in str(given_file(lotskoping, [";".join(COLUMNS)]).faults[0])


def test_the_import_is_kept_in_the_log(lotskoping: Lotskoping):
    given_file(lotskoping, [*exported(lotskoping), NEW_MANAGER])
    with lotskoping.unit_of_work() as uow:
        [kept] = uow.audit.between(T0 - timedelta(days=1), T0 + timedelta(days=1))
    assert (kept.kind, kept.values) == ("organisation_imported", {"differences": "2"})


cells = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(st.lists(st.dictionaries(st.sampled_from(COLUMNS), cells), max_size=5))
def test_no_table_however_odd_breaks_the_reading(rows: list[dict[str, str]]):
    found = read_rows(enumerate(rows, start=2), (), TODAY)
    assert found.faults or 0 < len(found.assignments) <= len(rows)


def test_a_unit_that_goes_away_with_open_cases_and_one_that_gets_a_new_manager_are_named(
    lotskoping: Lotskoping,
):
    lotskoping.report()
    lotskoping.report(unit="solrosen")
    rows = export_organisation(lotskoping.services).splitlines()
    left = [row for row in rows if not row.startswith("bjorkgarden;")]
    own = next(i for i, one in enumerate(left) if "solrosen;" in one and "jonas" in one)
    left[own] = (
        left[own].replace("jonas-ekbratt", "nina-nord").replace("Jonas Ekbratt", "Nina Nord")
    )
    raw = "\r\n".join(left).encode()
    result = import_organisation(lotskoping.services, raw, actor_id="x", dry_run=True)
    assert result.change is not None, result.faults
    assert but_two_chairs(result.change.warnings) == (
        "! Björkgårdens äldreboende försvinner. Öppna ärenden att flytta: 1",
        "! Solrosens demensboende byter chef. Öppna ärenden: 1",
    )
    same = import_organisation(
        lotskoping.services, "\r\n".join(rows).encode(), actor_id="x", dry_run=True
    )
    assert same.change is not None
    assert but_two_chairs(same.change.warnings) == ()


def dated(line: str, **days: date) -> str:
    cells = dict(zip(COLUMNS, line.split(";"), strict=True))
    return row(**cells | {name: day.isoformat() for name, day in days.items()})


def the_mas(lotskoping: Lotskoping) -> tuple[list[str], str]:
    """Return the file without MAS and her deputies, and the row of MAS herself."""
    lines = exported(lotskoping)
    [mas] = [one for one in lines if ";mas;" in one and one.split(";")[-3] == "nej"]
    return [one for one in lines if ";mas;" not in one], mas


def test_a_chair_that_is_empty_until_a_later_day_is_a_warning_with_its_days(
    lotskoping: Lotskoping,
):
    others, mas = the_mas(lotskoping)
    later = TODAY + timedelta(days=90)
    result = given_file(lotskoping, [*others, dated(mas, från=later)], dry_run=True)
    assert f"! ingen är MAS till {later - timedelta(days=1)}" in warnings(result)


def test_days_between_two_holders_are_a_warning(lotskoping: Lotskoping):
    others, mas = the_mas(lotskoping)
    last, first = TODAY + timedelta(days=30), TODAY + timedelta(days=61)
    both = [dated(mas, från=TODAY, till=last), dated(mas, från=first)]
    result = given_file(lotskoping, [*others, *both], dry_run=True)
    empty = f"från {last + timedelta(days=1)} till {first - timedelta(days=1)}"
    assert f"! ingen är MAS {empty}" in warnings(result)
    joined = [dated(mas, från=TODAY, till=last), dated(mas, från=last + timedelta(days=1))]
    assert warnings(given_file(lotskoping, [*others, *joined], dry_run=True)) == ()


def test_a_unit_of_nobody_is_exported_and_taken_back(lotskoping: Lotskoping):
    empty = row(
        enhet_id="nygard", enhet="Nygården", typ="care_home", område_id="omr-boende",
        område="Särskilt boende", lagrum="HSL SoL", roll="enhetschef", namn="Vakant",
    )  # fmt: skip
    assert given_file(lotskoping, [*exported(lotskoping), empty]).done
    assert any(one.startswith("nygard;Nygården;") for one in exported(lotskoping))
    assert differences(given_file(lotskoping, exported(lotskoping))) == ()
    assert organisation(lotskoping).unit("nygard") is not None
