"""Cases with their parts: risk, causes, actions, history, numbers."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, and_, exists, insert, select, update

from handlers.domain.case import Action, Case, CaseKind, CaseStatus, Cause, CauseArea
from handlers.domain.risk import Likelihood, RiskAssessment, Severity
from handlers.errors import StaleVersion
from handlers.records import CaseEvent, DueCase
from storage import tables
from storage.history import add_event, events_of
from storage.inserting import insert_once

_ENDED = (CaseStatus.CLOSED.value, CaseStatus.DISMISSED.value)


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
        self._connection.execute(insert(tables.cases).values(id=case.id, **_values(case)))
        self._add_parts(case, None)

    def find(self, case_id: str) -> Case | None:
        return next(iter(self._load(tables.cases.c.id == case_id)), None)

    def find_number(self, number: str) -> Case | None:
        return next(iter(self._load(tables.cases.c.number == number)), None)

    def save(self, case: Case) -> Case:
        before = self.find(case.id)
        values = _values(case) | {"version": case.version + 1}
        statement = (
            update(tables.cases)
            .where(tables.cases.c.id == case.id, tables.cases.c.version == case.version)
            .values(**values)
        )
        if self._connection.execute(statement).rowcount != 1:
            raise StaleVersion
        self._add_parts(case, before)
        saved = self.find(case.id)
        if saved is None:
            raise StaleVersion
        return saved

    def listed(self, unit_ids: frozenset[str] | None, *, open_only: bool) -> Sequence[Case]:
        conditions: list[Any] = []
        if unit_ids is not None:
            conditions.append(tables.cases.c.unit_id.in_(sorted(unit_ids)))
        if open_only:
            conditions.append(tables.cases.c.status.not_in(_ENDED))
        return self._load(*conditions)

    def due(
        self,
        *,
        statuses: frozenset[CaseStatus],
        received_until: date | None,
        target_until: date | None,
        rule_ids: tuple[str, ...],
    ) -> Sequence[DueCase]:
        cases, ledger = tables.cases, tables.reminder_ledger
        reminded = exists().where(
            ledger.c.case_id == cases.c.id, ledger.c.rule_id.in_(list(rule_ids))
        )
        statement = select(cases).where(cases.c.status.in_(sorted(statuses)), ~reminded)
        if received_until is not None:
            statement = statement.where(cases.c.received_on <= received_until)
        if target_until is not None:
            statement = statement.where(cases.c.target_on <= target_until)
        return [
            DueCase(
                case_id=row.id,
                number=row.number,
                unit_id=row.unit_id,
                received_on=row.received_on,
                target_on=row.target_on,
                kind=CaseKind(row.kind),
                manager_involved=row.manager_involved,
                manager_involved_ids=tuple(row.manager_involved_ids),
            )
            for row in self._connection.execute(statement)
        ]

    def add_event(self, event: CaseEvent) -> None:
        add_event(self._connection, event)

    def events(self, case_id: str) -> Sequence[CaseEvent]:
        return events_of(self._connection, case_id)

    def _add_parts(self, case: Case, before: Case | None) -> None:
        """Write what is new or changed; assessments and causes are never changed or removed."""
        if case.risk is not None and (before is None or before.risk != case.risk):
            self._connection.execute(
                insert(tables.risk_assessments).values(
                    case_id=case.id,
                    severity=int(case.risk.severity),
                    likelihood=int(case.risk.likelihood),
                    assessed_by=case.risk.assessed_by,
                    assessed_at=case.risk.assessed_at,
                    rationale=case.risk.rationale,
                )
            )
        known = {cause.id for cause in before.causes} if before else set()
        for position, cause in enumerate(case.causes):
            if cause.id not in known:
                values = {"position": position, "area": cause.area.value, "text": cause.text}
                self._connection.execute(
                    insert(tables.causes).values(id=cause.id, case_id=case.id, **values)
                )
        self._write_actions(case, before)

    def _write_actions(self, case: Case, before: Case | None) -> None:
        known = {action.id: action for action in before.actions} if before else {}
        for position, action in enumerate(case.actions):
            if known.get(action.id) == action:
                continue
            values = {"done_at": action.done_at, "effect": action.effect}
            if action.id in known:
                here = tables.actions.c.id == action.id
                self._connection.execute(update(tables.actions).where(here).values(**values))
                continue
            self._connection.execute(
                insert(tables.actions).values(
                    id=action.id,
                    case_id=case.id,
                    position=position,
                    cause_id=action.cause_id,
                    text=action.text,
                    owner_id=action.owner_id,
                    due_on=action.due_on,
                    **values,
                )
            )

    def _load(self, *conditions: Any) -> Sequence[Case]:  # noqa: ANN401 - SQL expressions
        order = (tables.cases.c.received_at, tables.cases.c.number)
        statement = select(tables.cases).where(*conditions).order_by(*order)
        rows = list(self._connection.execute(statement))
        ids = [row.id for row in rows]
        if not ids:
            return []
        risks = {row.case_id: row for row in self._parts(tables.risk_assessments, ids, "id")}
        causes = _grouped(self._parts(tables.causes, ids, "position"))
        actions = _grouped(self._parts(tables.actions, ids, "position"))
        return [
            _case(row, risks.get(row.id), causes.get(row.id, []), actions.get(row.id, []))
            for row in rows
        ]

    def _parts(self, table: Any, ids: list[str], order: str) -> Iterable[Row[Any]]:  # noqa: ANN401
        # Chunks, because SQLite takes at most 32,766 values in one statement.
        for start in range(0, len(ids), 10_000):
            chunk = ids[start : start + 10_000]
            statement = select(table).where(table.c.case_id.in_(chunk)).order_by(table.c[order])
            yield from self._connection.execute(statement)


def _grouped(rows: Iterable[Row[Any]]) -> dict[str, list[Row[Any]]]:
    found: dict[str, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(row.case_id, []).append(row)
    return found


_PLAIN = (
    "number", "category", "category_source", "unit_id", "received_at", "received_on", "target_on",
    "title", "harm", "possible_medical_harm", "possible_misconduct", "model_version",
    "no_action_reason", "feedback", "reporter_reachable", "responsible_id", "closed_at",
    "closed_without_investigation_reason", "manager_involved", "version",
)  # fmt: skip


def _values(case: Case) -> dict[str, Any]:
    return {name: getattr(case, name) for name in _PLAIN} | {
        "kind": case.kind.value,
        "status": case.status.value,
        "legal_areas": list(case.legal_areas),
        "manager_involved_ids": list(case.manager_involved_ids),
    }


def _case(
    row: Row[Any], risk: Row[Any] | None, causes: list[Row[Any]], actions: list[Row[Any]]
) -> Case:
    return Case(
        id=row.id,
        kind=CaseKind(row.kind),
        status=CaseStatus(row.status),
        legal_areas=tuple(row.legal_areas),
        manager_involved_ids=tuple(row.manager_involved_ids),
        risk=None
        if risk is None
        else RiskAssessment(
            severity=Severity(risk.severity),
            likelihood=Likelihood(risk.likelihood),
            assessed_by=risk.assessed_by,
            assessed_at=risk.assessed_at,
            rationale=risk.rationale,
        ),
        causes=tuple(Cause(id=c.id, area=CauseArea(c.area), text=c.text) for c in causes),
        actions=tuple(
            Action(
                id=a.id,
                cause_id=a.cause_id,
                text=a.text,
                owner_id=a.owner_id,
                due_on=a.due_on,
                done_at=a.done_at,
                effect=a.effect,
            )
            for a in actions
        ),
        **{name: getattr(row, name) for name in _PLAIN},
    )
