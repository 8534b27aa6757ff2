"""Whom an alert goes to next, and when (alert rule A17)."""

from collections.abc import Collection, Iterable
from datetime import datetime

from handlers.access import involved_in, object_of
from handlers.chairs import organisation_of_alert, resting_for
from handlers.domain.deadline import lies_ahead, local_date
from handlers.domain.people import FALLBACK, WATCHING, Person, Role
from handlers.in_office import is_kept_from_above, is_told_as, place_of
from handlers.municipality import Municipality
from handlers.permissions import CaseObject
from handlers.ports import UnitOfWork
from handlers.records import Alert


def may_see(uow: UnitOfWork, found: Alert, person_id: str, now: datetime) -> bool:
    """Whether somebody may open an alert: MAS, SAS, and who was told and is still in office.

    While both chairs are empty it is also for whoever comes first today, told or not: she looks.
    """
    if person_id in involved_in(uow, found):
        return False
    day = local_date(now)
    watches = organisation_of_alert(uow, found, day).watches(person_id, day)
    watches = watches and not _is_kept_apart(uow, found)
    if watches or is_told_as(uow, found, person_id, day):
        return True
    looks = looks_for_all(uow, found, person_id, now)
    return looks and chain_of(uow, found, now)[0].id == person_id


def _is_kept_apart(uow: UnitOfWork, found: Alert) -> bool:
    """Whether an alert is about a provider's health care that MAS and SAS see when told only."""
    case = uow.cases.find(found.case_id) if found.case_id else None
    about = object_of(case, uow.organisation) if case else None
    return about == CaseObject.PROVIDER_HEALTH


def chain_of(uow: UnitOfWork, found: Alert, now: datetime) -> tuple[Person, ...]:
    """Return who is told today, without those who are involved in what it is about."""
    place, day = place_of(uow, found), local_date(now)
    organisation = organisation_of_alert(uow, found, day)
    without = involved_in(uow, found)
    if is_kept_from_above(uow, found):
        without |= {*organisation.everyone_above(place, day)}
    if found.role in WATCHING and not any(organisation.holders(r, "", day) for r in WATCHING):
        # Her own chair is not empty, so that nobody else's look counts: an administrator is told.
        without |= resting_for(uow, found, day)
    return organisation.alert_chain(Role(found.role), place, day, without=without)


def has_nobody(uow: UnitOfWork, found: Alert, now: datetime) -> bool:
    """Whether nobody who could take it is at work: it waits with the fallback address."""
    return chain_of(uow, found, now)[0].id == FALLBACK


def next_to_tell(uow: UnitOfWork, found: Alert, now: datetime) -> Person | None:
    """Return the first of today's chain who has not been told; None when all have.

    The chain changes while an alert waits: an absence begins or ends at midnight, a chair is
    filled. So it is who has been told that counts, never how far along the chain it came.
    """
    return first_untold(chain_of(uow, found, now), {found.recipient_id, *found.told_ids})


def first_untold(chain: Iterable[Person], told_ids: Collection[str]) -> Person | None:
    return next((person for person in chain if person.id not in told_ids), None)


def _is_providers(uow: UnitOfWork, found: Alert) -> bool:
    """Whether the manager above is a private provider's head, whose own duty it is."""
    unit = uow.organisation.unit(place_of(uow, found))
    return unit is not None and bool(unit.provider)


def _taken_by_others(uow: UnitOfWork, found: Alert) -> bool:
    """Whether somebody has taken what another role was told of the same."""
    origin = found.key.rpartition("/")[0]
    return any(
        one.acknowledged_at is not None and one.key.rpartition("/")[0] == origin
        for one in uow.alerts.of_case(found.case_id)
    )


def is_due(uow: UnitOfWork, found: Alert, now: datetime, municipality: Municipality) -> bool:
    """Whether nobody has taken an alert in time.

    What is urgent goes on at any hour; with all else only the daytime counts, so that nobody is
    called out in the night for what can wait until seven.
    """
    rules = municipality.alert_rules
    if found.notified_at is None:
        return True
    above = found.role == Role.AREA_MANAGER and not _is_providers(uow, found)
    if above and _taken_by_others(uow, found):
        return False  # SAS or MAS is at it; nobody else is called out for the manager above
    may = found.urgent or rules.daytime.holds(now)
    if lies_ahead(found.notified_at, now):
        return may
    if next_to_tell(uow, found, now) is None:
        return may and now - found.notified_at >= rules.again(urgent=found.urgent)
    patience = rules.patience(found.rule_ids, urgent=found.urgent)
    if found.urgent:
        return now - found.notified_at >= patience
    return rules.daytime.passed(found.notified_at, now) >= patience


def all_due(uow: UnitOfWork, now: datetime, municipality: Municipality) -> list[Alert]:
    """Return the alerts that nobody took in time, held until the transaction ends.

    What somebody takes or sends on at the same moment is left to the next sweep.
    """
    due = [one for one in uow.alerts.unacknowledged() if is_due(uow, one, now, municipality)]
    return [one for one in due if uow.alerts.find_locked(one.id) == one]


def looks(uow: UnitOfWork, found: Alert, person_id: str, now: datetime) -> bool:
    """Whether somebody's look at an alert is the one that is asked for.

    At a provider that keeps its health care to itself that of its own head is, too.
    """
    unit = uow.organisation.unit(place_of(uow, found))
    head = unit is not None and unit.health_apart and found.role == Role.AREA_MANAGER
    held = uow.organisation.assignments_of(person_id, local_date(now)) if head else ()
    leads = any(one.role == Role.AREA_MANAGER and one.scope == unit.area_id for one in held if unit)
    return leads or looks_for_all(uow, found, person_id, now)


def looks_for_all(uow: UnitOfWork, found: Alert, person_id: str, now: datetime) -> bool:
    """Whether somebody's look is the look of MAS or SAS; anybody's, while both chairs are empty.

    A chair that rests for this alert is not empty, and the look of whoever holds it counts for hers
    alone: somebody else has to be named.
    """
    day, everybody = local_date(now), uow.organisation.assignments
    filled = any(one.role in WATCHING and one.valid.holds(day) for one in everybody)
    return not filled or organisation_of_alert(uow, found, day).watches(person_id, day)


def lacks_a_look(uow: UnitOfWork, found: Alert, now: datetime) -> bool:
    """Whether nobody is in a chair who could look: those who hold them answer for the unit."""
    day = local_date(now)
    resting = resting_for(uow, found, day)
    left = organisation_of_alert(uow, found, day).assignments
    return bool(resting) and not any(a.role in WATCHING and a.valid.holds(day) for a in left)
