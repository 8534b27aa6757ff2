"""The organisation's file on a page: what it would change is looked at first, then done.

The file travels with the page between the two steps, so nothing of it is kept here meanwhile. What
is done is what was shown: if the organisation or the day has changed since, it is shown anew.
"""

import base64
import binascii
import zlib
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import Response

from bot.app import Services
from bot.organisation import (
    LARGEST_BYTES,
    Import,
    export_organisation,
    import_organisation,
    mark_of,
)
from bot.web.rendering import Pages
from bot.web.session import Session
from handlers.access import access_of
from handlers.errors import NotAllowed
from handlers.permissions import Action, Thing

Text = Annotated[str, Form()]
Tick = Annotated[bool, Form()]


def build(services: Services, pages: Pages) -> APIRouter:
    router = APIRouter()

    @router.get("/organisation/fil")
    def ask(request: Request) -> Response:
        _require(services, request)
        return pages.render(request, "organisation_file.html", shown=None, stage="ask")

    @router.get("/organisation.csv")
    def download(request: Request) -> Response:
        _require(services, request)
        return Response(
            export_organisation(services).encode("utf-8-sig"),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="organisation.csv"'},
        )

    @router.post("/organisation/fil")
    def look(request: Request, file: Annotated[UploadFile, File()]) -> Response:
        person_id = _require(services, request)
        raw = file.file.read(LARGEST_BYTES + 1)
        shown = import_organisation(services, raw, actor_id=person_id, dry_run=True, ends_most=True)
        return _page(pages, request, shown, raw, "looked")

    @router.post("/organisation/fil/gor")
    def do(request: Request, packed: Text = "", seen: Text = "", sure: Tick = False) -> Response:
        person_id = _require(services, request)
        raw = _unpacked(packed)
        shown = import_organisation(
            services, raw, actor_id=person_id, dry_run=False, ends_most=sure, seen=seen
        )
        stage = "done" if shown.done else "looked" if shown.faults else "moved"
        return _page(pages, request, shown, raw, stage)

    return router


def _page(pages: Pages, request: Request, shown: Import, raw: bytes, stage: str) -> Response:
    return pages.render(
        request,
        "organisation_file.html",
        status_code=422 if shown.faults else 200,
        shown=shown,
        stage=stage,
        packed=""
        if shown.faults and not shown.change
        else base64.b64encode(zlib.compress(raw)).decode(),
        seen=mark_of(shown.change) if shown.change else "",
    )


def _unpacked(packed: str) -> bytes:
    """Return the file; what was packed by somebody else is an empty one, and is refused as that."""
    try:
        return zlib.decompressobj().decompress(base64.b64decode(packed), LARGEST_BYTES + 1)
    except (binascii.Error, zlib.error):
        return b""


def _require(services: Services, request: Request) -> str:
    person = Session(services, request).require_person()
    with services.unit_of_work(read_only=True) as uow:
        access = access_of(uow, services.municipality, person.id, services.clock())
    if not access.may_with(Action.EDIT, Thing.ORGANISATION):
        raise NotAllowed("organisation")
    return person.id
