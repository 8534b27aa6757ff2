"""The web application: its routes, its headers, and what is turned away at the door."""

from collections.abc import Awaitable, Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from os import PathLike, stat_result

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.routing import Route
from starlette.types import Scope

from bot.app import Services
from bot.config import Mode, Settings
from bot.oidc import IdentityProvider
from bot.web import (
    access_log,
    alerts,
    anonymous,
    answer_page,
    cases,
    completing,
    continuing,
    figures,
    files,
    handovers,
    health,
    login,
    mailroom,
    oidc_login,
    organisation_upload,
    overview,
    own_pages,
    posters,
    reporting,
    staff,
    tasks,
)
from bot.web.faults import add_faults
from bot.web.rendering import FOLDER, SECURITY_HEADERS, Pages
from bot.web.session import is_from_our_pages
from bot.web.uploads import UPLOAD_PATH, largest_upload_bytes

LARGEST_FORM_BYTES = 2_000_000

Handler = Callable[[Request], Awaitable[Response]]


class Assets(StaticFiles):
    """Kept by the browser and asked for again by its tag: a phone loads them once."""

    def file_response(
        self,
        full_path: str | PathLike[str],
        stat_result: stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = "no-cache"
        return response


def create_app(services: Services, doors: Sequence[APIRouter] = ()) -> FastAPI:
    """Return the application; `doors` are the routes of chat platforms."""
    app = FastAPI(title="Lotsen", docs_url=None, redoc_url=None, openapi_url=None)
    pages = Pages(services)
    app.mount("/static", Assets(directory=FOLDER / "static"), name="static")
    for router in (*_routers(services, pages), *doors):
        app.include_router(router)

    @app.get("/")
    def start(request: Request) -> HTMLResponse:
        begun = own_pages.begun_here(services, request)
        return pages.render(request, "start.html", begun=begun)

    add_faults(app, services, pages)
    of_doors = {route.path for door in doors for route in door.routes if isinstance(route, Route)}
    _add_guard(app, pages, services.settings, of_doors)
    return app


def _routers(services: Services, pages: Pages) -> Iterator[APIRouter]:
    yield reporting.build(services, pages)
    yield own_pages.build(services, pages)
    yield anonymous.build(services, pages)
    yield handovers.build(services, pages)
    yield cases.build(services, pages)
    yield alerts.build(services, pages)
    yield mailroom.build(services, pages)
    yield files.build(services)
    yield completing.build(services)
    yield continuing.build(services, pages)
    yield tasks.build(services, pages)
    yield access_log.build(services, pages)
    yield organisation_upload.build(services, pages)
    yield staff.build(services, pages)
    yield overview.build(services, pages)
    yield figures.build(services, pages)
    yield answer_page.build(services, pages)
    yield posters.build(services, pages)
    yield health.build(services)
    provider = IdentityProvider(services.settings) if services.settings.oidc_issuer else None
    yield login.build_logout(services, pages, provider)
    if provider:
        yield oidc_login.build(services, provider)
    elif services.settings.mode == Mode.DEMO:
        yield login.build(services, pages)


def _add_guard(app: FastAPI, pages: Pages, settings: Settings, of_doors: Container[str]) -> None:
    @app.middleware("http")
    async def guard(request: Request, call_next: Handler) -> Response:
        fault = _fault_of(request, settings)
        if fault is None or (fault.status == 411 and request.url.path in of_doors):
            response = await call_next(request)
        else:
            response = pages.render(
                request, "fault.html", status_code=fault.status, key=fault.key, words=()
            )
        for name, value in SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)
        return response


@dataclass(frozen=True, slots=True)
class _Fault:
    status: int
    key: str = "fault.bad_input"


def _fault_of(request: Request, settings: Settings) -> _Fault | None:
    """Return why a request is turned away before its body is read."""
    if request.method == "POST" and not is_from_our_pages(request):
        return _Fault(403)
    if "transfer-encoding" in request.headers:  # browsers say how long their forms are
        return _Fault(411)
    size = request.headers.get("content-length", "0")
    if request.url.path == UPLOAD_PATH:
        whole = size.isdigit() and int(size) <= largest_upload_bytes(settings)
        return None if whole else _Fault(413, "fault.files_too_large")
    return None if size.isdigit() and int(size) <= LARGEST_FORM_BYTES else _Fault(413)
