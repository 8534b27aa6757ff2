"""The demo login: choose an invented person. It exists in demo mode only (ADR 0010)."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from bot.app import Services
from bot.oidc import IdentityProvider
from bot.web.rendering import Pages, language_of
from bot.web.session import Session
from handlers.domain.deadline import local_date
from handlers.domain.people import Organisation, Person, Role
from handlers.errors import NotAllowed

LONGEST_ONWARD = 200  # characters, as the table of logins that have begun


def build(services: Services, pages: Pages) -> APIRouter:
    router = APIRouter()

    @router.get("/logga-in")
    def choose_person(request: Request, vidare: str = "/arenden") -> Response:
        with services.unit_of_work(read_only=True) as uow:
            organisation = uow.organisation
        day = local_date(services.clock())
        rows = [
            (person, duties_of(organisation, person, services, language_of(request)))
            for person in organisation.people
            if organisation.assignments_of(person.id, day)
        ]
        return pages.render(request, "login.html", rows=rows, onward=own_path(vidare))

    @router.post("/logga-in")
    def log_in(
        request: Request,
        person_id: Annotated[str, Form(max_length=64)],
        vidare: Annotated[str, Form(max_length=LONGEST_ONWARD)] = "/arenden",
    ) -> Response:
        with services.unit_of_work(read_only=True) as uow:
            organisation = uow.organisation
        day = local_date(services.clock())
        if not organisation.assignments_of(person_id, day):
            raise NotAllowed(person_id)
        response = RedirectResponse(own_path(vidare), status_code=303)
        Session(services, request).log_in(response, person_id)
        return response

    return router


LEFT_PATH = "/utloggad"


def build_logout(
    services: Services, pages: Pages, provider: IdentityProvider | None = None
) -> APIRouter:
    """`provider` is where people log in, and so log out too; without one it ends here."""
    router = APIRouter()

    @router.post("/logga-ut")
    def leave(request: Request) -> Response:
        session = Session(services, request)
        onward = LEFT_PATH if provider and session.person() else "/"
        response = RedirectResponse(onward, status_code=303)
        session.log_out(response)
        return response

    @router.get(LEFT_PATH)
    def left(request: Request) -> Response:
        """Lead on to the provider: our policy lets no form of ours end at another site."""
        address = provider.leave_address(f"{services.settings.base_url}/") if provider else ""
        return pages.render(request, "logged_out.html", address=address)

    return router


def duties_of(organisation: Organisation, person: Person, services: Services, language: str) -> str:
    """Return a person's roles in words: "Enhetschef Björkgården, ersättare …"."""
    say = services.municipality.catalogue.get
    day = local_date(services.clock())
    words = []
    for assignment in organisation.assignments_of(person.id, day):
        role = say(f"role.{assignment.role}", language)
        where = _scope_name(organisation, assignment.role, assignment.scope)
        deputy = f" ({say('role.deputy', language)})" if assignment.deputy else ""
        words.append(f"{role} {where}".strip() + deputy)
    return ", ".join(words)


def _scope_name(organisation: Organisation, role: Role, scope: str) -> str:
    if role == Role.AREA_MANAGER:
        return next((area.name for area in organisation.areas if area.id == scope), "")
    unit = organisation.unit(scope)
    return unit.name if unit else ""


def own_path(wanted: str) -> str:
    """Only a path of ours: an address elsewhere would make the login a bait.

    What asks for too much of a page comes back to the page as it begins.
    """
    wanted = wanted if len(wanted) <= LONGEST_ONWARD else wanted.partition("?")[0]
    inside = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    return wanted if inside and len(wanted) <= LONGEST_ONWARD else "/arenden"
