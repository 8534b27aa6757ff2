"""What the page of one case shows, as far as the person who looks may know it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from bot.app import Services
from bot.pictures import is_previewed
from bot.web.answer_lines import NAMING, AnswerLine, answer_lines
from bot.web.event_lines import EventLine, folded_lines
from bot.web.viewmodels import category_label, lateness, next_step, unit_name
from handlers import gates
from handlers.access import involved_in, told_of
from handlers.alarm_gate import BY_MAS_OR_SAS, missing_of_alarm, unanswered_alerts
from handlers.alert_chain import looks, may_see
from handlers.case_handling import Desk, may, missing_for_closing
from handlers.case_records import RegisterEntry, RegisterSender
from handlers.domain.case import Case
from handlers.domain.deadline import local_date
from handlers.domain.people import Organisation, Person
from handlers.domain.risk import Likelihood, RiskAssessment, Severity
from handlers.kinds import may_see_reporter
from handlers.permissions import Action as Right
from handlers.records import Alert, CaseEvent, Letter, ReportFile, StoredAttachment
from handlers.registering import entry_of, sender_of
from handlers.same_person import lines_for
from handlers.team import can_have
from handlers.work_items import items_of
from storage.unit_of_work import SqlUnitOfWork

_RELATIONS = frozenset({"may_belong", "may_belong_later", "continues", "continues_later"})


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
class Reported:
    """What came in, as far as this person may know who said it."""

    answers: tuple[AnswerLine, ...]
    letters: tuple[Letter, ...]
    attachments: tuple[StoredAttachment, ...]
    report_files: tuple[ReportFile, ...]
    previewed: frozenset[int]  # ids of those that are shown as small pictures


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the forms of the page offer."""

    people: tuple[Person, ...]
    units: tuple[tuple[str, str], ...]
    categories: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What stands between the case and its end."""

    missing: tuple[str, ...]
    unanswered: tuple[Alert, ...]  # alerts that closing waits for
    may_be_short: bool  # without investigation, as far as an alarm allows


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    case: Case
    unit: str
    category: str
    next_step: str  # empty: nothing is asked of this person
    next_due: date
    lateness: str
    answer_days_late: int | None  # None: nobody was promised an answer
    days_left: int
    reported: Reported
    related: tuple[RelatedCase, ...]
    register: RegisterEntry | None
    register_sender: RegisterSender | None  # for those who may see reporters
    alerts: tuple[Alert, ...]
    events: tuple[EventLine, ...]
    choices: Choices
    closing: Closing
    matrix: tuple[RiskRow, ...]
    names: dict[str, str]
    rights: frozenset[str]  # what this person may do with it, of handlers.permissions.Action
    looks: bool  # whether this person's look is the look of MAS or SAS
    own_alerts: frozenset[str]  # ids of those that this person may acknowledge


def case_view(
    services: Services, uow: SqlUnitOfWork, case: Case, person: Person, language: str
) -> CaseView:
    organisation = uow.organisation
    desk = _desk(services, uow, case, person)
    today = local_date(desk.now)
    closing = _closing(desk, case)
    step, due_on = _next_step_on_page(services, desk, case, closing)
    alerts = tuple(a for a in uow.alerts.of_case(case.id) if person.id not in involved_in(uow, a))
    events = lines_for(desk, told_of(uow, uow.cases.events(case.id), person.id))
    names = {one.id: one.name for one in (*organisation.people, organisation.fallback)}
    return CaseView(
        case=case,
        unit=unit_name(organisation, case),
        category=category_label(services, case.category, language),
        next_step=step,
        next_due=due_on,
        lateness=lateness(case, today),
        answer_days_late=case.answer_days_late(today),
        days_left=(case.due_on - today).days,
        reported=_reported(services, uow, desk, case, language),
        related=_related(services, desk, events, language),
        register=entry_of(uow, case.id),
        register_sender=_register_sender(desk, case),
        alerts=alerts,
        events=folded_lines(services, organisation, events, names, language),
        choices=_choices(services, organisation, case, today, language),
        closing=closing,
        matrix=risk_matrix(),
        names=names,
        rights=frozenset(str(right) for right in Right if may(desk, right, case)),
        looks=any(looks(uow, one, person.id, desk.now) for one in alerts),
        own_alerts=frozenset(a.id for a in alerts if may_see(uow, a, person.id, desk.now)),
    )


def _closing(desk: Desk, case: Case) -> Closing:
    return Closing(
        missing=missing_for_closing(desk, case),
        unanswered=unanswered_alerts(desk.uow, case),
        may_be_short=BY_MAS_OR_SAS not in missing_of_alarm(desk, case, investigated=False),
    )


def _next_step_on_page(
    services: Services, desk: Desk, case: Case, closing: Closing
) -> tuple[str, date]:
    if may(desk, Right.INVESTIGATE, case) and not may(desk, Right.WORK, case):
        return _own_step(desk, case)
    waited_for = frozenset({case.id} if closing.unanswered else ())
    beyond = gates.beyond_the_case(desk.uow, case, by_mas=True, today=desk.today)
    return next_step(services, case, waited_for, local_date(desk.now), beyond)


def _own_step(desk: Desk, case: Case) -> tuple[str, date]:
    """Return what is asked of somebody who is asked in; empty when all of it is done."""
    mine = [
        one
        for one in items_of(desk.uow, desk.municipality, desk.person_id, desk.now)
        if one.case.id == case.id
    ]
    first = min(mine, key=lambda one: one.due_on, default=None)
    return (f"todo.{first.kind}", first.due_on) if first else ("", case.target_on)


def _reported(
    services: Services, uow: SqlUnitOfWork, desk: Desk, case: Case, language: str
) -> Reported:
    files = tuple(uow.letters.attachments_of(case.id))
    return Reported(
        answers=_answers(services, desk, case, language),
        letters=_letters(desk, case),
        attachments=files,
        report_files=tuple(uow.report_files.of_case(case.id)),
        previewed=frozenset(file.id for file in files if is_previewed(file)),
    )


def _choices(
    services: Services, organisation: Organisation, case: Case, today: date, language: str
) -> Choices:
    return Choices(
        people=_people(organisation, case, today),
        units=tuple((unit.id, unit.name) for unit in organisation.current_units(today)),
        categories=_offered(services, language),
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


def _letters(desk: Desk, case: Case) -> tuple[Letter, ...]:
    """Return the letters; who wrote is for those who answer for the case."""
    letters = tuple(desk.uow.letters.of_case(case.id))
    if may_see_reporter(desk, case):
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
    if not may_see_reporter(desk, case):
        return None
    return sender_of(desk.uow, case.id)


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


def _answers(services: Services, desk: Desk, case: Case, language: str) -> tuple[AnswerLine, ...]:
    hidden = frozenset() if may_see_reporter(desk, case) else NAMING
    reports = desk.uow.reports.all_of_case(case.id)
    lines = [answer_lines(services, report, language, hidden=hidden) for report in reports]
    return tuple(line for some in lines for line in some)
