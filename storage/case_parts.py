"""A case's rows: its own columns, assessments, causes and actions, written and read."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from handlers.domain.case import (
    Action,
    Case,
    CaseKind,
    CaseStatus,
    Cause,
    CauseArea,
    Dismissal,
    Effect,
)
from handlers.domain.deadline import local_date
from handlers.domain.injury import (
    Informing,
    InformPoint,
    InjuryClass,
    MisconductDegree,
    PersonTold,
)
from handlers.domain.risk import Likelihood, RiskAssessment, Severity
from storage import case_tables, tables

Json = dict[str, Any]

PLAIN = (
    "number", "category", "category_source", "unit_id", "received_at", "received_on", "target_on",
    "title", "harm", "possible_medical_harm", "possible_misconduct", "model_version",
    "no_action_reason", "feedback", "reporter_reachable", "responsible_id", "closed_at",
    "closed_without_investigation_reason", "manager_involved", "merged_into_id", "confirm_on",
    "confirmed_at", "answer_on", "look_on", "reopened_at", "moved_at",
    "late_before",
    "version",
)  # fmt: skip
_TUPLES = ("legal_areas", "signs", "manager_involved_ids", "origin_unit_ids")


def case_values(case: Case) -> Json:
    return (
        {name: getattr(case, name) for name in PLAIN}
        | {name: list(getattr(case, name)) for name in _TUPLES}
        | {
            "kind": case.kind.value,
            "status": case.status.value,
            "merged_from": case.merged_from and case.merged_from.value,
            "injury": case.injury and case.injury.value,
            "person_told": case.person_told and case.person_told.value,
            "misconduct": case.misconduct and case.misconduct.value,
            "informing": _informing_values(case.informing),
            "dismissal": _dismissal_values(case.dismissal),
        }
    )


def write_parts(connection: Connection, case: Case, before: Case | None) -> None:
    """Write what is new or changed; assessments and causes are never removed."""
    known = len(before.assessments) if before else 0
    for risk in case.assessments[known:]:
        values = asdict(risk) | {"case_id": case.id}
        connection.execute(insert(tables.risk_assessments).values(**values))
    _write_causes(connection, case, before)
    _write_actions(connection, case, before)


def _write_causes(connection: Connection, case: Case, before: Case | None) -> None:
    known = {cause.id: cause for cause in before.causes} if before else {}
    for position, cause in enumerate(case.causes):
        if known.get(cause.id) == cause:
            continue
        whys = list(cause.whys)
        if cause.id in known:
            here = tables.causes.c.id == cause.id
            connection.execute(update(tables.causes).where(here).values(whys=whys))
            continue
        values = {"position": position, "area": cause.area.value, "text": cause.text, "whys": whys}
        connection.execute(insert(tables.causes).values(id=cause.id, case_id=case.id, **values))


def _write_actions(connection: Connection, case: Case, before: Case | None) -> None:
    known = {action.id: action for action in before.actions} if before else {}
    for position, action in enumerate(case.actions):
        if known.get(action.id) == action:
            continue
        values = {
            "owner_id": action.owner_id,
            "due_on": action.due_on,
            "done_at": action.done_at,
            "effect": action.effect,
            "helped": action.helped and action.helped.value,
            "checked_at": action.checked_at,
        }
        if action.id in known:
            here = tables.actions.c.id == action.id
            connection.execute(update(tables.actions).where(here).values(**values))
            continue
        connection.execute(
            insert(tables.actions).values(
                id=action.id,
                case_id=case.id,
                position=position,
                cause_id=action.cause_id,
                text=action.text,
                **values,
            )
        )


def read_cases(connection: Connection, rows: list[Row[Any]]) -> list[Case]:
    """Return the cases of some rows with all their parts, in the same order."""
    ids = [row.id for row in rows]
    if not ids:
        return []
    risks = _grouped(_parts(connection, tables.risk_assessments, ids, "id"))
    causes = _grouped(_parts(connection, tables.causes, ids, "position"))
    actions = _grouped(_parts(connection, tables.actions, ids, "position"))
    waiting = _waiting(connection)
    parts = _merged_parts(connection, ids)
    answers = _parts(connection, case_tables.complaint_answers, ids, "id")
    reopened = {row.id: row.reopened_at for row in rows}
    counting = (part for part in answers if _counts(part, reopened[part.case_id]))
    answered = _first_days(counting)
    return [
        replace(
            _case(row, risks.get(row.id, ()), causes.get(row.id, ()), actions.get(row.id, ())),
            senders_waiting=waiting.get(row.id, 0),
            answered=row.id in answered,
            answered_on=answered.get(row.id),
            **_with_parts(row, parts.get(row.id, ())),
        )
        for row in rows
    ]


def _first_days(answers: Iterable[Row[Any]]) -> dict[str, date]:
    """Return the day of the first answer in each case that has one."""
    found: dict[str, date] = {}
    for one in answers:
        day = local_date(one.written_at)
        found[one.case_id] = min(day, found.get(one.case_id, day))
    return found


def _counts(answer: Row[Any], reopened_at: datetime | None) -> bool:
    """Whether it answers a complaint as it stands; what was said before a reopening does not."""
    return bool(answer.measures) and (reopened_at is None or answer.written_at > reopened_at)


def _parts(
    connection: Connection,
    table: Any,  # noqa: ANN401 - a table
    ids: list[str],
    order: str,
) -> Iterable[Row[Any]]:
    # Chunks, because SQLite takes at most 32,766 values in one statement.
    for start in range(0, len(ids), 10_000):
        chunk = ids[start : start + 10_000]
        statement = select(table).where(table.c.case_id.in_(chunk)).order_by(table.c[order])
        yield from connection.execute(statement)


def _merged_parts(connection: Connection, ids: list[str]) -> dict[str, list[Json]]:
    """Return the days and the laws of what is merged into each of the cases, if anything is."""
    cases = tables.cases.c
    wanted = select(
        cases.merged_into_id, cases.received_on, cases.target_on, cases.legal_areas
    ).order_by(cases.number)
    found: dict[str, list[Json]] = {}
    for start in range(0, len(ids), 10_000):
        chunk = ids[start : start + 10_000]
        rows = connection.execute(wanted.where(cases.merged_into_id.in_(chunk)))
        for part in rows.mappings():
            found.setdefault(part["merged_into_id"], []).append(dict(part))
    return found


def _with_parts(row: Row[Any], parts: Sequence[Json]) -> Json:
    """Return the days and laws that a case has of the reports that are merged into it."""
    if not parts:
        return {}
    received_on = min(part["received_on"] for part in parts)
    return {
        "known_on": received_on if received_on < row.received_on else None,
        "target_on": min(row.target_on, *(part["target_on"] for part in parts)),
        "parts_laws": tuple(tuple(part["legal_areas"]) for part in parts),
    }


def _grouped(rows: Iterable[Row[Any]]) -> dict[str, list[Row[Any]]]:
    found: dict[str, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(row.case_id, []).append(row)
    return found


def _waiting(connection: Connection) -> dict[str, int]:
    """Return how many other organisations wait for an answer, for each case where some do."""
    table = case_tables.exchanges
    statement = (
        select(table.c.case_id, func.count())
        .where(table.c.direction == "in", table.c.answered_at.is_(None))
        .group_by(table.c.case_id)
    )
    return {case_id: count for case_id, count in connection.execute(statement)}  # noqa: C416


def _case(
    row: Row[Any],
    risks: Iterable[Row[Any]],
    causes: Iterable[Row[Any]],
    actions: Iterable[Row[Any]],
) -> Case:
    plain: Json = {name: getattr(row, name) for name in PLAIN}
    plain |= {name: tuple(getattr(row, name)) for name in _TUPLES}
    return Case(
        id=row.id,
        kind=CaseKind(row.kind),
        status=CaseStatus(row.status),
        merged_from=CaseStatus(row.merged_from) if row.merged_from else None,
        injury=InjuryClass(row.injury) if row.injury else None,
        person_told=PersonTold(row.person_told) if row.person_told else None,
        misconduct=MisconductDegree(row.misconduct) if row.misconduct else None,
        informing=_informing(row.informing),
        dismissal=_dismissal(row.dismissal),
        assessments=tuple(_assessment(risk) for risk in risks),
        causes=tuple(
            Cause(id=c.id, area=CauseArea(c.area), text=c.text, whys=tuple(c.whys)) for c in causes
        ),
        actions=tuple(_action(action) for action in actions),
        **plain,
    )


def _assessment(row: Row[Any]) -> RiskAssessment:
    return RiskAssessment(
        severity=Severity(row.severity),
        likelihood=Likelihood(row.likelihood),
        assessed_by=row.assessed_by,
        assessed_at=row.assessed_at,
        rationale=row.rationale,
        potential=Severity(row.potential) if row.potential else None,
        legal_area=row.legal_area,
        may_lower=row.may_lower,
    )


def _action(row: Row[Any]) -> Action:
    return Action(
        id=row.id,
        cause_id=row.cause_id,
        text=row.text,
        owner_id=row.owner_id,
        due_on=row.due_on,
        done_at=row.done_at,
        effect=row.effect,
        helped=Effect(row.helped) if row.helped else None,
        checked_at=row.checked_at,
    )


def _informing_values(informing: Informing | None) -> Json | None:
    if informing is None:
        return None
    told = {point.value: at.isoformat() for point, at in informing.told_at.items()}
    return {
        "told_at": told,
        "told_whom": informing.told_whom,
        "noted_in_record": informing.noted_in_record,
        "impossible": informing.impossible,
    }


def _informing(values: Json | None) -> Informing | None:
    if values is None:
        return None
    told = values["told_at"].items()
    told_at = {InformPoint(point): datetime.fromisoformat(at) for point, at in told}
    return Informing(**(values | {"told_at": told_at}))


def _dismissal_values(dismissal: Dismissal | None) -> Json | None:
    if dismissal is None:
        return None
    return asdict(dismissal) | {"proposed_at": dismissal.proposed_at.isoformat()}


def _dismissal(values: Json | None) -> Dismissal | None:
    if values is None:
        return None
    proposed_at = datetime.fromisoformat(values["proposed_at"])
    return Dismissal(**(values | {"proposed_at": proposed_at}))
