"""An alert goes to the next who has not been told, whoever comes and goes meanwhile."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.schedule import sweep
from handlers.alert_chain import first_untold
from handlers.domain.people import (
    Absence,
    Area,
    Assignment,
    Organisation,
    Person,
    Role,
    Unit,
    Validity,
)
from tests.handlers.test_alerts_again import assess
from tests.lotskoping import DAVID, INGER, MARIA, MONIKA, Lotskoping

SUNDAY_NIGHT = datetime(2026, 6, 7, 21, 50, tzinfo=UTC)  # 23:50 in Stockholm


def away(lotskoping: Lotskoping, person_id: str, first_on: date, last_on: date) -> None:
    with lotskoping.unit_of_work() as uow:
        span = Validity(first_on=first_on, last_on=last_on)
        uow.staff.add_absence(Absence(person_id=person_id, valid=span))
        uow.commit()


def told(lotskoping: Lotskoping, hours: float, role: str = "mas") -> list[str]:
    """Let time pass by quarters, nobody answering; return who was told, in order."""
    for _ in range(int(hours * 4)):
        sweep(lotskoping.services)
        lotskoping.clock.advance(minutes=15)
    with lotskoping.unit_of_work() as uow:
        [found] = [one for one in uow.alerts.all() if one.role == role]
    sent = [q.message for q in lotskoping.outbox() if q.message.alert_id == found.id]
    return [message.person_id for message in sent]


def test_who_comes_back_at_midnight_is_told(lotskoping: Lotskoping):
    away(lotskoping, INGER, date(2026, 6, 1), date(2026, 6, 7))
    lotskoping.clock.now = SUNDAY_NIGHT
    lotskoping.report(harm="death")
    assert told(lotskoping, 1)[:3] == [DAVID, INGER, MONIKA]


def test_the_deputy_is_told_when_mas_goes_away_at_midnight(lotskoping: Lotskoping):
    away(lotskoping, INGER, date(2026, 6, 8), date(2026, 6, 20))
    lotskoping.clock.now = SUNDAY_NIGHT
    lotskoping.report(harm="death")
    assert told(lotskoping, 1)[:3] == [INGER, DAVID, MONIKA]


def test_everybody_told_the_last_is_not_asked_every_quarter(lotskoping: Lotskoping):
    lotskoping.report(harm="death")
    found = told(lotskoping, 24)
    assert len(set(found)) == 6
    assert len(found) <= 12
    assert set(found[6:]) == {"fallback"}


def test_what_can_wait_waits_over_the_night(lotskoping: Lotskoping):
    case = lotskoping.report()
    lotskoping.clock.now = datetime(2026, 6, 5, 20, tzinfo=UTC)  # Friday, 22:00
    assess(lotskoping, case, MARIA, 2, 4)
    assert told(lotskoping, 7) == [INGER]
    assert told(lotskoping, 4)[:2] == [INGER, DAVID]
    weekend = told(lotskoping, 48)
    assert len(weekend) <= 8


def test_an_alert_of_a_minor_severity_at_night_is_told_once_at_once(lotskoping: Lotskoping):
    lotskoping.clock.now = datetime(2026, 6, 5, 20, tzinfo=UTC)
    lotskoping.report("Personen föll och bröt höften. Hon fick åka till sjukhus.")
    assert told(lotskoping, 5) == [INGER]


DAY = date(2026, 6, 1)
PEOPLE = tuple(Person(id=one, name=one, email=f"{one}@x.example") for one in "abcde")
ALWAYS = Validity(first_on=DAY)
PLACES = ((Role.MAS, "", False), (Role.MAS, "", True), (Role.SAS, "", False),
          (Role.SAS, "", True), (Role.AREA_MANAGER, "area", False))  # fmt: skip
TOWN = Organisation(
    areas=(Area(id="area", name="area"),),
    units=(
        Unit(id="unit", name="unit", kind="care_home", area_id="area", legal_areas=("HSL",),
             valid=ALWAYS),
    ),
    people=PEOPLE,
    assignments=tuple(
        Assignment(person_id=person.id, role=role, scope=scope, deputy=deputy, valid=ALWAYS)
        for person, (role, scope, deputy) in zip(PEOPLE, PLACES, strict=True)
    ),
    absences=(),
    fallback=Person(id="fallback", name="on call", email="on-call@x.example"),
)  # fmt: skip


@given(st.lists(st.sets(st.sampled_from("abcde")), min_size=1, max_size=8), st.data())
def test_whoever_comes_and_goes_nobody_is_passed_over_and_nobody_told_twice(
    absences: list[set[str]], data: st.DataObject
):
    told: list[str] = []
    for offset, absent in enumerate(absences):
        span = Validity(first_on=DAY + timedelta(days=offset), last_on=DAY + timedelta(days=offset))
        away_now = tuple(Absence(person_id=one, valid=span) for one in absent)
        chain = replace(TOWN, absences=away_now).alert_chain(Role.MAS, "unit", span.first_on)
        for _ in range(data.draw(st.integers(1, 6))):
            person = first_untold(chain, told)
            if person is None:
                assert {one.id for one in chain} <= set(told)
                break
            earlier = chain[: chain.index(person)]
            assert {one.id for one in earlier} <= set(told)
            told.append(person.id)
    assert len(told) == len(set(told))
