"""Units that a private provider runs: who handles and sees their cases, and how they count."""

from dataclasses import replace
from functools import partial

import pytest

from bot.exporting import export_sheets
from bot.organisation import export_organisation
from handlers import case_handling
from handlers.access import access_of, cases_for, object_of
from handlers.domain.case import Case
from handlers.domain.people import Role
from handlers.domain.risk import Likelihood, Severity
from handlers.errors import GateNotMet, NotAllowed, UserFault
from handlers.laws import change_legal_areas
from handlers.nobody_there import nobody_there
from handlers.permissions import Action, CaseObject
from handlers.reporting import receiver_of
from tests.bot.test_organisation_import import given_file, organisation, row
from tests.bot.test_staff_and_tasks import appoint
from tests.handlers.test_teamwork import do
from tests.lotskoping import AGNETA, INGER, MARIA, MONIKA, Lotskoping

PROVIDER = "Omsorgen AB"
PIA, PER = "pia.provider", "per.provider"
UNIT = {
    "enhet_id": "ekbacken", "enhet": "Ekbackens boende", "typ": "care_home", "område_id": "omr-ab",
    "område": "Omsorgen", "lagrum": "HSL SoL", "utförare": PROVIDER,
}  # fmt: skip
ROWS = [
    row(**UNIT, roll="enhetschef", namn="Pia Provider", epost=f"{PIA}@omsorgen.example"),
    row(**UNIT, roll="verksamhetschef", namn="Per Provider", epost=f"{PER}@omsorgen.example"),
]


@pytest.fixture
def rented(lotskoping: Lotskoping) -> Lotskoping:
    lines = export_organisation(lotskoping.services).splitlines()
    assert given_file(lotskoping, [*lines, *ROWS]).faults == ()
    return lotskoping


def a_case(lotskoping: Lotskoping, *laws: str, harm: str = "nobody", misconduct=False) -> Case:
    case = lotskoping.report("Maten kom en timme för sent.", unit="ekbacken", harm=harm)
    with lotskoping.unit_of_work() as uow:
        changed = replace(case, legal_areas=laws, possible_misconduct=misconduct)
        saved = uow.cases.save(changed)
        uow.commit()
    return saved


def listed(lotskoping: Lotskoping, person: str, action: Action = Action.LIST) -> set[str]:
    with lotskoping.unit_of_work() as uow:
        access = access_of(uow, lotskoping.services.municipality, person, lotskoping.clock())
        return {one.id for one in cases_for(uow, access, open_only=False, action=action)}


def test_who_runs_a_unit_comes_from_the_file_and_goes_out_with_it(rented: Lotskoping):
    assert organisation(rented).providers == {"ekbacken": PROVIDER}
    lines = export_organisation(rented.services).splitlines()
    again = given_file(rented, lines)
    assert again.change is not None
    assert again.change.differences == ()
    silent = [one.replace(PROVIDER, "").replace("egen regi", "") for one in lines]
    given_file(rented, silent)
    assert organisation(rented).providers == {"ekbacken": PROVIDER}
    given_file(rented, [one.replace(PROVIDER, "Egen regi") for one in lines])
    assert organisation(rented).providers == {}


def test_an_area_of_two_operators_is_a_fault_because_one_would_see_the_others_cases(
    lotskoping: Lotskoping,
):
    lines = export_organisation(lotskoping.services).splitlines()
    mixed = UNIT | {"område_id": "omr-boende", "område": "Särskilt boende"}
    one = row(**mixed, roll="enhetschef", namn="Pia Provider", epost=f"{PIA}@omsorgen.example")
    [fault] = given_file(lotskoping, [*lines, one]).faults
    assert "flera utförare" in fault.text
    assert organisation(lotskoping).unit("ekbacken") is None


def test_a_providers_manager_handles_the_cases_of_her_own_unit_and_sees_no_others(
    rented: Lotskoping,
):
    theirs, ours = a_case(rented, "SoL"), rented.report()
    assert listed(rented, PIA) == listed(rented, PER) == {theirs.id}
    assert theirs.id not in listed(rented, MARIA) | listed(rented, AGNETA)
    do(rented, theirs, case_handling.acknowledge, PIA)
    with pytest.raises(GateNotMet):
        do(rented, theirs, case_handling.close_case, PIA)
    with pytest.raises(NotAllowed):
        do(rented, ours, case_handling.acknowledge, PIA)


def test_mas_sees_their_healthcare_and_sas_their_misconduct_and_what_is_serious(
    rented: Lotskoping,
):
    social = a_case(rented, "SoL")
    health, misconduct = a_case(rented, "HSL"), a_case(rented, "SoL", misconduct=True)
    assert object_of(social, organisation(rented)) == CaseObject.PROVIDER_SOCIAL
    assert health.id in listed(rented, INGER)
    assert misconduct.id in listed(rented, MONIKA)
    for person in (INGER, MONIKA):
        for action in (Action.LIST, Action.COUNT, Action.EXPORT):
            assert social.id not in listed(rented, person, action)
        with pytest.raises(NotAllowed):
            do(rented, social, case_handling.note_read, person)


def test_what_becomes_serious_is_told_to_sas_who_opens_it_then(rented: Lotskoping):
    social = a_case(rented, "SoL")
    assess = partial(
        case_handling.assess_risk, severity=Severity.SIGNIFICANT, likelihood=Likelihood.RARE
    )
    do(rented, social, assess, PIA)
    do(rented, social, case_handling.note_read, MONIKA)


def test_the_board_counts_them_and_the_providers_own_head_may_do_everything(rented: Lotskoping):
    social = a_case(rented, "SoL")
    appoint(rented, "birgitta-namnd", Role.BOARD)
    assert social.id in listed(rented, "birgitta-namnd", Action.COUNT)
    with rented.unit_of_work() as uow:
        access = access_of(uow, rented.services.municipality, PER, rented.clock())
    assert access.may(Action.CLOSE_SERIOUS, social)


def test_while_the_provider_has_nobody_at_work_no_case_goes_to_sas(rented: Lotskoping):
    social, health = a_case(rented, "SoL"), a_case(rented, "HSL")
    with rented.unit_of_work() as uow:
        for one in uow.organisation.assignments:
            if one.role in (Role.UNIT_MANAGER, Role.AREA_MANAGER) and one.scope in (
                "ekbacken",
                "omr-ab",
            ):
                ended = replace(one.valid, last_on=one.valid.first_on)
                uow.staff.end_assignment(one, ended)
        uow.commit()
    rented.clock.advance(days=2)
    with rented.unit_of_work() as uow:
        now = rented.clock()
        assert receiver_of(uow, social, now).id == uow.organisation.fallback.id
        assert receiver_of(uow, health, now).id == INGER
        waiting = nobody_there(uow, now)
    assert waiting is not None
    assert waiting.cases == 1


def test_the_export_tells_who_ran_the_unit_and_counts_the_operators_apart(rented: Lotskoping):
    for _ in range(2):
        a_case(rented, "SoL")
    rented.report()
    sheets = {sheet.name: sheet for sheet in export_sheets(rented.services)}
    at = sheets["cases"].columns.index("operator")
    assert [line[at] for line in sheets["cases"].rows] == [PROVIDER, PROVIDER, "own"]
    assert [line[0] for line in sheets["operators"].rows] == ["own", PROVIDER, "total"]
    assert {cell for line in sheets["operators"].rows for cell in line[1:]} <= {"..", 0}


def laws_chosen(lotskoping: Lotskoping, case: Case, *laws: str, why: str = "") -> Case:
    chosen = partial(change_legal_areas, legal_areas=laws, reason=why)
    return do(lotskoping, case, chosen, PIA)


def test_health_care_leaves_the_sight_of_mas_with_a_reason_only_and_she_may_still_open_it(
    rented: Lotskoping,
):
    health = a_case(rented, "HSL")
    with pytest.raises(UserFault, match="law_unseen"):
        laws_chosen(rented, health, "SoL")
    laws_chosen(rented, health, "SoL", why="Det gällde maten")
    do(rented, health, case_handling.note_read, INGER)
    with pytest.raises(NotAllowed):
        do(rented, health, case_handling.note_read, MONIKA)


def test_the_first_word_on_the_law_of_a_providers_event_lets_nobody_more_see_it(
    rented: Lotskoping,
):
    unknown = a_case(rented)
    laws_chosen(rented, unknown, "SoL")
    for person in (INGER, MONIKA):
        with pytest.raises(NotAllowed):
            do(rented, unknown, case_handling.note_read, person)


def test_their_social_care_is_no_more_sas_to_work_with_when_it_was_health_care(
    rented: Lotskoping,
):
    social = a_case(rented, "SoL")
    laws_chosen(rented, social, "HSL")
    with pytest.raises(UserFault, match="no_right"):
        do(rented, social, case_handling.acknowledge, MONIKA)
