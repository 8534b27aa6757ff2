"""A provider's health care that MAS of the municipality has not been given to see."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from bot.organisation import export_organisation
from handlers import alert_watch, alerts, case_handling
from handlers.access import object_of
from handlers.alert_chain import chain_of
from handlers.domain.case import Case
from handlers.domain.injury import InjuryClass
from handlers.domain.moves import Machine, MariaStep
from handlers.domain.people import Role
from handlers.domain.risk import Likelihood, Severity
from handlers.errors import GateNotMet, NotAllowed
from handlers.laws import change_legal_areas
from handlers.permissions import Action, CaseObject
from handlers.records import Alert
from handlers.reminders import due_reminders
from handlers.reporting import receiver_of
from tests.bot.test_figures import browser
from tests.bot.test_organisation_import import given_file, organisation, row
from tests.bot.test_staff_and_tasks import appoint
from tests.handlers.test_provider_lex_sarah import away
from tests.handlers.test_providers import PER, PIA, PROVIDER, ROWS, UNIT, a_case, listed
from tests.handlers.test_teamwork import do
from tests.handlers.test_tracks import start, take
from tests.lotskoping import INGER, MONIKA, Lotskoping

MEDICATION = "Hon fick fel insulin i morse, det var en annan persons spruta."
SEEING = (Action.LIST, Action.COUNT, Action.EXPORT, Action.BE_TOLD)


def told(lines: list[str], answer: str) -> list[str]:
    """Return the rows with an answer under mas_insyn for the provider's units."""
    at = lines[0].split(";").index("mas_insyn")
    cells = [line.split(";") for line in lines]
    return [
        ";".join([*one[:at], answer, *one[at + 1 :]]) if PROVIDER in one else ";".join(one)
        for one in cells
    ]


@pytest.fixture
def apart(lotskoping: Lotskoping) -> Lotskoping:
    lines = [*export_organisation(lotskoping.services).splitlines(), *ROWS]
    assert given_file(lotskoping, told(lines, "nej")).faults == ()
    return lotskoping


def alerts_of(lotskoping: Lotskoping, case: Case) -> list[Alert]:
    with lotskoping.unit_of_work() as uow:
        return list(uow.alerts.of_case(case.id))


def told_of(lotskoping: Lotskoping, case: Case) -> set[str]:
    return {one.recipient_id for one in alerts_of(lotskoping, case)}


def test_the_answer_comes_from_the_file_holds_for_the_provider_and_is_yes_when_nothing_is_said(
    lotskoping: Lotskoping,
):
    lines = [*export_organisation(lotskoping.services).splitlines(), *ROWS]
    other = UNIT | {"enhet_id": "granbacken", "enhet": "Granbackens boende"}
    lines.append(
        row(**other, roll="enhetschef", namn="Pia Provider", epost=f"{PIA}@omsorgen.example")
    )
    assert given_file(lotskoping, lines).faults == ()
    assert not any(unit.health_apart for unit in organisation(lotskoping).units)
    changed = given_file(lotskoping, told(lines, "nej")).change
    assert changed is not None
    assert any("MAS ser inte hälso- och sjukvården" in one for one in changed.differences)
    given_file(lotskoping, lines)  # says nothing
    kept = {unit.id for unit in organisation(lotskoping).units if unit.health_apart}
    assert kept == {"ekbacken", "granbacken"}
    out = export_organisation(lotskoping.services).splitlines()
    again = given_file(lotskoping, out).change
    assert again is not None
    assert again.differences == ()
    [fault] = given_file(
        lotskoping, [*told(lines[:-1], "ja"), *told([lines[0], lines[-1]], "nej")[1:]]
    ).faults
    assert "både ja och nej" in fault.text
    given_file(lotskoping, [one.replace(PROVIDER, "Egen regi") for one in lines])
    assert not any(unit.health_apart for unit in organisation(lotskoping).units)


def test_neither_mas_nor_sas_sees_their_health_care_and_their_head_does_all(apart: Lotskoping):
    health, common = a_case(apart, "HSL"), a_case(apart, "HSL", "SoL")
    for case in (health, common):
        assert object_of(case, organisation(apart)) == CaseObject.PROVIDER_HEALTH
        for person in (INGER, MONIKA):
            assert not any(case.id in listed(apart, person, action) for action in SEEING)
            with pytest.raises(NotAllowed):
                do(apart, case, case_handling.note_read, person)
        do(apart, case, case_handling.note_read, PER)
    appoint(apart, "birgitta-namnd", Role.BOARD)
    assert health.id in listed(apart, "birgitta-namnd", Action.COUNT)


def test_an_alert_of_it_goes_to_their_head_and_mas_can_neither_read_nor_take_it(apart: Lotskoping):
    case = apart.report(MEDICATION, unit="ekbacken")
    found = [one for one in alerts_of(apart, case) if "A7" in one.rule_ids]
    assert {(one.role, one.recipient_id) for one in found} == {(Role.AREA_MANAGER, PER)}
    [alert] = found
    assert browser(apart, INGER).get(f"/larm/{alert.id}").status_code == 404
    assert alert.id not in browser(apart, INGER).get("/larm").text
    assert browser(apart, PER).get(f"/larm/{alert.id}").status_code == 200


def test_an_alert_that_nobody_of_theirs_takes_is_not_lost_but_reaches_mas(apart: Lotskoping):
    case = apart.report(MEDICATION, unit="ekbacken")
    [alert] = [one for one in alerts_of(apart, case) if "A7" in one.rule_ids]
    with apart.unit_of_work() as uow:
        chain = [one.id for one in chain_of(uow, alert, apart.clock())]
    assert chain[:2] == [PER, INGER]
    assert chain[-1] == "fallback"
    away(apart, PER)
    later = apart.report(MEDICATION, unit="ekbacken", conversation="webchat:later")
    assert INGER in told_of(apart, later)
    do(apart, later, case_handling.note_read, INGER)


def test_a_case_with_such_an_alert_ends_when_their_head_has_looked(apart: Lotskoping):
    case = apart.report(MEDICATION, unit="ekbacken")
    assess = partial(case_handling.assess_risk, severity=Severity.MINOR, likelihood=Likelihood.RARE)
    do(apart, case, case_handling.acknowledge, PIA)
    do(apart, case, assess, PIA)
    with apart.unit_of_work() as uow, pytest.raises(GateNotMet) as refusal:
        case_handling.close_case(apart.desk(uow, case, PIA))
    assert "gate.alert" in refusal.value.missing
    with apart.unit_of_work() as uow:
        [alert] = [one for one in uow.alerts.of_case(case.id) if "A7" in one.rule_ids]
        assert alerts.acknowledge(uow, alert.id, PER, apart.clock()).looked_by == PER
        uow.commit()
    with apart.unit_of_work() as uow, pytest.raises(GateNotMet) as again:
        case_handling.close_case(apart.desk(uow, case, PIA))
    assert "gate.alert" not in again.value.missing


def test_severity_four_and_death_reach_mas_whatever_is_agreed(apart: Lotskoping):
    case = apart.report("Personen hittades död i sängen.", unit="ekbacken", harm="death")
    assert {PER, INGER} <= told_of(apart, case)
    do(apart, case, case_handling.note_read, INGER)
    graver = a_case(apart, "HSL")
    do(apart, graver, case_handling.acknowledge, PIA)
    assess = partial(
        case_handling.assess_risk, severity=Severity.CATASTROPHIC, likelihood=Likelihood.RARE
    )
    do(apart, graver, assess, PIA)
    assert {PER, INGER} <= told_of(apart, graver)


def test_what_may_be_misconduct_is_sas_to_see_whatever_is_agreed(apart: Lotskoping):
    case = a_case(apart, "HSL", "SoL", misconduct=True)
    assert case.id in listed(apart, MONIKA)
    assert case.id not in listed(apart, INGER)


def test_their_head_leads_lex_maria_there(apart: Lotskoping):
    case = a_case(apart, "HSL")
    with pytest.raises(NotAllowed):
        start(apart, case, Machine.LEX_MARIA, INGER)
    assert start(apart, case, Machine.LEX_MARIA, PER).lead_id == PER
    take(apart, case, Machine.LEX_MARIA, MariaStep.ANALYSING, PER)


def test_reminders_questions_and_vacant_chairs_go_their_own_way_too(apart: Lotskoping):
    case = a_case(apart, "HSL")
    with apart.unit_of_work() as uow:
        uow.cases.save(replace(case, injury=InjuryClass.CARE_INJURY))
        uow.commit()
    apart.clock.advance(days=45)
    with apart.unit_of_work() as uow:
        day, municipality = apart.clock().date(), apart.services.municipality
        [due] = [
            one for one in due_reminders(uow, day, municipality) if one.case.case_id == case.id
        ]
        assert (due.rule.id, due.person.id) == ("late_fortnight", PER)
        alert_watch.queue_due_watches(uow, apart.clock(), municipality)
        uow.commit()
    asked = [one.message for one in apart.outbox() if "uninformed:" in one.message.dedupe_key]
    assert {one.recipient for one in asked} == {f"{PER}@omsorgen.example"}
    away(apart, PER, PIA)
    with apart.unit_of_work() as uow:
        assert receiver_of(uow, case, apart.clock()).id == "fallback"


def test_patterns_of_it_are_counted_to_nobody_who_does_not_see_it(apart: Lotskoping):
    for number in range(3):
        apart.report(MEDICATION, unit="ekbacken", conversation=f"webchat:{number}")
    with apart.unit_of_work() as uow:
        now = apart.clock() + timedelta(hours=2)
        alert_watch.queue_due_watches(uow, now, apart.services.municipality)
        uow.commit()
    mails = [one.message for one in apart.outbox() if "patterns:" in one.message.dedupe_key]
    assert not [one for one in mails if one.recipient.startswith(INGER)]
    assert [one for one in mails if one.recipient.startswith("pia")]


def test_another_law_shows_mas_no_health_care_that_the_provider_keeps(apart: Lotskoping):
    health = a_case(apart, "HSL")
    do(apart, health, partial(change_legal_areas, legal_areas=("SoL",)), PIA)
    with pytest.raises(NotAllowed):
        do(apart, health, case_handling.note_read, INGER)
