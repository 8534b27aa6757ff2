"""Reminders put off from a chat: how long and why, chosen from a few, so that nothing is typed."""

from dataclasses import replace
from datetime import date, timedelta

from handlers import case_handling, snoozing
from handlers.case_handling import Desk
from handlers.domain.case import Case
from handlers.errors import UserFault
from handlers.ports import UnitOfWork

DAYS = (1, 3, 7, 14)  # the core allows two weeks at a time
REASONS = ("waiting", "away", "workload")  # the texts are put_off.because_…


def put_off(desk: Desk, *, days: str, reason: str, language: str) -> Case:
    """Let a case's reminders rest; the same choice by the same person again changes nothing.

    Raises UserFault when a choice is missing, or the core does not allow it.
    """
    if not days.isdigit() or int(days) not in DAYS or reason not in REASONS:
        raise UserFault("fault.bad_input")
    until_on = desk.today + timedelta(days=int(days))
    made = desk.uow.work.snoozes.where(case_id=desk.case_id)
    if any((one.by, one.until_on) == (desk.person_id, until_on) for one in made):
        return case_handling.open_for_work(replace(desk, version=None))
    words = desk.municipality.catalogue.get(f"put_off.because_{reason}", language)
    return case_handling.snooze(desk, until_on=until_on, reason=words)


def rests_until(uow: UnitOfWork, case_id: str, today: date) -> str:
    """Return the day that the reminders go on again, ISO; empty when they do already."""
    case = uow.cases.find(case_id)
    rest = snoozing.running(uow, case, today) if case else None
    return rest.until_on.isoformat() if rest else ""
