"""Login with OpenID Connect: away to the municipality's provider, and back as a person here."""

import secrets

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from bot.app import Services
from bot.oidc import IdentityProvider, LoginRefused
from bot.web.login import own_path
from bot.web.session import Session
from handlers.domain.deadline import local_date
from handlers.domain.people import Organisation
from handlers.records import AuditEvent

FLOW_COOKIE = "lotsen_login"
ANSWER_PATH = "/logga-in/svar"
FLOW_SECONDS = 15 * 60


def build(services: Services, provider: IdentityProvider) -> APIRouter:
    router = APIRouter()

    @router.get("/logga-in")
    def leave_for_provider(vidare: str = "/arenden") -> Response:
        flow = provider.begin(services.settings.base_url + ANSWER_PATH)
        key = secrets.token_urlsafe(32)
        with services.unit_of_work() as uow:
            uow.logins.begin(key, flow, own_path(vidare), services.clock())
            uow.commit()
        response = RedirectResponse(flow["auth_uri"], status_code=303)
        # The answer counts in this browser only, so that nobody is logged in as somebody else.
        response.set_cookie(
            FLOW_COOKIE,
            key,
            max_age=FLOW_SECONDS,
            path=ANSWER_PATH,
            httponly=True,
            samesite="lax",
            secure=services.settings.base_url.startswith("https://"),
        )
        return response

    @router.get(ANSWER_PATH)
    def come_back(request: Request) -> Response:
        now = services.clock()
        with services.unit_of_work() as uow:
            begun = uow.logins.take(request.cookies.get(FLOW_COOKIE, ""), now)
            uow.commit()
        if begun is None:
            raise LoginRefused("login.refused")
        name = provider.finish(begun.flow, dict(request.query_params), now)
        person_id = _person_here(services, name)
        response = RedirectResponse(own_path(begun.onward), status_code=303)
        Session(services, request).log_in(response, person_id)
        response.delete_cookie(FLOW_COOKIE, path=ANSWER_PATH)
        return response

    return router


def _person_here(services: Services, name: str) -> str:
    """Return the one person with that address who has an assignment today; the rest is refused."""
    now = services.clock()
    with services.unit_of_work() as uow:
        person_id = _match(uow.organisation, name)
        working = bool(uow.organisation.assignments_of(person_id, local_date(now)))
        kind = "logged_in" if working else "login_refused"
        uow.audit.add(AuditEvent(at=now, actor_id=person_id, kind=kind))
        uow.commit()
    if not working:
        raise LoginRefused("login.nothing_to_do_here")
    return person_id


def _match(organisation: Organisation, name: str) -> str:
    wanted = name.casefold()
    found = [person.id for person in organisation.people if person.email.casefold() == wanted]
    return found[0] if len(found) == 1 else ""
