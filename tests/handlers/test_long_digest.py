"""A digest after a backlog: ten lines, the gravest first, more by number; what is counted waits."""

import itertools
from datetime import date, timedelta

import pytest

from bot.schedule import sweep
from handlers.digest_room import MOST, TOGETHER, Waiting, fitting
from handlers.domain.case import Case, CaseStatus
from handlers.gravity import Gravity
from handlers.records import OutboxMessage
from tests.bot.test_delivery import chatting
from tests.handlers.test_reminders import DAY, about, at_local, change, digests
from tests.lotskoping import AGNETA, MARIA, Lotskoping

NAMED = MOST + TOGETHER
DUTIES = 2  # of Maria's own, not due yet in the first days


def backlog(lotskoping: Lotskoping, count: int) -> list[Case]:
    return [
        lotskoping.report("Tvätten kom fel.", conversation=f"webchat:{number}")
        for number in range(count)
    ]


def newest(lotskoping: Lotskoping, person: str) -> OutboxMessage:
    return [one for one in digests(lotskoping) if one.person_id == person][-1]


def named(message: OutboxMessage, cases: list[Case]) -> list[str]:
    """Return the numbers of the cases that a message names, in its order."""
    found = [case.number for case in cases if case.number in message.text]
    return sorted(found, key=message.text.index)


def lines_of_their_own(message: OutboxMessage, cases: list[Case]) -> list[str]:
    """Return the numbers of the cases that a line of a mail begins with and says how to go on."""
    lines = message.text.split("\n")
    pairs = list(itertools.pairwise(lines))
    return [
        case.number
        for case in cases
        if any(
            first.startswith(f"{case.number}: ") and then.startswith("Så gör du: ")
            for first, then in pairs
        )
    ]


def test_ten_stand_by_themselves_the_gravest_first_and_more_together_under_their_step(
    lotskoping: Lotskoping,
):
    cases = backlog(lotskoping, 11)
    cases.append(lotskoping.report(harm="death", conversation="webchat:grave"))
    at_local(lotskoping, DAY + timedelta(days=1))
    mail = newest(lotskoping, MARIA)
    assert mail.subject == f"Du har {12 + DUTIES} ärenden att gå vidare med"
    assert named(mail, cases)[0] == cases[-1].number
    alone = lines_of_their_own(mail, cases)
    assert len(alone) == MOST
    together = ", ".join(
        f"{case.number} (senast {DAY + timedelta(days=1)})"
        for case in cases
        if case.number not in alone
    )
    how = lotskoping.services.municipality.catalogue.get("how.duty_acknowledge", "sv")
    step = f"Även: Ta emot ärendet\n{together}\nSå gör du: {how}\n"
    assert f"{step}http://127.0.0.1:8000/att-gora?steg=duty.acknowledge\n" in mail.text
    assert set(named(mail, cases)) == {case.number for case in cases}
    assert "till i listan" not in mail.text


def test_what_is_only_counted_is_not_told_and_comes_the_next_day(lotskoping: Lotskoping):
    cases = backlog(lotskoping, NAMED + 4)
    first, second = DAY + timedelta(days=1), DAY + timedelta(days=2)
    assert at_local(lotskoping, first).reminders_by_rule == {"not_acknowledged": NAMED}
    mail = newest(lotskoping, MARIA)
    assert mail.text.endswith(
        f"Och {4 + DUTIES} till i listan.\n\nÖppna din lista: http://127.0.0.1:8000/att-gora"
    )
    told = named(mail, cases)
    rungs = {case.number: about(lotskoping, case) for case in cases}
    assert {number for number, rung in rungs.items() if rung} == set(told)
    at_local(lotskoping, first, hour=14)
    at_local(lotskoping, second)
    assert named(newest(lotskoping, MARIA), cases) == sorted(set(rungs) - set(told))
    assert all(about(lotskoping, case) == [("not_acknowledged", MARIA)] for case in cases)


def test_what_others_are_late_with_is_gathered_and_counted_where_it_can_be_seen(
    lotskoping: Lotskoping,
):
    cases = backlog(lotskoping, NAMED + 2)
    at_local(lotskoping, cases[0].target_on + timedelta(days=7))
    mail = newest(lotskoping, AGNETA)
    assert len(named(mail, cases)) == NAMED
    late = "http://127.0.0.1:8000/arenden?sena=1\n"
    assert mail.text.count("Även: Ärendet är sent. Hjälp enheten vidare\n") == 1
    assert f"Sena ärenden hos andra: 2 till.\n{late}" in mail.text
    assert mail.text.count(late) == 2
    assert "till i listan" not in mail.text


def test_a_chat_has_a_button_for_each_line_of_the_mail(lotskoping: Lotskoping):
    cases = backlog(lotskoping, 12)
    chatting(lotskoping, MARIA)
    lotskoping.clock.advance(days=1)
    sweep(lotskoping.services)
    buttons = newest(lotskoping, MARIA).buttons
    shown = {button.link.rpartition("/")[2] for button in buttons[:MOST]}
    assert len(shown & {case.id for case in cases}) == MOST
    together = [one for one in buttons[MOST:] if one.words.startswith("Även: Ta emot ärendet (")]
    assert len(together) == 1
    assert together[0].link.endswith("/att-gora?steg=duty.acknowledge")
    assert together[0].how
    left = [case for case in cases if case.id not in shown]
    assert [case.number for case in cases if case.number in together[0].named] == [
        case.number for case in left
    ]


def test_a_closed_case_is_not_among_the_rest(lotskoping: Lotskoping):
    cases = backlog(lotskoping, NAMED)
    for case in cases[:2]:
        change(lotskoping, case, status=CaseStatus.DISMISSED)
    at_local(lotskoping, DAY + timedelta(days=1))
    assert "till i listan" not in newest(lotskoping, MARIA).text


@pytest.mark.parametrize("grave", [12, 30, 90])
def test_what_is_grave_every_day_shuts_nothing_out_for_good(grave: int):
    def waiting(key: str, gravity: Gravity) -> Waiting[str]:
        return Waiting(thing=key, gravity=gravity, due_on=DAY, key=key, since=said.get(key, DAY))

    said: dict[str, date] = {}
    daily = {f"track-{number}" for number in range(grave)}
    ordinary = {f"ordinary-{number}" for number in range(9)}
    for days in range(1, 13):
        left = ordinary - set(said)
        graves = [waiting(key, Gravity.GRAVEST) for key in daily]
        shown, beside = fitting([*graves, *(waiting(key, Gravity.ORDINARY) for key in left)], MOST)
        assert len(shown) == MOST
        assert len(beside) == min(TOGETHER, grave + len(left) - MOST)
        assert [one.gravity for one in shown] == sorted(
            (one.gravity for one in shown), reverse=True
        )
        said.update((one.key, DAY + timedelta(days=days)) for one in (*shown, *beside))
    assert set(said) == daily | ordinary
    assert min(said[key] for key in daily) >= DAY + timedelta(days=5)
