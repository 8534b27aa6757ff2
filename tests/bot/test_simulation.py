"""Simulated municipalities of known sizes: what they are made of, and what must hold in them."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from bot.simulation.behaviour import MULTIPLIERS, Habits, closed_in_time_by_multiplier
from bot.simulation.figures import figures_of
from bot.simulation.invariants import lost_alerts
from bot.simulation.profiles import load_profile, organisation_of
from bot.simulation.world import build_world
from handlers.domain.category import load_taxonomy
from handlers.domain.people import Organisation, Person, Role
from nlp.analyst import load_analyst
from nlp.corpus_file import TRAINING_CORPUS, read_corpus
from tests.lotskoping import Lotskoping

FIRST = date(2026, 1, 7)
SIZES = ("harnosand", "nykoping")


def an_organisation(name: str, days: int = 365) -> Organisation:
    fallback = Person(id="fallback", name="Jour", email="jour@kommunen.example")
    empty = Organisation(
        areas=(), units=(), people=(), assignments=(), absences=(), fallback=fallback
    )
    return organisation_of(load_profile(name), empty, FIRST, days, Random(7))  # noqa: S311


@pytest.mark.parametrize("name", SIZES)
def test_every_unit_has_a_manager_and_a_deputy_who_is_somebody_else(name: str):
    organisation = an_organisation(name)
    assert len(organisation.units) == sum(area.units for area in load_profile(name).areas)
    for unit in organisation.units:
        held = {a.deputy: a.person_id for a in organisation.assignments if a.scope == unit.id}
        assert held[False] != held[True]


@pytest.mark.parametrize("name", SIZES)
def test_no_alert_is_lost_with_any_one_person_removed_on_any_month_of_the_year(name: str):
    organisation = an_organisation(name)
    assert [lost_alerts(organisation, FIRST + timedelta(days=30 * n)) for n in range(12)] == [
        0
    ] * 12


@pytest.mark.parametrize("name", SIZES)
def test_the_chairs_of_mas_and_sas_stand_empty_in_turn(name: str):
    organisation = an_organisation(name)
    for vacancy in load_profile(name).vacancies:
        inside = FIRST + timedelta(days=(vacancy.first_day + vacancy.last_day) // 2)
        after = FIRST + timedelta(days=vacancy.last_day + 1)
        assert organisation.holders(vacancy.role, "", inside) == ()
        assert any(
            a.role == vacancy.role and a.valid.holds(after) for a in organisation.assignments
        )
        chain = organisation.alert_chain(vacancy.role, organisation.units[0].id, inside)
        assert chain


def test_the_same_seed_gives_the_same_people_and_absences():
    assert an_organisation("nykoping") == an_organisation("nykoping")


def test_the_same_seed_gives_the_same_days_in_two_processes():
    """Each process has its own order of sets, which must not decide what happens."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.simulated_days", "4"],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            stdout=subprocess.PIPE,
        )
        for seed in ("1", "2")
    ]
    first, second = (json.loads(one.communicate()[0]) for one in processes)
    assert first["each_case"]
    assert first["each_alert"]
    assert first == second


@pytest.mark.parametrize("name", SIZES)
def test_the_categories_of_a_profile_are_of_the_taxonomy_and_have_texts(name: str):
    taxonomy = load_taxonomy()
    texts = read_corpus(TRAINING_CORPUS, taxonomy)
    with_texts = {t.category for t in texts if t.kind in ("deviation", "risk")}
    assert set(load_profile(name).weights) <= with_texts


def test_a_stronger_effect_of_reminders_never_closes_fewer_cases(lotskoping: Lotskoping):
    template = lotskoping.report()
    cases = [
        replace(template, id=f"case-{n}", number=f"AVV-{n}", unit_id=f"unit-{n % 9}")
        for n in range(300)
    ]
    today = template.target_on + timedelta(days=1)
    found = closed_in_time_by_multiplier(
        cases, Habits(0.0, 0.15, 7), lotskoping.services.municipality, today
    )
    shares = list(found["closed_within_month_by_effect_of_a_reminder"].values())
    assert len(shares) == len(MULTIPLIERS)
    assert shares == sorted(shares)
    assert 0.1 < shares[0] < 0.4  # about the quarter that is reported without reminders
    assert shares[-1] > shares[0]
    assert "Antagande" in found["assumption"]


def test_nothing_is_due_yet_and_the_range_is_of_nothing(lotskoping: Lotskoping):
    found = closed_in_time_by_multiplier(
        [lotskoping.report()], Habits(0.0, 0.1, 7), lotskoping.services.municipality, FIRST
    )
    assert set(found["closed_within_month_by_effect_of_a_reminder"].values()) == {None}


def test_weeks_with_empty_chairs_illness_and_a_chat_that_is_down_break_no_invariant(
    tmp_path: Path,
):
    profile = load_profile("harnosand")
    shortened = replace(
        profile,
        reports_a_day=2.0,
        outages_a_month=15.0,
        sick_share=0.2,
        vacancies=tuple(
            replace(v, first_day=2, last_day=20) for v in profile.vacancies if v.role == Role.MAS
        ),
    )
    texts = list(read_corpus(TRAINING_CORPUS, load_taxonomy()))
    world = build_world(
        tmp_path, 7, shortened, first=FIRST, days=24, texts=texts, analyst=load_analyst(None)
    )
    world.live(lambda: None)
    figures = figures_of(world)
    world.services.database.close()
    assert figures["cases"] > 20
    assert figures["chat_refused"] > 0
    assert figures["tasks"] > 0
    assert figures["duplicates"] == 0
    assert {name for name, count in figures["invariants"].items() if count} == set()
