"""Which laws an event is about: set right by whoever has it, not behind a watcher's back."""

from collections.abc import Iterable
from dataclasses import replace

from handlers import alerts, team
from handlers.alarm_gate import may_be_serious
from handlers.concerns import Concern
from handlers.desk import Desk, may, note, open_case, saved
from handlers.domain.case import Case
from handlers.domain.injury import LEGAL_AREAS
from handlers.domain.people import Role
from handlers.domain.text import clean
from handlers.errors import UserFault
from handlers.permissions import Action as Right
from handlers.risk_telling import tell_of_added_laws
from handlers.watching import FIRST, LAWS_CHANGED, is_shown, laws_now, told, watchers_of

_RULE = "A18"


def change_legal_areas(desk: Desk, *, legal_areas: Iterable[str], reason: str = "") -> Case:
    """Say which laws one event is about; it is one case, counted under each of them.

    To take what is or may be serious out of the laws that MAS or SAS watches over takes a reason,
    and they are told (alert rule A18). They keep every right to it, and may put the law back. At
    a private provider's unit whatever leaves the sight of MAS takes a reason. What has been
    assessed as grave is told to whoever watches over a law that it comes under.
    """
    case = open_case(desk)
    chosen = set(legal_areas)
    if not chosen or not chosen <= set(LEGAL_AREAS):
        raise UserFault("fault.legal_areas")
    changed = replace(case, legal_areas=in_order(chosen))
    if _put_out(desk, case, changed) and not clean(reason):
        raise UserFault("fault.law_reason")
    if _leaves_sight(desk, case, changed) and not clean(reason):
        raise UserFault("fault.law_unseen")
    stored = saved(desk, changed, LAWS_CHANGED, **_values(desk, case, changed))
    if clean(reason):
        team.keep_comment(desk, stored, reason)
    tell_watchers(desk, case, stored)
    tell_of_added_laws(desk, case, stored)
    return stored


def first_laws(desk: Desk, case: Case, legal_areas: Iterable[str]) -> Case:
    """Return the case with the laws that its first assessment says, else those of its unit."""
    if case.legal_areas:
        return case
    ordered = in_order(set(legal_areas) or set(laws_now(desk.uow, case)))
    if not ordered:
        raise UserFault("fault.legal_areas")
    chosen = replace(case, legal_areas=ordered)
    note(desk, case, LAWS_CHANGED, **_values(desk, case, chosen))
    return chosen


def tell_watchers(desk: Desk, before: Case, case: Case) -> None:
    """Tell MAS or SAS that what is or may be serious is no more under a law that is theirs."""
    laws = [law for law in laws_now(desk.uow, before) if law not in case.legal_areas]
    reason = desk.municipality.catalogue.get("alarm.law_left", "sv", laws=told(laws))
    found = [
        Concern(role=role, reasons=(reason,), rule_ids=(rule.id,), urgent=rule.urgent)
        for rule in desk.municipality.alert_rules.active([_RULE])
        for role in _put_out(desk, before, case)
    ]
    occasion = str(case.version)
    alerts.raise_for_case(
        desk.uow, case, found, "law", desk.now, desk.municipality, occasion=occasion
    )


def in_order(laws: Iterable[str]) -> tuple[str, ...]:
    chosen = set(laws)
    return tuple(law for law in LEGAL_AREAS if law in chosen)


def _put_out(desk: Desk, before: Case, case: Case) -> list[Role]:
    """Return whose laws a case leaves that may be serious, unless MAS or SAS says that it does."""
    if not may_be_serious(desk.uow, before) or may(desk, Right.CLOSE_SERIOUS, before):
        return []
    return sorted(watchers_of(laws_now(desk.uow, before)) - watchers_of(case.legal_areas))


def _leaves_sight(desk: Desk, before: Case, case: Case) -> bool:
    unit = desk.uow.organisation.unit(case.unit_id)
    was_shown = bool(before.legal_areas) and is_shown(before.legal_areas, unit)
    return was_shown and not is_shown(case.legal_areas, unit)


def _values(desk: Desk, before: Case, case: Case) -> dict[str, str]:
    values = {"laws": told(case.legal_areas), "was": told(laws_now(desk.uow, before))}
    return values if before.legal_areas else values | {FIRST: "yes"}
