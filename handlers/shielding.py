"""Hiding a case from those it may be about, whatever door it came through, and showing it.

A case that is marked "the manager is involved" is what a reporter's own answer makes it: hidden
from the unit's managers and their deputies in lists, notices, reminders and figures, and known to
SAS and the manager above (alert rule A16). It may be about somebody else: whoever is named, in
whatever office, has no right to the case, and the next in every chain acts. A case whose text only
sounds like it is held: hidden the same way until somebody has looked, and then shown to the unit
or hidden for good.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from handlers import alerts, notices, team, work_notices
from handlers.access import access_of
from handlers.chairs import organisation_of
from handlers.concerns import concerns_of_rules
from handlers.desk import Desk, open_for_work, require, required, saved
from handlers.domain.case import Case
from handlers.domain.people import FALLBACK, WATCHING, Role
from handlers.errors import UserFault
from handlers.involved import managers_of
from handlers.merged import whole_event
from handlers.permissions import Action as Right
from handlers.reporting import receiver_of
from handlers.withdrawing import withdraw_waiting


def shield(desk: Desk, *, named: Collection[str] = ()) -> Case:
    """Hide the case and all that is merged with it from whoever is involved.

    `named` are the ids of those people; nobody named: those who manage its unit, or did before it
    was sent on. Also an ended case. Marking it again adds whom it names and takes nobody away. A
    case that was held stays hidden.
    """
    case = require(desk, open_for_work(desk), Right.SHIELD)
    whole = whole_event(desk.uow, case)
    _check_named(desk, whole, named)
    hidden = {}
    for one in whole:
        if one.is_held:
            hidden[one.id] = _kept_hidden(desk, one, named)
        elif not one.manager_involved:
            hidden[one.id] = _shielded(desk, one, named)
        elif not set(named) <= set(one.manager_involved_ids):
            hidden[one.id] = _told_on(desk, _with(one, named), "involved_named")
    return hidden.get(case.id, case)


def take_back(desk: Desk, *, person_id: str, reason: str) -> Case:
    """Let somebody who was named by mistake have a right to the case again; it stays hidden.

    The last name is not taken back: then the case is shown, with `unshield`.
    """
    case = _to_show(desk)
    whole = [one for one in whole_event(desk.uow, case) if person_id in one.manager_involved_ids]
    if case.is_held or not whole:
        raise UserFault("fault.not_shielded")
    _check_watching(desk, case, (person_id,))
    if any(one.manager_involved_ids == (person_id,) for one in whole):
        raise UserFault("fault.last_involved")
    why = required(reason)
    cleared = {}
    for one in whole:
        left = tuple(i for i in one.manager_involved_ids if i != person_id)
        cleared[one.id] = _told_on(
            desk, replace(one, manager_involved_ids=left), "involved_cleared"
        )
    stored = cleared.get(case.id, case)
    team.keep_comment(desk, stored, why)
    _tell_sas(desk, stored, "alarm.involved_cleared", f"cleared-{stored.version}")
    return stored


def release(desk: Desk) -> Case:
    """Let the unit know of a held case: somebody has looked, and it is not about the manager.

    SAS is told when it was somebody else.
    """
    case = _to_show(desk)
    if not case.is_held:
        raise UserFault("fault.not_held")
    shown = _shown(desk, case, "released")
    _tell_sas(desk, shown, "alarm.manager_released", f"released-{shown.version}")
    return shown


def unshield(desk: Desk, *, reason: str, sure: bool) -> Case:
    """Let the unit know of a hidden case; the reason stands among the comments, SAS is told.

    What a manager has read cannot be hidden again, so that whoever shows it is asked to think once
    more; `sure` says that it was answered.
    """
    case = _to_show(desk)
    if case.is_held or not case.manager_involved:
        raise UserFault("fault.not_shielded")
    why = required(reason)
    if not sure:
        raise UserFault("fault.think_again")
    shown = _shown(desk, case, "unshielded")
    team.keep_comment(desk, shown, why)
    _tell_sas(desk, shown, "alarm.manager_unmarked", f"unshielded-{shown.version}")
    return shown


def _check_named(desk: Desk, whole: Sequence[Case], named: Collection[str]) -> None:
    """Raise UserFault for who is not known, and when nobody would be left who can act or undo."""
    organisation = desk.uow.organisation
    if any(organisation.person(one) is None or one == FALLBACK for one in named):
        raise UserFault("fault.bad_input")
    _check_watching(desk, whole[0], named)
    for case in whole if named else ():
        hidden = _with(case, named)
        left = organisation_of(desk.uow, hidden, desk.today)
        watching = {one.id for role in WATCHING for one in left.holders(role, "", desk.today)}
        away = watching and not watching - {*hidden.manager_involved_ids}
        if away or not any(_may_show(desk, hidden, one.id) for one in organisation.people):
            raise UserFault("fault.nobody_left")


def _check_watching(desk: Desk, case: Case, named: Collection[str]) -> None:
    """MAS and SAS see that a case is handled: only one of them may say that another is involved."""
    organisation = organisation_of(desk.uow, case, desk.today)
    watches = [organisation.watches(one, desk.today) for one in (desk.person_id, *named)]
    if any(watches) and not watches[0]:
        raise UserFault("fault.only_mas_or_sas_name")


def _may_show(desk: Desk, hidden: Case, person_id: str) -> bool:
    access = access_of(desk.uow, desk.municipality, person_id, desk.now)
    return access.may(Right.UNSHIELD, hidden)


def _to_show(desk: Desk) -> Case:
    """Return the case, when the person may show it and everything that is merged with it."""
    case = require(desk, open_for_work(desk), Right.UNSHIELD)
    for one in whole_event(desk.uow, case):
        if one.manager_involved:
            require(desk, one, Right.UNSHIELD)
    return case


def _shielded(desk: Desk, case: Case, named: Collection[str]) -> Case:
    involved = named or managers_of(desk.uow, case, desk.today)
    stored = _told_on(desk, _with(case, involved), "shielded")
    again = len([e for e in desk.uow.cases.events(case.id) if e.kind == "unshielded"])
    source = f"shielded-{again}" if again else "shielded"
    _alert(desk, stored, "alarm.manager_marked", source, Role.SAS, Role.AREA_MANAGER)
    return stored


def _with(case: Case, involved: Collection[str]) -> Case:
    """Return the case hidden from these people too."""
    everybody = tuple(sorted({*case.manager_involved_ids, *involved}))
    responsible = "" if case.responsible_id in everybody else case.responsible_id
    return replace(
        case,
        manager_involved=True,
        manager_involved_ids=everybody,
        responsible_id=responsible,
    )


def _told_on(desk: Desk, case: Case, kind: str) -> Case:
    """Store the case and give it, with its alerts, to the next who may know of it."""
    stored = saved(desk, case, kind)
    withdraw_waiting(desk.uow, stored, desk.now, desk.municipality)
    receiver = receiver_of(desk.uow, stored, desk.now)
    notices.queue(desk.uow, notices.new_case(stored, receiver, desk.municipality), desk.now)
    alerts.pass_on(desk.uow, stored, desk.now, desk.municipality)
    return stored


def _kept_hidden(desk: Desk, case: Case, named: Collection[str]) -> Case:
    """SAS has had the alert since the case came in; now the manager above may know too."""
    stored = _told_on(desk, replace(_with(case, named), look_on=None), "shielded_after_look")
    _alert(desk, stored, "alarm.manager_marked", "shielded", Role.AREA_MANAGER)
    return stored


def _shown(desk: Desk, case: Case, kind: str) -> Case:
    """Show the case and all that is merged with it to its unit, and tell whoever receives it."""
    shown = {}
    for one in whole_event(desk.uow, case):
        open_to_unit = replace(one, manager_involved=False, manager_involved_ids=(), look_on=None)
        stored = saved(desk, open_to_unit, kind)
        receiver = receiver_of(desk.uow, stored, desk.now)
        told = work_notices.shown_to_unit(stored, receiver, desk.municipality)
        notices.queue(desk.uow, told, desk.now)
        team.invite_by_rule(desk.uow, stored, desk.now, desk.municipality)
        shown[one.id] = stored
    return shown[case.id]


def _tell_sas(desk: Desk, case: Case, why: str, source: str) -> None:
    """Tell SAS what somebody else has decided about who may know of a case."""
    organisation = organisation_of(desk.uow, case, desk.today)
    if not organisation.has_role(desk.person_id, Role.SAS, desk.today):
        _alert(desk, case, why, source, Role.SAS)


def _alert(desk: Desk, case: Case, why: str, source: str, *roles: Role) -> None:
    reasons = (desk.municipality.catalogue.get(why, "sv"),)
    found = concerns_of_rules(["A16"], reasons, case.legal_areas, desk.municipality)
    told = [one for one in found if one.role in roles]
    alerts.raise_for_case(desk.uow, case, told, source, desk.now, desk.municipality)
