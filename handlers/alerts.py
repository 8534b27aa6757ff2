"""Possible serious events: who is told, how often, and what happens when nobody answers.

An alert is raised by the reporter's answers, the rules and the model on the text, or the manager's
score; nothing lowers it (ADR 0006). Its receiver always exists: people.Organisation.alert_chain.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from handlers.access import involved_in
from handlers.alert_chain import all_due, chain_of, looks, may_see, next_to_tell
from handlers.alert_rules import AlertRule
from handlers.alert_telling import tell
from handlers.chairs import organisation_of_alert
from handlers.concerns import Concern
from handlers.domain.case import Case
from handlers.domain.deadline import local_date
from handlers.domain.people import Person, Role, laws_of_event
from handlers.errors import NotAllowed, OfficeOver
from handlers.in_office import was_told
from handlers.municipality import Municipality
from handlers.ports import UnitOfWork
from handlers.provider_alerts import at_provider
from handlers.records import Alert, CaseEvent

ABOUT_PROVIDER = "provider_"  # begins the source of what SAS is told of a provider's own work


def raise_for_case(
    uow: UnitOfWork,
    case: Case,
    concerns: list[Concern],
    source: str,
    now: datetime,
    municipality: Municipality,
    *,
    occasion: str = "",
    told_at: datetime | None = None,
    by: str = "",
) -> None:
    """Raise one alert for each role concerned; `source` says what it rests on, such as report.

    What can happen to a case more than once has an `occasion`, such as the assessment: each raises
    an alert anew, unless the role's last one from the same source still waits to be taken.
    `told_at` is when it goes out, if `now` is coarser than the clock (an anonymous report's hour);
    `by` is the person of the staff whose own act raises it, who is not told of it.
    """
    origin = f"{source}#{occasion}" if occasion else source
    if not source.startswith(ABOUT_PROVIDER):
        concerns = at_provider(uow.organisation, case, concerns, municipality)
    for role in dict.fromkeys(one.role for one in concerns):
        if occasion and _waits(uow, case, source, role):
            continue
        mine = [one for one in concerns if one.role == role]
        found = Alert(
            id=municipality.new_id(),
            key=f"case:{case.id}/{origin}/{role}",
            role=role,
            reasons=tuple(dict.fromkeys(r for c in mine for r in c.reasons)),
            rule_ids=tuple(dict.fromkeys(i for c in mine for i in c.rule_ids)),
            raised_at=now,
            case_id=case.id,
            unit_id=case.unit_id,
            urgent=any(one.urgent for one in mine),
        )
        vacant = role == Role.AREA_MANAGER and _nobody_above(uow, found, concerns, told_at or now)
        if not vacant and _raise(uow, found, case, told_at or now, municipality, by=by):
            _note(uow, case.id, "alert_raised", now, {"role": role, "alert": found.id})


def _nobody_above(
    uow: UnitOfWork, found: Alert, concerns: Sequence[Concern], now: datetime
) -> bool:
    """Whether no area manager can be told, and somebody else is told of the same anyway."""
    first = chain_of(uow, found, now)[0]
    above = uow.organisation.has_role(first.id, Role.AREA_MANAGER, local_date(now))
    return not above and any(concern.role != found.role for concern in concerns)


def _waits(uow: UnitOfWork, case: Case, source: str, role: Role) -> bool:
    """Whether an alert of this source to this role has not been taken yet."""
    starts = (f"case:{case.id}/{source}/", f"case:{case.id}/{source}#")
    return any(
        one.acknowledged_at is None and one.role == role and one.key.startswith(starts)
        for one in uow.alerts.of_case(case.id)
    )


def raise_for_series(
    uow: UnitOfWork,
    cases: Sequence[Case],
    anchor: Case,
    role: Role,
    rule: AlertRule,
    reason: str,
    now: datetime,
    municipality: Municipality,
) -> bool:
    """Raise one alert for several cases together, shown at one of them; False if it is there."""
    organisation = uow.organisation
    laws = laws_of_event(anchor.reports_laws, organisation.unit(anchor.unit_id))
    role = organisation.told_instead(role, anchor.unit_id, laws)
    found = Alert(
        id=municipality.new_id(),
        key=f"series:{rule.id}/{anchor.unit_id}/{cases[0].id}/{role}",
        role=role,
        reasons=(reason,),
        rule_ids=(rule.id,),
        raised_at=now,
        case_id=anchor.id,
        unit_id=anchor.unit_id,
        urgent=rule.urgent,
        series_case_ids=tuple(case.id for case in cases),
    )
    if not _raise(uow, found, anchor, now, municipality):
        return False
    _note(uow, anchor.id, "alert_raised", now, {"role": role, "alert": found.id})
    return True


def raise_danger(
    uow: UnitOfWork,
    draft_id: str,
    unit_id: str,
    now: datetime,
    municipality: Municipality,
    *,
    told_at: datetime,
) -> None:
    """Tell MAS at once that a reporter sees danger now, even if the report is never finished.

    `now` is what is noted of the reporter, only the hour when anonymous; the patience of the
    alert counts from `told_at`.
    """
    found = Alert(
        id=municipality.new_id(),
        key=f"draft:{draft_id}/danger",
        role=Role.MAS,
        reasons=(municipality.catalogue.get("alarm.danger", "sv"),),
        rule_ids=("A1",),
        raised_at=now,
        draft_id=draft_id,
        unit_id=unit_id,
        urgent=True,
    )
    _raise(uow, found, None, told_at, municipality)


def place_danger(uow: UnitOfWork, draft_id: str, unit_id: str) -> None:
    """Note where somebody is in danger, as soon as the reporter has said it.

    Nobody in a chair answers for that unit, and once it is sent the manager above may be told.
    """
    for found in uow.alerts.unacknowledged():
        if found.draft_id == draft_id and not found.case_id and found.unit_id != unit_id:
            uow.alerts.save(replace(uow.alerts.find_locked(found.id) or found, unit_id=unit_id))


def acknowledge(uow: UnitOfWork, alert_id: str, person_id: str, now: datetime) -> Alert:
    """Note who took the alert; a second tap changes nothing.

    Whoever was told of it may while in office, and MAS and SAS. Taken by anybody it is sent on no
    more; that MAS or SAS have looked at it is noted for itself, also when somebody else was faster.
    """
    found = uow.alerts.find_locked(alert_id)
    if found is None or person_id in involved_in(uow, found):
        raise NotAllowed(alert_id)
    if not may_see(uow, found, person_id, now):
        raise OfficeOver(alert_id) if was_told(found, person_id) else NotAllowed(alert_id)
    looked = found.looked_at is None and looks(uow, found, person_id, now)
    if found.acknowledged_at is not None and not looked:
        return found
    taken = found
    if found.acknowledged_at is None:
        taken = replace(taken, acknowledged_at=now, acknowledged_by=person_id)
    if looked:
        taken = replace(taken, looked_at=now, looked_by=person_id)
    uow.alerts.save(taken)
    if taken.case_id:
        kind = "alert_looked_at" if found.acknowledged_at else "alert_acknowledged"
        _note(uow, taken.case_id, kind, now, {"alert": taken.id}, by=person_id)
    return taken


def take_by_working(uow: UnitOfWork, case: Case, person_id: str, now: datetime) -> None:
    """Take the alerts of a case for whoever works on it and was told, or holds the alert's role.

    Nobody is asked to confirm what they are doing already, and nobody else is called out for it.
    """
    day = local_date(now)
    if person_id in case.manager_involved_ids:
        return  # named just now: whoever is involved takes nothing
    for found in uow.alerts.of_case(case.id):
        if found.looked_at is not None or found.series_case_ids:
            continue  # a series is more than the case that it is shown at
        office = organisation_of_alert(uow, found, day)
        holds = office.has_role(person_id, Role(found.role), day)
        # One area manager's alert is not another's who happens to work on the case.
        if (holds or person_id == found.recipient_id) and may_see(uow, found, person_id, now):
            acknowledge(uow, found.id, person_id, now)


def escalate_due(uow: UnitOfWork, now: datetime, municipality: Municipality) -> int:
    """Send every alert that nobody took in time to the next who has not been told.

    When all have been told, the last of the chain is asked again, seldom. Return how many.
    """
    due = all_due(uow, now, municipality)
    for found in due:
        person = next_to_tell(uow, found, now) or chain_of(uow, found, now)[-1]
        _notify(uow, replace(found, step=found.step + 1), person, now, municipality)
    return len(due)


def pass_on(uow: UnitOfWork, case: Case, now: datetime, municipality: Municipality) -> None:
    """Send the unanswered alerts of a case on from whoever has just been named as involved."""
    for found in uow.alerts.of_case(case.id):
        if found.acknowledged_at is None and found.recipient_id in case.manager_involved_ids:
            person = next_to_tell(uow, found, now) or uow.organisation.fallback
            _notify(uow, replace(found, step=found.step + 1), person, now, municipality)


def undelivered(
    uow: UnitOfWork, alert_id: str, person_id: str, now: datetime, municipality: Municipality
) -> bool:
    """Send an alert whose notice did not arrive to the next of its chain, without waiting.

    False: nothing to do, because somebody has taken it or it has gone on already. The last of the
    chain is not told again here; the sweep does that, and the dead letter stands in /health.
    """
    found = uow.alerts.find_locked(alert_id)
    if found is None or found.acknowledged_at is not None or found.recipient_id != person_id:
        return False
    case = _case(uow, found)
    if case:
        _note(uow, case.id, "alert_undelivered", now, {"alert": found.id, "to": person_id})
    person = next_to_tell(uow, found, now)
    if person is None:
        return False
    lost = municipality.catalogue.get("alarm.undelivered", "sv")
    reasons = tuple(dict.fromkeys((*found.reasons, lost)))
    on = replace(found, step=found.step + 1, reasons=reasons)
    _notify(uow, on, person, now, municipality)
    return True


def _raise(
    uow: UnitOfWork,
    found: Alert,
    case: Case | None,
    now: datetime,
    municipality: Municipality,
    *,
    by: str = "",
) -> bool:
    """Store an alert and tell the first of its chain; False when it is there already.

    Who holds the role and raises it knows already: the alert is kept as taken. Anybody else in
    that place is passed over.
    """
    chain = chain_of(uow, found, now)
    own = chain[0].id == by
    day = local_date(now)
    taken = own and organisation_of_alert(uow, found, day).has_role(by, Role(found.role), day)
    first = 1 if own and not taken and len(chain) > 1 else 0
    told = replace(found, recipient_id=chain[first].id, notified_at=now, step=first)
    told = replace(told, told_ids=tuple(person.id for person in chain[: first + 1]))
    if taken:
        told = replace(told, acknowledged_at=now, acknowledged_by=by, looked_at=now, looked_by=by)
    if not uow.alerts.add(told):
        return False
    if not taken:
        tell(uow, told, case, chain[first], now, municipality)
    return True


def _case(uow: UnitOfWork, found: Alert) -> Case | None:
    return uow.cases.find(found.case_id) if found.case_id else None


def _notify(
    uow: UnitOfWork, found: Alert, person: Person, now: datetime, municipality: Municipality
) -> None:
    case = _case(uow, found)
    told_ids = tuple(dict.fromkeys((*found.told_ids, person.id)))
    told = replace(found, recipient_id=person.id, notified_at=now, told_ids=told_ids)
    uow.alerts.save(told)
    tell(uow, told, case, person, now, municipality)
    if case:
        _note(uow, case.id, "alert_escalated", now, {"alert": told.id, "to": person.id})


def _note(
    uow: UnitOfWork, case_id: str, kind: str, at: datetime, values: dict[str, str], by: str = ""
) -> None:
    event = CaseEvent(case_id=case_id, at=at, actor_id=by or "system", kind=kind, values=values)
    uow.cases.add_event(event)
