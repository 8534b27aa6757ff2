"""What a clock sets off: patterns (A14), people who are not told (A19), a provider's late steps."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handlers import notices, work_notices
from handlers.access import Access, access_of, cases_for
from handlers.alert_rules import AlertRule
from handlers.chairs import has_two_chairs, organisation_of
from handlers.domain.case import Case
from handlers.domain.deadline import before_working_days, local_date, may_send
from handlers.domain.event import as_one_event, is_serious
from handlers.domain.people import Organisation, Person, Role, laws_of_event, watcher_of
from handlers.municipality import Municipality
from handlers.ports import UnitOfWork
from handlers.provider_word import alert_of_late_steps
from handlers.statistics import NO_EVENTS

Group = frozenset[tuple[str, str]]  # cases that are about one person: id and unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """Several cases of one category at one unit, or about one person, by rule A14."""

    unit_id: str  # of most of them
    category: str  # empty: they are said to be about one person
    count: int
    cases: tuple[Case, ...] = ()  # newest first, where somebody may open them


def queue_due_watches(uow: UnitOfWork, now: datetime, municipality: Municipality) -> int:
    """Tell whoever is to know, inside the sending hours; return how many were told.

    Patterns are told once a week and person, people who are not informed once a day.
    """
    if not may_send(now, municipality.is_working_day):
        return 0
    today = local_date(now)
    alert_of_late_steps(uow, now, municipality)
    return _tell_of_patterns(uow, now, today, municipality) + _tell_of_uninformed(
        uow, now, today, municipality
    )


def patterns_of(
    uow: UnitOfWork,
    today: date,
    municipality: Municipality,
    *,
    shielded: bool,
    reader_id: str = "",
) -> tuple[Pattern, ...]:
    """Return the patterns of all units.

    `shielded` counts the hidden cases too, but none that the reader is involved in.
    """
    rule = municipality.alert_rules["A14"]
    since = today - timedelta(days=rule.days)
    counted = uow.cases.counted(since, shielded=shielded, reader_id=reader_id)
    of_person_since = today - timedelta(days=rule.person_days)
    tied = uow.cases.of_one_person(of_person_since, shielded=shielded, reader_id=reader_id)
    # A manager is told of what is hers; who watches over all, of a person in several units too.
    about_one = groups_of_person(tied) if shielded else _by_unit(tied)
    return _patterns(counted, rule) + _of_one_person(about_one, rule)


def _patterns(counted: Iterable[tuple[str, str, int]], rule: AlertRule) -> tuple[Pattern, ...]:
    return tuple(
        Pattern(unit_id=unit_id, category=category, count=count)
        for unit_id, category, count in counted
        if rule.enabled and count >= rule.count and category
    )


def _of_one_person(groups: Iterable[Group], rule: AlertRule) -> tuple[Pattern, ...]:
    return tuple(
        Pattern(unit_id=_most_common(group), category="", count=len(group))
        for group in groups
        if rule.enabled and len(group) >= rule.person_count
    )


def _most_common(group: Group) -> str:
    counts = Counter(unit_id for _, unit_id in group)
    return min(counts, key=lambda unit_id: (-counts[unit_id], unit_id))


def groups_of_person(tied: Iterable[tuple[str, str, str]]) -> list[Group]:
    """Return sets of case and unit that hang together: of one group, or of two that share a case.

    `tied` are case, unit and group. An event has several groups when reports were merged.
    """
    found: list[tuple[set[str], set[tuple[str, str]]]] = []
    for case_id, unit_id, group_id in tied:
        case = (case_id, unit_id)
        near = [one for one in found if group_id in one[0] or case in one[1]]
        found = [one for one in found if one not in near]
        groups = {group_id}.union(*(one[0] for one in near))
        found.append((groups, {case}.union(*(one[1] for one in near))))
    return sorted((frozenset(cases) for _, cases in found), key=sorted)


def _by_unit(tied: Sequence[tuple[str, str, str]]) -> list[Group]:
    parts: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for one in tied:
        parts[one[1]].append(one)
    return [group for _, rows in sorted(parts.items()) for group in groups_of_person(rows)]


def patterns_for(
    uow: UnitOfWork, access: Access, municipality: Municipality
) -> tuple[Pattern, ...]:
    """Return the patterns of the cases that a person has on her list, the greatest first."""
    rule = municipality.alert_rules["A14"]
    if not rule.enabled:
        return ()
    since = access.day - timedelta(days=rule.days)
    of_person_since = access.day - timedelta(days=rule.person_days)
    read = cases_for(uow, access, open_only=False, since=min(since, of_person_since))
    mine = {case.id: case for case in read}
    found = _alike(mine.values(), since, rule.count)
    tied = uow.cases.of_one_person(of_person_since, shielded=True, reader_id=access.person_id)
    for group in groups_of_person(row for row in tied if row[0] in mine):
        if len(group) >= rule.person_count:
            about_one = [mine[case_id] for case_id, _ in group]
            found.append(_pattern(_most_common(group), "", about_one))
    return tuple(sorted(found, key=lambda one: (-one.count, one.unit_id, one.category)))


def _alike(cases: Iterable[Case], since: date, enough: int) -> list[Pattern]:
    """Return what has happened often enough at one unit since a day."""
    found: dict[tuple[str, str], list[Case]] = defaultdict(list)
    for case in cases:
        if case.received_on >= since and case.unit_id and case.status not in NO_EVENTS:
            found[case.unit_id, case.category].append(case)
    return [
        _pattern(*where, alike)
        for where, alike in found.items()
        if where[1] and len(alike) >= enough
    ]


def _pattern(unit_id: str, category: str, cases: Iterable[Case]) -> Pattern:
    newest = sorted(cases, key=lambda case: (case.received_at, case.number), reverse=True)
    return Pattern(unit_id=unit_id, category=category, count=len(newest), cases=tuple(newest))


def uninformed(uow: UnitOfWork, today: date, municipality: Municipality) -> tuple[Case, ...]:
    """Return serious open events whose person should have been told by now (A19).

    Each is its case, with what is merged into it.
    """
    rule = municipality.alert_rules["A19"]
    if not rule.enabled:
        return ()
    until = before_working_days(today, rule.working_days, municipality.is_working_day)
    found = (
        as_one_event(case, uow.cases.merged_into(case.id))
        for case in uow.cases.serious(received_until=until)
    )
    return tuple(event for event in found if not event.is_informed and is_serious(event))


def _tell_of_patterns(
    uow: UnitOfWork, now: datetime, today: date, municipality: Municipality
) -> int:
    counts = _patterns_of_managers(uow, today, municipality)
    for role in (Role.MAS, Role.SAS):
        person = _first(uow.organisation, role, today)
        if person and role in municipality.alert_rules["A14"].to:
            counts[person] = len(_patterns_of_watcher(uow, person, now, municipality))
    year, number, _ = today.isocalendar()
    week = f"{year}-W{number:02}"
    return sum(
        notices.queue(uow, work_notices.patterns(person, count, week, municipality), now)
        for person, count in counts.items()
        if count
    )


def _patterns_of_watcher(
    uow: UnitOfWork, person: Person, now: datetime, municipality: Municipality
) -> tuple[Pattern, ...]:
    """Return what MAS or SAS finds on the page.

    That is without what a provider answers for itself, and what is hidden where she is manager too.
    """
    today = local_date(now)
    if uow.organisation.providers or has_two_chairs(uow.organisation, person.id, today):
        return patterns_for(uow, access_of(uow, municipality, person.id, now), municipality)
    return patterns_of(uow, today, municipality, shielded=True, reader_id=person.id)


def _patterns_of_managers(
    uow: UnitOfWork, today: date, municipality: Municipality
) -> dict[Person, int]:
    counts: dict[Person, int] = defaultdict(int)
    if Role.UNIT_MANAGER in municipality.alert_rules["A14"].to:
        for pattern in patterns_of(uow, today, municipality, shielded=False):
            counts[uow.organisation.unit_chain(pattern.unit_id, today)[0]] += 1
    return counts


def _tell_of_uninformed(
    uow: UnitOfWork, now: datetime, today: date, municipality: Municipality
) -> int:
    mine: dict[Person, list[Case]] = defaultdict(list)
    for case in uninformed(uow, today, municipality):
        organisation = organisation_of(uow, case, today)
        for person in _watching(organisation, case, today, municipality):
            mine[person].append(case)
    return sum(
        notices.queue(uow, work_notices.uninformed(person, cases, today, municipality), now)
        for person, cases in mine.items()
    )


def _watching(
    organisation: Organisation, case: Case, today: date, municipality: Municipality
) -> set[Person]:
    """Return who is to ask, by the laws of the event: of each chain the first not involved."""
    rule, unit = municipality.alert_rules["A19"], organisation.unit(case.unit_id)
    laws, without = laws_of_event(case.reports_laws, unit), case.manager_involved_ids
    social = watcher_of(laws) == Role.SAS
    roles = rule.to_social if social and rule.to_social else rule.to
    told = {organisation.told_instead(role, case.unit_id, laws) for role in roles}
    return {
        organisation.alert_chain(role, case.unit_id, today, without=without)[0] for role in told
    }


def _first(organisation: Organisation, role: Role, today: date) -> Person | None:
    return next(iter(organisation.holders(role, "", today)), None)
