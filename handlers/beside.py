"""What a reporter adds that becomes a case of its own beside the first.

It does when it may be about the manager, who reads the case that is there already, and when that
case ended so long ago that nobody works in it any more (handlers.reopening).
"""

from dataclasses import dataclass, replace
from datetime import datetime

from handlers import alerts, concerns
from handlers.domain.case import FROM_OUTSIDE, Case, CaseKind
from handlers.domain.deadline import local_date
from handlers.domain.report import UNKNOWN, Answer, Report
from handlers.involved import is_about_manager, managers_of
from handlers.letters import note
from handlers.municipality import Municipality
from handlers.ports import TextAnalysis, UnitOfWork
from handlers.records import CaseEvent
from handlers.registering import Outsider
from handlers.reopening import thanks_only
from handlers.reporting import HARM_OF_ANSWER, NewCase, open_case


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """`told_at` is when alerts go out, if the moment of the addition is only an hour."""

    report: Report
    analysis: TextAnalysis
    told_at: datetime | None = None


def has_to_be_looked_at(case: Case, added: Addition) -> bool:
    """Whether an addition to this case may not be read by its unit before somebody has looked."""
    return not case.manager_involved and is_about_manager(added.report.answers, added.analysis)


def hold_beside(
    uow: UnitOfWork, earlier: Case, added: Addition, now: datetime, municipality: Municipality
) -> Case:
    """Keep an addition as a held case; only its own history says what it goes on from."""
    involved = managers_of(uow, earlier, local_date(now))
    new = replace(_new_case(earlier, added), held=True, involved=involved)
    case = _opened(uow, new, added, now, municipality)
    adds_to = {"number": earlier.number}
    uow.cases.add_event(
        CaseEvent(case_id=case.id, at=now, actor_id="reporter", kind="adds_to", values=adds_to)
    )
    _raise(uow, case, added, now, municipality)
    return case


def continue_beside(
    uow: UnitOfWork, earlier: Case, added: Addition, now: datetime, municipality: Municipality
) -> Case:
    """Open a case that goes on where one ended long ago, as hidden as that one was."""
    new = hidden_as(_new_case(earlier, added), earlier)
    if thanks_only(added.analysis):
        new = replace(new, kind=CaseKind.PRAISE)
    case = _opened(uow, new, added, now, municipality)
    note(uow, case, now, "continues", number=earlier.number)
    note(uow, earlier, now, "continues_later", number=case.number)
    _raise(uow, case, added, now, municipality)
    return case


def hidden_as(new: NewCase, earlier: Case) -> NewCase:
    """Return a case that goes on from a hidden one as hidden from the same people."""
    if not earlier.manager_involved:
        return new
    involved = new.involved | frozenset(earlier.manager_involved_ids)
    return replace(new, manager_involved=True, involved=involved)


def going_on(
    uow: UnitOfWork, new: NewCase, earlier: Case, lives_in: Case, now: datetime, *, has_a_unit: bool
) -> NewCase:
    """Return a mailed case that goes on where another ended: of its unit, hidden from the same.

    `lives_in` is what the earlier one was merged into, or itself. A held one goes where the earlier
    one is in a unit's hands, hidden from all who manage there.
    """
    new = hidden_as(new, lives_in)
    if not new.unit_id and has_a_unit:
        new = replace(new, unit_id=earlier.unit_id)
    if not new.held:
        return new
    involved = new.involved | managers_of(uow, earlier, local_date(now))
    return replace(new, unit_id=earlier.unit_id or new.unit_id, involved=involved)


def _new_case(earlier: Case, added: Addition) -> NewCase:
    analysis, answers = added.analysis, added.report.answers
    return NewCase(
        kind=earlier.kind,
        category=analysis.suggestions[0].category,
        category_source="model",
        unit_id=earlier.unit_id,
        harm=HARM_OF_ANSWER.get(answers.get("harm", Answer()).value, UNKNOWN),
        analysis=analysis,
        words="\n".join(answer.text for answer in answers.values()),
        outsider=Outsider(name="") if earlier.kind in FROM_OUTSIDE else None,
    )


def _opened(
    uow: UnitOfWork, new: NewCase, added: Addition, now: datetime, municipality: Municipality
) -> Case:
    case = open_case(uow, new, now, municipality)
    uow.reports.add(added.report, case.id)
    return case


def _raise(
    uow: UnitOfWork, case: Case, added: Addition, now: datetime, municipality: Municipality
) -> None:
    found = concerns.concerns_of_report(
        case, added.analysis, municipality, answers=added.report.answers
    )
    at = added.told_at
    alerts.raise_for_case(uow, case, found, "report", now, municipality, told_at=at)
