"""Who else is told of an alert at a unit that a private provider runs."""

from collections.abc import Iterable
from dataclasses import replace

from handlers.concerns import Concern
from handlers.domain.case import Case
from handlers.domain.people import Organisation, Role


def with_provider(
    organisation: Organisation, case: Case, concerns: Iterable[Concern]
) -> list[Concern]:
    """Return the concerns, and those of SAS for the provider's head too.

    What may be misconduct is reported to the provider, who investigates it (SoL 27:2 and 27:5).
    """
    unit, found = organisation.unit(case.unit_id), list(concerns)
    if unit is None or not unit.provider:
        return found
    theirs = [replace(one, role=Role.AREA_MANAGER) for one in found if one.role == Role.SAS]
    return found + theirs
