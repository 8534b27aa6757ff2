"""What was handed over to the nurse or a manager, for whoever has the link and logs in."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from bot.app import Services
from bot.web.rendering import Pages
from bot.web.session import Session
from handlers.errors import NotAllowed
from handlers.handing_over import open_handover


def build(services: Services, pages: Pages) -> APIRouter:
    router = APIRouter()

    @router.get("/overlamning/{handover_id}")
    def show(request: Request, handover_id: str) -> HTMLResponse:
        person = Session(services, request).require_person()
        with services.unit_of_work() as uow:
            found = open_handover(uow, handover_id, person.id, services.clock())
            unit = uow.organisation.unit(found.unit_id) if found else None
            uow.commit()
        if found is None:
            raise NotAllowed("handover")
        return pages.render(
            request, "handover.html", handover=found, unit_name=unit.name if unit else ""
        )

    return router
