"""Who leads a side track: MAS lex Maria, SAS lex Sarah, and a private provider its own lex Sarah.

What is reported at a provider's unit is the provider's to investigate and to report to IVO; the
board is told of it (SoL 27:4-6). While nobody of the provider's can lead, SAS sees to it. One that
keeps its health care to itself leads its own lex Maria too: it reports to IVO (PSL 3:5).
"""

from datetime import date

from handlers.domain.case import Case
from handlers.domain.moves import Machine
from handlers.domain.people import Organisation, Person, Role

LED_BY = {
    Machine.LEX_MARIA: Role.MAS,
    Machine.LEX_SARAH: Role.SAS,
    Machine.LEX_SARAH_PROVIDER: Role.SAS,  # told of it, and leads while the provider has nobody
}
_STAND_IN = {Role.MAS: Role.SAS, Role.SAS: Role.MAS}
_LEX_SARAH = (Machine.LEX_SARAH, Machine.LEX_SARAH_PROVIDER)


def lex_sarah_of(organisation: Organisation, case: Case) -> Machine:
    """Return which lex Sarah a new track is, by who runs the unit of the case."""
    unit = organisation.unit(case.unit_id)
    return Machine.LEX_SARAH_PROVIDER if unit and unit.provider else Machine.LEX_SARAH


def same_law(machine: Machine) -> tuple[Machine, ...]:
    """Return the tracks of which a case has one: both lex Sarah are."""
    return _LEX_SARAH if machine in _LEX_SARAH else (machine,)


def leads(
    organisation: Organisation, case: Case, machine: Machine, person_id: str, day: date
) -> bool:
    """Whether somebody may take the steps of a track today; nobody who is involved."""
    if person_id in case.manager_involved_ids:
        return False
    scope = _provider_area(organisation, case, machine)
    if scope:
        held = organisation.assignments_of(person_id, day)
        if any(one.role == Role.AREA_MANAGER and one.scope == scope for one in held):
            return True
        if _free(organisation, case, Role.AREA_MANAGER, scope, day):
            return False
    role = LED_BY[machine]
    if organisation.has_role(person_id, role, day):
        return True
    vacant = not _free(organisation, case, role, "", day)
    return vacant and organisation.has_role(person_id, _STAND_IN[role], day)


def leader(
    organisation: Organisation, case: Case, machine: Machine, lead_id: str, day: date
) -> Person:
    """Return who is to take the next step: whoever began, else the first who is there today."""
    lead = organisation.person(lead_id)
    at_work = not organisation.is_absent(lead_id, day)
    if lead and at_work and _still_leads(organisation, case, machine, lead_id, day):
        return lead
    theirs = bool(_provider_area(organisation, case, machine))
    role = Role.AREA_MANAGER if theirs else LED_BY[machine]
    without = case.manager_involved_ids
    return organisation.alert_chain(role, case.unit_id, day, without=without)[0]


def _still_leads(
    organisation: Organisation, case: Case, machine: Machine, lead_id: str, day: date
) -> bool:
    """Whether who began goes on; MAS or SAS also when the other is back."""
    if leads(organisation, case, machine, lead_id, day):
        return True
    if lead_id in case.manager_involved_ids or _provider_area(organisation, case, machine):
        return False
    return organisation.watches(lead_id, day)


def _provider_area(organisation: Organisation, case: Case, machine: Machine) -> str:
    """Return the area whose head leads the track for a provider; empty: the municipality does."""
    unit = organisation.unit(case.unit_id)
    if unit is None or not unit.provider:
        return ""
    maria = machine == Machine.LEX_MARIA and unit.health_apart
    return unit.area_id if maria or machine == Machine.LEX_SARAH_PROVIDER else ""


def _free(
    organisation: Organisation, case: Case, role: Role, scope: str, day: date
) -> tuple[Person, ...]:
    held = organisation.holders(role, scope, day)
    return tuple(one for one in held if one.id not in case.manager_involved_ids)
