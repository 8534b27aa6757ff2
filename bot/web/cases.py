"""The managers' pages: one case, and everything that is done to it; the list beside them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.datastructures import FormData
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot import assessing
from bot.app import Services
from bot.web.answer_page import new_code
from bot.web.case_list import add_list
from bot.web.case_page import case_view
from bot.web.case_parts import PLACES, parts_of
from bot.web.casework import DEEDS, several
from bot.web.casework_view import casework_view
from bot.web.faults import words_of
from bot.web.refilling import refilled
from bot.web.rendering import Pages, language_of
from bot.web.repeats import is_saved_already
from bot.web.session import Session
from handlers import actions, case_handling, complaints, registering
from handlers.case_handling import Desk, may
from handlers.case_records import AnswerWay
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
        return _page(services, pages, request, person, case_id)


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
        failed = _Sent(deed=deed, entered=entered, fault=fault)
        return _page(services, pages, request, person, case_id, failed)
    if entered.get("way") == AnswerWay.CODE_BY_HAND:
        # Not behind a redirect: the code is kept nowhere, and stands on this one page.
        return _page(services, pages, request, person, case_id, _Sent(deed=deed, entered=entered))
    # The sections of the page are named after the deeds: back to where the person was working.
    # A case that went to somebody else's unit is no longer there to go back to.
    onward = f"/arenden/{case_id}#{PLACES.get(deed, deed)}" if may_stay else "/arenden"
    return RedirectResponse(onward, status_code=303)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sent:
    """A form that was sent for a case; without a fault it is saved."""

    deed: str = ""
    entered: Mapping[str, str] = field(default_factory=dict)
    fault: UserFault | None = None


_NOTHING_SENT = _Sent()


def _page(
    services: Services,
    pages: Pages,
    request: Request,
    person: Person,
    case_id: str,
    sent: _Sent = _NOTHING_SENT,
) -> Response:
    """Show the whole case, and with a fault the form as it was sent."""
    with services.unit_of_work() as uow:
        desk = _desk(services, uow, person, case_id)
        case = case_handling.note_read(desk)
        told_code = _code_to_tell(desk, case, sent)
        already = bool(told_code) or _is_double(desk, case, sent)
        view = case_view(services, uow, case, person, language_of(request))
        casework = casework_view(services, desk, case, new_code())
        uow.commit()
    fault = None if already else sent.fault
    missing = fault.missing if isinstance(fault, GateNotMet) else ()
    shown: dict[str, object] = {
        "case": view,
        "casework": casework,
        "parts": parts_of(case, view.next_step, view.closing.missing, sent.deed if fault else ""),
        "missing": missing,
        "already": already,
        "told_code": told_code,
        "form_is_gone": False,
        "words": (),
    }
    if fault is None:
        return HTMLResponse(pages.text_of(request, "case.html", fault="", **shown))
    key = "gate.gate_not_met" if missing else fault.key
    whole = pages.text_of(request, "case.html", fault=key, **shown)
    page = refilled(whole, request.url.path, sent.entered)
    if page is None:  # the form went with what it was about
        key = "fault.stale_gone" if isinstance(fault, StaleVersion) else key
        shown |= {"form_is_gone": True, "words": words_of(sent.entered.items())}
        page = pages.text_of(request, "case.html", fault=key, **shown)
    return HTMLResponse(page, status_code=422)


def _is_double(desk: Desk, case: Case, sent: _Sent) -> bool:
    stale = isinstance(sent.fault, StaleVersion)
    return stale and is_saved_already(desk, case, sent.deed, sent.entered)


def _code_to_tell(desk: Desk, case: Case, sent: _Sent) -> str:
    """Return the code that this form gave an answer, to be told; empty: it gave none."""
    code = sent.entered.get("code", "")
    gave = sent.fault is None or isinstance(sent.fault, StaleVersion)  # it came once more
    gave = gave and sent.deed in ("svara", "ny-kod")
    return code if gave and complaints.was_told_by_hand(desk, case, code) else ""


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
