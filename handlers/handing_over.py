"""What is handed over and is no case: SBAR to the nurse, matters of the work environment.

It is read by whoever has the link and is logged in, and erased after a set time.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from handlers import notices
from handlers.dialogue.state import DialogueState, SummaryLine
from handlers.domain.deadline import local_date
from handlers.domain.people import Person, Role
from handlers.domain.report import Answer
from handlers.involved import is_about_manager, managing
from handlers.municipality import Municipality
from handlers.ports import TextAnalysis, UnitOfWork
from handlers.records import AuditEvent, Draft, Handover

NURSE = "nurse"
WORK = "work"
WORK_PREFIX = "AM"  # arbetsmiljö


def hand_over(
    uow: UnitOfWork,
    draft: Draft,
    lines: Iterable[SummaryLine],
    now: datetime,
    municipality: Municipality,
    *,
    form_id: str = "",
    analysis: TextAnalysis | None = None,
) -> Handover:
    """Keep what a finished form says and tell who is to read it; once for each draft and form.

    A matter that is about the manager, or may be by what `analysis` found, goes past the manager,
    and past those above whom it names or points at.
    """
    form_id = form_id or draft.state.form_id
    key = f"{draft.id}/{form_id}"
    if made := uow.handovers.where(draft_id=key):
        return made[0]
    for_nurse = form_id == NURSE
    told = tuple((line.label, line.answer) for line in lines)
    past_manager = not for_nurse and is_about_manager(draft.state.answers, analysis)
    found = Handover(
        id=municipality.new_id(),
        number="" if for_nurse else uow.cases.next_number(WORK_PREFIX, local_date(now).year),
        form_id=form_id,
        draft_id=key,
        unit_id=_unit_id(draft.state),
        language=draft.state.language,
        lines=told,
        created_at=now,
        channel="" if for_nurse else draft.channel,
        address="" if for_nurse else draft.conversation_id,
        past_manager=past_manager,
        past_above_ids=_above(uow, draft, told, now, analysis) if past_manager else (),
        erase_at=now + _kept_for(form_id, municipality),
    )
    uow.handovers.add(found)
    _tell(uow, found, now, municipality)
    return found


def _kept_for(form_id: str, municipality: Municipality) -> timedelta:
    if form_id == NURSE:
        return timedelta(hours=municipality.handover_hours)
    return timedelta(days=municipality.work_days)


def open_handover(
    uow: UnitOfWork, handover_id: str, person_id: str, now: datetime
) -> Handover | None:
    """Return what was handed over, while it is kept, and note who read it."""
    found = uow.handovers.find(handover_id)
    if found is None or found.erase_at <= now:
        return None
    if found.past_manager and person_id in _managers(uow, found, local_date(now)):
        return None
    values = {"handover": found.id, "form": found.form_id}
    uow.audit.add(AuditEvent(at=now, actor_id=person_id, kind="handover_read", values=values))
    return found


def own_handovers(
    uow: UnitOfWork, conversation_id: str, person_id: str, now: datetime
) -> list[Handover]:
    """Return what a person has handed over and may still see, newest first."""
    drafts = uow.drafts.of_owner(conversation_id, person_id)
    keys = {f"{draft.id}/{form_id}" for draft in drafts for form_id in (NURSE, WORK)}
    found = {one.id: one for key in keys for one in uow.handovers.where(draft_id=key)}
    if conversation_id:  # a matter is kept longer than its draft
        found |= {one.id: one for one in uow.handovers.where(address=conversation_id)}
    kept = (one for one in found.values() if one.erase_at > now)
    return sorted(kept, key=lambda one: one.created_at, reverse=True)


def _tell(uow: UnitOfWork, found: Handover, now: datetime, municipality: Municipality) -> None:
    if found.form_id == NURSE:
        if municipality.nurse_email:
            nurse = Person(id=NURSE, name="", email=municipality.nurse_email)
            unit = uow.organisation.unit(found.unit_id)
            name = unit.name if unit else ""
            notices.queue(uow, notices.handed_over(found, nurse, municipality, name), now)
        return
    receiver = chain_of(uow, found, local_date(now))[0]
    notices.queue(uow, notices.handed_over(found, receiver, municipality), now)


def chain_of(uow: UnitOfWork, found: Handover, day: date) -> tuple[Person, ...]:
    """Return whose a matter of the work environment is, nearest first; never empty.

    What is about the manager is for those above, and what is about them too for SAS or MAS; what
    has no unit is for the registrator.
    """
    organisation = uow.organisation
    if organisation.unit(found.unit_id) is None:
        return (*organisation.holders(Role.REGISTRATOR, "", day), organisation.fallback)
    if found.past_manager:
        return organisation.shielded_chain(found.unit_id, day, _managers(uow, found, day))
    return organisation.unit_chain(found.unit_id, day)


def _managers(uow: UnitOfWork, found: Handover, day: date) -> frozenset[str]:
    days = {local_date(found.created_at), day}
    manage = uow.organisation.everyone_managing
    own = frozenset(one for on in days for one in manage(found.unit_id, on))
    return own.union(found.past_above_ids)


def _above(
    uow: UnitOfWork,
    draft: Draft,
    told: Iterable[tuple[str, str]],
    now: datetime,
    analysis: TextAnalysis | None,
) -> tuple[str, ...]:
    """Return the managers above whom a matter is about, as of a case: by its words or signs."""
    organisation, day = uow.organisation, local_date(now)
    unit_id, words = _unit_id(draft.state), " ".join(answer for _, answer in told)
    signs = analysis.signs if analysis else ()
    involved = managing(organisation, unit_id, day, signs, words)
    return tuple(sorted(involved.intersection(organisation.everyone_above(unit_id, day))))


def _unit_id(state: DialogueState) -> str:
    answer = state.answers.get("where", Answer())
    return answer.value if answer.is_known else ""
