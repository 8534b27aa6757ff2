"""What the managers' pages show, made of cases: words instead of codes, dates, next steps."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from bot.app import Services
from bot.pictures import is_previewed
from bot.web.answer_lines import NAMING, AnswerLine, answer_lines
from bot.web.event_lines import EventLine, folded_lines
from bot.web.event_lines import category_label as category_label
from bot.web.event_lines import local_time as local_time
from handlers import gates, todo
from handlers.access import involved_in, told_of
from handlers.alarm_gate import (
    BY_MAS_OR_SAS,
    cases_waited_for,
    missing_of_alarm,
    unanswered_alerts,
)
from handlers.alerts import may_see
from handlers.case_handling import Desk, may, missing_for_closing
from handlers.case_records import RegisterEntry, RegisterSender
from handlers.domain.case import Case, CaseStatus
from handlers.domain.deadline import local_date
from handlers.domain.people import Organisation, Person
from handlers.domain.risk import Likelihood, RiskAssessment, Severity
from handlers.permissions import Action as Right
from handlers.records import Alert, CaseEvent, Letter, ReportFile, StoredAttachment
from handlers.registering import entry_of, sender_of
from handlers.team import can_have
from storage.unit_of_work import SqlUnitOfWork

DAYS_OF_WARNING = 9
_RELATIONS = frozenset({"may_belong", "may_belong_later", "continues", "continues_later"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    case: Case
    unit: str
    category: str
    next_step: str  # a text key
    lateness: str  # late, soon, or empty
    days_left: int
    alarmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskCell:
    likelihood: int
    score: int
    level: str  # low, medium, high; words stand beside every colour


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskRow:
    severity: int
    cells: tuple[RiskCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedCase:
    """A case that a letter may belong to, or goes on from, as a person has to judge."""

    text: str
    case_id: str  # empty when this person has no right to open it


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    case: Case
    unit: str
    category: str
    next_step: str
    next_due: date
    lateness: str
    days_left: int
    answers: tuple[AnswerLine, ...]
    letters: tuple[Letter, ...]
    attachments: tuple[StoredAttachment, ...]
    report_files: tuple[ReportFile, ...]
    previewed: frozenset[int]  # ids of those that are shown as small pictures
    related: tuple[RelatedCase, ...]
    register: RegisterEntry | None
    register_sender: RegisterSender | None  # for those who may see reporters
    alerts: tuple[Alert, ...]
    events: tuple[EventLine, ...]
    people: tuple[Person, ...]
    units: tuple[tuple[str, str], ...]
    categories: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]
    unanswered: tuple[Alert, ...]  # alerts that closing waits for
    may_close_short: bool  # without investigation, as far as an alarm allows
    matrix: tuple[RiskRow, ...]
    names: dict[str, str]
    rights: frozenset[str]  # what this person may do with it, of handlers.permissions.Action
    own_alerts: frozenset[str]  # ids of those that this person may acknowledge


def list_rows(
    services: Services, uow: SqlUnitOfWork, cases: Sequence[Case], today: date, language: str
) -> list[CaseRow]:
    waited_for = cases_waited_for(uow)
    return [
        CaseRow(
            case=case,
            unit=_unit_name(uow.organisation, case),
            category=category_label(services, case.category, language),
            next_step=next_step(services, case, waited_for, today)[0],
            lateness=_lateness(case, today),
            days_left=(case.target_on - today).days,
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


def case_view(
    services: Services, uow: SqlUnitOfWork, case: Case, person: Person, language: str
) -> CaseView:
    organisation = uow.organisation
    today = local_date(services.clock())
    desk = _desk(services, uow, case, person)
    unanswered = unanswered_alerts(uow, case)
    waited_for = frozenset({case.id} if unanswered else ())
    beyond = gates.beyond_the_case(uow, case, by_mas=True)
    step, due_on = next_step(services, case, waited_for, today, beyond)
    alerts_of_case = tuple(
        one for one in uow.alerts.of_case(case.id) if person.id not in involved_in(uow, one)
    )
    events = told_of(uow, uow.cases.events(case.id), person.id)
    files = tuple(uow.letters.attachments_of(case.id))
    names = {one.id: one.name for one in (*organisation.people, organisation.fallback)}
    return CaseView(
        case=case,
        unit=_unit_name(organisation, case),
        category=category_label(services, case.category, language),
        next_step=step,
        next_due=due_on,
        lateness=_lateness(case, today),
        days_left=(case.target_on - today).days,
        answers=_answers(services, desk, case, language),
        letters=_letters(uow, case, named=may(desk, Right.SEE_REPORTER, case)),
        attachments=files,
        report_files=tuple(uow.report_files.of_case(case.id)),
        previewed=frozenset(file.id for file in files if is_previewed(file)),
        related=_related(services, desk, events, language),
        register=entry_of(uow, case.id),
        register_sender=_register_sender(desk, case),
        alerts=alerts_of_case,
        events=folded_lines(services, organisation, events, names, language),
        people=_people(organisation, case, today),
        units=tuple((unit.id, unit.name) for unit in organisation.current_units(today)),
        categories=_offered(services, language),
        missing=missing_for_closing(desk, case),
        unanswered=unanswered,
        may_close_short=BY_MAS_OR_SAS not in missing_of_alarm(desk, case, investigated=False),
        matrix=risk_matrix(),
        names=names,
        rights=frozenset(str(right) for right in Right if may(desk, right, case)),
        own_alerts=frozenset(
            one.id for one in alerts_of_case if may_see(uow, one, person.id, desk.now)
        ),
    )


def _desk(services: Services, uow: SqlUnitOfWork, case: Case, person: Person) -> Desk:
    return Desk(
        uow=uow,
        municipality=services.municipality,
        person_id=person.id,
        now=services.clock(),
        case_id=case.id,
    )


def _people(organisation: Organisation, case: Case, today: date) -> tuple[Person, ...]:
    """Return who can be given something to do: at work here, and not involved."""
    return tuple(p for p in organisation.people if can_have(organisation, case, p.id, today))


def _offered(services: Services, language: str) -> tuple[tuple[str, str], ...]:
    swedish = language == "sv"
    offered = services.taxonomy.offered
    return tuple((one.code, one.label if swedish else one.label_en) for one in offered)


def _letters(uow: SqlUnitOfWork, case: Case, *, named: bool) -> tuple[Letter, ...]:
    """Return the letters; who wrote is for those who answer for the case."""
    letters = tuple(uow.letters.of_case(case.id))
    if named:
        return letters
    return tuple(replace(one, sender_address="", sender_name="–") for one in letters)


def _related(
    services: Services, desk: Desk, events: Sequence[CaseEvent], language: str
) -> tuple[RelatedCase, ...]:
    say = services.municipality.catalogue.get
    found = []
    for event in events:
        if event.kind in _RELATIONS:
            other = desk.uow.cases.find_number(event.values["number"])
            may_open = other is not None and may(desk, Right.OPEN, other)
            text = say(f"event.{event.kind}", language, **event.values)
            found.append(RelatedCase(text=text, case_id=other.id if other and may_open else ""))
    return tuple(found)


def _register_sender(desk: Desk, case: Case) -> RegisterSender | None:
    if not may(desk, Right.SEE_REPORTER, case):
        return None
    return sender_of(desk.uow, case.id)


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


def risk_matrix() -> tuple[RiskRow, ...]:
    """Return the 4×4 table, worst row first; the levels are those of handlers.domain.risk."""
    return tuple(
        RiskRow(
            severity=int(severity),
            cells=tuple(_risk_cell(severity, likelihood) for likelihood in Likelihood),
        )
        for severity in reversed(Severity)
    )


def _risk_cell(severity: Severity, likelihood: Likelihood) -> RiskCell:
    judged = RiskAssessment(
        severity=severity,
        likelihood=likelihood,
        assessed_by="",
        assessed_at=datetime.min.replace(tzinfo=UTC),
    )
    level = "high" if judged.alerts_mas else "low" if judged.is_low else "medium"
    return RiskCell(likelihood=int(likelihood), score=judged.score, level=level)


def _unit_name(organisation: Organisation, case: Case) -> str:
    unit = organisation.unit(case.unit_id)
    return unit.name if unit else "–"


def _lateness(case: Case, today: date) -> str:
    if not case.is_open:
        return ""
    left = (case.target_on - today).days
    if left < 0:
        return "late"
    return "soon" if left <= DAYS_OF_WARNING else ""


def _answers(services: Services, desk: Desk, case: Case, language: str) -> tuple[AnswerLine, ...]:
    hidden = frozenset() if may(desk, Right.SEE_REPORTER, case) else NAMING
    reports = desk.uow.reports.all_of_case(case.id)
    lines = [answer_lines(services, report, language, hidden=hidden) for report in reports]
    return tuple(line for some in lines for line in some)
