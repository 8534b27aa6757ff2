"""The 4×4 risk matrix: severity, likelihood, and what a score demands.

Source: ADR 0009. Severity 4 always concerns MAS, whatever the likelihood.
"""

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
    severity: Severity
    likelihood: Likelihood
    assessed_by: str  # person id
    assessed_at: datetime
    rationale: str = ""

    @property
    def score(self) -> int:
        return int(self.severity) * int(self.likelihood)

    @property
    def is_low(self) -> bool:
        return self.score <= LOW_RISK_SCORE and self.severity == Severity.MINOR

    @property
    def alerts_mas(self) -> bool:
        """Severity 4 at any likelihood; a floor that no setting turns off."""
        return self.severity == Severity.CATASTROPHIC or self.score >= MAS_SCORE

    @property
    def needs_mas_to_close(self) -> bool:
        return self.severity >= Severity.SIGNIFICANT or self.score >= MAS_SCORE
