"""A proposal to end a case that nobody answers is said again, to whoever may agree that day."""

from datetime import date

from handlers import dismissing
from tests.handlers.test_dismissing import propose
from tests.handlers.test_investigation import do
from tests.handlers.test_reminders import live
from tests.handlers.test_work_reminders import away, told
from tests.lotskoping import AGNETA, JONAS, Lotskoping

PLACE = "#skriv-av"


def test_a_proposal_that_waits_is_in_the_digest_of_the_second_person(lotskoping: Lotskoping):
    propose(lotskoping, lotskoping.report())
    live(lotskoping, days=8)
    assert told(lotskoping, PLACE) == [(JONAS, date(2026, 6, 3)), (JONAS, date(2026, 6, 8))]


def test_it_goes_to_the_next_who_may_agree_while_the_first_is_away(lotskoping: Lotskoping):
    propose(lotskoping, lotskoping.report())
    away(lotskoping, JONAS)
    live(lotskoping, days=3)
    assert told(lotskoping, PLACE) == [(AGNETA, date(2026, 6, 3))]


def test_an_answered_proposal_is_not_said_again(lotskoping: Lotskoping):
    case = propose(lotskoping, lotskoping.report())
    do(lotskoping, case, dismissing.refuse_dismissal, JONAS)
    live(lotskoping, days=8)
    assert told(lotskoping, PLACE) == []
