"""Cases that are said to be about one person: by whom, who reads it, and what A14 makes of it."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.schedule import sweep
from handlers import alert_watch, duplicates, same_person, team
from handlers.access import access_of
from handlers.alert_watch import groups_of_person
from handlers.case_records import Profession
from handlers.domain.case import Case
from handlers.errors import NotAllowed, UserFault
from handlers.moving import move_to_unit
from tests.handlers.test_alerts import told
from tests.handlers.test_teamwork import do
from tests.lotskoping import AGNETA, ERIK, INGER, JONAS, MARIA, MONIKA, Lotskoping

STORIES = (
    "Personen låg på golvet bredvid sängen i morse.",
    "Insulinet gavs för sent eftersom nyckeln var borta.",
    "Två tröjor är borta ur garderoben sedan i går.",
    "Maten kom kall och en timme för sent.",
)
OLLE = "olle-granfors"
MANY = "Något händer flera gånger"


def cases_of(lotskoping: Lotskoping, count: int, unit: str = "bjorkgarden") -> list[Case]:
    return [lotskoping.report(STORIES[n], unit=unit) for n in range(count)]


def tie(lotskoping: Lotskoping, one: Case, other: Case, person: str = MARIA) -> None:
    do(lotskoping, one, lambda desk: same_person.join(desk, other_id=other.id), person)


def untie(lotskoping: Lotskoping, one: Case, person: str = MARIA) -> None:
    do(lotskoping, one, same_person.leave, person)


def others(lotskoping: Lotskoping, case: Case, person: str = MARIA) -> list[str]:
    now = lotskoping.case(case.id)
    with lotskoping.unit_of_work() as uow:
        found = same_person.others(lotskoping.desk(uow, case, person), now)
    return [one.id for one in found]


def choices(lotskoping: Lotskoping, case: Case, person: str = MARIA) -> list[str]:
    now = lotskoping.case(case.id)
    with lotskoping.unit_of_work() as uow:
        found = same_person.choices(lotskoping.desk(uow, case, person), now)
    return [one.id for one in found]


def hide(lotskoping: Lotskoping, case: Case, *people: str) -> None:
    now = lotskoping.case(case.id)
    with lotskoping.unit_of_work() as uow:
        uow.cases.save(replace(now, manager_involved=True, manager_involved_ids=people))
        uow.commit()


def lines(lotskoping: Lotskoping, case: Case, person: str = MARIA) -> list[str]:
    with lotskoping.unit_of_work() as uow:
        desk = lotskoping.desk(uow, case, person)
        events = same_person.lines_for(desk, uow.cases.events(case.id))
    return [e.values["number"] for e in events if e.kind in same_person.LINES]


def patterns(lotskoping: Lotskoping, person: str) -> list[int]:
    """Return how many cases each pattern of one person has, as this reader sees it."""
    municipality = lotskoping.services.municipality
    with lotskoping.unit_of_work() as uow:
        access = access_of(uow, municipality, person, lotskoping.clock())
        found = alert_watch.patterns_for(uow, access, municipality)
    return [one.count for one in found if not one.category]


def test_three_cases_of_one_person_within_thirty_days_are_told_to_manager_mas_and_sas(
    lotskoping: Lotskoping,
):
    first, second, third = cases_of(lotskoping, 3)
    tie(lotskoping, first, second)
    sweep(lotskoping.services)
    assert told(lotskoping, MANY) == []
    tie(lotskoping, third, second)
    for _ in range(3):
        sweep(lotskoping.services)
    assert sorted(told(lotskoping, MANY)) == sorted([MARIA, INGER, MONIKA])
    assert patterns(lotskoping, MARIA) == [3]
    assert patterns(lotskoping, ERIK) == []


@pytest.mark.parametrize(("days", "count"), [(30, [3]), (31, [])])
def test_only_what_came_in_within_thirty_days_counts(lotskoping: Lotskoping, days: int, count):
    found = cases_of(lotskoping, 3)
    tie(lotskoping, found[0], found[1])
    tie(lotskoping, found[1], found[2])
    lotskoping.clock.now += timedelta(days=days)
    assert patterns(lotskoping, MARIA) == count


def test_a_tie_holds_a_random_group_and_no_word_of_anybody(lotskoping: Lotskoping):
    first, second = cases_of(lotskoping, 2)
    tie(lotskoping, first, second)
    with lotskoping.unit_of_work() as uow:
        kept = uow.work.same_person.where()
    assert {one.case_id for one in kept} == {first.id, second.id}
    assert len({one.group_id for one in kept}) == 1
    assert {one.group_id for one in kept}.isdisjoint({first.id, second.id, MARIA})


def test_what_is_tied_stands_on_both_cases_and_in_both_logs(lotskoping: Lotskoping):
    first, second = cases_of(lotskoping, 2)
    tie(lotskoping, first, second)
    assert others(lotskoping, first) == [second.id]
    assert others(lotskoping, second) == [first.id]
    assert lines(lotskoping, first) == [second.number]
    assert lines(lotskoping, second) == [first.number]
    assert choices(lotskoping, first) == []


def test_two_groups_become_one_when_a_case_of_each_is_tied(lotskoping: Lotskoping):
    a, b, c, d = cases_of(lotskoping, 4)
    tie(lotskoping, a, b)
    tie(lotskoping, c, d)
    tie(lotskoping, b, c)
    assert others(lotskoping, a) == [b.id, c.id, d.id]
    assert patterns(lotskoping, MARIA) == [4]


def test_a_tie_is_undone_and_the_rest_of_the_group_stays(lotskoping: Lotskoping):
    a, b, c = cases_of(lotskoping, 3)
    tie(lotskoping, a, b)
    tie(lotskoping, b, c)
    untie(lotskoping, b)
    untie(lotskoping, b)
    assert others(lotskoping, b) == []
    assert others(lotskoping, a) == [c.id]
    assert lines(lotskoping, b)[-2:] == [a.number, c.number]
    untie(lotskoping, a)
    with lotskoping.unit_of_work() as uow:
        assert uow.work.same_person.where() == []


def test_only_cases_of_the_same_unit_near_in_time_are_offered(lotskoping: Lotskoping):
    old = cases_of(lotskoping, 1)[0]
    lotskoping.clock.now += timedelta(days=31)
    elsewhere = lotskoping.report(STORIES[0], unit="hemtjanst-norr")
    near, here = cases_of(lotskoping, 2)
    assert choices(lotskoping, here) == [near.id]
    for other in (old, elsewhere, here):
        with pytest.raises(UserFault, match="no_such_case"):
            tie(lotskoping, here, other)


def test_a_hidden_case_is_neither_offered_nor_tied_to_one_that_is_not(lotskoping: Lotskoping):
    open_one, hidden = cases_of(lotskoping, 2)
    hide(lotskoping, hidden, MARIA)
    assert choices(lotskoping, open_one) == []
    for person in (MARIA, AGNETA, INGER, MONIKA):
        with pytest.raises(UserFault, match="no_such_case"):
            tie(lotskoping, open_one, hidden, person)
    with pytest.raises(NotAllowed):
        tie(lotskoping, hidden, open_one)


def test_a_case_that_is_hidden_later_is_gone_from_page_log_and_pattern(lotskoping: Lotskoping):
    found = cases_of(lotskoping, 3)
    tie(lotskoping, found[0], found[1])
    tie(lotskoping, found[1], found[2])
    hide(lotskoping, found[2], MARIA)
    for person in (MARIA, JONAS):
        assert others(lotskoping, found[0], person) == [found[1].id]
        assert lines(lotskoping, found[1], person) == [found[0].number]
        assert patterns(lotskoping, person) == []
    assert patterns(lotskoping, INGER) == [3]
    sweep(lotskoping.services)
    assert sorted(told(lotskoping, MANY)) == sorted([INGER, MONIKA])


def test_who_is_asked_into_one_case_may_tie_it_only_to_what_she_may_open(lotskoping: Lotskoping):
    mine, other = cases_of(lotskoping, 2)
    with lotskoping.unit_of_work() as uow:
        for member in uow.work.team.where():
            uow.work.team.remove(member.id)
        uow.commit()
    ask = partial(team.invite, person_id=OLLE, profession=Profession.PHYSIOTHERAPIST)
    do(lotskoping, mine, ask)
    assert choices(lotskoping, mine, OLLE) == []
    tie(lotskoping, mine, other)
    assert others(lotskoping, mine, OLLE) == []
    assert lines(lotskoping, mine, OLLE) == []
    with pytest.raises(NotAllowed):
        tie(lotskoping, other, mine, OLLE)


def test_who_may_not_investigate_ties_and_unties_nothing(lotskoping: Lotskoping):
    first, second = cases_of(lotskoping, 2)
    tie(lotskoping, first, second)
    for deed in (same_person.leave, lambda d: same_person.join(d, other_id=second.id)):
        with pytest.raises(NotAllowed):
            do(lotskoping, first, deed, ERIK)


def test_a_merged_report_lends_its_group_and_takes_it_back(lotskoping: Lotskoping):
    main, part, other, third = cases_of(lotskoping, 4)
    tie(lotskoping, part, other)
    tie(lotskoping, main, third)
    do(lotskoping, part, lambda d: duplicates.merge(d, into_id=main.id, reason="Samma natt"))
    assert others(lotskoping, main) == [other.id, third.id]
    assert others(lotskoping, other) == [main.id, third.id]
    assert patterns(lotskoping, MARIA) == [3]
    do(lotskoping, lotskoping.case(part.id), duplicates.undo_merge)
    assert others(lotskoping, main) == [third.id]
    assert others(lotskoping, part) == [other.id]
    assert patterns(lotskoping, MARIA) == []


def test_to_take_back_at_the_main_case_takes_its_reports_along(lotskoping: Lotskoping):
    main, part, other = cases_of(lotskoping, 3)
    tie(lotskoping, part, other)
    do(lotskoping, part, lambda d: duplicates.merge(d, into_id=main.id, reason="Samma natt"))
    untie(lotskoping, main)
    assert others(lotskoping, other) == []


def test_a_case_that_moves_stays_tied_and_each_manager_counts_her_own(lotskoping: Lotskoping):
    found = cases_of(lotskoping, 3)
    tie(lotskoping, found[0], found[1])
    tie(lotskoping, found[1], found[2])
    do(lotskoping, found[2], lambda desk: move_to_unit(desk, unit_id="hemtjanst-norr"))
    assert others(lotskoping, found[0]) == [found[1].id]
    assert others(lotskoping, found[2], ERIK) == []
    assert (patterns(lotskoping, MARIA), patterns(lotskoping, ERIK)) == ([], [])
    assert patterns(lotskoping, INGER) == [3]
    sweep(lotskoping.services)
    assert sorted(told(lotskoping, MANY)) == sorted([INGER, MONIKA])


def test_dismissed_events_are_no_pattern_of_one_person(stored: Lotskoping):
    found = cases_of(stored, 3)
    tie(stored, found[0], found[1])
    tie(stored, found[1], found[2])
    assert patterns(stored, MARIA) == [3]
    case = stored.case(found[0].id)
    with stored.unit_of_work() as uow:
        uow.cases.save(replace(case, status=type(case.status).DISMISSED))
        uow.commit()
    assert patterns(stored, MARIA) == []


ties = st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("123456")), max_size=10)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(ties)
def test_groups_that_share_a_case_are_one_and_the_order_means_nothing(pairs):
    rows = [(case, "here", group) for case, group in pairs]
    found = groups_of_person(rows)
    assert groups_of_person(rows[::-1]) == found
    seen = [case for group in found for case, _ in group]
    assert sorted(seen) == sorted({case for case, _ in pairs})
    place = {case: number for number, group in enumerate(found) for case, _ in group}
    for case, group in pairs:
        assert all(place[case] == place[other] for other, same in pairs if same == group)
