"""The deeds of a case beyond the ordinary ones: whys, laws, tracks, team, others, endings."""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

from handlers import (
    advice,
    answer_pages,
    asides,
    case_handling,
    complaints,
    dismissing,
    duplicates,
    exchanges,
    investigation,
    kinds,
    same_person,
    shielding,
    team,
    tracks,
)
from handlers.case_records import AnswerQuality, AnswerWay, Forum, PartyKind, Profession
from handlers.desk import Desk
from handlers.domain.case import Case, CaseKind, Effect
from handlers.domain.injury import InformPoint, InjuryClass, MisconductDegree
from handlers.domain.moves import Machine
from handlers.errors import UserFault

Entered = Mapping[str, str]
Deed = Callable[[Desk, Entered], Case]
Kind = TypeVar("Kind", bound=StrEnum)


def _one_of(kind: type[Kind], text: str) -> Kind:
    if text not in set(kind):
        raise UserFault("fault.bad_input")
    return kind(text)


def _perhaps(kind: type[Kind], text: str) -> Kind | None:
    return _one_of(kind, text) if text else None


def _day(text: str, fault: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UserFault(fault) from error


def several(entered: Entered, name: str) -> list[str]:
    """Return what was ticked: boxes are named name-value, so that each stands for itself."""
    return [key.removeprefix(f"{name}-") for key in entered if key.startswith(f"{name}-")]


def _whys(desk: Desk, entered: Entered) -> Case:
    whys = [entered.get(f"why-{number}", "") for number in range(1, 6)]
    return investigation.answer_whys(desk, cause_id=entered.get("cause_id", ""), whys=whys)


def _effect(desk: Desk, entered: Entered) -> Case:
    return investigation.check_effect(
        desk,
        action_id=entered.get("action_id", ""),
        helped=_one_of(Effect, entered.get("helped", "")),
        text=entered.get("text", ""),
    )


def _classify(desk: Desk, entered: Entered) -> Case:
    return investigation.classify(
        desk,
        injury=_perhaps(InjuryClass, entered.get("injury", "")),
        misconduct=_perhaps(MisconductDegree, entered.get("misconduct", "")),
    )


def _inform(desk: Desk, entered: Entered) -> Case:
    points = [_one_of(InformPoint, point) for point in several(entered, "point")]
    return investigation.inform(
        desk,
        points=points,
        told_whom=entered.get("told_whom", ""),
        noted_in_record="noted" in entered,
    )


def _snooze(desk: Desk, entered: Entered) -> Case:
    until_on = _day(entered.get("until_on", ""), "fault.snooze_too_long")
    return case_handling.snooze(desk, until_on=until_on, reason=entered.get("reason", ""))


def _start_track(desk: Desk, entered: Entered) -> Case:
    machine = _track(entered)
    return tracks.start(desk, machine, reason=entered.get("reason", ""))


def _take_step(desk: Desk, entered: Entered) -> Case:
    machine = _track(entered)
    try:
        to = tracks.step_of(machine, entered.get("to", ""))
    except ValueError as error:
        raise UserFault("fault.bad_input") from error
    return tracks.take_step(
        desk,
        machine,
        to,
        reason=entered.get("reason", ""),
        investigator_id=entered.get("investigator_id", ""),
    )


def _take_back(desk: Desk, entered: Entered) -> Case:
    return tracks.take_back(desk, _track(entered), reason=entered.get("reason", ""))


def _name_investigator(desk: Desk, entered: Entered) -> Case:
    return tracks.name_investigator(
        desk,
        investigator_id=entered.get("investigator_id", ""),
        reason=entered.get("reason", ""),
    )


def _track(entered: Entered) -> Machine:
    machine = _one_of(Machine, entered.get("track", ""))
    if machine == Machine.CASE:
        raise UserFault("fault.bad_input")
    return machine


def _answer(desk: Desk, entered: Entered) -> Case:
    given = complaints.Answer(
        explanation=entered.get("explanation", ""),
        measures=entered.get("measures", ""),
        about_person="nobody" not in entered,
        way=_one_of(AnswerWay, entered.get("way", "")),
        code=entered.get("code", ""),
    )
    return complaints.answer(desk, given)


def _named(entered: Entered) -> tuple[str, ...]:
    """Return who was chosen as involved; nobody: those who manage the unit."""
    one = entered.get("involved", "")
    return (one,) if one else ()


def _renew_answer(desk: Desk, entered: Entered) -> Case:
    return answer_pages.renew(
        desk,
        answer_id=entered.get("answer_id", ""),
        way=_one_of(AnswerWay, entered.get("way", "")),
        code=entered.get("code", ""),
    )


def _dismiss(desk: Desk, entered: Entered) -> Case:
    return dismissing.propose_dismissal(
        desk, code=entered.get("code", ""), reason=entered.get("reason", "")
    )


def _kind(desk: Desk, entered: Entered) -> Case:
    kind = _one_of(CaseKind, entered.get("kind", ""))
    return kinds.change_kind(desk, kind=kind, reason=entered.get("reason", ""))


def _merge_other(desk: Desk, entered: Entered) -> Case:
    other = duplicates.find_other(desk, entered.get("number", ""))
    return duplicates.merge(desk, into_id=other.id, reason=entered.get("reason", ""))


def _invite(desk: Desk, entered: Entered) -> Case:
    profession = _one_of(Profession, entered.get("profession", "") or Profession.OTHER)
    return team.invite(desk, person_id=entered.get("person_id", ""), profession=profession)


def _task(desk: Desk, entered: Entered) -> Case:
    return team.add_task(
        desk,
        text=entered.get("text", ""),
        owner_id=entered.get("owner_id", ""),
        due_on=_day(entered.get("due_on", ""), "fault.action_incomplete"),
    )


def _exchange(desk: Desk, entered: Entered) -> Case:
    begin = exchanges.was_asked if entered.get("direction") == "in" else exchanges.ask
    kind = _one_of(PartyKind, entered.get("party_kind", ""))
    return begin(
        desk,
        party_kind=kind,
        party=entered.get("party_unit" if kind == PartyKind.UNIT else "party", ""),
        address=entered.get("address", ""),
        reference=entered.get("reference", ""),
    )


def _exchange_answer(desk: Desk, entered: Entered) -> Case:
    return exchanges.answered(
        desk,
        exchange_id=entered.get("exchange_id", ""),
        answer=entered.get("answer", ""),
        quality=_perhaps(AnswerQuality, entered.get("quality", "")),
        told_otherwise="otherwise" in entered,
    )


DEEDS: Mapping[str, Deed] = {
    "varfor": _whys,
    "hjalpte": _effect,
    "lag": _classify,
    "lagar": lambda desk, e: investigation.change_legal_areas(
        desk, legal_areas=several(e, "law"), reason=e.get("reason", "")
    ),
    "informera": _inform,
    "gar-inte-informera": lambda desk, e: investigation.cannot_inform(
        desk, reason=e.get("reason", "")
    ),
    "skjut-upp": _snooze,
    "skydda": lambda desk, e: shielding.shield(desk, named=_named(e)),
    "inte-inblandad": lambda desk, e: shielding.take_back(
        desk, person_id=e.get("involved", ""), reason=e.get("reason", "")
    ),
    "slapp": lambda desk, _: shielding.release(desk),
    "haev-skydd": lambda desk, e: shielding.unshield(
        desk, reason=e.get("reason", ""), sure="sure" in e
    ),
    "fraga": lambda desk, e: asides.answer(
        desk, question=e.get("question", ""), said=e.get("answer", "")
    ),
    "rad": lambda desk, e: advice.ask_mas(desk, question=e.get("question", "")),
    "rad-svar": lambda desk, e: advice.answer(
        desk, question_id=e.get("question_id", ""), text=e.get("text", "")
    ),
    "spar": _take_step,
    "spar-borja": _start_track,
    "spar-angra": _take_back,
    "spar-utredare": _name_investigator,
    "bekrafta": lambda desk, _: complaints.confirm(desk),
    "svara": _answer,
    "ny-kod": _renew_answer,
    "framme": lambda desk, e: answer_pages.delivered(
        desk, answer_id=e.get("answer_id", ""), how=e.get("how", "")
    ),
    "arbetsmiljo": lambda desk, e: dismissing.propose_handing_on(
        desk, reference=e.get("reference", ""), reason=e.get("reason", "")
    ),
    "skriv-av": _dismiss,
    "skriv-av-ja": lambda desk, _: dismissing.confirm_dismissal(desk),
    "skriv-av-nej": lambda desk, _: dismissing.refuse_dismissal(desk),
    "samma": lambda desk, e: duplicates.merge(desk, into_id=e.get("other_id", "")),
    "slag": _kind,
    "samma-annat": _merge_other,
    "inte-samma": lambda desk, e: duplicates.not_the_same(desk, other_id=e.get("other_id", "")),
    "angra-samma": lambda desk, _: duplicates.undo_merge(desk),
    "samma-person": lambda desk, e: same_person.join(desk, other_id=e.get("other_id", "")),
    "inte-samma-person": lambda desk, _: same_person.leave(desk),
    "bjud-in": _invite,
    "kommentar": lambda desk, e: team.comment(desk, text=e.get("text", "")),
    "uppgift": _task,
    "uppgift-klar": lambda desk, e: team.finish_task(desk, task_id=e.get("task_id", "")),
    "mote": lambda desk, e: team.put_on_agenda(desk, forum=_one_of(Forum, e.get("forum", ""))),
    "mote-klart": lambda desk, e: team.discussed(
        desk, item_id=e.get("item_id", ""), text=e.get("text", "")
    ),
    "mellan": _exchange,
    "mellan-svar": _exchange_answer,
}
