"""A case: its states, the moves between them, and the gates before closing.

Source of states and gates: ADR 0009; docs/states.md draws the table, and a test compares the two.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from handlers.domain.risk import RiskAssessment
from handlers.errors import GateNotMet, IllegalTransition


class CaseKind(StrEnum):
    DEVIATION = "deviation"
    RISK = "risk"
    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"
    PRAISE = "praise"


class CaseStatus(StrEnum):
    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    ASSESSED = "assessed"
    INVESTIGATING = "investigating"
    DECIDED = "decided"
    ACTING = "acting"
    FOLLOWING_UP = "following_up"
    CLOSED = "closed"
    DISMISSED = "dismissed"


S = CaseStatus

MAIN_PATH = (S.RECEIVED, S.ACKNOWLEDGED, S.ASSESSED, S.INVESTIGATING, S.DECIDED, S.ACTING)

ALLOWED_MOVES: frozenset[tuple[CaseStatus, CaseStatus]] = frozenset(
    {
        (S.RECEIVED, S.ACKNOWLEDGED),
        (S.ACKNOWLEDGED, S.ASSESSED),
        (S.ACKNOWLEDGED, S.DISMISSED),
        (S.ASSESSED, S.INVESTIGATING),
        (S.ASSESSED, S.DECIDED),
        (S.ASSESSED, S.DISMISSED),
        (S.INVESTIGATING, S.DECIDED),
        (S.DECIDED, S.ACTING),
        (S.DECIDED, S.CLOSED),
        (S.ACTING, S.FOLLOWING_UP),
        (S.ACTING, S.CLOSED),
        (S.FOLLOWING_UP, S.ACTING),
        (S.FOLLOWING_UP, S.CLOSED),
        (S.CLOSED, S.INVESTIGATING),
        (S.DISMISSED, S.ACKNOWLEDGED),
    }
)

ENDED = frozenset({S.CLOSED, S.DISMISSED})


class CauseArea(StrEnum):
    """The four areas of causes of the municipalities' own statistics."""

    ROUTINES = "routines"
    COMMUNICATION = "communication"
    EQUIPMENT = "equipment"
    COMPETENCE = "competence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    id: str
    area: CauseArea
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    id: str
    cause_id: str  # an action answers to a cause
    text: str
    owner_id: str
    due_on: date
    done_at: datetime | None = None
    effect: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """`version` grows with every stored change; a stale one is refused by the store."""

    id: str  # opaque, in links
    number: str  # what people say aloud: AVV-2026-00123
    kind: CaseKind
    status: CaseStatus
    category: str  # empty until somebody or something has chosen
    category_source: str  # reporter, model_accepted, manager, model
    unit_id: str  # empty when it is not known; then the fallback answers for it
    received_at: datetime
    received_on: date
    target_on: date
    title: str = ""  # of a mail, never in notices
    harm: str = "unknown"  # yes, no, unknown: what the reporter answered
    legal_areas: tuple[str, ...] = ()
    possible_medical_harm: bool = False
    possible_misconduct: bool = False
    model_version: str = ""
    risk: RiskAssessment | None = None
    causes: tuple[Cause, ...] = ()
    actions: tuple[Action, ...] = ()
    no_action_reason: str = ""
    feedback: str = ""
    reporter_reachable: bool = True
    responsible_id: str = ""  # the named person who has received it
    manager_involved: bool = False  # what the reporter said
    manager_involved_ids: tuple[str, ...] = ()  # they may not know that the case exists
    closed_at: datetime | None = None
    closed_without_investigation_reason: str = ""
    version: int = 1

    @property
    def is_open(self) -> bool:
        return self.status not in ENDED

    def moved(self, to: CaseStatus) -> "Case":
        """Return the case in its next state; any move outside the table is our mistake."""
        if (self.status, to) not in ALLOWED_MOVES:
            raise IllegalTransition(f"{self.number}: {self.status} -> {to}")
        return replace(self, status=to)

    def path_to(self, to: CaseStatus) -> tuple[CaseStatus, ...]:
        """Return the states to pass on the main path up to `to`; none when it lies behind.

        Without a cause the way to a decision leads past the investigation (low risk only).
        """
        if self.status not in MAIN_PATH:
            return ()
        steps = MAIN_PATH[MAIN_PATH.index(self.status) + 1 : MAIN_PATH.index(to) + 1]
        if to == S.DECIDED and not self.causes:
            steps = tuple(step for step in steps if step != S.INVESTIGATING)
        return steps

    def missing_for_closing(self, *, by_mas: bool) -> tuple[str, ...]:
        """Return the text keys of every gate that is not met, in the order of the case page."""
        skips = self._may_skip_investigation
        needs_mas = self.risk is not None and self.risk.needs_mas_to_close
        checks = (
            ("gate.risk", self.risk is not None),
            ("gate.cause", bool(self.causes) or skips),
            ("gate.action", bool(self.actions) or bool(self.no_action_reason) or skips),
            ("gate.feedback", bool(self.feedback) or not self.reporter_reachable),
            ("gate.mas", by_mas or not needs_mas),
        )
        return tuple(key for key, met in checks if not met)

    @property
    def _may_skip_investigation(self) -> bool:
        low = self.risk is not None and self.risk.is_low
        return low and bool(self.closed_without_investigation_reason)

    def closed(self, at: datetime, *, by_mas: bool) -> "Case":
        """Return the closed case, or raise GateNotMet with everything that is missing."""
        missing = self.missing_for_closing(by_mas=by_mas)
        if missing:
            raise GateNotMet(missing)
        case = self
        for status in self.path_to(S.DECIDED):
            case = case.moved(status)
        return replace(case.moved(S.CLOSED), closed_at=at)
