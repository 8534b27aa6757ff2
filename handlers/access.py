"""Who may do what with which case. Every list, page, count, notice and export asks here.

The rights are data (permissions.toml). Before any of them stand two rules in code: whoever is
involved in a case has no right to it and is never told of it, in whatever role (alert rule A16),
and nobody is MAS or SAS in what is grave at a unit that she answers for (handlers.chairs).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from handlers.case_records import Profession, TeamMember
from handlers.chairs import CHAIRS, Chairs, organisation_of, resting_in
from handlers.domain.case import FROM_OUTSIDE, Case
from handlers.domain.deadline import local_date
from handlers.domain.injury import SOCIAL_LAWS
from handlers.domain.people import WATCHING, Organisation, Role, laws_of_event
from handlers.errors import NotAllowed
from handlers.in_office import is_asked_as, is_told_as, offices_in_cases
from handlers.municipality import Municipality
from handlers.periods import Span
from handlers.permissions import Action, CaseObject, Holder, Permissions, Relation, Thing
from handlers.ports import UnitOfWork
from handlers.records import Alert, CaseEvent
from handlers.standing_in import people_away, stand_in
from handlers.watching import watchers_ever

NAMING = (Role.MAS, Role.SAS)  # whose invitation opens a hidden case
_HIDING = frozenset({"shielded", "shielded_after_look"})  # of a case's history
_NO_RELATIONS: frozenset[Relation] = frozenset()


def object_of(case: Case, organisation: Organisation) -> CaseObject:
    """Return what the case is to the matrix; the order of the questions decides."""
    unit = organisation.unit(case.unit_id)
    public = case.kind in FROM_OUTSIDE
    registered = public or unit is None
    if case.is_held:
        return CaseObject.HELD_OUTSIDE if registered else CaseObject.HELD
    if case.manager_involved:
        return CaseObject.SHIELDED_OUTSIDE if registered else CaseObject.SHIELDED
    if unit is None:
        return CaseObject.UNROUTED
    if public:
        return CaseObject.GRAVE_COMPLAINT if case.possible_misconduct else CaseObject.COMPLAINT
    about = _object_of_laws(laws_of_event(case.reports_laws, unit))
    theirs = about == CaseObject.SOCIAL and bool(unit.provider)
    if case.possible_misconduct:
        own = theirs or unit.health_apart
        return CaseObject.PROVIDER_MISCONDUCT if own else CaseObject.MISCONDUCT
    if theirs:
        return CaseObject.PROVIDER_SOCIAL
    return CaseObject.PROVIDER_HEALTH if unit.health_apart and about != CaseObject.SOCIAL else about


def _object_of_laws(laws: frozenset[str]) -> CaseObject:
    social = bool(laws & SOCIAL_LAWS)
    if ("HSL" in laws) == social:
        return CaseObject.COMMON
    return CaseObject.SOCIAL if social else CaseObject.HSL


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """One person's rights on one day."""

    organisation: Organisation
    permissions: Permissions
    person_id: str
    day: date
    rests: Callable[[Case, Chairs], bool]  # whether such a chair of the person's rests in a case

    def may(
        self, action: Action, case: Case, relations: frozenset[Relation] = _NO_RELATIONS
    ) -> bool:
        if self.person_id in case.manager_involved_ids:
            return False
        about = object_of(case, self.organisation)
        holders: tuple[Holder, ...] = (*self._roles_over(case), *relations)
        return any(self.permissions.allows(holder, action, about) for holder in holders)

    def may_with(self, action: Action, thing: Thing) -> bool:
        holders: tuple[Holder, ...] = (*self._roles(), *self._stands_in())
        return any(self.permissions.allows(holder, action, thing) for holder in holders)

    def seen(self, cases: Iterable[Case], action: Action = Action.LIST) -> list[Case]:
        """Return those of the cases that the person may list, count or export."""
        return [case for case in cases if self.may(action, case)]

    def units(self, action: Action = Action.LIST) -> frozenset[str] | None:
        """Return the units to look in, an upper bound for the store; None: everywhere."""
        own = self.organisation.assignments_of(self.person_id, self.day)
        if any(not a.scope and self.permissions.anywhere(a.role, action) for a in own):
            return None
        return self.organisation.managed_units(self.person_id, self.day)

    def _stands_in(self) -> frozenset[Relation]:
        """Return what falls to the person while those whose it is are away."""
        reviewers = (Role.LOG_REVIEWER, Role.MAS)
        at_work = any(self.organisation.holders(role, "", self.day) for role in reviewers)
        stands_in = Role.SAS in self._roles() and not at_work
        return frozenset({Relation.LOG_STAND_IN} if stands_in else ())

    def _roles(self) -> frozenset[Role]:
        own = self.organisation.assignments_of(self.person_id, self.day)
        return frozenset(assignment.role for assignment in own)

    def _roles_over(self, case: Case) -> frozenset[Role]:
        """Return the person's roles whose unit or area the case lies in."""
        unit = self.organisation.unit(case.unit_id)
        scopes = {"", unit.id, unit.area_id} if unit else {""}
        own = self.organisation.assignments_of(self.person_id, self.day)
        held = frozenset(assignment.role for assignment in own if assignment.scope in scopes)
        for chairs in CHAIRS:
            if held & chairs and self.rests(case, chairs):
                held -= chairs
        return held


def access_of(uow: UnitOfWork, municipality: Municipality, person_id: str, now: datetime) -> Access:
    day = local_date(now)
    return Access(
        organisation=uow.organisation,
        permissions=municipality.permissions,
        person_id=person_id,
        day=day,
        rests=lambda case, chairs: person_id in resting_in(uow, case, day, chairs),
    )


def cases_for(
    uow: UnitOfWork,
    access: Access,
    *,
    open_only: bool,
    action: Action = Action.LIST,
    since: date | None = None,
) -> Sequence[Case]:
    """Return every case that a person may list, count or export, oldest first.

    `since`: of those by her offices only what came that day or later is read.
    The only way from a person to cases: nothing else may put the store's lists on a page.
    """
    found = uow.cases.listed(access.units(action), open_only=open_only, since=since)
    return [*access.seen(found, action), *_invited_to(uow, access, found, open_only, action)]


def counts_all(uow: UnitOfWork, access: Access, span: Span) -> bool:
    """Whether a person may count every case that was received within two days."""
    found = uow.cases.listed(None, open_only=False)
    return all(access.may(Action.COUNT, case) for case in found if span.holds(case.received_on))


def _invited_to(
    uow: UnitOfWork, access: Access, found: Iterable[Case], open_only: bool, action: Action
) -> list[Case]:
    """Return the cases that a person sees because she is asked into them, or has hidden them."""
    by_role = {case.id for case in found if access.may(action, case)}
    if not offices_in_cases(access.organisation, access.person_id, access.day):
        return []
    away = people_away(access.organisation, access.day) - {access.person_id}
    asked = {
        member.case_id
        for person_id in (access.person_id, *sorted(away))
        for member in uow.work.team.where(person_id=person_id)
    }
    if access.organisation.has_role(access.person_id, Role.REGISTRATOR, access.day):
        asked |= {case.id for case in found if case.manager_involved}
    cases = []
    for case_id in sorted(asked):
        case = uow.cases.find(case_id) if case_id not in by_role else None
        if case is not None and access.may(
            action, case, _ties(uow, case, access.person_id, access.day)
        ):
            cases.append(case)
    wanted = (case for case in cases if case.is_open or not open_only)
    return sorted(wanted, key=lambda case: (case.received_at, case.number))


def _acts_for(
    organisation: Organisation, case: Case, member: TeamMember, person_id: str, day: date
) -> bool:
    """Whether somebody is a member of a team as before, or stands in for one who is away."""
    if member.person_id == person_id:
        return is_asked_as(organisation, member, day)
    other = stand_in(organisation, case, member.person_id, day)
    return other is not None and other.id == person_id


def told_of(uow: UnitOfWork, events: Iterable[CaseEvent], person_id: str) -> list[CaseEvent]:
    """Return the lines of a history without those that name a case the person is involved in."""
    return [event for event in events if not _names_hidden(uow, event, person_id)]


def involved_in(uow: UnitOfWork, found: Alert) -> frozenset[str]:
    """Return who may not know of an alert: everybody involved in a case that it rests on."""
    ids = dict.fromkeys((found.case_id, *found.series_case_ids))
    cases = (uow.cases.find(case_id) for case_id in ids if case_id)
    return frozenset(one for case in cases if case for one in case.manager_involved_ids)


def _names_hidden(uow: UnitOfWork, event: CaseEvent, person_id: str) -> bool:
    found = uow.alerts.find(event.values["alert"]) if "alert" in event.values else None
    if found is not None and person_id in involved_in(uow, found):
        return True
    number = event.values.get("number", "")
    other = uow.cases.find_number(number) if number else None
    return other is not None and person_id in other.manager_involved_ids


def allowed(uow: UnitOfWork, access: Access, action: Action, case: Case, now: datetime) -> bool:
    """Whether somebody may do something with one case, by role or by a relation to it."""
    return access.may(action, case) or access.may(
        action, case, relations_to(uow, case, access.person_id, now)
    )


def relations_to(uow: UnitOfWork, case: Case, person_id: str, now: datetime) -> frozenset[Relation]:
    """Return what ties a person to a case: told of its alert, invited, once hers to watch.

    Nothing ties somebody who has no assignment today; who only counts, runs Lotsen or reviews the
    log opens a case in an emergency only. Who was told or asked in is tied while in that office.
    """
    found: set[Relation] = set()
    day = local_date(now)
    if not uow.organisation.assignments_of(person_id, day):
        return frozenset()
    if uow.emergencies.is_open(case.id, person_id, now):
        found.add(Relation.EMERGENCY)
    if not offices_in_cases(uow.organisation, person_id, day):
        return frozenset(found)
    parts = (case, *uow.cases.merged_into(case.id))
    for alert in (one for part in parts for one in uow.alerts.of_case(part.id)):
        told = is_told_as(uow, alert, person_id, day)
        if told and person_id not in involved_in(uow, alert):
            found.add(Relation.ALERTED)
    organisation = organisation_of(uow, case, day)
    offices = {role for role in WATCHING if organisation.has_role(person_id, role, day)}
    if offices and offices & watchers_ever(uow, parts):
        found.add(Relation.WATCHER)
    return frozenset(found | _ties(uow, case, person_id, day))


def _ties_of_team(uow: UnitOfWork, case: Case, person_id: str, day: date) -> frozenset[Relation]:
    """Return how somebody was asked in: by anybody or a rule, by MAS or SAS, or to investigate.

    Whoever stands in for a colleague who is away is asked in as she was, but by nobody in person.
    Nobody stands in for an investigator, and one whom SAS has replaced is in the team no more, nor
    whoever has left the office that she was asked in.
    """
    found: set[Relation] = set()
    organisation = organisation_of(uow, case, day)
    investigators = {one.investigator_id for one in uow.work.tracks.where(case_id=case.id)}
    for member in uow.work.team.where(case_id=case.id):
        investigates = member.person_id in investigators
        if member.profession == Profession.INVESTIGATOR and not investigates:
            continue
        if investigates and member.person_id != person_id:
            continue
        if not _acts_for(organisation, case, member, person_id, day):
            continue
        found.add(Relation.INVITED)
        asked_on = local_date(member.invited_at)
        naming = any(organisation.has_role(member.invited_by, r, asked_on) for r in NAMING)
        if naming and member.person_id == person_id:
            found.add(Relation.NAMED)
    if uow.work.tracks.where(case_id=case.id, investigator_id=person_id, ended_at=None):
        found.add(Relation.INVESTIGATOR)
    return frozenset(found)


def _ties(uow: UnitOfWork, case: Case, person_id: str, day: date) -> frozenset[Relation]:
    """Return what a person has a case on her list for, beside her roles.

    A registrator who has hidden a case keeps it, to mend a mistake; others' roles see to that. She
    looks at what came by letter, which she has in the mail room, whatever kind it was taken for.
    """
    ties = _ties_of_team(uow, case, person_id, day)
    if not case.manager_involved or not uow.organisation.has_role(person_id, Role.REGISTRATOR, day):
        return ties
    events = uow.cases.events(case.id)
    hid = any(one.kind in _HIDING and one.actor_id == person_id for one in events)
    ties = ties | {Relation.HIDER} if hid else ties
    by_letter = case.is_held and uow.letters.of_case(case.id)
    return ties | {Relation.LETTER_KEEPER} if by_letter else ties


def opens_by_invitation(access: Access, case: Case) -> bool:
    """Whether an invitation by anybody opens the case; a hidden one is opened by MAS or SAS."""
    about = object_of(case, access.organisation)
    return access.permissions.allows(Relation.INVITED, Action.OPEN, about)


def require(
    uow: UnitOfWork, access: Access, action: Action, case: Case | None, now: datetime
) -> Case:
    """Return the case, or raise NotAllowed as if it did not exist."""
    if case is None or not allowed(uow, access, action, case, now):
        raise NotAllowed(str(action))
    return case
