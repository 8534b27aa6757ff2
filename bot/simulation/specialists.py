"""What others than managers do in a simulated municipality: looks, side tracks, and the actions.

How often is an assumption, named here. Much is left undone on purpose: the invariants ask whether
somebody is told of it.
"""

from datetime import datetime
from random import Random
from typing import TYPE_CHECKING

from handlers import actions, alerts, tracks
from handlers.alarm_gate import LOOKERS
from handlers.alert_chain import chain_of, looks_for_all
from handlers.desk import Desk, may
from handlers.domain.case import Case
from handlers.domain.deadline import local_date
from handlers.domain.moves import Machine, MariaStep
from handlers.domain.people import Role
from handlers.permissions import Action as Right
from handlers.standing_in import is_at_work, stand_in
from storage.unit_of_work import SqlUnitOfWork

if TYPE_CHECKING:
    from bot.simulation.world import World

LOOKS = 0.7  # on a working day, at an alert that somebody else has taken
LEX_MARIA = 0.03  # of the serious cases, on a working day
STEPS_ON = 0.2  # of the tracks under way, on a working day
DONE = 0.05  # of the actions, on a working day
_ONWARD = {
    MariaStep.ASSESSING: MariaStep.NOT_REPORTED,
    MariaStep.ANALYSING: MariaStep.REPORTED,
    MariaStep.REPORTED: MariaStep.INVESTIGATION_SENT,
    MariaStep.INVESTIGATION_SENT: MariaStep.ANSWERED,
    MariaStep.ANSWERED: MariaStep.DONE,
}


class Specialists:
    """MAS, SAS and the owners of actions."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def work(self, world: "World") -> None:
        with world.services.unit_of_work() as uow:
            self._look(uow, world.clock())
            for case in uow.cases.listed(None, open_only=False):
                self._lex_maria(uow, world, case)
                self._do(uow, world, case)
            uow.commit()

    def _look(self, uow: SqlUnitOfWork, now: datetime) -> None:
        for found in uow.alerts.not_looked_at(LOOKERS):
            first = chain_of(uow, found, now)[0].id
            may = looks_for_all(uow.organisation, first, local_date(now))
            if may and found.acknowledged_at is not None and self._random.random() < LOOKS:
                alerts.acknowledge(uow, found.id, first, now)

    def _lex_maria(self, uow: SqlUnitOfWork, world: "World", case: Case) -> None:
        present = uow.organisation.holders(Role.MAS, "", local_date(world.clock()))
        grave = case.risk is not None and case.risk.needs_mas_to_close and case.is_open
        if not present or present[0].id in case.manager_involved_ids:
            return
        desk = _desk(uow, world, case, present[0].id)
        track = tracks.find_track(desk, Machine.LEX_MARIA)
        if track is None:
            if grave and self._random.random() < LEX_MARIA:
                tracks.start(desk, Machine.LEX_MARIA, reason="Kan vara en allvarlig vårdskada.")
        elif track.ended_at is None and self._random.random() < STEPS_ON:
            step = MariaStep(track.step)
            reports = step == MariaStep.ASSESSING and self._random.random() < 1 / 2
            to = MariaStep.ANALYSING if reports else _ONWARD[step]
            tracks.take_step(desk, Machine.LEX_MARIA, to, reason="Bedömt.")

    def _do(self, uow: SqlUnitOfWork, world: "World", case: Case) -> None:
        today = local_date(world.clock())
        for action in case.actions:
            if action.done_at is not None or self._random.random() >= DONE:
                continue
            owner = uow.organisation.person(action.owner_id)
            at_work = owner is not None and is_at_work(uow.organisation, owner.id, today)
            person = owner if at_work else stand_in(uow.organisation, case, action.owner_id, today)
            if person is None:
                continue
            desk = _desk(uow, world, case, person.id)
            if may(desk, Right.OPEN, case):  # else it waits for whoever has the case
                actions.finish(desk, action_id=action.id, effect="")


def _desk(uow: SqlUnitOfWork, world: "World", case: Case, person_id: str) -> Desk:
    return Desk(
        uow=uow,
        municipality=world.services.municipality,
        person_id=person_id,
        now=world.clock(),
        case_id=case.id,
    )
