"""A snooze ends when the case is no longer one that may be put off."""

from datetime import timedelta

import pytest

from bot.putting_off import rests_until
from bot.schedule import sweep
from handlers import case_handling, duplicates, ending
from handlers.desk import Desk
from handlers.domain.case import Case
from handlers.domain.deadline import local_date
from handlers.domain.risk import Likelihood, Severity
from handlers.errors import UserFault
from tests.bot.test_own_reports import closed
from tests.handlers.test_investigation import do
from tests.lotskoping import CONVERSATION, ERIK, MARIA, Lotskoping


def put_off(lotskoping: Lotskoping, case: Case, days: int = 14) -> None:
    until_on = local_date(lotskoping.clock()) + timedelta(days=days)
    do(lotskoping, case, lambda desk: case_handling.snooze(desk, until_on=until_on, reason="Vänta"))


def grave(desk: Desk) -> Case:
    return case_handling.assess_risk(
        desk, severity=Severity.CATASTROPHIC, likelihood=Likelihood.RARE
    )


def rests(lotskoping: Lotskoping, case: Case) -> bool:
    with lotskoping.unit_of_work() as uow:
        return bool(rests_until(uow, case.id, local_date(lotskoping.clock())))


def reminded(lotskoping: Lotskoping, case: Case, days: int) -> set[str]:
    """Return who is reminded of the case in so many days from now on."""
    with lotskoping.unit_of_work() as uow:
        before = len(uow.cases.events(case.id))
    for _ in range(days):
        lotskoping.clock.advance(days=1)
        sweep(lotskoping.services)
    with lotskoping.unit_of_work() as uow:
        later = uow.cases.events(case.id)[before:]
    return {event.values["to"] for event in later if event.kind == "reminded"}


def test_a_case_that_becomes_serious_is_reminded_of_again(lotskoping: Lotskoping):
    case = lotskoping.report()
    do(lotskoping, case, case_handling.acknowledge)
    lotskoping.clock.advance(days=20)
    put_off(lotskoping, case)
    assert rests(lotskoping, case)
    lotskoping.clock.advance(hours=1)
    do(lotskoping, case, grave)
    lotskoping.acknowledge_alerts(case)
    assert not rests(lotskoping, case)
    assert MARIA in reminded(lotskoping, case, 2)


def test_one_that_stays_as_it_was_rests(lotskoping: Lotskoping):
    case = lotskoping.report()
    do(lotskoping, case, case_handling.acknowledge)
    lotskoping.clock.advance(days=20)
    put_off(lotskoping, case)
    assert reminded(lotskoping, case, 5) == set()


def test_a_serious_report_that_is_merged_into_it_ends_its_rest(lotskoping: Lotskoping):
    main = lotskoping.report()
    part = lotskoping.report(conversation="webchat:other")
    put_off(lotskoping, main)
    do(lotskoping, part, grave)
    do(lotskoping, part, lambda desk: duplicates.merge(desk, into_id=main.id))
    assert not rests(lotskoping, main)
    with pytest.raises(UserFault, match="snooze_serious"):
        put_off(lotskoping, main, 7)


def test_a_case_that_is_opened_again_does_not_rest(lotskoping: Lotskoping):
    case = lotskoping.report(conversation=CONVERSATION)
    put_off(lotskoping, case)
    closed(lotskoping, case)
    lotskoping.clock.advance(hours=1)
    do(lotskoping, case, lambda desk: ending.reopen(desk, reason="Mer är känt."))
    assert not rests(lotskoping, case)


def test_the_next_unit_is_not_kept_from_its_reminders_by_the_last_one(lotskoping: Lotskoping):
    case = lotskoping.report()
    put_off(lotskoping, case)
    lotskoping.clock.advance(hours=1)
    do(lotskoping, case, lambda d: case_handling.move_to_unit(d, unit_id="hemtjanst-norr"))
    assert ERIK in reminded(lotskoping, case, 2)
