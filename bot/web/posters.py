"""Posters with a QR code, one for each unit.

They are open to all: names of units stand in the dialogue anyway, and the sheet hangs on a wall.
"""

from datetime import date
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from bot.app import Services
from bot.poster import Poster, to_pdf, to_png
from bot.web.rendering import Pages
from bot.web.session import Session
from handlers.domain.deadline import local_date
from handlers.domain.people import Organisation, Unit

_TEXTS = ("title", "lead", "scan", "type", "what", "anonymous", "english", "danger")


def build(services: Services, pages: Pages) -> APIRouter:
    router = APIRouter()

    @router.get("/enheter")
    def list_units(request: Request) -> HTMLResponse:
        person_id = Session(services, request).person_id
        today = local_date(services.clock())
        with services.unit_of_work(read_only=True) as uow:
            units = _own_first(uow.organisation, person_id, today)
        return pages.render(request, "posters.html", units=units)

    @router.get("/enheter/{unit_id}/affisch")
    @router.get("/enheter/{unit_id}/affisch.pdf")
    def show_sheet(unit_id: str) -> Response:
        content = to_pdf(_poster(services, unit_id))
        headers = {"Content-Disposition": f'inline; filename="affisch-{quote(unit_id)}.pdf"'}
        return Response(content, media_type="application/pdf", headers=headers)

    @router.get("/enheter/{unit_id}/affisch.png")
    def show_picture(unit_id: str) -> Response:
        content = to_png(_poster(services, unit_id))
        headers = {"Content-Disposition": f'inline; filename="affisch-{quote(unit_id)}.png"'}
        return Response(content, media_type="image/png", headers=headers)

    return router


def _own_first(organisation: Organisation, person_id: str, today: date) -> list[Unit]:
    own = organisation.managed_units(person_id, today) if person_id else frozenset[str]()
    units = sorted(organisation.current_units(today), key=lambda unit: unit.name.casefold())
    return sorted(units, key=lambda unit: unit.id not in own)


def _poster(services: Services, unit_id: str) -> Poster:
    with services.unit_of_work(read_only=True) as uow:
        current = uow.organisation.current_units(local_date(services.clock()))
    unit = next((one for one in current if one.id == unit_id), None)
    if unit is None:
        raise HTTPException(404)
    municipality = services.municipality
    base = services.settings.base_url
    return Poster(
        unit_name=unit.name,
        municipality=municipality.name,
        address=f"{base}/rapportera?enhet={quote(unit.id)}",
        typed=f"{base.partition('://')[2]}/rapportera",
        texts={key: municipality.catalogue.get(f"poster.{key}", "sv") for key in _TEXTS},
    )
