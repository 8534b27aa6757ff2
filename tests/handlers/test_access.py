"""The matrix of rights, walked whole."""

from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest

from handlers import case_handling
from handlers.access import Access, access_of, cases_for, object_of
from handlers.domain.case import Case, CaseKind
from handlers.domain.people import Assignment, Organisation, Person, Role, Unit, Validity
from handlers.errors import ConfigurationFault, GateNotMet, UserFault
from handlers.permissions import (
    Action,
    CaseObject,
    Permissions,
    Relation,
    Thing,
    load_permissions,
)
from tests.clock import T0
from tests.handlers.test_case_handling import close, handle
from tests.lotskoping import AGNETA, BENGT, DAVID, MARIA, MONIKA, Lotskoping

TODAY = T0.date()
ALWAYS = Validity(first_on=TODAY - timedelta(days=1))
UNIT_ROLES = {Role.UNIT_MANAGER}
AREA_ROLES = {Role.AREA_MANAGER}
HIDDEN = (CaseObject.SHIELDED, CaseObject.SHIELDED_OUTSIDE)
ALL_CASE_RIGHTS = list(product(Role, Action, CaseObject))


@pytest.fixture(scope="module")
def permissions() -> Permissions:
    return load_permissions()


def a_unit(unit_id: str, area_id: str, provider: str = "") -> Unit:
    return Unit(
        provider=provider,
        id=unit_id,
        name=unit_id,
        kind="care_home",
        area_id=area_id,
        legal_areas=("HSL", "SoL"),
        valid=ALWAYS,
    )


def organisation_with(*assignments: Assignment) -> Organisation:
    return Organisation(
        areas=(),
        units=(
            a_unit("here", "this-area"),
            a_unit("there", "that-area"),
            a_unit("rented", "provider-area", "Omsorgen AB"),
            replace(a_unit("apart", "apart-area", "Vården AB"), health_apart=True),
        ),
        people=tuple(
            Person(id=one, name=one, email=f"{one}@lotskoping.example")
            for one in {a.person_id for a in assignments}
        ),
        assignments=assignments,
        absences=(),
        fallback=Person(id="fallback", name="Jour", email="jour@lotskoping.example"),
    )


def assigned(role: Role, place: str, valid: Validity = ALWAYS) -> Assignment:
    areas = {
        "here": "this-area",
        "there": "that-area",
        "rented": "provider-area",
        "apart": "apart-area",
    }
    scope = ""
    if role in UNIT_ROLES:
        scope = place
    elif role in AREA_ROLES:
        scope = areas[place]
    return Assignment(person_id="anna", role=role, scope=scope, deputy=False, valid=valid)


def access_with(permissions: Permissions, *assignments: Assignment) -> Access:
    return Access(
        organisation=organisation_with(*assignments),
        permissions=permissions,
        person_id="anna",
        day=TODAY,
        rests=lambda case, chairs: False,  # of two chairs in one person: test_two_chairs.py
    )


def a_case(lotskoping: Lotskoping, **changes: object) -> Case:
    return replace(lotskoping.report(), unit_id="here", **changes)  # type: ignore[arg-type]


@pytest.fixture
def of_each_object(lotskoping: Lotskoping) -> dict[CaseObject, Case]:
    plain = a_case(lotskoping, legal_areas=("HSL", "SoL"), possible_misconduct=False)
    complaint = replace(plain, kind=CaseKind.COMPLAINT)
    return {
        CaseObject.HELD_OUTSIDE: replace(
            complaint, manager_involved=True, manager_involved_ids=("somebody",), look_on=TODAY
        ),
        CaseObject.HELD: replace(
            plain, manager_involved=True, manager_involved_ids=("somebody",), look_on=TODAY
        ),
        CaseObject.SHIELDED_OUTSIDE: replace(
            complaint, manager_involved=True, manager_involved_ids=("somebody",)
        ),
        CaseObject.SHIELDED: replace(
            plain, manager_involved=True, manager_involved_ids=("somebody",)
        ),
        CaseObject.UNROUTED: replace(plain, unit_id=""),
        CaseObject.GRAVE_COMPLAINT: replace(complaint, possible_misconduct=True),
        CaseObject.PROVIDER_MISCONDUCT: replace(
            plain, legal_areas=("SoL",), unit_id="rented", possible_misconduct=True
        ),
        CaseObject.MISCONDUCT: replace(plain, possible_misconduct=True),
        CaseObject.COMPLAINT: complaint,
        CaseObject.HSL: replace(plain, legal_areas=("HSL",)),
        CaseObject.PROVIDER_SOCIAL: replace(plain, legal_areas=("SoL",), unit_id="rented"),
        CaseObject.PROVIDER_HEALTH: replace(plain, unit_id="apart"),
        CaseObject.SOCIAL: replace(plain, legal_areas=("LSS",)),
        CaseObject.COMMON: plain,
    }


def test_every_case_is_one_object_of_the_matrix(of_each_object: dict[CaseObject, Case]):
    organisation = organisation_with()
    assert set(of_each_object) == set(CaseObject)
    for about, case in of_each_object.items():
        assert object_of(case, organisation) == about


def test_the_whole_matrix_is_what_the_file_says(
    permissions: Permissions, of_each_object: dict[CaseObject, Case]
):
    for role, action, about in ALL_CASE_RIGHTS:
        case = of_each_object[about]
        access = access_with(permissions, assigned(role, case.unit_id or "here"))
        nowhere = about == CaseObject.UNROUTED and role in UNIT_ROLES | AREA_ROLES
        expected = not nowhere and permissions.allows(role, action, about)
        assert access.may(action, case) == expected, (role, action, about)


GRAVE = {
    CaseObject.HELD_OUTSIDE,
    CaseObject.HELD,
    *HIDDEN,
    CaseObject.GRAVE_COMPLAINT,
    CaseObject.MISCONDUCT,
}


@pytest.mark.parametrize("deputy", [True, False])
@pytest.mark.parametrize("person", [MARIA, AGNETA])  # of the unit, and of its area
@pytest.mark.parametrize("chair", [Role.MAS, Role.SAS])
def test_with_two_chairs_the_matrix_gives_both_but_in_what_is_grave_the_managers_alone(
    lotskoping: Lotskoping,
    permissions: Permissions,
    of_each_object: dict[CaseObject, Case],
    chair: Role,
    person: str,
    deputy: bool,
):
    valid = Validity(first_on=TODAY)
    second = Assignment(person_id=person, role=chair, scope="", deputy=deputy, valid=valid)
    manages = Role.UNIT_MANAGER if person == MARIA else Role.AREA_MANAGER
    with lotskoping.unit_of_work() as uow:
        uow.staff.add_assignment(second)
        uow.commit()
    with lotskoping.unit_of_work() as uow:
        access = access_of(uow, lotskoping.services.municipality, person, lotskoping.clock())
        own = {one for one in CaseObject if not one.startswith("provider_")}
        for action, about in product(Action, own):
            case = of_each_object[about]
            placed = replace(case, unit_id=case.unit_id and "bjorkgarden")
            assert object_of(placed, uow.organisation) == about
            offices = {manages} if placed.unit_id else set()
            offices |= {chair} if about not in GRAVE else set()
            expected = any(permissions.allows(one, action, about) for one in offices)
            assert access.may(action, placed) == expected, (action, about)


def test_rights_end_at_the_border_of_the_unit_or_area(
    permissions: Permissions, of_each_object: dict[CaseObject, Case]
):
    for role, action, about in ALL_CASE_RIGHTS:
        if role in UNIT_ROLES | AREA_ROLES:
            access = access_with(permissions, assigned(role, "there"))
            assert not access.may(action, of_each_object[about]), (role, action, about)


def test_rights_end_on_the_day_after_the_assignment(
    permissions: Permissions, of_each_object: dict[CaseObject, Case]
):
    ended = Validity(first_on=TODAY - timedelta(days=9), last_on=TODAY - timedelta(days=1))
    for role, action, about in ALL_CASE_RIGHTS:
        access = access_with(permissions, assigned(role, "here", ended))
        assert not access.may(action, of_each_object[about]), (role, action, about)


def test_nobody_involved_has_any_right_in_any_role_or_relation(
    permissions: Permissions, of_each_object: dict[CaseObject, Case]
):
    everything = tuple(assigned(role, "here") for role in Role)
    access = access_with(permissions, *everything)
    for action, about in product(Action, CaseObject):
        case = replace(of_each_object[about], manager_involved_ids=("anna",))
        assert not access.may(action, case, frozenset(Relation)), (action, about)


def test_without_an_assignment_there_is_no_right_to_anything(
    permissions: Permissions, of_each_object: dict[CaseObject, Case]
):
    access = access_with(permissions)
    for action in Action:
        assert access.seen(of_each_object.values(), action) == []
        assert not any(access.may_with(action, thing) for thing in Thing)


@pytest.mark.parametrize("relation", Relation)
def test_a_relation_gives_what_the_file_says_and_no_more(
    permissions: Permissions, of_each_object: dict[CaseObject, Case], relation: Relation
):
    access = access_with(permissions)
    for action, about in product(Action, CaseObject):
        expected = permissions.allows(relation, action, about)
        case = of_each_object[about]
        assert access.may(action, case, frozenset({relation})) == expected, (action, about)


def test_what_may_be_counted_may_be_listed_and_opened_by_the_same_role(
    permissions: Permissions,
):
    """A figure that includes a case a person cannot see would let the case be inferred."""
    for role, about in product(set(Role) - {Role.BOARD}, CaseObject):
        rights = {
            action
            for action in (Action.LIST, Action.COUNT, Action.EXPORT, Action.BE_TOLD)
            if permissions.allows(role, action, about)
        }
        assert not rights or permissions.allows(role, Action.OPEN, about), (role, about)
        assert len(rights) in (0, 4), (role, about)


def test_the_board_counts_and_does_nothing_else(permissions: Permissions):
    """What it counts is shown in tables without small numbers only: tests/bot/test_figures.py."""
    for action, about in product(Action, CaseObject):
        assert permissions.allows(Role.BOARD, action, about) == (action == Action.COUNT)


def test_a_manager_neither_closes_lowers_nor_moves_possible_misconduct(
    permissions: Permissions,
):
    for about in (CaseObject.MISCONDUCT, CaseObject.GRAVE_COMPLAINT, *HIDDEN):
        for action in (Action.CLOSE, Action.CLOSE_SERIOUS, Action.MOVE, Action.REOPEN):
            assert not permissions.allows(Role.UNIT_MANAGER, action, about)


def test_a_case_is_hidden_by_mas_sas_registrator_and_area_manager_and_never_by_the_manager(
    permissions: Permissions,
):
    for about in CaseObject:
        assert permissions.allows(Role.MAS, Action.SHIELD, about)
        assert permissions.allows(Role.SAS, Action.SHIELD, about)
        assert not permissions.allows(Role.UNIT_MANAGER, Action.SHIELD, about)
        for role in (Role.REGISTRATOR, Role.AREA_MANAGER):
            opens = permissions.allows(role, Action.OPEN, about) and about not in HIDDEN
            assert permissions.allows(role, Action.SHIELD, about) == opens, (role, about)


def test_a_hidden_case_is_the_registrators_only_when_it_is_in_the_register(
    permissions: Permissions, of_each_object: dict[CaseObject, Case]
):
    access = access_with(permissions, assigned(Role.REGISTRATOR, "here"))
    outside = of_each_object[CaseObject.SHIELDED_OUTSIDE]
    report = of_each_object[CaseObject.SHIELDED]
    assert access.may(Action.UNSHIELD, outside)
    assert access.may(Action.UNSHIELD, replace(report, unit_id=""))
    assert not any(access.may(action, report) for action in Action)
    for role, action in product(set(Role) - {Role.REGISTRATOR}, Action):
        hidden = [permissions.allows(role, action, about) for about in HIDDEN]
        assert hidden[0] == hidden[1], (role, action)


def test_the_administrator_sees_no_case(permissions: Permissions):
    assert not any(permissions.anywhere(Role.ADMINISTRATOR, action) for action in Action)


def test_every_kind_of_case_has_somebody_who_may_do_everything_with_it(permissions: Permissions):
    doing = set(Action) - {Action.EDIT, Action.EDIT_OWN}
    for about in CaseObject:
        whole = [r for r in Role if all(permissions.allows(r, a, about) for a in doing)]
        assert whole, about


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[roles.emperor]\nhsl = []", "roles.emperor"),
        ('[roles.mas]\nhsl = ["conquer"]', "conquer"),
        ("[roles.mas]\nmoon = []", "moon"),
        ("[roles", "kan inte läsas"),
    ],
)
def test_a_fault_in_the_file_names_its_place(tmp_path, text: str, fault: str):
    (tmp_path / "permissions.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationFault, match=fault):
        load_permissions(tmp_path)


def test_possible_misconduct_is_closed_by_sas_and_not_by_the_manager(lotskoping: Lotskoping):
    case = lotskoping.report()
    with lotskoping.unit_of_work() as uow:
        uow.cases.save(replace(case, possible_misconduct=True))
        uow.commit()
    handle(lotskoping, lotskoping.case(case.id))
    with pytest.raises(GateNotMet) as refusal:
        close(lotskoping, lotskoping.case(case.id))
    assert refusal.value.missing == ("gate.alarmed", "gate.sas")  # marked, and nobody was alerted
    assert not close(lotskoping, lotskoping.case(case.id), MONIKA).is_open


def test_the_manager_does_not_move_possible_misconduct_away(lotskoping: Lotskoping):
    case = lotskoping.report()
    with lotskoping.unit_of_work() as uow:
        uow.cases.save(replace(case, possible_misconduct=True))
        with pytest.raises(UserFault, match="no_right"):
            case_handling.move_to_unit(lotskoping.desk(uow, case, MARIA), unit_id="hemtjanst-norr")


def test_whoever_an_alert_reached_may_open_its_case_though_no_role_says_so(
    lotskoping: Lotskoping,
):
    case = lotskoping.report("Hon fick dubbel dos insulin och kördes medvetslös till sjukhus.")
    with lotskoping.unit_of_work() as uow:
        for alert in uow.alerts.of_case(case.id):
            uow.alerts.save(replace(alert, role=Role.REGISTRATOR, recipient_id=BENGT))
        assert case_handling.open_for_work(lotskoping.desk(uow, case, BENGT)).id == case.id
        with pytest.raises(UserFault, match="no_right"):
            case_handling.write_feedback(lotskoping.desk(uow, case, BENGT), text="Hej")


def test_the_deputy_mas_has_the_rights_of_mas(lotskoping: Lotskoping):
    case = lotskoping.report()
    with lotskoping.unit_of_work() as uow:
        access = access_of(uow, lotskoping.services.municipality, DAVID, lotskoping.clock())
        assert [one.id for one in cases_for(uow, access, open_only=True)] == [case.id]


def test_no_page_chat_or_use_case_goes_round_the_matrix_to_the_stores_lists():
    """The operator's own commands, and the simulation's bookkeeping, show no page."""
    root = Path(__file__).parents[2]
    allowed = {
        "handlers/access.py",
        "bot/exporting.py",
        "bot/corrections.py",
        "bot/organisation.py",  # which units that go away have open cases, and no more
        "handlers/nobody_there.py",  # how many cases wait for nobody, and no more
    }
    found = {
        str(path.relative_to(root))
        for folder in ("bot", "handlers")
        for path in (root / folder).rglob("*.py")
        if ".cases.listed(" in path.read_text(encoding="utf-8") and "simulation" not in path.parts
    }
    assert found <= allowed
