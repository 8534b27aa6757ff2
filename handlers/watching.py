"""Who watches over an event: MAS over health care, SAS over social care, by every law it has had.

Which laws an event is about is for whoever answers for it to set right. But no choice of a law, and
no merging with an event of another one, takes it out of the hands of who has had it to watch.
At a unit that a private provider runs that is health care, and what goes together with it.
"""

from collections.abc import Collection, Iterable, Iterator

from handlers.domain.case import Case
from handlers.domain.injury import LEGAL_AREAS
from handlers.domain.people import WATCHING, Role, Unit, laws_of
from handlers.ports import UnitOfWork

LAWS_CHANGED = "laws_changed"  # in a case's history: `laws` from now on, `was` before
FIRST = "first"  # of such a line: nobody had said the laws before, `was` is those of the unit
_BETWEEN = ", "


def watchers_of(laws: Collection[str]) -> frozenset[Role]:
    """Return the roles that answer for events of these laws; both while nobody knows them."""
    found = {Role.MAS if law == "HSL" else Role.SAS for law in laws}
    return frozenset(found) or WATCHING


def watchers_ever(uow: UnitOfWork, cases: Iterable[Case]) -> frozenset[Role]:
    """Return the roles that any of these cases is or has been theirs to watch, by its law."""
    return frozenset(
        role
        for case in cases
        for laws in _laws_ever(uow, case)
        if is_shown(laws, uow.organisation.unit(case.unit_id))
        for role in watchers_of(laws)
    )


def is_shown(laws: Collection[str], unit: Unit | None) -> bool:
    """Whether an event of these laws is the municipality's to watch, or its private provider's."""
    if unit is None or not unit.provider:
        return True
    return "HSL" in laws and not unit.health_apart


def laws_now(uow: UnitOfWork, case: Case) -> tuple[str, ...]:
    """Return the laws that a case stands under: its own, else those of its unit."""
    laws = laws_of(case.legal_areas, uow.organisation.unit(case.unit_id))
    return tuple(law for law in LEGAL_AREAS if law in laws)


def told(laws: Iterable[str]) -> str:
    """Return laws as the history keeps them."""
    return _BETWEEN.join(laws)


def _laws_ever(uow: UnitOfWork, case: Case) -> Iterator[Collection[str]]:
    units = [uow.organisation.unit(one) for one in (case.unit_id, *case.origin_unit_ids)]
    stood_under = [laws_of(case.legal_areas, unit) for unit in units]
    for event in uow.cases.events(case.id):
        if event.kind == LAWS_CHANGED:
            stood_under.append(event.values["laws"].split(_BETWEEN))
            # What was kept before this was: the laws of the unit are what the event began with.
            unknown = told(laws_of((), units[0]))
            if FIRST not in event.values or units[0] is None or not units[0].provider:
                stood_under.append(event.values.get("was", unknown).split(_BETWEEN))
    return (laws for laws in stood_under if any(laws))
