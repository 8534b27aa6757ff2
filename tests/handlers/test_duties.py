"""Recurring duties: made by calendar, with an owner and a last day, told until they are done."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.schedule import sweep
from handlers import duties
from handlers.domain.people import Assignment, Role
from handlers.duty_rules import load_duty_rules
from handlers.errors import ConfigurationFault, NotAllowed
from storage.organisation import replace_organisation
from tests.bot.web.test_casework import Browser
from tests.handlers.test_office_over import appoint, leave
from tests.handlers.test_reminders import DAY, absent, at_local
from tests.lotskoping import DAVID, ERIK, INGER, JONAS, MARIA, MONIKA, Lotskoping


def tasks(lotskoping: Lotskoping, duty_id: str) -> list[tuple[str, str, str, date]]:
    with lotskoping.unit_of_work() as uow:
        found = uow.duties.where(duty_id=duty_id)
    return [(t.period, t.scope, t.owner_id, t.due_on) for t in found]


def test_every_monday_each_unit_has_its_review_with_owner_and_date(lotskoping: Lotskoping):
    at_local(lotskoping, DAY)
    found = tasks(lotskoping, "weekly_review")
    assert len(found) == 12
    assert ("2026-W23", "bjorkgarden", MARIA, date(2026, 6, 5)) in found
    at_local(lotskoping, DAY + timedelta(days=3))
    assert len(tasks(lotskoping, "weekly_review")) == 12
    at_local(lotskoping, DAY + timedelta(days=7))
    assert len(tasks(lotskoping, "weekly_review")) == 24


def test_a_year_has_its_duties_once_each_on_working_days(lotskoping: Lotskoping):
    lotskoping.clock.now = datetime(2026, 12, 31, 9, tzinfo=UTC)
    for number in range(1, 366, 3):
        at_local(lotskoping, date(2026, 12, 31) + timedelta(days=number), 10)
    municipality = lotskoping.services.municipality
    log_reviews = tasks(lotskoping, "log_review")
    assert [period for period, *_ in log_reviews] == [f"2027-{m:02d}" for m in range(1, 13)]
    assert {owner for _, _, owner, _ in log_reviews} == {"stina-bergvall"}
    assert [one[0] for one in tasks(lotskoping, "half_year_report")] == ["2027-H1", "2027-H2"]
    assert tasks(lotskoping, "patient_safety_report") == [
        ("2027", "", INGER, date(2027, 3, 1)),
    ]
    assert len(tasks(lotskoping, "unit_pack")) == 12 * 12
    with lotskoping.unit_of_work() as uow:
        for task in uow.duties.where():
            assert municipality.is_working_day(task.created_at.date())


def test_a_task_is_told_when_made_on_its_last_day_and_weekly_after_until_it_is_done(
    lotskoping: Lotskoping,
):
    told = []
    for number in range(22):
        day = DAY + timedelta(days=number)
        at_local(lotskoping, day)
        with lotskoping.unit_of_work() as uow:
            [pack] = [t for t in uow.duties.where(duty_id="unit_pack") if t.scope == "bjorkgarden"]
        if pack.reminded_on == day:
            told.append(number)
    assert told == [0, 14, 21]
    with lotskoping.unit_of_work() as uow:
        now = lotskoping.clock()
        duties.finish(uow, pack.id, MARIA, now, lotskoping.services.municipality)
        mine = duties.tasks_of(uow, MARIA, now, lotskoping.services.municipality)
        assert pack.id not in {one.task.id for one in mine}


def test_a_review_that_was_skipped_gives_way_to_the_next_weeks(lotskoping: Lotskoping):
    for number in range(22):
        at_local(lotskoping, DAY + timedelta(days=number))
    with lotskoping.unit_of_work() as uow:
        now = lotskoping.clock()
        mine = duties.tasks_of(uow, MARIA, now, lotskoping.services.municipality)
    reviews = [one.task.period for one in mine if one.rule.id == "weekly_review"]
    assert reviews == ["2026-W26"]


def test_a_task_whose_owner_is_away_is_told_to_who_stands_in(lotskoping: Lotskoping):
    absent(lotskoping, MARIA, DAY)
    at_local(lotskoping, DAY)
    owners = {scope: owner for _, scope, owner, _ in tasks(lotskoping, "weekly_review")}
    assert owners["bjorkgarden"] == JONAS


def test_a_deputy_has_the_task_while_the_owner_is_away_and_not_otherwise(lotskoping: Lotskoping):
    at_local(lotskoping, DAY)
    absent(lotskoping, MARIA, DAY + timedelta(days=1), DAY + timedelta(days=1))
    places = []
    for number in range(3):
        lotskoping.clock.now = datetime(2026, 6, 1 + number, 9, tzinfo=UTC)
        with lotskoping.unit_of_work() as uow:
            now = lotskoping.clock()
            mine = duties.tasks_of(uow, JONAS, now, lotskoping.services.municipality)
        reviews = [one.task.scope for one in mine if one.rule.id == "weekly_review"]
        places.append("bjorkgarden" in reviews)
    assert places == [False, True, False]


def test_a_vacant_duty_still_has_an_owner(lotskoping: Lotskoping):
    with lotskoping.unit_of_work() as uow:
        organisation = uow.organisation
        left: tuple[Assignment, ...] = tuple(
            a
            for a in organisation.assignments
            if a.role not in (Role.MAS, Role.SAS, Role.LOG_REVIEWER)
        )
        replace_organisation(uow.connection, replace(organisation, assignments=left))
        uow.commit()
    at_local(lotskoping, DAY)
    assert [owner for _, _, owner, _ in tasks(lotskoping, "log_review")] == ["fallback"]


@pytest.mark.parametrize("last_on", [date(2031, 2, 28), date(2036, 2, 29)])
def test_the_patient_safety_report_is_told_weeks_before_and_before_the_first_of_march(
    lotskoping: Lotskoping, last_on: date
):
    """The first of March of 2031 and 2036 is no working day, and the law's day does not move."""
    told = []
    for day in days_between(date(last_on.year, 1, 2), date(last_on.year, 3, 2)):
        lotskoping.clock.now = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        sweep(lotskoping.services)
        with lotskoping.unit_of_work() as uow:
            found = uow.duties.where(duty_id="patient_safety_report")
        told += [day for one in found if one.reminded_on == day]
    assert [one.due_on for one in found] == [last_on]
    assert len(told) == 3
    assert told[-1] == last_on
    assert timedelta(weeks=3) <= last_on - told[1] <= timedelta(weeks=5)


def days_between(first: date, last: date) -> list[date]:
    """Return the Thursdays, Fridays and Mondays: what falls due is told on the next of them."""
    span = range((last - first).days + 1)
    return [day for n in span if (day := first + timedelta(days=n)).weekday() in (0, 3, 4)]


def test_a_unit_that_has_closed_asks_nothing_of_anybody(lotskoping: Lotskoping):
    at_local(lotskoping, DAY)
    with lotskoping.unit_of_work() as uow:
        organisation = uow.organisation
        ended = [
            replace(one, valid=replace(one.valid, last_on=DAY)) if one.id == "bjorkgarden" else one
            for one in organisation.units
        ]
        replace_organisation(uow.connection, replace(organisation, units=tuple(ended)))
        uow.commit()
    scopes = []
    for number in range(2):
        now = datetime(2026, 6, 1 + number, 9, tzinfo=UTC)
        with lotskoping.unit_of_work() as uow:
            mine = duties.tasks_of(uow, MARIA, now, lotskoping.services.municipality)
            told = duties.due_tasks(uow, now.date(), lotskoping.services.municipality)
        scopes.append("bjorkgarden" in {one.task.scope for one in mine})
    assert scopes == [True, False]
    assert "bjorkgarden" not in {one.task.scope for one in told}


def test_how_long_before_a_duty_is_told_is_checked(tmp_path: Path):
    text = (Path(duties.__file__).parent / "duties.toml").read_text(encoding="utf-8")
    (tmp_path / "duties.toml").write_text(
        text.replace("days_before = 20", "days_before = -1"), encoding="utf-8"
    )
    with pytest.raises(ConfigurationFault, match=r"patient_safety_report: days_before"):
        load_duty_rules(tmp_path)


def mine(lotskoping: Lotskoping, person_id: str) -> set[tuple[str, str]]:
    with lotskoping.unit_of_work() as uow:
        municipality = lotskoping.services.municipality
        found = duties.tasks_of(uow, person_id, lotskoping.clock(), municipality)
    return {(one.rule.id, one.task.scope) for one in found}


def test_a_duty_goes_with_the_office_to_who_comes_after(lotskoping: Lotskoping):
    at_local(lotskoping, date(2027, 1, 4))
    report = ("patient_safety_report", "")
    assert report in mine(lotskoping, INGER)
    leave(lotskoping, INGER, Role.MAS)
    appoint(lotskoping, INGER, Role.NURSE, "bjorkgarden")
    leave(lotskoping, DAVID)
    appoint(lotskoping, JONAS, Role.MAS)
    at_local(lotskoping, date(2027, 2, 22))
    assert (report in mine(lotskoping, INGER), report in mine(lotskoping, JONAS)) == (False, True)
    with lotskoping.unit_of_work() as uow:
        [task] = [one for one in uow.duties.where(duty_id=report[0]) if one.period == "2027"]
        now, municipality = lotskoping.clock(), lotskoping.services.municipality
        with pytest.raises(NotAllowed):
            duties.task_for(uow, task.id, INGER, now, municipality)
    pages = {one: Browser(lotskoping, one).client for one in (INGER, JONAS)}
    codes = [pages[one].get(f"/uppgifter/{task.id}").status_code for one in (INGER, JONAS)]
    assert codes == [404, 200]


def test_the_reviews_of_a_unit_go_to_its_new_manager(lotskoping: Lotskoping):
    at_local(lotskoping, DAY)
    theirs = {("weekly_review", "bjorkgarden"), ("unit_pack", "bjorkgarden")}
    assert theirs <= mine(lotskoping, MARIA)
    leave(lotskoping, MARIA)
    leave(lotskoping, JONAS)
    appoint(lotskoping, MARIA, Role.UNIT_MANAGER, "hemtjanst-norr")
    appoint(lotskoping, ERIK, Role.UNIT_MANAGER, "bjorkgarden")
    assert not theirs & mine(lotskoping, MARIA)
    assert theirs <= mine(lotskoping, ERIK)


def test_a_duty_goes_back_to_its_own_office_from_who_had_it_meanwhile(lotskoping: Lotskoping):
    for person in (INGER, DAVID):
        absent(lotskoping, person, DAY + timedelta(days=30), DAY + timedelta(days=40))
    at_local(lotskoping, date(2026, 7, 1))
    half_year = ("half_year_report", "")
    assert half_year in mine(lotskoping, MONIKA)
    at_local(lotskoping, date(2026, 7, 14))
    assert half_year not in mine(lotskoping, MONIKA)
    assert half_year in mine(lotskoping, INGER)


def test_a_duty_of_an_empty_chair_goes_to_whoever_is_appointed(lotskoping: Lotskoping):
    for person in (INGER, DAVID, MONIKA, "leila-sandemo"):
        leave(lotskoping, person, Role.MAS, Role.SAS)
    at_local(lotskoping, date(2026, 7, 1))
    assert [one[2] for one in tasks(lotskoping, "half_year_report")] == ["fallback"]
    appoint(lotskoping, DAVID, Role.MAS)
    assert ("half_year_report", "") in mine(lotskoping, DAVID)
