"""Whom a case may be about: those who manage its unit, and what words say that it may be them."""

from collections.abc import Collection, Mapping
from datetime import date

from handlers.domain.case import Case
from handlers.domain.mail import SenderRole
from handlers.domain.people import Organisation, Role
from handlers.domain.report import Answer
from handlers.domain.sign import Sign
from handlers.ports import TextAnalysis, UnitOfWork

MANAGER_INVOLVED = "manager_involved"  # question or box; "yes" hides the case from the managers


def managers_of(uow: UnitOfWork, case: Case, day: date) -> frozenset[str]:
    """Return everybody whose the case is or has been: who sent it on may be who it is about."""
    organisation = uow.organisation
    found = {
        person_id
        for unit_id in (case.unit_id, *case.origin_unit_ids)
        for one in (case.received_on, day)
        for person_id in managing(organisation, unit_id, one, case.signs)
    }
    manages = organisation.has_role(case.responsible_id, Role.UNIT_MANAGER, day)
    return frozenset(found | ({case.responsible_id} if manages else set()))


def managing(
    organisation: Organisation, unit_id: str, day: date, signs: Collection[str], words: str = ""
) -> frozenset[str]:
    """Return a unit's managers, and those above whom signs or names in the words point at.

    Deputies and absent ones too.
    """
    said = " ".join(words.casefold().split())
    named = {one.id for one in organisation.people if one.name and one.name.casefold() in said}
    above = set(organisation.everyone_above(unit_id, day))
    pointed_at = above if Sign.MANAGER_ABOVE in signs else above & named
    return frozenset({*organisation.everyone_managing(unit_id, day), *pointed_at})


def is_about_manager(answers: Mapping[str, Answer], analysis: TextAnalysis | None) -> bool:
    """Whether a reporter says that the manager is involved, or the words may mean it.

    A plain no to the question goes before what the words look like; a box has none.
    """
    said = answers.get(MANAGER_INVOLVED, Answer()).value
    may_be = analysis is not None and Sign.MANAGER in analysis.signs
    return said == "yes" or (may_be and said != "no")


def may_be_about_manager(role: SenderRole, analysis: TextAnalysis) -> bool:
    """Whether a mail has to be looked at before the unit reads it; an authority's never has."""
    return role != SenderRole.AUTHORITY and Sign.MANAGER in analysis.signs
