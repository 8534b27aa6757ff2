"""The web application: routes, headers, and what a fault looks like to a person."""

from collections.abc import Awaitable, Callable, Iterable
from os import PathLike, stat_result

import structlog
from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
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
    overview,
    posters,
    reporting,
    staff,
    tasks,
)
from bot.web.rendering import FOLDER, SECURITY_HEADERS, Pages
from bot.web.session import Session, is_from_our_pages
from bot.web.uploads import UPLOAD_PATH, largest_upload_bytes
from handlers.errors import NotAllowed, UserFault

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


def create_app(services: Services, doors: Iterable[APIRouter] = ()) -> FastAPI:
    """Return the application; `doors` are the routes of chat platforms."""
    app = FastAPI(title="Lotsen", docs_url=None, redoc_url=None, openapi_url=None)
    pages = Pages(services)
    app.mount("/static", Assets(directory=FOLDER / "static"), name="static")
    app.include_router(reporting.build(services, pages))
    app.include_router(reporting.build_own(services, pages))
    app.include_router(anonymous.build(services, pages))
    app.include_router(handovers.build(services, pages))
    app.include_router(cases.build(services, pages))
    app.include_router(alerts.build(services, pages))
    app.include_router(mailroom.build(services, pages))
    app.include_router(files.build(services))
    app.include_router(completing.build(services))
    app.include_router(continuing.build(services, pages))
    app.include_router(tasks.build(services, pages))
    app.include_router(access_log.build(services, pages))
    app.include_router(staff.build(services, pages))
    app.include_router(overview.build(services, pages))
    app.include_router(figures.build(services, pages))
    app.include_router(answer_page.build(services, pages))
    app.include_router(posters.build(services, pages))
    app.include_router(health.build(services))
    app.include_router(login.build_logout(services))
    for door in doors:
        app.include_router(door)
    if services.settings.oidc_issuer:
        app.include_router(oidc_login.build(services, IdentityProvider(services.settings)))
    elif services.settings.mode == Mode.DEMO:
        app.include_router(login.build(services, pages))

    @app.get("/")
    def start(request: Request) -> HTMLResponse:
        return pages.render(request, "start.html")

    _add_faults(app, services, pages)
    _add_guard(app, pages, services.settings)
    return app


def _add_faults(app: FastAPI, services: Services, pages: Pages) -> None:
    @app.exception_handler(NotAllowed)
    def not_allowed(request: Request, error: NotAllowed) -> Response:
        del error
        if Session(services, request).person() is None and request.method == "GET":
            return RedirectResponse(f"/logga-in?vidare={request.url.path}", status_code=303)
        return pages.render(request, "fault.html", status_code=404, key="fault.not_found")

    @app.exception_handler(HTTPException)
    def http_fault(request: Request, error: HTTPException) -> Response:
        key = "fault.not_found" if error.status_code == 404 else "fault.bad_input"
        return pages.render(request, "fault.html", status_code=error.status_code, key=key)

    @app.exception_handler(RequestValidationError)
    def unreadable(request: Request, error: RequestValidationError) -> Response:
        del error  # it repeats what was sent
        return pages.render(request, "fault.html", status_code=422, key="fault.bad_input")

    @app.exception_handler(UserFault)
    def user_fault(request: Request, error: UserFault) -> Response:
        return pages.render(request, "fault.html", status_code=422, key=error.key)

    @app.exception_handler(Exception)
    def our_fault(request: Request, error: Exception) -> Response:
        structlog.get_logger().error("page failed", error=type(error).__name__)
        return pages.render(request, "fault.html", status_code=500, key="fault.server")


def _add_guard(app: FastAPI, pages: Pages, settings: Settings) -> None:
    @app.middleware("http")
    async def guard(request: Request, call_next: Handler) -> Response:
        size = request.headers.get("content-length", "0")
        largest = LARGEST_FORM_BYTES
        if request.url.path == UPLOAD_PATH:
            largest = largest_upload_bytes(settings)
        if request.method == "POST" and not is_from_our_pages(request):
            response: Response = pages.render(
                request, "fault.html", status_code=403, key="fault.bad_input"
            )
        elif not size.isdigit() or int(size) > largest:
            key = "fault.bad_input" if largest == LARGEST_FORM_BYTES else "fault.files_too_large"
            response = pages.render(request, "fault.html", status_code=413, key=key)
        else:
            response = await call_next(request)
        for name, value in SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)
        return response
