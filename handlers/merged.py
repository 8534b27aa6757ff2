"""Where a case lives that may have been merged into another."""

from datetime import datetime

from handlers.domain.case import Case
from handlers.ports import UnitOfWork

_WORDS = frozenset({"mail_received", "report_added"})  # of a case's history


def where_it_lives(uow: UnitOfWork, case: Case) -> Case:
    """Return the case that this one has been merged into, or itself: there its answer stands."""
    into = uow.cases.find(case.merged_into_id) if case.merged_into_id else None
    return into or case


def whole_event(uow: UnitOfWork, case: Case) -> tuple[Case, ...]:
    """Return the case with everything that is merged with it, what it lives in first."""
    main = where_it_lives(uow, case)
    return (main, *uow.cases.merged_into(main.id))


def words_since(uow: UnitOfWork, part: Case) -> datetime | None:
    """Return when the sender of a merged report last wrote, if that was after it was merged."""
    at = None
    for event in uow.cases.events(part.id):
        if event.kind == "merged":
            at = None
        elif event.kind in _WORDS:
            at = event.at
    return at
