"""Files of cases: downloads that nothing opens by itself, small pictures, the case's package."""

from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.app import Services
from bot.case_package import export_case
from bot.mail.attachments import NOTE_DANGEROUS
from bot.pictures import clean_picture, is_previewed, small_picture
from bot.web.session import Session
from handlers.case_handling import open_for_work
from handlers.desk import Desk, note
from handlers.errors import NotAllowed
from handlers.records import ReportFile, StoredAttachment
from storage.unit_of_work import SqlUnitOfWork

_SANDBOX = "default-src 'none'; sandbox"


def build(services: Services) -> APIRouter:
    router = APIRouter()

    @router.get("/arenden/{case_id}/bilaga/{attachment_id}")
    def download(request: Request, case_id: str, attachment_id: int) -> Response:
        file = _file(services, request, case_id, attachment_id, noted=True)
        if file.note == NOTE_DANGEROUS:
            raise NotAllowed("dangerous file")
        # Never its own type: the browser keeps it and opens nothing.
        return Response(
            file.content,
            media_type="application/octet-stream",
            headers=_as_download(file.name),
        )

    @router.get("/arenden/{case_id}/bild/{attachment_id}")
    def preview(request: Request, case_id: str, attachment_id: int) -> Response:
        return _preview(_file(services, request, case_id, attachment_id))

    @router.get("/arenden/{case_id}/paket")
    def package(request: Request, case_id: str) -> Response:
        with services.unit_of_work() as uow:
            name, content = export_case(services, _desk(services, uow, request, case_id))
            uow.commit()
        return Response(content, media_type="application/zip", headers=_as_download(name))

    _add_reported(router, services)
    return router


def _add_reported(router: APIRouter, services: Services) -> None:
    @router.get("/arenden/{case_id}/fil/{file_id}")
    def download_reported(request: Request, case_id: str, file_id: str) -> Response:
        """Hand out a reported file; a picture without what the camera wrote beside it."""
        file = _reported(services, request, case_id, file_id, noted=True)
        content = clean_picture(file.content) if is_previewed(file) else file.content
        if content is None:
            raise NotAllowed("no picture")
        return Response(
            content, media_type="application/octet-stream", headers=_as_download(file.name)
        )

    @router.get("/arenden/{case_id}/filbild/{file_id}")
    def preview_reported(request: Request, case_id: str, file_id: str) -> Response:
        return _preview(_reported(services, request, case_id, file_id))


def _file(
    services: Services, request: Request, case_id: str, attachment_id: int, *, noted: bool = False
) -> StoredAttachment:
    """Return a file; the small pictures come with the page, whose reading is noted already."""
    with services.unit_of_work() as uow:
        desk = _desk(services, uow, request, case_id)
        case = open_for_work(desk)
        file = uow.letters.attachment(case_id, attachment_id)
        if noted and file is not None:
            note(desk, case, "file_read", file=str(attachment_id))
            uow.commit()
    if file is None:
        raise NotAllowed("no such file")
    return file


def _reported(
    services: Services, request: Request, case_id: str, file_id: str, *, noted: bool = False
) -> ReportFile:
    with services.unit_of_work() as uow:
        desk = _desk(services, uow, request, case_id)
        case = open_for_work(desk)
        file = uow.report_files.find(case_id, file_id)
        if noted and file is not None:
            note(desk, case, "file_read", file=file_id)
            uow.commit()
    if file is None:
        raise NotAllowed("no such file")
    return file


def _preview(file: StoredAttachment | ReportFile) -> Response:
    picture = small_picture(file) if is_previewed(file) else None
    if picture is None:
        raise NotAllowed("no picture")
    headers = {"Content-Security-Policy": _SANDBOX}
    return Response(picture, media_type="image/jpeg", headers=headers)


def _desk(services: Services, uow: SqlUnitOfWork, request: Request, case_id: str) -> Desk:
    return Desk(
        uow=uow,
        municipality=services.municipality,
        person_id=Session(services, request).require_person().id,
        now=services.clock(),
        case_id=case_id,
    )


def _as_download(name: str) -> dict[str, str]:
    """Return the headers; the name in ASCII for old programs, whole for the others (RFC 6266)."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._- ") else "_" for c in name)
    return {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": _SANDBOX,
    }
