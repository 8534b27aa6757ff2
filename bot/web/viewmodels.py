"""What the managers' lists show, made of cases: words instead of codes, dates, next steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.app import Services
from bot.web.event_lines import category_label as category_label
from bot.web.event_lines import local_time as local_time
from handlers import todo
from handlers.alarm_gate import cases_waited_for
from handlers.domain.case import Case, CaseStatus
from handlers.domain.people import Organisation
from storage.unit_of_work import SqlUnitOfWork

DAYS_OF_WARNING = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    case: Case
    unit: str
    category: str
    next_step: str  # a text key
    lateness: str  # late, soon, or empty
    days_left: int
    alarmed: bool


def list_rows(
    services: Services, uow: SqlUnitOfWork, cases: Sequence[Case], today: date, language: str
) -> list[CaseRow]:
    waited_for = cases_waited_for(uow)
    return [
        CaseRow(
            case=case,
            unit=unit_name(uow.organisation, case),
            category=category_label(services, case.category, language),
            next_step=next_step(services, case, waited_for, today)[0],
            lateness=lateness(case, today),
            days_left=(case.due_on - today).days,
            alarmed=case.possible_medical_harm or case.possible_misconduct,
        )
        for case in cases
    ]


def list_choices(
    services: Services, organisation: Organisation, cases: Sequence[Case], language: str
) -> dict[str, object]:
    """Return what the list can be narrowed to: only what stands in it."""
    units = {case.unit_id for case in cases}
    codes = {case.category for case in cases}
    return {
        "statuses": [status for status in CaseStatus if any(c.status == status for c in cases)],
        "units": [(unit.id, unit.name) for unit in organisation.units if unit.id in units],
        "categories": [
            (one.code, category_label(services, one.code, language))
            for one in services.taxonomy.categories
            if one.code in codes
        ],
    }


def next_step(
    services: Services,
    case: Case,
    waited_for: frozenset[str],
    today: date,
    beyond: tuple[str, ...] = (),
) -> tuple[str, date]:
    """Return the text key of the one thing to do next, and the last day for it."""
    if not case.is_open:
        return f"status.{case.status}", case.target_on
    return todo.next_step(
        case, services.municipality, waited_for=waited_for, today=today, beyond=beyond
    )


def unit_name(organisation: Organisation, case: Case) -> str:
    unit = organisation.unit(case.unit_id)
    return unit.name if unit else "–"


def lateness(case: Case, today: date) -> str:
    if not case.is_open:
        return ""
    left = (case.due_on - today).days
    if left < 0:
        return "late"
    return "soon" if left <= DAYS_OF_WARNING else ""
