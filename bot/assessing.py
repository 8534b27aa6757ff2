"""A first assessment from any door: what is asked beside severity and likelihood, and its answers.

The page, Slack and Teams ask the same, and the core holds the same gates for all three.
"""

from dataclasses import dataclass
from typing import Self

from handlers import case_handling
from handlers.desk import Desk
from handlers.domain.case import Case
from handlers.domain.injury import LEGAL_AREAS, PersonTold
from handlers.domain.people import Organisation
from handlers.domain.risk import Likelihood, Severity
from handlers.errors import UserFault


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFirst:
    """`laws` are chosen beforehand: those of the unit."""

    asks_laws: bool
    laws: tuple[str, ...]
    asks_told: bool
    told: PersonTold | None

    @classmethod
    def of(cls, organisation: Organisation, case: Case) -> Self:
        return cls(
            asks_laws=not case.legal_areas,
            laws=laws_of_unit(organisation, case),
            asks_told=case.needed_care and not case.is_informed,
            told=case.person_told,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What somebody chose, as the door got it; `laws` is None where nobody was asked for them."""

    severity: str
    likelihood: str
    laws: tuple[str, ...] | None = None
    told: str = ""


def laws_of_unit(organisation: Organisation, case: Case) -> tuple[str, ...]:
    unit = organisation.unit(case.unit_id)
    return unit.legal_areas if unit else ()


def assess(desk: Desk, answers: Answers) -> Case:
    """Keep the assessment; raises UserFault when an answer is missing or not one of those given."""
    severity, likelihood = levels_of(answers.severity, answers.likelihood)
    return case_handling.assess_risk(
        desk,
        severity=severity,
        likelihood=likelihood,
        legal_areas=laws_of(answers.laws),
        told=told_of(answers.told),
    )


def levels_of(severity: str, likelihood: str) -> tuple[Severity, Likelihood]:
    levels = {str(int(one)) for one in Severity}
    if severity not in levels or likelihood not in levels:
        raise UserFault("fault.risk_incomplete")
    return Severity(int(severity)), Likelihood(int(likelihood))


def laws_of(chosen: tuple[str, ...] | None) -> tuple[str, ...]:
    """Return the laws that were chosen, where they were asked for."""
    if chosen is not None and (not chosen or not set(chosen) <= set(LEGAL_AREAS)):
        raise UserFault("fault.legal_areas")
    return chosen or ()


def told_of(text: str) -> PersonTold | None:
    if text and text not in set(PersonTold):
        raise UserFault("fault.person_told")
    return PersonTold(text) if text else None
