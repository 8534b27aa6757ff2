"""A proposal to end a case that nobody answers is said again, to whoever may agree that day."""

from datetime import date
from functools import partial

from handlers import case_handling, dismissing
from handlers.desk import Desk
from handlers.domain.case import Case, CauseArea
from handlers.domain.risk import Likelihood, Severity
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


def test_a_proposal_ends_when_the_case_is_investigated_after_all(lotskoping: Lotskoping):
    case = propose(lotskoping, lotskoping.report())

    def investigate(desk: Desk) -> Case:
        case_handling.assess_risk(desk, severity=Severity.MODERATE, likelihood=Likelihood.MONTHLY)
        return case_handling.add_cause(desk, area=CauseArea.ROUTINES, text="Rutinen saknas.")

    assert do(lotskoping, case, investigate).dismissal is None
    with lotskoping.unit_of_work() as uow:
        assert [e.kind for e in uow.cases.events(case.id)].count("proposal_ended") == 1


def test_a_proposal_outlives_an_assessment(lotskoping: Lotskoping):
    case = propose(lotskoping, lotskoping.report())
    assess = partial(
        case_handling.assess_risk, severity=Severity.MODERATE, likelihood=Likelihood.MONTHLY
    )
    assert do(lotskoping, case, assess).dismissal is not None
