"""The managers' pages: one case, and everything that is done to it; the list beside them."""

from collections.abc import Callable, Mapping
from datetime import date

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.datastructures import FormData
from fastapi.responses import RedirectResponse, Response

from bot import assessing
from bot.app import Services
from bot.web.answer_page import new_code
from bot.web.case_list import add_list
from bot.web.case_page import case_view
from bot.web.case_parts import PLACES, parts_of
from bot.web.casework import DEEDS, several
from bot.web.casework_view import casework_view
from bot.web.rendering import Pages, language_of
from bot.web.repeats import is_saved_already
from bot.web.session import Session
from handlers import actions, case_handling, registering
from handlers.case_handling import Desk, may
from handlers.domain.case import Case, CauseArea
from handlers.domain.people import Person
from handlers.domain.risk import Severity
from handlers.errors import GateNotMet, StaleVersion, UserFault
from handlers.permissions import Action as Right
from handlers.taking_out import take_out
from storage.unit_of_work import SqlUnitOfWork


def build(services: Services, pages: Pages) -> APIRouter:
    router = APIRouter()

    add_list(router, services, pages)
    _add_case(router, services, pages)
    _add_deeds(router, services, pages)
    return router


def _add_case(router: APIRouter, services: Services, pages: Pages) -> None:
    @router.get("/arenden/{case_id}")
    def show_case(request: Request, case_id: str) -> Response:
        person = Session(services, request).require_person()
        with services.unit_of_work() as uow:
            case = case_handling.note_read(_desk(services, uow, person, case_id))
            view = case_view(services, uow, case, person, language_of(request))
            casework = casework_view(
                services, _desk(services, uow, person, case_id), case, new_code()
            )
            uow.commit()
        return pages.render(
            request,
            "case.html",
            case=view,
            casework=casework,
            parts=parts_of(case, view.next_step, view.closing.missing, ""),
            fault="",
            missing=(),
            entered={},
            already=False,
        )


def _add_deeds(router: APIRouter, services: Services, pages: Pages) -> None:
    @router.post("/arenden/{case_id}/{deed}")
    async def change_case(request: Request, case_id: str, deed: str) -> Response:
        form = await request.form()
        # The form is read on the event loop, the database is not.
        return await run_in_threadpool(_change, services, pages, request, case_id, deed, form)


def _change(
    services: Services, pages: Pages, request: Request, case_id: str, deed: str, form: FormData
) -> Response:
    """Do one thing to a case; a fault shows the page again with everything that was typed."""
    person = Session(services, request).require_person()
    entered = {key: str(value) for key, value in form.items() if isinstance(value, str)}
    try:
        with services.unit_of_work() as uow:
            version = _number(entered.get("version", ""), fault="fault.bad_input")
            desk = _desk(services, uow, person, case_id, version)
            done = (_DEEDS.get(deed) or DEEDS.get(deed, _no_such_deed))(desk, entered)
            may_stay = may(desk, Right.OPEN, done)
            uow.commit()
    except UserFault as fault:
        return _with_fault(services, pages, request, person, case_id, deed, fault, entered)
    # The sections of the page are named after the deeds: back to where the person was working.
    # A case that went to somebody else's unit is no longer there to go back to.
    onward = f"/arenden/{case_id}#{PLACES.get(deed, deed)}" if may_stay else "/arenden"
    return RedirectResponse(onward, status_code=303)


def _with_fault(
    services: Services,
    pages: Pages,
    request: Request,
    person: Person,
    case_id: str,
    deed: str,
    fault: UserFault,
    entered: Mapping[str, str],
) -> Response:
    with services.unit_of_work() as uow:
        desk = _desk(services, uow, person, case_id)
        case = case_handling.note_read(desk)  # the page shows the whole case all the same
        stale = isinstance(fault, StaleVersion)
        already = stale and is_saved_already(desk, case, deed, entered)
        view = case_view(services, uow, case, person, language_of(request))
        casework = casework_view(services, desk, case, new_code())
        uow.commit()
    missing = fault.missing if isinstance(fault, GateNotMet) else ()
    key = "gate.gate_not_met" if missing else fault.key
    return pages.render(
        request,
        "case.html",
        status_code=200 if already else 422,
        case=view,
        casework=casework,
        parts=parts_of(case, view.next_step, view.closing.missing, "" if already else deed),
        fault="" if already else key,
        missing=missing,
        entered={} if already else entered,
        already=already,
    )


def _desk(
    services: Services,
    uow: SqlUnitOfWork,
    person: Person,
    case_id: str,
    version: int | None = None,
) -> Desk:
    return Desk(
        uow=uow,
        municipality=services.municipality,
        person_id=person.id,
        now=services.clock(),
        case_id=case_id,
        version=version,
    )


Entered = Mapping[str, str]


def _assess(desk: Desk, entered: Entered) -> Case:
    severity, likelihood = assessing.levels_of(
        entered.get("severity", ""), entered.get("likelihood", "")
    )
    return case_handling.assess_risk(
        desk,
        severity=severity,
        likelihood=likelihood,
        rationale=entered.get("rationale", ""),
        potential=_potential(entered.get("potential", "")),
        legal_area=entered.get("legal_area", ""),
        legal_areas=_laws(entered),
        told=assessing.told_of(entered.get("told", "")),
    )


def _laws(entered: Entered) -> tuple[str, ...]:
    """Return the laws that were ticked, where the form asked for them."""
    ticked = tuple(several(entered, "law"))
    return assessing.laws_of(ticked if "laws" in entered else ticked or None)


def _potential(text: str) -> Severity | None:
    """Return what it could have become; nothing chosen: no worse than it did."""
    number = _number(text, fault="fault.risk_incomplete") if text else 0
    if text and number not in set(Severity):
        raise UserFault("fault.risk_incomplete")
    return Severity(number) if text else None


def _cause(desk: Desk, entered: Entered) -> Case:
    if entered.get("area") not in set(CauseArea):
        raise UserFault("fault.bad_input")
    area = CauseArea(entered["area"])
    return case_handling.add_cause(desk, area=area, text=entered.get("text", ""))


def _due_on(entered: Entered) -> date:
    try:
        return date.fromisoformat(entered.get("due_on", ""))
    except ValueError as error:
        raise UserFault("fault.action_incomplete") from error


def _action(desk: Desk, entered: Entered) -> Case:
    return case_handling.add_action(
        desk,
        cause_id=entered.get("cause_id", ""),
        text=entered.get("text", ""),
        owner_id=entered.get("owner_id", ""),
        due_on=_due_on(entered),
    )


def _postpone(desk: Desk, entered: Entered) -> Case:
    return actions.postpone(
        desk,
        action_id=entered.get("action_id", ""),
        due_on=_due_on(entered),
        reason=entered.get("reason", ""),
    )


def _category(desk: Desk, entered: Entered) -> Case:
    return case_handling.change_category(desk, category=entered.get("category", ""))


_DEEDS: Mapping[str, Callable[[Desk, Entered], Case]] = {
    "ta-emot": lambda desk, _: case_handling.acknowledge(desk),
    "risk": _assess,
    "orsak": _cause,
    "atgard": _action,
    "atgard-klar": lambda desk, e: actions.finish(
        desk, action_id=e.get("action_id", ""), effect=e.get("effect", "")
    ),
    "atgard-senare": _postpone,
    "ingen-atgard": lambda desk, e: case_handling.need_no_action(desk, reason=e.get("reason", "")),
    "svar": lambda desk, e: case_handling.write_feedback(desk, text=e.get("feedback", "")),
    "handlar-om": _category,
    "enhet": lambda desk, e: case_handling.move_to_unit(desk, unit_id=e.get("unit_id", "")),
    "avsluta": lambda desk, _: case_handling.close_case(desk),
    "avsluta-utan-utredning": lambda desk, e: case_handling.close_without_investigation(
        desk, reason=e.get("reason", "")
    ),
    "diarium": lambda desk, e: registering.change_entry(
        desk, matter=e.get("matter", ""), secrecy=e.get("secrecy", "")
    ),
    "ur-teamet": lambda desk, e: take_out(
        desk, person_id=e.get("person_id", ""), reason=e.get("reason", "")
    ),
    "oppna-igen": lambda desk, e: case_handling.reopen(desk, reason=e.get("reason", "")),
}


def _no_such_deed(desk: Desk, entered: Entered) -> Case:
    del desk, entered
    raise UserFault("fault.bad_input")


def _number(text: str, *, fault: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise UserFault(fault)
    return int(text)
