"""What others than managers do in a simulated municipality: looks, side tracks, and the actions.

How often is an assumption, named here. Much is left undone on purpose: the invariants ask whether
somebody is told of it.
"""

from collections.abc import Sequence
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.simulation.attempts import attempt, desk_of
from handlers import actions, alerts, tracks
from handlers.alert_chain import chain_of, looks
from handlers.case_records import Track
from handlers.desk import Desk, may
from handlers.domain.case import Case
from handlers.domain.deadline import local_date
from handlers.domain.moves import Machine, MariaStep, SarahStep, State
from handlers.domain.people import WATCHING, Role
from handlers.independence import fault_of, free_people
from handlers.permissions import Action as Right
from handlers.standing_in import is_at_work, stand_in
from handlers.track_leads import LED_BY
from storage import tables
from storage.unit_of_work import SqlUnitOfWork

if TYPE_CHECKING:
    from bot.simulation.world import World

LOOKS = 0.7  # on a working day, at an alert that somebody else has taken
BEGINS = {
    Machine.LEX_MARIA: 0.03,
    Machine.LEX_SARAH: 0.1,
}  # of the cases that may be, on such a day
STEPS_ON = 0.2  # of the tracks under way, on a working day
TAKES_BACK = 0.05  # of the steps: a wrong tap
DONE = 0.05  # of the actions, on a working day
_MARIA: dict[MariaStep, tuple[MariaStep, ...]] = {
    MariaStep.ASSESSING: (MariaStep.ANALYSING, MariaStep.NOT_REPORTED),
    MariaStep.ANALYSING: (MariaStep.REPORTED, MariaStep.REPORTED, MariaStep.NOT_REPORTED),
    MariaStep.REPORTED: (MariaStep.INVESTIGATION_SENT,),
    MariaStep.INVESTIGATION_SENT: (MariaStep.ANSWERED,),
    MariaStep.ANSWERED: (MariaStep.DONE,),
}
_SARAH: dict[SarahStep, tuple[SarahStep, ...]] = {
    SarahStep.RECEIVED: (SarahStep.MEASURES_TAKEN,),
    SarahStep.MEASURES_TAKEN: (SarahStep.INVESTIGATING,),
    SarahStep.INVESTIGATING: (SarahStep.ASSESSING,),
    SarahStep.ASSESSING: (SarahStep.REPORTED, SarahStep.DECIDED, SarahStep.DECIDED),
    SarahStep.REPORTED: (SarahStep.DECIDED,),
    SarahStep.DECIDED: (SarahStep.DONE,),
}


class Specialists:
    """MAS, SAS, whoever investigates, and the owners of actions."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def work(self, world: "World", open_cases: Sequence[Case]) -> None:
        with world.services.unit_of_work() as uow:
            self._look(uow, world.clock())
            uow.commit()
        with world.services.unit_of_work(read_only=True) as uow:
            begun = {(one.case_id, one.machine) for one in uow.work.tracks.where()}
            under_way = uow.work.tracks.where(ended_at=None)
        for case in open_cases:
            for machine in _may_be(case):
                new = (case.id, machine) not in begun
                if new and self._random.random() < BEGINS[machine]:
                    self._begin(world, case, machine)
        for track in under_way:
            if self._random.random() < STEPS_ON:
                self._step(world, track)
        self._do(world)

    def _look(self, uow: SqlUnitOfWork, now: datetime) -> None:
        for found in uow.alerts.not_looked_at(WATCHING):
            first = chain_of(uow, found, now)[0].id
            may = looks(uow, found, first, now)
            if may and found.acknowledged_at is not None and self._random.random() < LOOKS:
                alerts.acknowledge(uow, found.id, first, now)

    def _begin(self, world: "World", case: Case, machine: Machine) -> None:
        leader = _leader(world, case.id, machine)
        if leader:
            reason = "Det kan vara allvarligt."
            attempt(world, case.id, leader, lambda desk: tracks.start(desk, machine, reason=reason))

    def _step(self, world: "World", track: Track) -> None:
        leader = _leader(world, track.case_id, track.machine)
        if leader:
            attempt(world, track.case_id, leader, lambda desk: self._on(desk, track))

    def _on(self, desk: Desk, track: Track) -> None:
        """Take the next step or the last one back; name another when an investigator is gone."""
        case = desk.uow.cases.find(track.case_id)
        if case is None:
            return
        investigator = ""
        if track.step == SarahStep.MEASURES_TAKEN or _is_gone(desk, case, track):
            free = free_people(desk.uow, case, desk.today)
            investigator = self._random.choice(free).id if free else ""
        if _is_gone(desk, case, track):
            tracks.name_investigator(desk, investigator_id=investigator, reason="Ledig.")
            return
        if self._random.random() < TAKES_BACK:
            tracks.take_back(desk, track.machine, reason="Fel knapp.")
            return
        to = self._random.choice(_onward(track))
        tracks.take_step(desk, track.machine, to, reason="Bedömt.", investigator_id=investigator)

    def _do(self, world: "World") -> None:
        undone = tables.actions.c
        with world.services.unit_of_work() as uow:
            ids = select(undone.case_id).where(undone.done_at.is_(None)).distinct()
            for case_id in sorted(uow.connection.execute(ids).scalars()):
                case = uow.cases.find(case_id)
                if case is not None:
                    self._do_some(uow, world, case)
            uow.commit()

    def _do_some(self, uow: SqlUnitOfWork, world: "World", case: Case) -> None:
        today = local_date(world.clock())
        for action in case.actions:
            if action.done_at is not None or self._random.random() >= DONE:
                continue
            owner = uow.organisation.person(action.owner_id)
            at_work = owner is not None and is_at_work(uow.organisation, owner.id, today)
            person = owner if at_work else stand_in(uow.organisation, case, action.owner_id, today)
            if person is None:
                continue
            desk = desk_of(world, uow, case.id, person.id)
            if may(desk, Right.OPEN, case):  # else it waits for whoever has the case
                actions.finish(desk, action_id=action.id, effect="")


def _onward(track: Track) -> Sequence[State]:
    if track.machine == Machine.LEX_MARIA:
        return _MARIA[MariaStep(track.step)]
    return _SARAH[SarahStep(track.step)]


def _may_be(case: Case) -> tuple[Machine, ...]:
    grave = case.risk is not None and case.risk.needs_mas_to_close
    maria = (Machine.LEX_MARIA,) if grave else ()
    return (*maria, Machine.LEX_SARAH) if case.possible_misconduct else maria


def _leader(world: "World", case_id: str, machine: Machine) -> str:
    """Return who leads such a track today; empty while both chairs are empty."""
    with world.services.unit_of_work(read_only=True) as uow:
        day = local_date(world.clock())
        for role in (LED_BY[machine], Role.MAS, Role.SAS):
            for person in uow.organisation.holders(role, "", day):
                desk = desk_of(world, uow, case_id, person.id)
                case = uow.cases.find(case_id)
                opens = case is not None and may(desk, Right.OPEN, case)
                if opens and tracks.may_lead(desk, machine):
                    return person.id
    return ""


def _is_gone(desk: Desk, case: Case, track: Track) -> bool:
    if track.step != SarahStep.INVESTIGATING:
        return False
    return bool(fault_of(desk.uow, case, track.investigator_id, desk.today))
