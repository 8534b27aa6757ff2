"""The guided investigation: why and why that, did it help, how grave in law, who was told."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from handlers import actions, alerts
from handlers.concerns import concerns_of_rules
from handlers.desk import Desk, may, moved, open_case, required, saved
from handlers.domain.case import Case, CaseStatus, Effect
from handlers.domain.causes import MOST_WHYS, says_nothing
from handlers.domain.injury import (
    Informing,
    InformPoint,
    InjuryClass,
    MisconductDegree,
)
from handlers.domain.moves import Machine
from handlers.domain.text import clean
from handlers.errors import UserFault
from handlers.laws import change_legal_areas as change_legal_areas
from handlers.left_to_do import leave_to_do
from handlers.merged import where_it_lives
from handlers.permissions import Action as Right

TOLD_WHOM = ("patient", "relative", "both")
_ACT_WITHIN = 5  # working days, to choose what to do when an action did not help


def answer_whys(desk: Desk, *, cause_id: str, whys: Sequence[str]) -> Case:
    """Keep up to five answers to "why", from the event down to what failed around the person."""
    case = open_case(desk, Right.INVESTIGATE)
    answers = tuple(text for text in (clean(why) for why in whys) if text)[:MOST_WHYS]
    if not answers:
        raise UserFault("fault.empty_text")
    if says_nothing(answers[-1]):
        raise UserFault("fault.cause_says_nothing")
    if cause_id not in {cause.id for cause in case.causes}:
        raise UserFault("fault.bad_input")
    causes = tuple(replace(c, whys=answers) if c.id == cause_id else c for c in case.causes)
    return saved(desk, replace(case, causes=causes), "whys_answered", count=str(len(answers)))


def check_effect(desk: Desk, *, action_id: str, helped: Effect, text: str = "") -> Case:
    """Say whether a done action helped; also on a closed case, which it does not open.

    What did not help sends a case that is followed up back to acting. When the case has ended,
    whoever answers for it has to choose what to do instead.
    """
    case, found = actions.own_or_worked(desk, action_id)
    if found.done_at is None:
        raise UserFault("fault.action_not_done")
    checked = replace(found, helped=helped, effect=clean(text) or found.effect, checked_at=desk.now)
    case = actions.changed(case, checked)
    if helped == Effect.NOT_HELPED and case.status == CaseStatus.FOLLOWING_UP:
        case = moved(desk, case, CaseStatus.ACTING)
    if helped == Effect.NOT_HELPED and found.helped != helped and not case.is_open:
        main = where_it_lives(desk.uow, case)
        text = desk.municipality.catalogue.get("case.act_again", "sv")
        leave_to_do(desk.uow, main, text, _ACT_WITHIN, desk.now, desk.municipality)
    return saved(desk, case, "effect_checked", helped=helped)


def classify(
    desk: Desk,
    *,
    injury: InjuryClass | None = None,
    misconduct: MisconductDegree | None = None,
) -> Case:
    """Say how grave it is in the words of the law; making it less grave takes MAS or SAS."""
    case = open_case(desk)
    if _makes_less_grave(case, injury, misconduct) and not may(desk, Right.CLOSE_SERIOUS, case):
        raise UserFault("fault.may_not_lower")
    degree = misconduct or case.misconduct
    changed = replace(
        case,
        injury=injury or case.injury,
        misconduct=degree,
        possible_misconduct=case.possible_misconduct
        if misconduct is None or _provider_investigates(desk, case)
        else misconduct != MisconductDegree.NONE,
    )
    values = {"injury": injury or "", "misconduct": misconduct or ""}
    stored = saved(desk, changed, "classified", **{k: v for k, v in values.items() if v})
    _alert(desk, stored, before=case)
    return stored


def _provider_investigates(desk: Desk, case: Case) -> bool:
    """Whether a private provider's own lex Sarah goes on, which SAS sees until it has ended."""
    machine = Machine.LEX_SARAH_PROVIDER
    return bool(desk.uow.work.tracks.where(case_id=case.id, machine=machine, ended_at=None))


def inform(
    desk: Desk,
    *,
    points: Iterable[InformPoint],
    told_whom: str,
    noted_in_record: bool,
) -> Case:
    """Keep which of the six points somebody has been told; points told before stay told."""
    case = open_case(desk)
    if told_whom not in TOLD_WHOM:
        raise UserFault("fault.told_whom")
    before = case.informing or Informing()
    told: dict[InformPoint, datetime] = dict.fromkeys(points, desk.now)
    informing = replace(
        before,
        told_at=told | dict(before.told_at),
        told_whom=told_whom,
        noted_in_record=noted_in_record or before.noted_in_record,
        impossible="",
    )
    left = str(len(informing.missing))
    return saved(desk, replace(case, informing=informing), "informed", left=left)


def cannot_inform(desk: Desk, *, reason: str) -> Case:
    case = open_case(desk)
    informing = replace(case.informing or Informing(), impossible=required(reason))
    return saved(desk, replace(case, informing=informing), "cannot_inform")


def _makes_less_grave(
    case: Case, injury: InjuryClass | None, misconduct: MisconductDegree | None
) -> bool:
    lighter_injury = (
        injury is not None
        and case.injury is not None
        and case.injury.must_be_told
        and _rank(InjuryClass, injury) < _rank(InjuryClass, case.injury)
    )
    lighter_misconduct = misconduct is not None and (
        (misconduct == MisconductDegree.NONE and case.possible_misconduct)
        or (
            case.misconduct is not None
            and _rank(MisconductDegree, misconduct) < _rank(MisconductDegree, case.misconduct)
        )
    )
    return lighter_injury or lighter_misconduct


def _rank(
    scale: type[InjuryClass] | type[MisconductDegree], value: InjuryClass | MisconductDegree
) -> int:
    return [str(one) for one in scale].index(str(value))


def _alert(desk: Desk, case: Case, *, before: Case) -> None:
    """Tell of what has become graver in the words of the law, each time that it does."""
    found = []
    if case.injury == InjuryClass.SERIOUS_INJURY != before.injury:
        found.append(("injury", "A2", "alarm.serious_injury", ("HSL",)))
    if _is_graver(case.misconduct, before.misconduct):
        found.append(("misconduct", "A5", "alarm.misconduct", ("SoL",)))
    for source, rule_id, key, laws in found:
        reasons = (desk.municipality.catalogue.get(key, "sv"),)
        concerns = concerns_of_rules([rule_id], reasons, laws, desk.municipality)
        alerts.raise_for_case(
            desk.uow,
            case,
            concerns,
            source,
            desk.now,
            desk.municipality,
            occasion=str(case.version),
            by=desk.person_id,
        )


def _is_graver(degree: MisconductDegree | None, before: MisconductDegree | None) -> bool:
    if degree in (None, MisconductDegree.NONE):
        return False
    return before is None or _rank(MisconductDegree, degree) > _rank(MisconductDegree, before)
