"""What the tables count of a case, as it stood on one day: codes, days and yes or no, no words.

The board's copy of the figures keeps such lines, so that it can be shown without a case that a
reader may not know of, as it was when it was made.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from handlers.domain.case import Action, Case, CaseKind, CaseStatus, Cause, CauseArea, Effect
from handlers.domain.deadline import local_date, midnight
from handlers.domain.injury import Informing, InjuryClass, MisconductDegree
from handlers.domain.risk import Likelihood, RiskAssessment, Severity

_KEPT = "kept"  # stands where the case has a text: that there is one is counted, and no more


def line_of(case: Case) -> dict[str, Any]:
    risk = case.risk
    return {
        "id": case.id,
        "kind": str(case.kind),
        "status": str(case.status),
        "category": case.category,
        "unit": case.unit_id,
        "laws": list(case.legal_areas),
        "received_on": case.received_on.isoformat(),
        "known_on": case.known_on.isoformat() if case.known_on else "",
        "target_on": case.target_on.isoformat(),
        "closed_on": local_date(case.closed_at).isoformat() if case.closed_at else "",
        "late_before": case.late_before,
        "short": bool(case.closed_without_investigation_reason),
        "merged_into": case.merged_into_id,
        "injury": str(case.injury or ""),
        "misconduct": str(case.misconduct or ""),
        "informed": case.is_informed,
        "risk": [int(risk.severity), int(risk.likelihood), int(risk.worst)] if risk else [],
        "cause": bool(case.causes),
        "action": bool(case.actions or case.no_action_reason),
        "effect": any(action.helped for action in case.actions),
        "feedback": bool(case.feedback),
    }


def case_of(line: Mapping[str, Any]) -> Case:
    """Return a case that counts as the one of the line did; never to be stored or opened."""
    received_on, target_on = (date.fromisoformat(line[at]) for at in ("received_on", "target_on"))
    at = midnight(received_on)
    checked = Action(
        id="", cause_id="", text="", owner_id="", due_on=target_on, helped=Effect.UNKNOWN
    )
    return Case(
        id=line["id"],
        number="",
        kind=CaseKind(line["kind"]),
        status=CaseStatus(line["status"]),
        category=line["category"],
        category_source="",
        unit_id=line["unit"],
        legal_areas=tuple(line["laws"]),
        received_at=at,
        received_on=received_on,
        known_on=date.fromisoformat(line["known_on"]) if line["known_on"] else None,
        target_on=target_on,
        closed_at=midnight(date.fromisoformat(line["closed_on"])) if line["closed_on"] else None,
        late_before=line["late_before"],
        closed_without_investigation_reason=_KEPT if line["short"] else "",
        merged_into_id=line["merged_into"],
        injury=InjuryClass(line["injury"]) if line["injury"] else None,
        misconduct=MisconductDegree(line["misconduct"]) if line["misconduct"] else None,
        informing=Informing(impossible=_KEPT) if line["informed"] else None,
        assessments=_assessments(line["risk"], at),
        causes=(Cause(id="", area=CauseArea.ROUTINES, text=""),) if line["cause"] else (),
        actions=(checked,) if line["effect"] else (),
        no_action_reason=_KEPT if line["action"] else "",
        feedback=_KEPT if line["feedback"] else "",
    )


def _assessments(risk: Iterable[int], at: datetime) -> tuple[RiskAssessment, ...]:
    found = tuple(risk)
    if not found:
        return ()
    severity, likelihood, worst = found
    return (
        RiskAssessment(
            severity=Severity(severity),
            likelihood=Likelihood(likelihood),
            potential=Severity(worst),
            assessed_by="",
            assessed_at=at,
        ),
    )
