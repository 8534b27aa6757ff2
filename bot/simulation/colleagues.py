"""Simulated people whom others ask: the second person, the team, other organisations, the senders.

Every chance is an assumption, for each thing that waits on a working day. Much is left undone on
purpose: the invariants ask whether somebody is told of it.
"""

from collections.abc import Callable, Sequence
from random import Random
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.simulation.attempts import attempt, try_to_open
from bot.simulation.managers import CODE
from bot.simulation.workers import at_work_with, nearest, right_to_close, worker
from handlers import (
    answer_pages,
    case_handling,
    complaints,
    dismissing,
    duplicates,
    exchanges,
    shielding,
    team,
)
from handlers.access import access_of, allowed
from handlers.case_records import AnswerQuality, AnswerWay, ComplaintAnswer, Direction, Exchange
from handlers.desk import Desk
from handlers.domain.case import Case, CaseStatus
from handlers.domain.deadline import local_date
from handlers.permissions import Action as Right
from handlers.standing_in import is_at_work
from storage import tables

if TYPE_CHECKING:
    from bot.simulation.world import World

ANSWERS_A_PROPOSAL = 0.1
AGREES = 0.7  # of the second persons who answer
SAYS_SOMETHING = 0.1  # of those asked into a case
DOES_A_TASK = 0.1
OTHERS_ANSWER = 0.03
WE_ANSWER = 0.05
PARTS = 0.01  # of the merged reports
SHOWS_AGAIN = 0.02  # of the hidden cases
LOOKS_IN = 0.02  # of those who may not know: involved managers, and people who have left
OPENS_THE_ANSWER = 0.15
TRIES_WRONG_CODES = 0.05
SEES_TO_AN_ANSWER = 0.1  # that nobody has opened
_WRONG_CODES = 5


class Colleagues:
    """Whoever was asked: by a manager, by MAS or SAS, by somebody outside."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def work(self, world: "World", cases: Sequence[Case]) -> None:
        self._second_persons(world, cases)
        self._team(world)
        self._exchanges(world)
        self._parts(world)
        self._hidden(world)
        self._answers(world)

    def _happens(self, chance: float) -> bool:
        return self._random.random() < chance

    def _second_persons(self, world: "World", cases: Sequence[Case]) -> None:
        for case in cases:
            if case.dismissal is None or not self._happens(ANSWERS_A_PROPOSAL):
                continue
            asked = self._may_agree(world, case)
            if asked:
                agrees = self._happens(AGREES)
                deed = dismissing.confirm_dismissal if agrees else dismissing.refuse_dismissal
                attempt(world, case.id, self._random.choice(asked), deed)

    def _may_agree(self, world: "World", case: Case) -> list[str]:
        now, rules = world.clock(), world.services.municipality
        with world.services.unit_of_work(read_only=True) as uow:
            there = uow.cases.find(case.id)
            if there is None or there.dismissal is None or not there.is_open:
                return []
            right = right_to_close(uow, there)
            return [
                person.id
                for person in nearest(uow, there, world)
                if person.id != there.dismissal.proposed_by
                and allowed(uow, access_of(uow, rules, person.id, now), right, there, now)
            ]

    def _team(self, world: "World") -> None:
        with world.services.unit_of_work(read_only=True) as uow:
            day = local_date(world.clock())
            there = [(m.case_id, m.person_id) for m in uow.waiting.members()]
            tasks = uow.work.tasks.where(done_at=None)
            present = {
                p.id for p in uow.organisation.people if is_at_work(uow.organisation, p.id, day)
            }
            left = {
                p.id
                for p in uow.organisation.people
                if not uow.organisation.assignments_of(p.id, day)
            }
        for case_id, person_id in there:
            if person_id in left and self._happens(LOOKS_IN):
                try_to_open(world, case_id, person_id, case_handling.note_read)
            elif person_id in present and self._happens(SAYS_SOMETHING):
                try_to_open(world, case_id, person_id, _say)
        for task in tasks:
            if task.owner_id in present and self._happens(DOES_A_TASK):
                try_to_open(world, task.case_id, task.owner_id, _finish(task.id))

    def _exchanges(self, world: "World") -> None:
        with world.services.unit_of_work(read_only=True) as uow:
            waiting = uow.work.exchanges.where(answered_at=None)
        for one in waiting:
            ours = one.direction == Direction.IN
            if self._happens(WE_ANSWER if ours else OTHERS_ANSWER):
                self._by_worker(world, one.case_id, self._answered(one))

    def _answered(self, found: Exchange) -> Callable[[Desk], object]:
        quality = self._random.choice(list(AnswerQuality))

        def deed(desk: Desk) -> None:
            text = "Rutinen har ändrats."
            exchanges.answered(desk, exchange_id=found.id, answer=text, quality=quality)

        return deed

    def _parts(self, world: "World") -> None:
        for case_id in self._ids(world, tables.cases.c.status == CaseStatus.MERGED.value):
            if self._happens(PARTS):
                self._by_worker(world, case_id, duplicates.undo_merge)

    def _hidden(self, world: "World") -> None:
        hidden = tables.cases.c.manager_involved.is_(True)
        for case_id in self._ids(world, hidden):
            with world.services.unit_of_work(read_only=True) as uow:
                case = uow.cases.find(case_id)
            if case is None:
                continue
            for person_id in case.manager_involved_ids:
                if self._happens(LOOKS_IN):
                    try_to_open(world, case_id, person_id, case_handling.note_read)
            if case.is_held or not self._happens(SHOWS_AGAIN):
                continue
            person_id = at_work_with(world, case, Right.UNSHIELD)
            if person_id:
                attempt(world, case_id, person_id, self._shows(case))

    def _shows(self, case: Case) -> Callable[[Desk], object]:
        """Show the case, or only let one who was named by mistake have it again."""
        named = case.manager_involved_ids  # nobody, while nobody knows the unit
        mistaken = self._random.choice(named) if named and self._happens(1 / 2) else ""

        def deed(desk: Desk) -> None:
            if mistaken:
                shielding.take_back(desk, person_id=mistaken, reason="Fel person.")
            else:
                shielding.unshield(desk, reason="Det gällde någon annan.", sure=True)

        return deed

    def _answers(self, world: "World") -> None:
        with world.services.unit_of_work(read_only=True) as uow:
            waiting = [
                one
                for way in complaints.PAGES
                for one in uow.work.answers.where(way=way, opened_at=None, delivered_at=None)
            ]
            why = {
                one.id: key
                for one, key in answer_pages.unopened(
                    uow, world.services.municipality, world.clock()
                )
            }
        for one in waiting:
            if self._happens(OPENS_THE_ANSWER):
                self._types(world, one, [CODE])
            elif self._happens(TRIES_WRONG_CODES):
                self._types(world, one, ["00000000"] * _WRONG_CODES)
            elif one.id in why and self._happens(SEES_TO_AN_ANSWER):
                self._by_worker(world, one.case_id, self._sees_to(one))

    def _types(self, world: "World", found: ComplaintAnswer, codes: Sequence[str]) -> None:
        rules, now = world.services.municipality, world.clock()
        with world.services.unit_of_work() as uow:
            if found.way == AnswerWay.CODE_BY_MAIL:
                complaints.send_code(uow, found.id, CODE, now, rules)
            for code in codes:
                complaints.open_answer(uow, found.id, code, now, rules)
            uow.commit()

    def _sees_to(self, found: ComplaintAnswer) -> Callable[[Desk], object]:
        delivered = self._happens(1 / 2)

        def deed(desk: Desk) -> None:
            if delivered:
                answer_pages.delivered(desk, answer_id=found.id, how="Vi ringde.")
            else:
                way = AnswerWay.CODE_BY_HAND
                answer_pages.renew(desk, answer_id=found.id, way=way, code=CODE)

        return deed

    def _by_worker(self, world: "World", case_id: str, deed: Callable[[Desk], object]) -> None:
        with world.services.unit_of_work(read_only=True) as uow:
            case = uow.cases.find(case_id)
            person_id = worker(uow, case, world) if case is not None else ""
        if person_id and case is not None and not case.is_held:
            attempt(world, case_id, person_id, deed)

    def _ids(self, world: "World", condition: object) -> list[str]:
        cases = tables.cases.c
        with world.services.unit_of_work(read_only=True) as uow:
            found = select(cases.id).where(condition).order_by(cases.number)  # type: ignore[arg-type]
            return list(uow.connection.execute(found).scalars())


def _say(desk: Desk) -> None:
    case_handling.note_read(desk)
    team.comment(desk, text="Jag har talat med personen.")


def _finish(task_id: str) -> Callable[[Desk], object]:
    return lambda desk: team.finish_task(desk, task_id=task_id)
