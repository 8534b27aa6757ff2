"""A manager who is MAS or SAS too is not her own second pair of eyes."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.organisation import export_organisation, import_organisation
from handlers import (
    alert_watch,
    alerts,
    case_handling,
    duplicates,
    investigation,
    shielding,
    team,
    tracks,
)
from handlers.access import access_of, allowed
from handlers.alert_chain import chain_of
from handlers.domain.case import Case
from handlers.domain.injury import MisconductDegree
from handlers.domain.moves import Machine
from handlers.domain.people import FALLBACK, Absence, Assignment, Role, Validity
from handlers.errors import GateNotMet, NotAllowed, UserFault
from handlers.nobody_there import nobody_there
from handlers.permissions import Action
from handlers.records import Alert
from handlers.reporting import receiver_of
from handlers.todo import todos_of
from tests.bot.web.test_casework import Browser
from tests.handlers.test_case_handling import close, handle
from tests.handlers.test_held_case import ABOUT_THE_CHIEF, mailed, released_by
from tests.handlers.test_investigation import do
from tests.handlers.test_nobody_there import ROLF
from tests.handlers.test_reminders import change
from tests.handlers.test_shielding import shielded_by
from tests.lotskoping import AGNETA, DAVID, ERIK, INGER, MARIA, MONIKA, Lotskoping

LEILA = "leila-sandemo"  # area manager of Funktionsstöd and deputy SAS
HERS = "gruppbostad-eken"
STOLEN = "En kollega stal pengar från en boende."
ABOUT_A_MANAGER = "Chefen slog den boende i ansiktet."
Deed = Callable[[case_handling.Desk], Case]


def give(
    lotskoping: Lotskoping,
    person: str,
    role: Role,
    scope: str = "",
    *,
    deputy: bool = True,
    valid: Validity | None = None,
) -> None:
    """Name somebody, from today if nothing else is said."""
    span = valid or Validity(first_on=lotskoping.clock().date())
    one = Assignment(person_id=person, role=role, scope=scope, deputy=deputy, valid=span)
    with lotskoping.unit_of_work() as uow:
        uow.staff.add_assignment(one)
        uow.commit()


def leave(lotskoping: Lotskoping, *people: str, days: int = 30) -> None:
    today = lotskoping.clock().date()
    with lotskoping.unit_of_work() as uow:
        for person in people:
            span = Validity(first_on=today, last_on=today + timedelta(days=days))
            uow.staff.add_absence(Absence(person_id=person, valid=span))
        uow.commit()


def no_chairs_but(lotskoping: Lotskoping, person: str) -> None:
    """Let one person hold the only chair of MAS and SAS that is not empty."""
    today = lotskoping.clock().date()
    with lotskoping.unit_of_work() as uow:
        for one in uow.organisation.assignments:
            if one.role in (Role.MAS, Role.SAS) and one.person_id != person:
                ended = Validity(first_on=one.valid.first_on, last_on=today - timedelta(days=1))
                uow.staff.end_assignment(one, ended)
        uow.commit()


def may(lotskoping: Lotskoping, person: str, action: Action, case: Case) -> bool:
    now = lotskoping.clock()
    with lotskoping.unit_of_work() as uow:
        access = access_of(uow, lotskoping.services.municipality, person, now)
        stored = uow.cases.find(case.id)
        assert stored is not None
        return allowed(uow, access, action, stored, now)


def alerts_of(lotskoping: Lotskoping, case: Case) -> dict[str, Alert]:
    with lotskoping.unit_of_work() as uow:
        return {one.role: one for one in uow.alerts.of_case(case.id)}


def chain(lotskoping: Lotskoping, case: Case, role: Role) -> list[str]:
    with lotskoping.unit_of_work() as uow:
        found = next(one for one in uow.alerts.of_case(case.id) if one.role == role)
        return [person.id for person in chain_of(uow, found, lotskoping.clock())]


@pytest.fixture
def stolen(lotskoping: Lotskoping) -> Case:
    return lotskoping.report(STOLEN, unit=HERS)


def test_by_working_on_it_she_does_not_take_the_alert_of_sas(lotskoping: Lotskoping, stolen: Case):
    Browser(lotskoping, LEILA).do(stolen, "ta-emot")
    found = alerts_of(lotskoping, stolen)["sas"]
    assert (found.acknowledged_at, found.looked_at, found.recipient_id) == (None, None, MONIKA)
    with lotskoping.unit_of_work() as uow:
        todos = todos_of(uow, lotskoping.services.municipality, MONIKA, lotskoping.clock())
    assert [one.step for one in todos if one.number == stolen.number] == ["todo.alert"]


def test_she_sees_the_alert_no_more_than_other_managers_do(lotskoping: Lotskoping, stolen: Case):
    browser, found = Browser(lotskoping, LEILA), alerts_of(lotskoping, stolen)["sas"]
    assert browser.client.get(f"/larm/{found.id}").status_code == 404
    assert browser.client.post(f"/larm/{found.id}/bekrafta").status_code == 404
    assert stolen.number not in browser.page("/larm")


@pytest.mark.parametrize("deputy", [True, False])
@pytest.mark.parametrize(
    ("person", "unit"), [(MARIA, "bjorkgarden"), (AGNETA, "bjorkgarden"), (LEILA, HERS)]
)
def test_she_neither_clears_nor_closes_misconduct_at_a_unit_of_her_own(
    lotskoping: Lotskoping, person: str, unit: str, deputy: bool
):
    if person != LEILA or not deputy:
        give(lotskoping, person, Role.SAS if person != LEILA else Role.MAS, deputy=deputy)
    case = lotskoping.report(STOLEN, unit=unit)
    with pytest.raises(UserFault, match="may_not_lower"):
        do(
            lotskoping,
            case,
            lambda desk: investigation.classify(desk, misconduct=MisconductDegree.NONE),
            person,
        )
    handle(lotskoping, case, person)
    with pytest.raises(GateNotMet) as refusal:
        close(lotskoping, case, person)
    assert {"gate.alert", "gate.sas"} <= set(refusal.value.missing)
    assert may(lotskoping, person, Action.WORK, case)  # as a manager


def test_nobody_releases_what_may_be_about_a_manager_of_her_own(lotskoping: Lotskoping):
    case = lotskoping.report(ABOUT_A_MANAGER, unit=HERS)
    assert case.is_held
    with pytest.raises(NotAllowed):
        released_by(lotskoping, case, LEILA)
    assert not any(may(lotskoping, LEILA, action, case) for action in Action)
    assert not released_by(lotskoping, case, MONIKA).is_held


def test_what_is_held_goes_to_the_other_chair_while_sas_is_away(lotskoping: Lotskoping):
    leave(lotskoping, MONIKA)
    case = lotskoping.report(ABOUT_A_MANAGER, unit=HERS)
    assert chain(lotskoping, case, Role.SAS) == [INGER, DAVID, FALLBACK]
    with lotskoping.unit_of_work() as uow:
        assert receiver_of(uow, case, lotskoping.clock()).id == INGER
        for _ in range(9):
            lotskoping.clock.advance(hours=4)
            alerts.escalate_due(uow, lotskoping.clock(), lotskoping.services.municipality)
        [found] = uow.alerts.of_case(case.id)
    assert LEILA not in found.told_ids


def test_at_a_unit_of_another_area_her_chair_is_whole(lotskoping: Lotskoping):
    leave(lotskoping, MONIKA)
    case = mailed(lotskoping, ABOUT_THE_CHIEF)
    assert chain(lotskoping, case, Role.SAS)[0] == LEILA
    assert not released_by(lotskoping, case, LEILA).is_held
    assert alerts_of(lotskoping, case)["sas"].looked_by == LEILA


def test_in_an_ordinary_case_of_her_own_she_keeps_what_her_chair_gives(lotskoping: Lotskoping):
    give(lotskoping, MARIA, Role.MAS)
    case = lotskoping.report()
    assert all(may(lotskoping, MARIA, one, case) for one in (Action.NAME, Action.CLOSE_SERIOUS))
    with lotskoping.unit_of_work() as uow:
        raised = Alert(
            id="a1",
            key="case/a1",
            role=Role.MAS,
            reasons=("Larm",),
            rule_ids=("A2",),
            raised_at=lotskoping.clock(),
            case_id=case.id,
            unit_id=case.unit_id,
            recipient_id=INGER,
        )
        uow.alerts.add(raised)
        uow.commit()
    assert not any(may(lotskoping, MARIA, one, case) for one in (Action.NAME, Action.CLOSE_SERIOUS))


def test_with_nobody_else_in_a_chair_an_administrator_sees_that_it_waits(lotskoping: Lotskoping):
    no_chairs_but(lotskoping, LEILA)
    case = lotskoping.report(STOLEN, unit=HERS)
    assert chain(lotskoping, case, Role.SAS) == [FALLBACK]
    with lotskoping.unit_of_work() as uow:
        found = nobody_there(uow, lotskoping.clock())
    assert found is not None
    assert found.alerts == 1
    told = [q.message.subject for q in lotskoping.outbox() if q.message.person_id == ROLF]
    assert told == ["Ett larm når ingen"]


def test_what_another_manager_took_waits_for_a_look_and_is_seen_too(lotskoping: Lotskoping):
    """The manager above took it while SAS was there; nobody is left who may look."""
    case = lotskoping.report(STOLEN, unit=HERS)
    with lotskoping.unit_of_work() as uow:
        for _ in range(9):
            lotskoping.clock.advance(hours=2)
            alerts.escalate_due(uow, lotskoping.clock(), lotskoping.services.municipality)
        [found] = uow.alerts.of_case(case.id)
        alerts.acknowledge(uow, found.id, LEILA, lotskoping.clock())
        uow.commit()
    assert alerts_of(lotskoping, case)["sas"].looked_at is None
    no_chairs_but(lotskoping, LEILA)
    with lotskoping.unit_of_work() as uow:
        waiting = nobody_there(uow, lotskoping.clock())
    assert waiting is not None
    assert waiting.alerts == 1


def test_a_held_case_that_waits_for_nobody_in_a_chair_is_seen(lotskoping: Lotskoping):
    leave(lotskoping, MONIKA, INGER, DAVID)
    lotskoping.report(ABOUT_A_MANAGER, unit=HERS)
    with lotskoping.unit_of_work() as uow:
        waiting = nobody_there(uow, lotskoping.clock())
    assert waiting is not None
    assert (waiting.alerts, waiting.cases) == (1, 1)


def test_who_led_the_unit_on_the_day_of_the_report_is_not_its_mas(lotskoping: Lotskoping):
    case = lotskoping.report(STOLEN, unit="hemtjanst-norr")
    lotskoping.clock.advance(days=3)
    today = lotskoping.clock().date()
    with lotskoping.unit_of_work() as uow:
        [held] = [a for a in uow.organisation.assignments_of(ERIK, today) if not a.deputy]
        gone = Validity(first_on=held.valid.first_on, last_on=today - timedelta(days=1))
        uow.staff.end_assignment(held, gone)
        uow.commit()
    give(lotskoping, ERIK, Role.MAS, deputy=False)
    assert not may(lotskoping, ERIK, Action.OPEN, case)
    later = lotskoping.report(STOLEN, unit="hemtjanst-norr", conversation="webchat:later")
    assert may(lotskoping, ERIK, Action.CLOSE_SERIOUS, later)


def test_nor_is_who_leads_a_unit_that_the_case_came_from(lotskoping: Lotskoping):
    case = lotskoping.report(STOLEN, unit="hemtjanst-norr")
    change(lotskoping, case, origin_unit_ids=(HERS,))
    assert not may(lotskoping, LEILA, Action.CLOSE_SERIOUS, case)


def test_nor_who_leads_a_unit_that_a_merged_report_came_from(lotskoping: Lotskoping):
    main = lotskoping.report(STOLEN, unit="hemtjanst-norr")
    part = lotskoping.report(STOLEN, unit="hemtjanst-norr", conversation="webchat:two")
    assert may(lotskoping, LEILA, Action.CLOSE_SERIOUS, main)
    change(lotskoping, part, origin_unit_ids=(HERS,))
    do(lotskoping, part, lambda desk: duplicates.merge(desk, into_id=main.id), MONIKA)
    for case in (main, part):
        assert not may(lotskoping, LEILA, Action.CLOSE_SERIOUS, case)


@pytest.mark.parametrize(
    ("role", "machine"), [(Role.SAS, Machine.LEX_SARAH), (Role.MAS, Machine.LEX_MARIA)]
)
def test_a_track_at_her_unit_is_led_by_somebody_else(
    lotskoping: Lotskoping, role: Role, machine: Machine
):
    give(lotskoping, MARIA, role, deputy=False)
    case = lotskoping.report()
    deed: Deed = lambda desk: tracks.start(desk, machine, reason="Kan vara allvarligt.")  # noqa: E731
    with pytest.raises(UserFault, match="no_right"):
        do(lotskoping, case, deed, MARIA)
    leave(lotskoping, *((MONIKA, LEILA) if role == Role.SAS else (INGER, DAVID)))
    do(lotskoping, case, deed, INGER if role == Role.SAS else MONIKA)


def test_sas_hears_what_the_manager_above_has_shown_to_the_unit(lotskoping: Lotskoping):
    case = lotskoping.report(unit=HERS)
    shielded_by(lotskoping, case, MONIKA)
    lotskoping.outbox()
    do(
        lotskoping,
        case,
        lambda desk: shielding.unshield(desk, reason="Fel person.", sure=True),
        LEILA,
    )
    told = [q.message for q in lotskoping.outbox() if q.message.person_id == MONIKA]
    assert any(case.number in message.text for message in told)


def test_her_word_lets_nobody_into_a_hidden_case(lotskoping: Lotskoping):
    case = lotskoping.report(unit=HERS)
    do(lotskoping, case, lambda desk: team.invite(desk, person_id=ERIK), LEILA)
    assert may(lotskoping, ERIK, Action.OPEN, case)
    shielded_by(lotskoping, case, MONIKA)
    assert not may(lotskoping, ERIK, Action.OPEN, case)


def test_her_assessment_is_that_of_a_manager_and_tells_the_watchers(lotskoping: Lotskoping):
    give(lotskoping, MARIA, Role.MAS)
    case = lotskoping.report("Något lugnt skrivet.", harm="hospital")
    before = alerts_of(lotskoping, case)["mas"]
    assert before.recipient_id == INGER
    assert not may(lotskoping, MARIA, Action.CLOSE_SERIOUS, case)


def test_the_import_and_the_organisations_page_say_who_has_two_chairs(lotskoping: Lotskoping):
    file = export_organisation(lotskoping.services).encode()
    change = import_organisation(lotskoping.services, file, actor_id=ROLF, dry_run=True).change
    assert change is not None
    assert change.warnings == (
        "! Leila Sandemo är SAS och svarar för Gruppbostaden Eken, Servicebostaden Hamnen, "
        "Verkstan daglig verksamhet, Boendestödet. Larm därifrån går till nästa",
    )
    browser = Browser(lotskoping, ROLF)
    for path in ("/organisation", f"/organisation/{LEILA}"):
        page = browser.page(path)
        assert "Leila Sandemo är också chef för Boendestödet, Gruppbostaden Eken" in page
        assert "Larm därifrån går till nästa person." in page
    assert "är också chef" not in browser.page(f"/organisation/{MONIKA}")
    no_chairs_but(lotskoping, LEILA)
    assert "Larm därifrån når ingen." in browser.page("/organisation")


def told_of_patterns(lotskoping: Lotskoping, person: str) -> bool:
    lotskoping.clock.advance(hours=2)
    with lotskoping.unit_of_work() as uow:
        alert_watch.queue_due_watches(uow, lotskoping.clock(), lotskoping.services.municipality)
        uow.commit()
    mails = [q.message for q in lotskoping.outbox() if "patterns:" in q.message.dedupe_key]
    return person in {one.person_id for one in mails}


@pytest.mark.parametrize(("unit", "counts"), [("bjorkgarden", False), (HERS, True)])
def test_the_weekly_word_of_patterns_counts_what_she_finds_on_the_page(
    lotskoping: Lotskoping, unit: str, counts: bool
):
    for number in range(3):
        case = lotskoping.report(STOLEN, unit=unit, conversation=f"webchat:{number}")
        with lotskoping.unit_of_work() as uow:
            shielding.shield(lotskoping.desk(uow, case, INGER), named=[ERIK])
            uow.commit()
    give(lotskoping, MARIA, Role.SAS)
    no_chairs_but(lotskoping, MARIA)
    with lotskoping.unit_of_work() as uow:
        access = access_of(uow, lotskoping.services.municipality, MARIA, lotskoping.clock())
        page = alert_watch.patterns_for(uow, access, lotskoping.services.municipality)
    assert bool(page) is counts
    assert told_of_patterns(lotskoping, MARIA) is counts
