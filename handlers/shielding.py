"""Hiding a case from those who manage its unit, whatever door it came through, and showing it.

A case that is marked "the manager is involved" is what a reporter's own answer makes it: hidden
from the unit's managers and their deputies in lists, notices, reminders and figures, and known to
SAS (alert rule A16). A case whose text only sounds like it is held: hidden the same way until
somebody has looked, and then shown to the unit or hidden for good.
"""

from dataclasses import replace

from handlers import alerts, notices, team, work_notices
from handlers.concerns import concerns_of_rules
from handlers.desk import Desk, open_for_work, require, required, saved
from handlers.domain.case import Case
from handlers.domain.people import Role
from handlers.errors import UserFault
from handlers.permissions import Action as Right
from handlers.reporting import receiver_of


def shield(desk: Desk) -> Case:
    """Hide the case and all that is merged with it from those who manage its unit.

    Also an ended case; marking it again changes nothing. A case that was held stays hidden.
    """
    case = require(desk, open_for_work(desk), Right.SHIELD)
    if case.manager_involved and not case.is_held:
        return case
    hidden = {
        one.id: _kept_hidden(desk, one) if one.is_held else _shielded(desk, one)
        for one in _whole(desk, case)
        if one.is_held or not one.manager_involved
    }
    return hidden[case.id]


def release(desk: Desk) -> Case:
    """Let the unit know of a held case: somebody has looked, and it is not about the manager."""
    case = require(desk, open_for_work(desk), Right.UNSHIELD)
    if not case.is_held:
        raise UserFault("fault.not_held")
    return _shown(desk, case, "released")


def unshield(desk: Desk, *, reason: str) -> Case:
    """Let the unit know of a hidden case; the reason stands among the comments, SAS is told."""
    case = require(desk, open_for_work(desk), Right.UNSHIELD)
    if case.is_held or not case.manager_involved:
        raise UserFault("fault.not_shielded")
    why = required(reason)
    shown = _shown(desk, case, "unshielded")
    team.keep_comment(desk, shown, why)
    if not desk.uow.organisation.has_role(desk.person_id, Role.SAS, desk.today):
        _tell_sas(desk, shown, "alarm.manager_unmarked", f"unshielded-{shown.version}")
    return shown


def _whole(desk: Desk, case: Case) -> tuple[Case, ...]:
    """Return the case with everything that is merged with it."""
    main = desk.uow.cases.find(case.merged_into_id) if case.merged_into_id else None
    return (main or case, *desk.uow.cases.merged_into((main or case).id))


def _shielded(desk: Desk, case: Case) -> Case:
    organisation = desk.uow.organisation
    involved = set(case.manager_involved_ids)
    for day in (case.received_on, desk.today):  # who managed it then may be who it is about
        involved.update(organisation.everyone_managing(case.unit_id, day))
    responsible = "" if case.responsible_id in involved else case.responsible_id
    changed = replace(
        case,
        manager_involved=True,
        manager_involved_ids=tuple(sorted(involved)),
        responsible_id=responsible,
    )
    stored = saved(desk, changed, "shielded")
    receiver = receiver_of(desk.uow, stored, desk.now)
    notices.queue(desk.uow, notices.new_case(stored, receiver, desk.municipality), desk.now)
    again = len([e for e in desk.uow.cases.events(case.id) if e.kind == "unshielded"])
    _tell_sas(desk, stored, "alarm.manager_marked", f"shielded-{again}" if again else "shielded")
    return stored


def _kept_hidden(desk: Desk, case: Case) -> Case:
    """SAS has had the alert since the case came in."""
    stored = saved(desk, replace(case, look_on=None), "shielded_after_look")
    receiver = receiver_of(desk.uow, stored, desk.now)
    notices.queue(desk.uow, notices.new_case(stored, receiver, desk.municipality), desk.now)
    return stored


def _shown(desk: Desk, case: Case, kind: str) -> Case:
    """Show the case and all that is merged with it to its unit, and tell whoever receives it."""
    shown = {}
    for one in _whole(desk, case):
        open_to_unit = replace(one, manager_involved=False, manager_involved_ids=(), look_on=None)
        stored = saved(desk, open_to_unit, kind)
        receiver = receiver_of(desk.uow, stored, desk.now)
        told = work_notices.shown_to_unit(stored, receiver, desk.municipality)
        notices.queue(desk.uow, told, desk.now)
        team.invite_by_rule(desk.uow, stored, desk.now, desk.municipality)
        shown[one.id] = stored
    return shown[case.id]


def _tell_sas(desk: Desk, case: Case, why: str, source: str) -> None:
    reasons = (desk.municipality.catalogue.get(why, "sv"),)
    found = concerns_of_rules(["A16"], reasons, case.legal_areas, desk.municipality)
    alerts.raise_for_case(desk.uow, case, found, source, desk.now, desk.municipality)
