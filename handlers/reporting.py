"""From a finished dialogue to a case that somebody is told of, in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from handlers import alerts, concerns, notices, team
from handlers.chairs import organisation_of
from handlers.domain.case import FROM_OUTSIDE, Case, CaseKind, CaseStatus
from handlers.domain.deadline import add_working_days, local_date
from handlers.domain.people import Person, Role, laws_of_event, with_social_law
from handlers.domain.report import UNKNOWN, Answer, Report, Reporter
from handlers.involved import MANAGER_INVOLVED, is_about_manager, managing
from handlers.municipality import Municipality
from handlers.ports import TextAnalysis, UnitOfWork
from handlers.records import CaseEvent, Draft
from handlers.registering import Outsider, register

HARM_OF_ANSWER = {
    "nobody": "no",
    "mild": "mild",
    "care": "care",
    "hospital": "hospital",
    "death": "death",
}
_PREFIXES = {CaseKind.DEVIATION: "AVV", CaseKind.RISK: "AVV"}
_OTHER_PREFIX = "SYN"  # views and complaints
RISK, MISCONDUCT = "risk", "misconduct"  # forms
PASSED_ON, SUGGESTION = "passed_on", "suggestion"
_KIND_FROM_OUTSIDE = {
    "complaint": CaseKind.COMPLAINT,
    PASSED_ON: CaseKind.COMPLAINT,
    SUGGESTION: CaseKind.SUGGESTION,
}
WHO_SAID = "who"  # the question of the form for what somebody else has told
IDENTITY = "identity"  # the question of who may know who reports; hidden unless "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """What is known when a case is opened, whatever door it came through."""

    kind: CaseKind
    category: str
    category_source: str
    unit_id: str
    harm: str
    analysis: TextAnalysis
    title: str = ""
    words: str = ""  # as written, to see who is named
    reporter_reachable: bool = True
    has_receipt: bool = True  # one is given with the case; else a person has to confirm
    manager_involved: bool = False
    held: bool = False  # the text may be about the manager, and nobody has looked yet
    involved: frozenset[str] = frozenset()  # hidden from them too, when it is hidden
    actor_id: str = "reporter"
    outsider: Outsider | None = None  # whom it came from, when it goes into the register


def submit_report(
    uow: UnitOfWork,
    draft: Draft,
    analysis: TextAnalysis,
    now: datetime,
    municipality: Municipality,
    *,
    code_hash: str = "",
    told_at: datetime | None = None,
) -> Case:
    """Make the case of a finished draft.

    The draft's id is unique among reports: sending a draft twice is refused by the store, and the
    caller answers with the first receipt. With `code_hash` the report is anonymous, `now` is its
    hour, and its alerts go out at `told_at`.
    """
    answers = draft.state.answers
    if draft.state.form_id == MISCONDUCT:
        analysis = _as_misconduct(analysis, municipality)
    case = open_case(uow, _new_case(draft, analysis), now, municipality)
    report = Report(
        id=municipality.new_id(),
        draft_id=draft.id,
        form_id=draft.state.form_id,
        form_version=draft.state.form_version,
        reporter=_reporter(draft, code_hash),
        answers=answers,
        submitted_at=now,
    )
    uow.reports.add(report, case.id)
    uow.alerts.attach_draft(draft.id, case.id)
    found = concerns.concerns_of_report(
        case, analysis, municipality, answers=answers, guessed=draft.state.guessed
    )
    if code_hash:
        found += concerns.concerns_of_silence(case, found, municipality)
    alerts.raise_for_case(uow, case, found, "report", now, municipality, told_at=told_at)
    return case


def _new_case(draft: Draft, analysis: TextAnalysis) -> NewCase:
    """Return what a finished draft says of its case; the person's word goes before the model's."""
    answers, form_id = draft.state.answers, draft.state.form_id
    chosen = answers.get("category", Answer())
    suggested = draft.state.suggestions or ()
    best = suggested[0] if suggested else analysis.suggestions[0].category
    return NewCase(
        kind=_kind(form_id, analysis),
        category=chosen.value if chosen.is_known else best,
        category_source=_category_source(draft, best),
        unit_id=_unit_id(answers),
        harm="no" if form_id == RISK else _harm(answers),
        analysis=analysis,
        words="\n".join(answer.text for answer in answers.values()),
        manager_involved=answers.get(MANAGER_INVOLVED, Answer()).value == "yes",
        held=is_about_manager(answers, analysis),
        outsider=_outsider(draft),
    )


def open_case(uow: UnitOfWork, new: NewCase, now: datetime, municipality: Municipality) -> Case:
    """Number, store and register a case and tell the person who is to receive it."""
    case = _numbered(uow, new, now, municipality)
    uow.cases.add(case)
    uow.cases.add_event(
        CaseEvent(
            case_id=case.id,
            at=now,
            actor_id=new.actor_id,
            kind="opened",
            values=_suggestion(new),
        )
    )
    if new.outsider is not None:
        register(uow, case, new.outsider, now, municipality)
    receiver = receiver_of(uow, case, now)
    notices.queue(uow, notices.new_case(case, receiver, municipality), now)
    team.invite_by_rule(uow, case, now, municipality)
    return case


def _suggestion(new: NewCase) -> dict[str, str]:
    """Return what the model thought the case is about; what it becomes may be another's choice."""
    if not new.category_source or not new.analysis.suggestions:
        return {}
    best = new.analysis.suggestions[0]
    return {"suggested": best.category, "probability": f"{best.probability:.2f}"}


def _numbered(uow: UnitOfWork, new: NewCase, now: datetime, municipality: Municipality) -> Case:
    """Return the case under the year's next number, with its clocks."""
    received_on = local_date(now)
    hidden = new.manager_involved or new.held
    look_on = add_working_days(received_on, 1, municipality.is_working_day)
    prefix = _PREFIXES.get(new.kind, _OTHER_PREFIX)
    return Case(
        id=municipality.new_id(),
        number=uow.cases.next_number(prefix, received_on.year),
        kind=new.kind,
        status=CaseStatus.RECEIVED,
        category=new.category,
        category_source=new.category_source,
        unit_id=new.unit_id,
        received_at=now,
        received_on=received_on,
        target_on=municipality.target_for(received_on),
        title=new.title,
        harm=new.harm,
        legal_areas=_laws_of_report(uow, new.analysis, new.unit_id),
        possible_medical_harm=new.analysis.possible_medical_harm,
        possible_misconduct=new.analysis.possible_misconduct,
        model_version=new.analysis.model_version,
        signs=new.analysis.signs,
        reporter_reachable=new.reporter_reachable,
        confirm_on=municipality.confirm_for(new.kind, received_on),
        confirmed_at=now if new.reporter_reachable and new.has_receipt else None,
        answer_on=municipality.answer_clock(new.kind, received_on),
        manager_involved=hidden,
        manager_involved_ids=_involved(uow, new, received_on) if hidden else (),
        look_on=look_on if new.held and not new.manager_involved else None,
    )


def _involved(uow: UnitOfWork, new: NewCase, day: date) -> tuple[str, ...]:
    organisation = uow.organisation
    those = managing(organisation, new.unit_id, day, new.analysis.signs, new.words)
    return tuple(sorted(those | new.involved))


def _laws_of_report(uow: UnitOfWork, analysis: TextAnalysis, unit_id: str) -> tuple[str, ...]:
    """Return the laws of a new event: possible misconduct is of SoL or LSS, too."""
    unit = uow.organisation.unit(unit_id)
    laws = analysis.legal_areas
    return with_social_law(laws, unit) if analysis.possible_misconduct else laws


def receiver_of(uow: UnitOfWork, case: Case, now: datetime) -> Person:
    """Return who is to act on a case now: the unit's manager or deputy, else up the chain.

    With nobody there it is MAS or SAS, by the laws of the whole event.

    A case without a unit goes to the registrator, who finds the right one.
    """
    day, involved = local_date(now), case.manager_involved_ids
    organisation = organisation_of(uow, case, day)
    if case.is_held:
        return organisation.looking_chain(
            case.unit_id, day, involved, from_outside=case.kind in FROM_OUTSIDE
        )[0]
    if case.manager_involved:
        return organisation.shielded_chain(case.unit_id, day, involved)[0]
    unit = organisation.unit(case.unit_id)
    if unit is None:
        return (*organisation.holders(Role.REGISTRATOR, "", day), organisation.fallback)[0]
    return organisation.case_chain(unit.id, laws_of_event(case.reports_laws, unit), day)[0]


def _outsider(draft: Draft) -> Outsider | None:
    """Return who said it; None for what our own staff report or suggest themselves.

    A web conversation has no address that a register could state.
    """
    form_id = draft.state.form_id
    if form_id not in _KIND_FROM_OUTSIDE or (form_id == SUGGESTION and draft.person_id):
        return None
    return Outsider(name=draft.state.answers.get(WHO_SAID, Answer()).text)


def _reporter(draft: Draft, code_hash: str) -> Reporter:
    """Return who reports: nobody at all when the report is anonymous."""
    language = draft.state.language
    if code_hash:
        return Reporter(channel=draft.channel, address="", language=language, code_hash=code_hash)
    asked = draft.state.form_id == MISCONDUCT
    chosen = draft.state.answers.get(IDENTITY, Answer()).value
    ticked = draft.state.answers.get(MANAGER_INVOLVED, Answer()).value == "yes"
    return Reporter(
        channel=draft.channel,
        address=draft.conversation_id,
        person_id=draft.person_id,
        language=language,
        confidential=(asked or ticked) and chosen != "open",
    )


def _as_misconduct(analysis: TextAnalysis, municipality: Municipality) -> TextAnalysis:
    """What is reported as misconduct goes to SAS, whatever the text looks like (A5)."""
    reason = municipality.catalogue.get("alarm.misconduct_reported", "sv")
    reasons = (*analysis.reasons, reason)
    rule_ids = tuple(dict.fromkeys((*analysis.rule_ids, "A5")))
    return replace(analysis, possible_misconduct=True, reasons=reasons, rule_ids=rule_ids)


def _harm(answers: Mapping[str, Answer]) -> str:
    return HARM_OF_ANSWER.get(answers.get("harm", Answer()).value, UNKNOWN)


def _unit_id(answers: Mapping[str, Answer]) -> str:
    answer = answers.get("where", Answer())
    return answer.value if answer.is_known else ""


def _category_source(draft: Draft, best: str) -> str:
    """Return who chose; a suggestion that was unsure and only let stand is the model's own."""
    chosen = draft.state.answers.get("category", Answer())
    unsure = "category" in draft.state.guessed and not draft.state.certain
    if unsure or not chosen.is_known or not chosen.value:
        return "model"
    return "model_accepted" if chosen.value == best else "reporter"


def _kind(form_id: str, analysis: TextAnalysis) -> CaseKind:
    if form_id == MISCONDUCT:
        return CaseKind.DEVIATION
    if form_id not in _KIND_FROM_OUTSIDE:
        is_risk = RISK in (form_id, analysis.kind)
        return CaseKind.RISK if is_risk else CaseKind.DEVIATION
    outside = {CaseKind.COMPLAINT, CaseKind.SUGGESTION, CaseKind.PRAISE}
    return CaseKind(analysis.kind) if analysis.kind in outside else _KIND_FROM_OUTSIDE[form_id]
