"""Templates, their texts and the headers of every page."""

from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.app import Services
from bot.web.menu import Menu, menu_of
from bot.web.session import Session
from bot.web.viewmodels import local_time
from handlers.access import access_of
from handlers.domain.people import Person
from handlers.forms.form import LANGUAGES

FOLDER = Path(__file__).parent
LANGUAGE_COOKIE = "lotsen_language"

# No inline script or style anywhere, nothing from elsewhere, no framing, no address leaks.
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # Not "no-referrer": browsers would then state no origin with our own forms either.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def build_environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["swedish_date"] = lambda moment: moment.strftime("%Y-%m-%d")
    environment.filters["local_time"] = local_time
    return environment


class Pages:
    """Renders a template for one request's person and language."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._environment = build_environment()

    def render(
        self, request: Request, template: str, *, status_code: int = 200, **values: object
    ) -> HTMLResponse:
        text = self.text_of(request, template, **values)
        return HTMLResponse(text, status_code=status_code)

    def text_of(self, request: Request, template: str, **values: object) -> str:
        language = language_of(request)
        session = Session(self._services, request)
        person = session.person()
        catalogue = self._services.municipality.catalogue

        def say(key: str, **named: object) -> str:
            return catalogue.get(key, language, **named)

        return self._environment.get_template(template).render(
            say=say,
            language=language,
            person=person,
            menu=self._menu(person),
            municipality=self._services.municipality.name,
            demo=self._services.settings.mode == "demo",
            path=request.url.path,
            list_address=session.list_address,
            **values,
        )

    def _menu(self, person: Person | None) -> Menu:
        if person is None:
            return Menu()
        with self._services.unit_of_work(read_only=True) as uow:
            return menu_of(
                access_of(uow, self._services.municipality, person.id, self._services.clock())
            )


def language_of(request: Request) -> str:
    chosen = request.cookies.get(LANGUAGE_COOKIE, "sv")
    return chosen if chosen in LANGUAGES else "sv"
