"""Where a case lives that may have been merged into another."""

from handlers.domain.case import Case
from handlers.ports import UnitOfWork


def where_it_lives(uow: UnitOfWork, case: Case) -> Case:
    """Return the case that this one has been merged into, or itself: there its answer stands."""
    into = uow.cases.find(case.merged_into_id) if case.merged_into_id else None
    return into or case


def whole_event(uow: UnitOfWork, case: Case) -> tuple[Case, ...]:
    """Return the case with everything that is merged with it, what it lives in first."""
    main = where_it_lives(uow, case)
    return (main, *uow.cases.merged_into(main.id))
