"""What the case page shows of other cases: of the same event, or about the same person."""

from dataclasses import dataclass
from datetime import datetime

from handlers import duplicates, same_person
from handlers.desk import Desk, may
from handlers.domain.case import Case
from handlers.duplicates import Suggestion
from handlers.merged import words_since
from handlers.permissions import Action as Right


@dataclass(frozen=True, slots=True, kw_only=True)
class OthersView:
    suggestions: tuple[Suggestion, ...]
    same_person: tuple[Case, ...]  # others about the same person, as far as this reader may know
    maybe_same_person: tuple[Case, ...]  # to choose from
    may_untie: bool
    merged: tuple[Case, ...]
    later_words: dict[str, datetime]  # when their senders wrote again, by id of what is merged here
    main: Case | None


def others_view(desk: Desk, case: Case) -> OthersView:
    parts = desk.uow.cases.merged_into(case.id)
    merged = tuple(one for one in parts if may(desk, Right.OPEN, one))
    written = {one.id: words_since(desk.uow, one) for one in merged}
    return OthersView(
        suggestions=duplicates.suggestions(desk, case),
        same_person=same_person.others(desk, case),
        maybe_same_person=_maybe_same_person(desk, case),
        may_untie=may(desk, Right.INVESTIGATE, case),
        merged=merged,
        later_words={case_id: at for case_id, at in written.items() if at is not None},
        main=_main(desk, case),
    )


def _maybe_same_person(desk: Desk, case: Case) -> tuple[Case, ...]:
    """Return what can be chosen, to those only who may say so."""
    return same_person.choices(desk, case) if may(desk, Right.INVESTIGATE, case) else ()


def _main(desk: Desk, case: Case) -> Case | None:
    found = desk.uow.cases.find(case.merged_into_id) if case.merged_into_id else None
    return found if found is not None and may(desk, Right.OPEN, found) else None
