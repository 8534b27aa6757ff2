"""Whose an event is goes by the laws of all its reports, whichever of them the others joined."""

from dataclasses import replace

import pytest

from bot.schedule import sweep
from handlers import advice, case_handling, duplicates
from handlers.alert_watch import queue_due_watches
from handlers.domain.case import Case
from handlers.domain.injury import InjuryClass
from handlers.domain.risk import Likelihood, Severity
from handlers.reporting import receiver_of
from tests.bot.web.test_casework import Browser
from tests.handlers.test_investigation import close, do, handled
from tests.handlers.test_providers import a_case, listed
from tests.handlers.test_providers import rented as rented
from tests.handlers.test_reminders import about
from tests.handlers.test_two_chairs import leave
from tests.lotskoping import AGNETA, INGER, JONAS, MARIA, MONIKA, Lotskoping

SAME = "Samma händelse"


def under(lotskoping: Lotskoping, case: Case, *laws: str) -> Case:
    changed = replace(lotskoping.case(case.id), legal_areas=laws)
    with lotskoping.unit_of_work() as uow:
        stored = uow.cases.save(changed)
        uow.commit()
    return stored


def merged(lotskoping: Lotskoping, main: tuple[str, ...], part: tuple[str, ...]) -> Case:
    """Return an event of two reports, each under its own laws; none: those of the unit."""
    first = under(lotskoping, lotskoping.report(), *main)
    other = under(lotskoping, lotskoping.report(conversation="webchat:2"), *part)
    return joined(lotskoping, other, first)


def joined(lotskoping: Lotskoping, part: Case, main: Case, person: str = MARIA) -> Case:
    do(
        lotskoping,
        part,
        lambda desk: duplicates.merge(desk, into_id=main.id, reason=SAME),
        person,
    )
    return lotskoping.case(main.id)


def assess(
    lotskoping: Lotskoping, case: Case, severity: Severity, *, law: str = "", by: str = MARIA
) -> Case:
    return do(
        lotskoping,
        case,
        lambda desk: case_handling.assess_risk(
            desk, severity=severity, likelihood=Likelihood.RARE, legal_area=law
        ),
        by,
    )


@pytest.mark.parametrize(
    ("main", "part", "watcher"),
    [
        (("SoL",), ("HSL",), INGER),
        (("HSL",), ("SoL",), INGER),
        (("SoL",), (), INGER),  # the unit is of both
        (("SoL",), ("LSS",), MONIKA),
    ],
)
def test_a_fortnight_late_an_event_goes_to_whose_any_of_its_reports_is(
    lotskoping: Lotskoping, main: tuple[str, ...], part: tuple[str, ...], watcher: str
):
    case = merged(lotskoping, main, part)
    lotskoping.clock.advance(days=50)
    sweep(lotskoping.services)
    assert about(lotskoping, case) == [("late_fortnight", watcher)]


def test_parted_again_each_case_goes_by_its_own_law(lotskoping: Lotskoping):
    case = merged(lotskoping, ("SoL",), ("HSL",))
    with lotskoping.unit_of_work() as uow:
        [part] = uow.cases.merged_into(case.id)
    do(lotskoping, part, duplicates.undo_merge)
    lotskoping.clock.advance(days=50)
    sweep(lotskoping.services)
    assert about(lotskoping, case) == [("late_fortnight", MONIKA)]
    assert about(lotskoping, part) == [("late_fortnight", INGER)]


def test_with_everybody_of_the_unit_away_an_event_with_health_care_is_for_mas(
    lotskoping: Lotskoping,
):
    case = merged(lotskoping, ("SoL",), ("HSL",))
    leave(lotskoping, MARIA, JONAS, AGNETA, days=200)
    with lotskoping.unit_of_work() as uow:
        assert receiver_of(uow, case, lotskoping.clock()).id == INGER
    lotskoping.clock.advance(days=1)
    sweep(lotskoping.services)
    assert about(lotskoping, case) == [("not_acknowledged", INGER)]


def test_advice_of_mas_is_offered_by_the_gravest_risk_of_the_event(lotskoping: Lotskoping):
    part = assess(lotskoping, lotskoping.report(), Severity.SIGNIFICANT)
    main = assess(lotskoping, lotskoping.report(conversation="webchat:2"), Severity.MINOR)
    municipality = lotskoping.services.municipality
    with lotskoping.unit_of_work() as uow:
        assert not advice.is_offered(uow, main, municipality)
    case = joined(lotskoping, under(lotskoping, part, "HSL"), under(lotskoping, main, "SoL"))
    with lotskoping.unit_of_work() as uow:
        assert not advice.is_offered(uow, case, municipality)  # MAS has been told of that one
    moderate = do(
        lotskoping,
        lotskoping.report(conversation="webchat:3"),
        lambda desk: case_handling.assess_risk(
            desk, severity=Severity.MODERATE, likelihood=Likelihood.MONTHLY
        ),
    )
    light = lotskoping.report(conversation="webchat:4")
    case = joined(lotskoping, moderate, light)
    assert "Rådgör med MAS" in Browser(lotskoping, MARIA).page(f"/arenden/{case.id}")


def test_mas_is_asked_daily_whether_the_person_knows_when_a_merged_report_is_hers(
    lotskoping: Lotskoping,
):
    case = merged(lotskoping, ("SoL",), ())
    with lotskoping.unit_of_work() as uow:
        uow.cases.save(replace(case, injury=InjuryClass.SERIOUS_INJURY))
        uow.commit()
    lotskoping.clock.advance(days=7)
    with lotskoping.unit_of_work() as uow:
        queue_due_watches(uow, lotskoping.clock(), lotskoping.services.municipality)
        uow.commit()
    asked = [
        q.message for q in lotskoping.outbox() if q.message.subject == "Har personen fått veta?"
    ]
    assert {message.person_id for message in asked} == {INGER}


def test_mas_sees_what_a_provider_has_joined_health_care_with(rented: Lotskoping):
    main, part = a_case(rented, "SoL"), a_case(rented, "HSL")
    assert main.id not in listed(rented, INGER)
    joined(rented, part, main, "pia.provider")
    assert main.id in listed(rented, INGER)
    assert rented.case(main.id).legal_areas == ("SoL",)


def test_the_page_asks_and_the_list_finds_by_every_law_of_the_event(lotskoping: Lotskoping):
    case = merged(lotskoping, ("SoL",), ("HSL",))
    inger = Browser(lotskoping, INGER)
    page = inger.page(f"/arenden/{case.id}")
    assert 'name="injury"' in page
    assert 'name="misconduct"' in page
    assert case.number in inger.client.get("/arenden?lag=HSL").text


def test_an_event_closes_when_it_has_been_assessed_under_every_law_of_its_reports(
    lotskoping: Lotskoping,
):
    main = under(lotskoping, handled(lotskoping), "SoL")
    [risk] = main.assessments
    part = under(lotskoping, lotskoping.report(conversation="webchat:2"), "HSL")
    case = joined(lotskoping, part, main)
    assert case.unassessed_laws == ()  # assessed as a whole
    only = replace(case, assessments=(replace(risk, legal_area="SoL"),))
    assert only.unassessed_laws == ("HSL",)
    assess(lotskoping, case, Severity.MINOR, law="HSL")
    assert close(lotskoping, case).closed_at
