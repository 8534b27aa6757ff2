"""Marking a case "the manager is involved", whatever door it came through and however late.

From then on it is what a reporter's own answer makes it: hidden from the unit's managers and
their deputies in lists, notices, reminders and figures, and known to SAS (alert rule A16).
"""

from dataclasses import replace

from handlers import alerts, notices
from handlers.concerns import concerns_of_rules
from handlers.desk import Desk, open_for_work, require, saved
from handlers.domain.case import Case
from handlers.permissions import Action as Right
from handlers.reporting import receiver_of


def shield(desk: Desk) -> Case:
    """Hide the case and all that is merged with it from those who manage its unit.

    Also an ended case; marking it again changes nothing.
    """
    case = require(desk, open_for_work(desk), Right.SHIELD)
    if case.manager_involved:
        return case
    main = desk.uow.cases.find(case.merged_into_id) if case.merged_into_id else None
    whole = (main or case, *desk.uow.cases.merged_into((main or case).id))
    hidden = {one.id: _shielded(desk, one) for one in whole if not one.manager_involved}
    return hidden[case.id]


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
    reasons = (desk.municipality.catalogue.get("alarm.manager_marked", "sv"),)
    found = concerns_of_rules(["A16"], reasons, stored.legal_areas, desk.municipality)
    alerts.raise_for_case(desk.uow, stored, found, "shielded", desk.now, desk.municipality)
    return stored
