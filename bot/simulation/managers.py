"""Simulated managers, who take one step at a time, and close what MAS or SAS have looked at.

How often they do is an assumption, named here and in municipalities.toml.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.simulation.attempts import attempt, desk_of
from bot.simulation.behaviour import Habits
from bot.simulation.workers import worker
from handlers import (
    actions,
    alerts,
    case_handling,
    complaints,
    exchanges,
    investigation,
    shielding,
)
from handlers.alarm_gate import unanswered_alerts
from handlers.alert_chain import may_see
from handlers.case_records import AnswerWay, Direction
from handlers.desk import Desk
from handlers.domain.case import Case, CaseStatus, CauseArea
from handlers.domain.deadline import local_date
from handlers.domain.injury import InjuryClass, PersonTold
from handlers.domain.risk import Likelihood, Severity
from storage import tables

if TYPE_CHECKING:
    from bot.simulation.world import World

ACKNOWLEDGES = 0.8  # alerts that are taken before anybody else is asked
REOPENED = 0.05  # closed cases of which more is known later
STAYS_HIDDEN = 0.3  # cases held for their text that are about the manager indeed
TELLS_THE_CODE = 0.3  # of the answers behind a code: by phone or letter, else by mail
CODE = "12345678"
SEVERITIES = (1,) * 50 + (2,) * 38 + (3,) * 11 + (4,)
_UNASSESSED = (CaseStatus.RECEIVED, CaseStatus.ACKNOWLEDGED)


class Managers:
    """Managers take one step at a time; MAS and SAS acknowledge alerts and close grave cases."""

    def __init__(self, random: Random, habits: Habits, after_reminder: float) -> None:
        self._random = random
        self._habits = habits
        self._after_reminder = after_reminder
        self._to_reopen: list[tuple[date, str]] = []

    def work(self, world: "World", open_cases: Sequence[Case]) -> None:
        with world.services.unit_of_work(read_only=True) as uow:
            ledger = tables.reminder_ledger
            reminded = set(uow.connection.execute(select(ledger.c.case_id)).scalars())
        self._reopen(world)
        for case in open_cases:
            chance = self._habits.chance_of(case.unit_id)
            chance *= self._after_reminder if case.id in reminded else 1
            if self._random.random() < chance:
                self._step(world, case.id)

    def _reopen(self, world: "World") -> None:
        today = local_date(world.clock())
        due = [case_id for day, case_id in self._to_reopen if day <= today]
        self._to_reopen = [one for one in self._to_reopen if one[0] > today]
        for case_id in due:
            with world.services.unit_of_work() as uow:
                case = uow.cases.find(case_id)
                person_id = worker(uow, case, world) if case else ""
                if case is not None and case.status == CaseStatus.CLOSED and person_id:
                    desk = desk_of(world, uow, case.id, person_id)
                    case_handling.reopen(desk, reason="Det har kommit fram mer.")
                    uow.commit()

    def answer_alerts(self, world: "World") -> None:
        with world.services.unit_of_work() as uow:
            for found in uow.alerts.unacknowledged():
                answers = self._random.random() < ACKNOWLEDGES
                if answers and may_see(uow, found, found.recipient_id, world.clock()):
                    alerts.acknowledge(uow, found.id, found.recipient_id, world.clock())
            uow.commit()

    def _step(self, world: "World", case_id: str) -> None:
        with world.services.unit_of_work(read_only=True) as uow:
            case = uow.cases.find(case_id)
            person_id = worker(uow, case, world) if case is not None and case.is_open else ""
        if person_id:  # else nobody who may is at work today, or it has just ended; the case waits
            attempt(world, case_id, person_id, self._next)

    def _next(self, desk: Desk) -> None:
        """Read the case, and do what it asks for next."""
        case = case_handling.note_read(desk)
        if case.is_held:
            self._look(desk)
        elif not case.unit_id:
            units = desk.uow.organisation.current_units(desk.today)
            case_handling.move_to_unit(desk, unit_id=self._random.choice(units).id)
        elif case.status in _UNASSESSED or case.risk is None or case.wants_new_assessment:
            self._assess(desk, case)
        elif not case.causes:
            self._investigate(desk)
        elif not unanswered_alerts(desk.uow, case):  # MAS or SAS looks first
            self._close(desk, case)

    def _look(self, desk: Desk) -> None:
        if self._random.random() < STAYS_HIDDEN:
            shielding.shield(desk)
        else:
            shielding.release(desk)

    def _assess(self, desk: Desk, case: Case) -> None:
        severity = Severity(self._random.choice(SEVERITIES))
        likelihood = Likelihood(self._random.choice((1, 1, 2, 2, 3, 4)))
        told = self._random.choice(list(PersonTold)) if case.needed_care else None
        case_handling.assess_risk(desk, severity=severity, likelihood=likelihood, told=told)

    def _investigate(self, desk: Desk) -> None:
        area = self._random.choice(list(CauseArea))
        case = case_handling.add_cause(desk, area=area, text="Rutinen var otydlig.")
        case_handling.add_action(
            desk,
            cause_id=case.causes[-1].id,
            text="Gå igenom rutinen på nästa möte.",
            owner_id=desk.person_id,
            due_on=desk.today + timedelta(days=14),
        )

    def _close(self, desk: Desk, case: Case) -> None:
        parts = desk.uow.cases.merged_into(case.id)
        for one in (case, *parts):
            self._finish_late(desk.at(one.id), one)
        if any(one.needed_care for one in (case, *parts)) and not case.is_classed:
            investigation.classify(desk, injury=InjuryClass.NO_INJURY)
        for one in (*parts, case):
            self._answer_senders(desk.at(one.id))
        if not case.must_be_answered:
            case_handling.write_feedback(desk.at(case.id), text="Tack. Vi har ändrat rutinen.")
        case_handling.close_case(desk.at(case.id))
        if self._random.random() < REOPENED:
            after = timedelta(days=self._random.randrange(1, 40))
            self._to_reopen.append((desk.today + after, case.id))

    def _finish_late(self, desk: Desk, case: Case) -> None:
        for action in case.actions:
            if action.done_at is None and action.due_on < desk.today:
                actions.finish(desk, action_id=action.id, effect="")

    def _answer_senders(self, desk: Desk) -> None:
        """Answer whoever complained, and the organisations that have sent the event to us."""
        for one in desk.uow.work.exchanges.where(case_id=desk.case_id, answered_at=None):
            if one.direction == Direction.IN:
                exchanges.answered(desk, exchange_id=one.id, answer="Vi har ändrat rutinen.")
        case = case_handling.open_for_work(desk)
        if case.must_be_answered and not case.answered:
            by_hand = self._random.random() < TELLS_THE_CODE
            given = complaints.Answer(
                explanation="Rutinen var otydlig.",
                measures="Vi har ändrat rutinen.",
                about_person=True,
                way=AnswerWay.CODE_BY_HAND if by_hand else AnswerWay.CODE_BY_MAIL,
                code=CODE if by_hand else "",
            )
            complaints.answer(desk, given)
