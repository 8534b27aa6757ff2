"""What a reporter adds that may be about the manager: a case of its own, beside the unit's.

The manager reads the case that is there already, so that nothing of it may be added to that one.
"""

from dataclasses import replace
from datetime import datetime

from handlers import alerts, concerns
from handlers.domain.case import FROM_OUTSIDE, Case
from handlers.domain.deadline import local_date
from handlers.domain.report import UNKNOWN, Answer, Report
from handlers.involved import is_about_manager, managers_of
from handlers.municipality import Municipality
from handlers.ports import TextAnalysis, UnitOfWork
from handlers.records import CaseEvent
from handlers.registering import Outsider
from handlers.reporting import HARM_OF_ANSWER, NewCase, open_case


def has_to_be_looked_at(case: Case, report: Report, analysis: TextAnalysis | None) -> bool:
    """Whether an addition to this case may not be read by its unit before somebody has looked."""
    return not case.manager_involved and is_about_manager(report.answers, analysis)


def hold_beside(
    uow: UnitOfWork,
    earlier: Case,
    report: Report,
    analysis: TextAnalysis,
    now: datetime,
    municipality: Municipality,
    *,
    told_at: datetime | None = None,
) -> Case:
    """Keep an addition as a held case; only its own history says what it goes on from."""
    first = uow.reports.of_case(earlier.id)
    without_name = first is not None and bool(first.reporter.code_hash)
    new = NewCase(
        kind=earlier.kind,
        category=analysis.suggestions[0].category,
        category_source="model",
        unit_id=earlier.unit_id,
        harm=HARM_OF_ANSWER.get(report.answers.get("harm", Answer()).value, UNKNOWN),
        analysis=analysis,
        reporter_reachable=not without_name,
        held=True,
        involved=managers_of(uow, earlier, local_date(now)),
        outsider=Outsider(name="") if earlier.kind in FROM_OUTSIDE else None,
    )
    case = open_case(uow, new, now, municipality)
    if without_name:
        report = replace(report, reporter=replace(report.reporter, address="", person_id=""))
    uow.reports.add(report, case.id)
    adds_to = {"number": earlier.number}
    uow.cases.add_event(
        CaseEvent(case_id=case.id, at=now, actor_id="reporter", kind="adds_to", values=adds_to)
    )
    found = concerns.concerns_of_report(case, analysis, municipality, answers=report.answers)
    alerts.raise_for_case(uow, case, found, "report", now, municipality, told_at=told_at)
    return case
