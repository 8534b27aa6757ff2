"""Who may see which case. Everything that lists, opens or counts cases asks here."""

from datetime import date

from handlers.domain.case import Case, CaseKind
from handlers.domain.people import Organisation, Role

_PUBLIC_KINDS = frozenset({CaseKind.COMPLAINT, CaseKind.SUGGESTION, CaseKind.PRAISE})


def may_open(organisation: Organisation, case: Case, person_id: str, day: date) -> bool:
    """Managers see their units, MAS and SAS all, the registrator what came from outside."""
    if case.unit_id and case.unit_id in organisation.managed_units(person_id, day):
        return True
    if any(organisation.has_role(person_id, role, day) for role in (Role.MAS, Role.SAS)):
        return True
    registers = organisation.has_role(person_id, Role.REGISTRATOR, day)
    return registers and (not case.unit_id or case.kind in _PUBLIC_KINDS)


def visible_units(organisation: Organisation, person_id: str, day: date) -> frozenset[str] | None:
    """Return the units whose cases a person may list; None: all, those without a unit too."""
    roles = (Role.MAS, Role.SAS, Role.REGISTRATOR)
    if any(organisation.has_role(person_id, role, day) for role in roles):
        return None
    return organisation.managed_units(person_id, day)
