"""The 4×4 risk matrix: severity, likelihood, and what a score demands.

Source: ADR 0009. Severity 4, actual or potential, always concerns MAS, whatever the likelihood.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum


class Severity(IntEnum):
    MINOR = 1
    MODERATE = 2
    SIGNIFICANT = 3
    CATASTROPHIC = 4


class Likelihood(IntEnum):
    RARE = 1  # at most once a year
    MONTHLY = 2
    WEEKLY = 3
    DAILY = 4


LOW_RISK_SCORE = 2  # closing without investigation is allowed up to here (ADR 0009)
MAS_SCORE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskAssessment:
    """`severity` is what became of it; `potential` what could have become of it, at least that."""

    severity: Severity
    likelihood: Likelihood
    assessed_by: str  # person id
    assessed_at: datetime
    rationale: str = ""
    potential: Severity | None = None
    legal_area: str = ""  # HSL, SoL, LSS; empty: the whole event
    may_lower: bool = False  # whoever assessed may make a serious case less serious

    @property
    def score(self) -> int:
        return int(self.severity) * int(self.likelihood)

    @property
    def worst(self) -> Severity:
        return max(self.severity, self.potential or self.severity)

    @property
    def is_low(self) -> bool:
        return self.score <= LOW_RISK_SCORE and self.worst == Severity.MINOR

    @property
    def alerts_mas(self) -> bool:
        """Severity 3 and 4 and potential 4 at any likelihood, or a high score (A1 to A3)."""
        return (
            self.severity >= Severity.SIGNIFICANT
            or self.score >= MAS_SCORE
            or self.worst == Severity.CATASTROPHIC
        )

    @property
    def needs_mas_to_close(self) -> bool:
        return self.alerts_mas

    def is_graver_than(self, other: "RiskAssessment") -> bool:
        return self._gravity > other._gravity

    @property
    def _gravity(self) -> tuple[bool, int, int, int]:
        return (self.needs_mas_to_close, int(self.worst), int(self.severity), self.score)


def current_risk(
    assessments: Iterable[RiskAssessment], legal_area: str = ""
) -> RiskAssessment | None:
    """Return what holds for one legal area: the newest assessment of it or of the whole event.

    A serious assessment is not lowered by somebody who may not; the lower one is kept in the
    history and shown to MAS (alert rule A18).
    """
    held: RiskAssessment | None = None
    for one in assessments:
        if one.legal_area not in ("", legal_area):
            continue
        if (
            held is None
            or one.may_lower
            or not held.needs_mas_to_close
            or not held.is_graver_than(one)
        ):
            held = one
    return held


def unassessed(
    assessments: Iterable[RiskAssessment], legal_areas: Iterable[str]
) -> tuple[str, ...]:
    """Return the legal areas that nobody has assessed, neither by themselves nor as a whole."""
    history = tuple(assessments)
    return tuple(area for area in legal_areas if current_risk(history, area) is None)


def governing_risk(
    assessments: Iterable[RiskAssessment], legal_areas: Iterable[str]
) -> RiskAssessment | None:
    """Return the gravest of what holds for each legal area; it decides what the case demands.

    What was serious for an area that the case has left goes on to hold: changing the law lowers
    nothing.
    """
    history, areas = tuple(assessments), tuple(legal_areas) or ("",)
    found = [current_risk(history, area) for area in areas]
    held = [one for one in found if one is not None]
    left = dict.fromkeys(one.legal_area for one in history if one.legal_area not in ("", *areas))
    before = [current_risk(history, area) for area in left]
    held += [one for one in before if one is not None and one.needs_mas_to_close]
    if not held and history:
        held = [history[-1]]  # assessed for an area that the case has left
    return gravest(held)


def gravest(found: Iterable[RiskAssessment]) -> RiskAssessment | None:
    return max(found, key=lambda one: one._gravity, default=None)
