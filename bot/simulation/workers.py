"""Who does something in a simulated case: the nearest person at work who has the right to it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from handlers import gates
from handlers.access import access_of, allowed
from handlers.domain.case import Case
from handlers.domain.deadline import local_date
from handlers.domain.people import Person, Role
from handlers.permissions import Action as Right
from handlers.reporting import receiver_of
from storage.unit_of_work import SqlUnitOfWork

if TYPE_CHECKING:
    from bot.simulation.world import World

_SPECIAL = (Role.MAS, Role.SAS)


def worker(uow: SqlUnitOfWork, case: Case, world: "World") -> str:
    """Return who takes the next step: the nearest person at work with the right to it; or nobody.

    What MAS or SAS have to close they also work with.
    """
    organisation, now = uow.organisation, world.clock()
    if case.is_held or not case.unit_id:
        first = receiver_of(uow, case, now)
        return "" if first == organisation.fallback else first.id  # an address opens no case
    for person in nearest(uow, case, world):
        rights = access_of(uow, world.services.municipality, person.id, now)
        if rights.may(Right.WORK, case) and rights.may(right_to_close(uow, case), case):
            return person.id
    return ""


def right_to_close(uow: SqlUnitOfWork, case: Case) -> Right:
    grave = case.risk is not None and case.risk.needs_mas_to_close
    return Right.CLOSE_SERIOUS if grave or gates.is_bound(uow, case) else Right.CLOSE


def nearest(uow: SqlUnitOfWork, case: Case, world: "World") -> tuple[Person, ...]:
    """Return everybody at work who may have to do with a case, nearest first."""
    organisation, day = uow.organisation, local_date(world.clock())
    special = [p for role in _SPECIAL for p in organisation.holders(role, "", day)]
    return (*organisation.unit_chain(case.unit_id, day), *special)


def at_work_with(world: "World", case: Case, right: Right, roles: Sequence[Role] = _SPECIAL) -> str:
    """Return who has one of the offices, is at work and has the right; empty: nobody."""
    now = world.clock()
    day = local_date(now)
    with world.services.unit_of_work(read_only=True) as uow:
        for person in (p for role in roles for p in uow.organisation.holders(role, "", day)):
            access = access_of(uow, world.services.municipality, person.id, now)
            if allowed(uow, access, right, case, now):
                return person.id
    return ""
