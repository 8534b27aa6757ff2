"""What was handed over to the nurse or a manager, for whoever has the link and logs in."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.app import Services
from bot.web.rendering import Pages, language_of
from bot.web.session import Session
from handlers.domain.people import Person
from handlers.errors import NotAllowed, UserFault
from handlers.handing_over import WORK, open_handover
from handlers.work_environment import answers_for, hand_on_matter


def build(services: Services, pages: Pages) -> APIRouter:
    router = APIRouter()

    @router.get("/overlamning/{handover_id}")
    def show(request: Request, handover_id: str) -> HTMLResponse:
        person = Session(services, request).require_person()
        return _page(services, pages, request, handover_id, person)

    @router.post("/overlamning/{handover_id}/forts")
    def hand_on(
        request: Request, handover_id: str, reference: Annotated[str, Form()] = ""
    ) -> Response:
        person = Session(services, request).require_person()
        now, municipality = services.clock(), services.municipality
        try:
            with services.unit_of_work() as uow:
                hand_on_matter(uow, handover_id, person.id, reference, now, municipality)
                uow.commit()
        except UserFault as fault:
            return _page(services, pages, request, handover_id, person, fault.key)
        return RedirectResponse(f"/overlamning/{handover_id}", status_code=303)

    return router


def _page(
    services: Services,
    pages: Pages,
    request: Request,
    handover_id: str,
    person: Person,
    fault: str = "",
) -> HTMLResponse:
    now = services.clock()
    with services.unit_of_work() as uow:
        found = open_handover(uow, handover_id, person.id, now)
        if found is None:
            raise NotAllowed("handover")
        unit = uow.organisation.unit(found.unit_id)
        mine = found.form_id == WORK and answers_for(uow, found, person.id, now)
        names = {one.id: one.name for one in uow.organisation.people}
        uow.commit()
    return pages.render(
        request,
        "handover.html",
        status_code=422 if fault else 200,
        handover=found,
        unit_name=unit.name if unit else "",
        may_hand_on=mine and found.handed_on_at is None,
        system=services.municipality.work_system_in(language_of(request)),
        names=names,
        fault=fault,
    )
