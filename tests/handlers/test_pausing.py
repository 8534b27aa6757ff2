"""Reminders rest with a reason and a limit, and MAS is asked for advice."""

from datetime import timedelta

import pytest

from handlers import advice, case_handling
from handlers.domain.case import Case
from handlers.domain.risk import Likelihood, Severity
from handlers.errors import UserFault
from tests.handlers.test_investigation import do
from tests.lotskoping import INGER, Lotskoping


def snooze(lotskoping: Lotskoping, case: Case, *, days: int, reason: str = "Semester") -> Case:
    return do(
        lotskoping,
        case,
        lambda desk: case_handling.snooze(
            desk, until_on=desk.today + timedelta(days=days), reason=reason
        ),
    )


def test_reminders_are_put_off_twice_for_at_most_two_weeks(lotskoping: Lotskoping):
    case = lotskoping.report()
    for days in (0, -1, 15):
        with pytest.raises(UserFault, match="snooze_too_long"):
            snooze(lotskoping, case, days=days)
    with pytest.raises(UserFault, match="empty_text"):
        snooze(lotskoping, case, days=3, reason="")
    put_off = snooze(lotskoping, case, days=14)
    assert put_off.target_on == case.target_on
    snooze(lotskoping, case, days=3)
    with pytest.raises(UserFault, match="snooze_too_often"):
        snooze(lotskoping, case, days=3)


def test_a_serious_case_is_never_put_off(lotskoping: Lotskoping):
    case = lotskoping.report()
    do(
        lotskoping,
        case,
        lambda desk: case_handling.assess_risk(
            desk, severity=Severity.SIGNIFICANT, likelihood=Likelihood.RARE
        ),
        INGER,
    )
    with pytest.raises(UserFault, match="snooze_serious"):
        snooze(lotskoping, case, days=3)


def assess(lotskoping: Lotskoping, severity: Severity, likelihood: Likelihood) -> Case:
    return do(
        lotskoping,
        lotskoping.report(),
        lambda desk: case_handling.assess_risk(desk, severity=severity, likelihood=likelihood),
    )


def is_offered(lotskoping: Lotskoping, case: Case) -> bool:
    with lotskoping.unit_of_work() as uow:
        return advice.is_offered(uow, case, lotskoping.services.municipality)


def test_mas_is_asked_for_advice_once_when_the_risk_is_in_between(lotskoping: Lotskoping):
    case = assess(lotskoping, Severity.MODERATE, Likelihood.MONTHLY)
    assert is_offered(lotskoping, case)
    do(lotskoping, case, advice.ask_mas)
    do(lotskoping, case, advice.ask_mas)
    asked = [q.message for q in lotskoping.outbox() if "Råd" in q.message.subject]
    assert [message.person_id for message in asked] == [INGER]


@pytest.mark.parametrize(
    ("severity", "likelihood"),
    [(Severity.MINOR, Likelihood.RARE), (Severity.SIGNIFICANT, Likelihood.MONTHLY)],
)
def test_advice_is_not_offered_for_low_risk_nor_for_what_mas_is_told_of_anyway(
    lotskoping: Lotskoping, severity: Severity, likelihood: Likelihood
):
    case = assess(lotskoping, severity, likelihood)
    assert not is_offered(lotskoping, case)
