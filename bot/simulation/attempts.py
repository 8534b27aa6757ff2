"""One deed of one person in a case, in a transaction of its own, as behind a door of the product.

What the product refuses with a word to the person is counted by that word; anything else that goes
wrong is a fault of the product or of the simulation, and ends the run.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from handlers.desk import Desk
from handlers.errors import GateNotMet, NotAllowed, UserFault
from storage.unit_of_work import SqlUnitOfWork

if TYPE_CHECKING:
    from bot.simulation.world import World

Deed = Callable[[Desk], object]


def attempt(world: "World", case_id: str, person_id: str, deed: Deed) -> bool:
    """Let somebody do something; False when the product says why not, and nothing is kept."""
    with world.services.unit_of_work() as uow:
        try:
            deed(desk_of(world, uow, case_id, person_id))
        except GateNotMet as fault:
            world.tally.refused.update(fault.missing)
            return False
        except UserFault as fault:
            world.tally.refused[fault.key] += 1
            return False
        uow.commit()
    return True


def try_to_open(world: "World", case_id: str, person_id: str, deed: Deed) -> bool:
    """Let somebody open a case that should be shut to them; True when it was not."""
    try:
        return attempt(world, case_id, person_id, deed)
    except NotAllowed:
        world.tally.kept_out += 1
        return False


def desk_of(world: "World", uow: SqlUnitOfWork, case_id: str, person_id: str) -> Desk:
    return Desk(
        uow=uow,
        municipality=world.services.municipality,
        person_id=person_id,
        now=world.clock(),
        case_id=case_id,
    )
