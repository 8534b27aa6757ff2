"""One event of care: a case and the further reports of it that are merged into it.

Whoever watches or counts events reads them through here: a report that is merged loses nothing of
what it says about law, injury and risk.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

from handlers.domain.case import Case
from handlers.domain.injury import LEGAL_AREAS, Informing, InjuryClass, MisconductDegree
from handlers.domain.risk import gravest

Scale = TypeVar("Scale", bound=StrEnum)


def as_one_event(case: Case, parts: Sequence[Case]) -> Case:
    """Return a case with what its merged reports say, to count and to watch; never to be stored.

    All laws that any of them stands under, and the gravest class, degree and risk of any of them.
    """
    if not parts:
        return case
    reports = (case, *parts)
    laws = {law for one in reports for law in one.legal_areas}
    risk = gravest(one.risk for one in reports if one.risk is not None)
    return replace(
        case,
        legal_areas=tuple(law for law in LEGAL_AREAS if law in laws),
        injury=_worst(InjuryClass, (one.injury for one in reports)),
        misconduct=_worst(MisconductDegree, (one.misconduct for one in reports)),
        assessments=(replace(risk, legal_area=""),) if risk else (),
        informing=_informing(case, parts),
        possible_medical_harm=any(one.possible_medical_harm for one in reports),
        possible_misconduct=any(one.possible_misconduct for one in reports),
    )


def is_serious(case: Case) -> bool:
    """Whether the person has to be told without delay: a care injury, or a grave risk."""
    return case.must_inform or (case.risk is not None and case.risk.needs_mas_to_close)


def _informing(case: Case, parts: Iterable[Case]) -> Informing | None:
    """Return what has been told: by the case for all, else of each report that calls for it."""
    calls = [one for one in (case, *parts) if is_serious(one)]
    if case.is_informed or not calls:
        return case.informing
    untold = [one for one in calls if not one.is_informed]
    return (untold or calls)[0].informing


def _worst(scale: type[Scale], found: Iterable[Scale | None]) -> Scale | None:
    order = list(scale)
    return max((one for one in found if one is not None), key=order.index, default=None)
