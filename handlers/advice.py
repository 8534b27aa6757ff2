"""Asking MAS for advice: a button for risks in between, counted but never an alert (rule A4)."""

from handlers import notices, work_notices
from handlers.desk import Desk, note, open_case
from handlers.domain.case import Case
from handlers.domain.people import Role
from handlers.errors import UserFault
from handlers.municipality import Municipality


def is_offered(case: Case, municipality: Municipality) -> bool:
    """Whether the manager may want advice: MAS is told of graver cases anyway."""
    rule, risk = municipality.alert_rules["A4"], case.risk
    return rule.enabled and risk is not None and risk.score >= rule.score and not risk.alerts_mas


def ask_mas(desk: Desk) -> Case:
    """Write to MAS that somebody wants advice in the case; a second time changes nothing."""
    case = open_case(desk)
    if not is_offered(case, desk.municipality):
        raise UserFault("fault.bad_input")
    involved = case.manager_involved_ids
    chain = desk.uow.organisation.alert_chain(Role.MAS, case.unit_id, desk.today, without=involved)
    messages = work_notices.advice(case, chain[0], desk.municipality)
    if notices.queue(desk.uow, messages, desk.now):
        note(desk, case, "advice_asked")
    return case
