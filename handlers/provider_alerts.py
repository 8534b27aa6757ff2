"""Who is told of an alert at a unit that a private provider runs."""

from collections.abc import Iterable
from dataclasses import replace

from handlers.concerns import Concern
from handlers.domain.case import Case
from handlers.domain.people import Organisation, Role, laws_of_event
from handlers.municipality import Municipality


def at_provider(
    organisation: Organisation,
    case: Case,
    concerns: Iterable[Concern],
    municipality: Municipality,
) -> list[Concern]:
    """Return the concerns as they are told at the unit of the case.

    What is told to SAS goes to the provider's head too: it is reported to the provider, who
    investigates it (SoL 27:2 and 27:5). What is told to MAS goes to the head instead when the
    provider keeps its health care to itself, and to MAS too by a rule that no setting turns off.
    """
    unit = organisation.unit(case.unit_id)
    if unit is None or not unit.provider:
        return list(concerns)
    laws = laws_of_event(case.reports_laws, unit)
    rules, found = municipality.alert_rules, list[Concern]()
    for one in concerns:
        instead = organisation.told_instead(one.role, unit.id, laws)
        floor = any(rules[rule_id].floor for rule_id in one.rule_ids)
        if instead == one.role or floor:
            found.append(one)
        if instead != one.role or one.role == Role.SAS:
            found.append(replace(one, role=Role.AREA_MANAGER))
    return found
