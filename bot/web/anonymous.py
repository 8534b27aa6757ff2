"""Reports without a name: begun here, answered under /svar with the code that the person keeps.

Nothing that points to the person is stored: no login, no address, the time to the hour.
"""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from itsdangerous import BadSignature, URLSafeSerializer

from bot.adding_by_code import add_by_code
from bot.app import Services
from bot.receipt_codes import hash_of, new_token
from bot.web.rendering import Pages
from bot.web.session import ANONYMOUS_COOKIE
from handlers.merged import where_it_lives
from handlers.own_reports import has_answer

COOKIE = ANONYMOUS_COOKIE
TEMPLATE = "answer_by_code.html"
LONGEST = 20_000  # characters
Code = Annotated[str, Form(max_length=40)]
FORMS = ("deviation", "risk", "misconduct", "complaint", "suggestion")


def token_of(services: Services, request: Request) -> str:
    """Return the token of an anonymous conversation that is under way; empty for none."""
    try:
        return str(_signer(services).loads(request.cookies.get(COOKIE, "")))
    except BadSignature:
        return ""


def build(services: Services, pages: Pages) -> APIRouter:
    router = APIRouter()

    @router.get("/anonymt")
    def show(request: Request) -> HTMLResponse:
        return pages.render(request, "anonymous.html", forms=FORMS)

    @router.post("/anonymt")
    def begin(form: Annotated[str, Form(max_length=20)] = "") -> Response:
        wanted = form if form in FORMS else FORMS[0]
        response = RedirectResponse(f"/rapportera?form={wanted}", status_code=303)
        response.set_cookie(
            COOKIE,  # without an age: it goes when the browser is closed
            _signer(services).dumps(new_token()),
            httponly=True,
            samesite="lax",
            secure=services.settings.base_url.startswith("https://"),
        )
        return response

    @router.get("/svar")
    def ask_for_code(request: Request) -> HTMLResponse:
        return pages.render(request, TEMPLATE, rows=(), refused=False)

    @router.post("/svar")
    def answer(request: Request, code: Code = "") -> HTMLResponse:
        return _shown(services, pages, request, code)

    @router.post("/svar/mer")
    def add(
        request: Request,
        code: Code = "",
        text: Annotated[str, Form(max_length=LONGEST)] = "",
        once: Annotated[str, Form(max_length=64)] = "",
    ) -> HTMLResponse:
        added = add_by_code(services, code, text, once)
        return _shown(services, pages, request, code, added=added)

    return router


def _shown(
    services: Services, pages: Pages, request: Request, code: str, *, added: bool = False
) -> HTMLResponse:
    """Show how it stands with all that was sent with a code, what was held for a look too."""
    with services.unit_of_work(read_only=True) as uow:
        sent = uow.reports.sent_with_code(hash_of(code, services.secret))
        shown = [(one.case, where_it_lives(uow, one.case)) for one in sent]
    rows = [(case, lives_in, has_answer(lives_in)) for case, lives_in in shown]
    once = services.municipality.new_id()
    return pages.render(
        request, TEMPLATE, rows=rows, refused=not rows, code=code, added=added, once=once
    )


def _signer(services: Services) -> URLSafeSerializer:
    return URLSafeSerializer(services.secret, salt=COOKIE)
