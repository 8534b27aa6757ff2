"""What a fault looks like to a person; nobody loses by it what they have written."""

import re
from collections.abc import Iterable
from urllib.parse import quote, urlsplit

import structlog
from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.routing import Match

from bot.app import Services
from bot.web.rendering import Pages
from bot.web.session import NotLoggedIn, Session
from handlers.errors import NotAllowed, OfficeOver, UserFault

Fields = tuple[tuple[str, str], ...]


def add_faults(app: FastAPI, services: Services, pages: Pages) -> None:
    """Add a page for every fault; only to a person whom the form refused are its words shown."""
    _add_refusals(app, services, pages)

    def shown(request: Request, status_code: int, key: str) -> Response:
        return pages.render(request, "fault.html", status_code=status_code, key=key, words=())

    @app.exception_handler(HTTPException)
    def http_fault(request: Request, error: HTTPException) -> Response:
        key = "fault.not_found" if error.status_code == 404 else "fault.bad_input"
        return shown(request, error.status_code, key)

    @app.exception_handler(RequestValidationError)
    def unreadable(request: Request, error: RequestValidationError) -> Response:
        del error  # it repeats what was sent
        return shown(request, 422, "fault.bad_input")

    @app.exception_handler(Exception)
    def our_fault(request: Request, error: Exception) -> Response:
        structlog.get_logger().error("page failed", error=type(error).__name__)
        return shown(request, 500, "fault.server")


def _add_refusals(app: FastAPI, services: Services, pages: Pages) -> None:
    async def shown(request: Request, status_code: int, key: str) -> Response:
        words = words_of(await _fields_of(request))
        return await run_in_threadpool(
            pages.render, request, "fault.html", status_code=status_code, key=key, words=words
        )

    @app.exception_handler(NotLoggedIn)
    async def logged_out(request: Request, error: NotLoggedIn) -> Response:
        del error  # it says nothing more
        if request.method == "GET":
            return _to_login(request)
        fields = await _fields_of(request)
        return await run_in_threadpool(_logged_out, pages, request, fields)

    @app.exception_handler(NotAllowed)
    async def not_allowed(request: Request, error: NotAllowed) -> Response:
        nobody = await run_in_threadpool(lambda: Session(services, request).person() is None)
        if nobody and request.method == "GET":
            return _to_login(request)
        key = "fault.office_over" if isinstance(error, OfficeOver) else "fault.not_found"
        return await shown(request, 404, key)

    @app.exception_handler(UserFault)
    async def user_fault(request: Request, error: UserFault) -> Response:
        return await shown(request, 422, error.key)


def words_of(fields: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return what somebody has written; ids, days and choices have no space in them."""
    written = (value.strip() for _, value in fields)
    return tuple(dict.fromkeys(text for text in written if re.search(r"\s", text)))


async def _fields_of(request: Request) -> Fields:
    if request.method != "POST":
        return ()
    form = await request.form()  # read once; the deed itself has most often read it before
    return tuple((name, value) for name, value in form.multi_items() if isinstance(value, str))


def _logged_out(pages: Pages, request: Request, fields: Fields) -> Response:
    """Keep a form over a login in another window, so that it can be sent once more as it was."""
    chosen = any(value for name, value in fields if name != "version")
    return pages.render(
        request,
        "logged_out_midway.html",
        status_code=401,
        login=_login_to(_page_behind(request)),
        again=str(request.url.path),
        fields=fields if chosen else (),
        words=words_of(fields),
    )


def _to_login(request: Request) -> Response:
    return RedirectResponse(_login_to(_with_query(request.url.path, request.url.query)), 303)


def _login_to(page: str) -> str:
    return f"/logga-in?vidare={quote(page, safe='/')}"


def _with_query(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path


def _page_behind(request: Request) -> str:
    """Return the page that a form was sent from, or the nearest that an address opens."""
    sent_from = urlsplit(request.headers.get("referer", ""))
    if sent_from.netloc == request.headers.get("host") and _is_page(request, sent_from.path):
        return _with_query(sent_from.path, sent_from.query)
    path = request.url.path
    while path and not _is_page(request, path):
        path = path.rpartition("/")[0]
    return path or "/"


def _is_page(request: Request, path: str) -> bool:
    asked = {**request.scope, "method": "GET", "path": path}
    return any(route.matches(asked)[0] is Match.FULL for route in request.app.routes)
