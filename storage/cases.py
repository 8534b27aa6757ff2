"""Cases with their parts: risk, causes, actions, history, numbers."""

import json
from collections.abc import Sequence, Set
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CTE,
    CompoundSelect,
    Connection,
    String,
    and_,
    cast,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    union,
    update,
)

from handlers.domain.case import Case, CaseKind, CaseStatus
from handlers.domain.deadline import told_until
from handlers.domain.injury import InjuryClass
from handlers.domain.moves import OPEN
from handlers.domain.risk import MAS_SCORE, Severity
from handlers.errors import StaleVersion
from handlers.records import CaseEvent, DueCase
from storage import case_tables, tables
from storage.case_parts import case_values, read_cases, write_parts
from storage.case_words import cases_with_words
from storage.due_cases import Rung, due_cases
from storage.history import add_event, events_of, reads_between
from storage.inserting import insert_once

# Named one by one: so the index finds few, where "not ended" would read every case there was.
_OPEN = [status.value for status in OPEN]
# Not events of care, or not of their own.
_NO_CASES = tuple(
    one.value for one in (CaseStatus.DISMISSED, CaseStatus.HANDED_ON, CaseStatus.MERGED)
)
_AT_ONCE = 10_000  # ids in a statement
_INJURED = [kind.value for kind in InjuryClass if kind.must_be_told]


def _is_grave(columns: Any) -> Any:  # noqa: ANN401 - SQL expressions
    """Return the condition that a case has a care injury or an assessment that is serious."""
    risks = tables.risk_assessments.c
    assessed = exists().where(
        risks.case_id == columns.id,
        or_(
            risks.severity >= int(Severity.SIGNIFICANT),
            risks.potential == int(Severity.CATASTROPHIC),
            risks.severity * risks.likelihood >= MAS_SCORE,
        ),
    )
    return or_(columns.injury.in_(_INJURED), assessed)


def _events_since(since: date, shielded: bool, reader_id: str) -> CTE:
    """Return the events of a unit; `shielded`: hidden ones too, but no reader's.

    They are found by their day before they are counted: a database that has no statistics yet
    would else go through every case there was.
    """
    columns = tables.cases.c
    found = [
        columns.received_on >= since,
        columns.unit_id != "",
        columns.status.not_in(_NO_CASES),
    ]
    if not shielded:
        found.append(~columns.manager_involved)
    if reader_id:
        involved = cast(columns.manager_involved_ids, String)
        found.append(~involved.contains(json.dumps(reader_id), autoescape=True))
    inside = select(columns.id, columns.unit_id, columns.category).where(*found)
    return inside.cte("inside").prefix_with("MATERIALIZED")


def _groups_of(event_ids: list[str]) -> CompoundSelect[Any]:
    """Return events and the groups that they or reports merged into them are tied to.

    The ids are named, and own rows apart from merged ones: so an index finds both.
    """
    tied, part = case_tables.same_person, tables.cases.alias()
    own = select(tied.c.case_id, tied.c.group_id).where(tied.c.case_id.in_(event_ids))
    merged = select(part.c.merged_into_id, tied.c.group_id).join(tied, tied.c.case_id == part.c.id)
    return union(own, merged.where(part.c.merged_into_id.in_(event_ids)))


class SqlCases:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def next_number(self, prefix: str, year: int) -> str:
        counters = tables.case_counters
        here = and_(counters.c.prefix == prefix, counters.c.year == year)
        insert_once(self._connection, counters, {"prefix": prefix, "year": year, "last": 0})
        statement = update(counters).where(here).values(last=counters.c.last + 1)
        row = self._connection.execute(statement.returning(counters.c.last)).one()
        return f"{prefix}-{year}-{row.last:05d}"

    def add(self, case: Case) -> None:
        self._connection.execute(insert(tables.cases).values(id=case.id, **case_values(case)))
        write_parts(self._connection, case, None)

    def find(self, case_id: str) -> Case | None:
        return next(iter(self._load(tables.cases.c.id == case_id)), None)

    def find_number(self, number: str) -> Case | None:
        return next(iter(self._load(tables.cases.c.number == number)), None)

    def save(self, case: Case) -> Case:
        before = self.find(case.id)
        values = case_values(case) | {"version": case.version + 1}
        if before is not None and before.target_on == case.target_on:
            del values["target_on"]  # it may be the day of a report that is merged here
        statement = (
            update(tables.cases)
            .where(tables.cases.c.id == case.id, tables.cases.c.version == case.version)
            .values(**values)
        )
        if self._connection.execute(statement).rowcount != 1:
            raise StaleVersion
        write_parts(self._connection, case, before)
        saved = self.find(case.id)
        if saved is None:
            raise StaleVersion
        return saved

    def listed(
        self, unit_ids: frozenset[str] | None, *, open_only: bool, since: date | None = None
    ) -> Sequence[Case]:
        conditions: list[Any] = []
        if unit_ids is not None:
            conditions.append(tables.cases.c.unit_id.in_(sorted(unit_ids)))
        if open_only:
            conditions.append(tables.cases.c.status.in_(_OPEN))
        if since is not None:
            conditions.append(tables.cases.c.received_on >= since)
        return self._load(*conditions)

    def misconduct_at(self, unit_ids: frozenset[str]) -> Sequence[Case]:
        columns = tables.cases.c
        return self._load(
            columns.status.in_(_OPEN),
            columns.unit_id.in_(sorted(unit_ids)),
            columns.possible_misconduct,
        )

    def due(
        self,
        *,
        statuses: frozenset[CaseStatus],
        received_until: date | None,
        target_until: date | None,
        rule_ids: tuple[str, ...],
        today: date,
        kinds: frozenset[CaseKind] | None = None,
        again_after: date | None = None,
        promised: bool | None = None,
    ) -> Sequence[DueCase]:
        rung = Rung(
            statuses=statuses,
            received_until=received_until,
            target_until=target_until,
            rule_ids=rule_ids,
            today=today,
            kinds=kinds,
            again_after=again_after,
            promised=promised,
        )
        return due_cases(self._connection, rung)

    def put_off(self, today: date) -> Sequence[Case]:
        snoozes = case_tables.reminder_snoozes.c
        later = select(snoozes.case_id).where(snoozes.until_on > today)
        return self._load(tables.cases.c.status.in_(_OPEN), tables.cases.c.id.in_(later))

    def with_proposals(self) -> Sequence[Case]:
        asked = cast(tables.cases.c.dismissal, String) != "null"
        return self._load(tables.cases.c.status.in_(_OPEN), asked)

    def sent_on(self) -> Sequence[Case]:
        moved = cast(tables.cases.c.origin_unit_ids, String) != "[]"
        return self._load(tables.cases.c.status.in_(_OPEN), moved)

    def with_actions_of(self, person_id: str) -> Sequence[Case]:
        actions = tables.actions.c
        theirs = select(actions.case_id).where(
            actions.owner_id == person_id, actions.helped.is_(None)
        )
        return self._load(tables.cases.c.id.in_(theirs))

    def with_due_actions(
        self, *, due_until: date, done_until: datetime, told_since: date, today: date
    ) -> Sequence[Case]:
        actions, told = tables.actions.c, tables.work_reminders.c
        names = [literal(kind) + actions.id for kind in ("action/", "effect/")]
        on = told.sent_on
        lately = exists().where(told.item.in_(names), on > told_since, on <= told_until(today))
        said = and_(lately, or_(actions.done_at.is_not(None), actions.due_on < due_until))
        new = ~exists().where(told.item == names[0])
        to_do = and_(actions.done_at.is_(None), or_(actions.due_on <= due_until, new))
        due = or_(to_do, actions.done_at <= done_until)
        waiting = select(actions.case_id).where(actions.helped.is_(None), due, ~said)
        return self._load(tables.cases.c.id.in_(waiting))

    def received(self, unit_id: str, since: datetime, until: datetime) -> Sequence[Case]:
        columns = tables.cases.c
        return self._load(columns.unit_id == unit_id, columns.received_at.between(since, until))

    def counted(
        self, since: date, *, shielded: bool, reader_id: str = ""
    ) -> Sequence[tuple[str, str, int]]:
        inside = _events_since(since, shielded, reader_id).c
        where = (inside.unit_id, inside.category)
        statement = select(*where, func.count()).group_by(*where).order_by(*where)
        return [(row[0], row[1], row[2]) for row in self._connection.execute(statement)]

    def of_one_person(
        self, since: date, *, shielded: bool, reader_id: str = ""
    ) -> Sequence[tuple[str, str, str]]:
        inside = _events_since(since, shielded, reader_id)
        places = dict(self._execute_pairs(select(inside.c.id, inside.c.unit_id)))
        groups: set[tuple[str, str]] = set()
        ids = sorted(places)
        for start in range(0, len(ids), _AT_ONCE):
            groups |= set(self._execute_pairs(_groups_of(ids[start : start + _AT_ONCE])))
        return [(case_id, places[case_id], group_id) for case_id, group_id in sorted(groups)]

    def _execute_pairs(self, statement: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - SQL
        return [(row[0], row[1]) for row in self._connection.execute(statement)]

    def with_signs(self, since: date) -> Sequence[Case]:
        columns = tables.cases.c
        return self._load(
            columns.received_on >= since,
            columns.unit_id != "",
            columns.status.not_in(_NO_CASES),
            cast(columns.signs, String) != "[]",
        )

    def serious(self, *, received_until: date) -> Sequence[Case]:
        columns, part = tables.cases.c, tables.cases.alias().c
        here = part.merged_into_id == columns.id
        late = part.received_on <= received_until
        return self._load(
            columns.status.in_(_OPEN),
            or_(columns.received_on <= received_until, exists().where(here, late)),
            or_(_is_grave(columns), exists().where(here, _is_grave(part))),
        )

    def with_words(self, words: Sequence[str], *, not_in: Set[str]) -> frozenset[str]:
        """Return ids; see storage.case_words. Whoever asks keeps to what the person may open."""
        return cases_with_words(self._connection, words, not_in=not_in)

    def merged_into(self, case_id: str) -> Sequence[Case]:
        return self._load(tables.cases.c.merged_into_id == case_id)

    def add_event(self, event: CaseEvent) -> None:
        add_event(self._connection, event)

    def events(self, case_id: str) -> Sequence[CaseEvent]:
        return events_of(self._connection, case_id)

    def reads_between(self, first: datetime, last: datetime) -> Sequence[CaseEvent]:
        return reads_between(self._connection, first, last)

    def _load(self, *conditions: Any) -> Sequence[Case]:  # noqa: ANN401 - SQL expressions
        order = (tables.cases.c.received_at, tables.cases.c.number)
        statement = select(tables.cases).where(*conditions).order_by(*order)
        return read_cases(self._connection, list(self._connection.execute(statement)))
