"""Moments of everyday words; where two readings do not agree, it is asked."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.dialogue.story import load_story_reader
from handlers.domain.deadline import STOCKHOLM

READER = load_story_reader()
WEDNESDAY = datetime(2026, 11, 25, 8, 30, tzinfo=STOCKHOLM)


def when(text: str, now: datetime = WEDNESDAY) -> tuple[str, str] | None:
    return READER.read(text, (), now, "sv").when


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("17/11 kl 14 föll hon", "Tisdag 17 november kl. 14.00"),
        ("måndag 16/11 på kvällen", "Måndag 16 november, på kvällen"),
        ("kl 7 på kvällen larmade hon", "Tisdag 24 november kl. 19.00"),
        ("i går vid lunch", "Tisdag 24 november, mitt på dagen"),
        ("i går efter lunch", "Tisdag 24 november, på eftermiddagen"),
        ("klockan sju kom ingen", "Onsdag 25 november kl. 07.00"),
        ("klockan sju i går kväll", "Tisdag 24 november kl. 19.00"),
        ("kvart över sju i morse", "Onsdag 25 november kl. 07.15"),
        ("kvart i åtta i morse", "Onsdag 25 november kl. 07.45"),
        ("i går klockan sju", "Tisdag 24 november"),
        ("i helgen föll hon", "i helgen"),
        ("hon föll i går, trappan har varit trasig sedan i fredags", "Tisdag 24 november"),
        ("i morse, det hände också i måndags", "Onsdag 25 november, på morgonen"),
    ],
)
def test_everyday_moments_are_read(text: str, said: str):
    found = when(text)
    assert found is not None
    assert found[1] == said


@pytest.mark.parametrize(
    "text",
    [
        "dosen kl 20 gavs i morse",
        "i fredags föll hon och i går upptäckte vi blåmärket",
        "i natt larmade hon och i morse kom vi",
        "17/11 och 19/11 missades besöket",
        "den 31 februari kl 7",
        "odlingen togs 12/3, svaret kom 17/3",
        "hon fick 1/2 tablett",
        "blodtrycket var 150/90",
        "nyss, eller kanske i går",
    ],
)
def test_what_does_not_go_together_is_asked(text: str):
    assert when(text) is None


def test_a_weekend_that_may_be_today_or_yesterday_is_asked():
    for days in (-2, -3, -4):  # Monday, Sunday, Saturday
        assert when("i helgen kl 7", WEDNESDAY + timedelta(days=days)) is None


def test_seven_oclock_in_the_evening_may_be_either():
    late = WEDNESDAY.replace(hour=21)
    assert when("klockan sju föll hon", late) is None
    assert when("kl 07.00 föll hon", late) == ("today", "Onsdag 25 november kl. 07.00")
    assert when("kl 19 föll hon", late) == ("today", "Onsdag 25 november kl. 19.00")


def test_i_dag_vid_lunch_keeps_lunch():
    late = WEDNESDAY.replace(hour=15)
    assert when("Idag vid lunch tappade hon glaset", late) == (
        "today",
        "Onsdag 25 november, mitt på dagen",
    )


PAST = st.integers(1, 300).map(lambda back: WEDNESDAY - timedelta(days=back))
HOURS = {"på morgonen": (5, 11), "på eftermiddagen": (12, 17), "på kvällen": (16, 23)}


@given(PAST, st.integers(0, 23), st.sampled_from(["den {d}/{m} kl {h}", "kl {h} den {d}/{m}"]))
def test_a_date_is_never_another_day_whatever_the_clock(day: datetime, hour: int, form: str):
    found = when(form.format(d=day.day, m=day.month, h=hour))
    assert found is not None
    assert f" {day.day} " in f" {found[1]} "
    assert found[1].endswith(f"kl. {hour:02}.00")


@given(st.integers(1, 23), st.sampled_from(sorted(HOURS)), st.booleans())
def test_a_clock_is_within_its_part_of_the_day_or_nothing(hour: int, part: str, first: bool):
    clock = f"kl {hour}"
    found = when(f"i går {part} {clock}" if first else f"i går {clock} {part}")
    first_hour, last_hour = HOURS[part]
    if found is not None and " kl. " in found[1]:
        assert first_hour - 1 <= int(found[1][-5:-3]) <= last_hour + 1


@given(st.lists(st.sampled_from(
    ["i går", "i morse", "i natt", "kl 7", "klockan sju", "17/11", "på kvällen", "i helgen",
     "i fredags", "nyss", "vid lunch", "i förrgår", "halv åtta", "för två timmar sedan"]
), min_size=2, max_size=4), st.integers(0, 23))  # fmt: skip
def test_no_mix_of_moments_gives_a_time_to_come(words: list[str], hour: int):
    now = WEDNESDAY.replace(hour=hour)
    found = READER._moments.read(" ".join(words), now)
    if found is not None and found.day is not None:
        at = (found.day, found.hour or 0, found.minute)
        assert at <= (now.date(), now.hour, now.minute)
