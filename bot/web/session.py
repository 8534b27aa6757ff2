"""Who sits at the browser: a signed conversation id for all, a signed person id after login."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import Request, Response
from itsdangerous import BadSignature, URLSafeTimedSerializer

from bot.app import Services
from handlers.domain.deadline import local_date
from handlers.domain.people import Person
from handlers.errors import NotAllowed

PERSON_COOKIE = "lotsen_person"
CONVERSATION_COOKIE = "lotsen_conversation"
LOGIN_SECONDS = 12 * 3600
CONVERSATION_SECONDS = 90 * 24 * 3600
CHANNEL = "webchat"


@dataclass(frozen=True, slots=True)
class Session:
    services: Services
    request: Request

    @property
    def person_id(self) -> str:
        """Return who is logged in; empty for nobody."""
        return self._read(PERSON_COOKIE, LOGIN_SECONDS)

    @property
    def conversation_id(self) -> str:
        return self._read(CONVERSATION_COOKIE, CONVERSATION_SECONDS)

    def person(self) -> Person | None:
        """Return the person if still employed here: without an assignment today, nobody."""
        person_id = self.person_id
        if not person_id:
            return None
        with self.services.unit_of_work(read_only=True) as uow:
            organisation = uow.organisation
        day = local_date(self.services.clock())
        known = organisation.person(person_id)
        return known if organisation.assignments_of(person_id, day) else None

    def require_person(self) -> Person:
        person = self.person()
        if person is None:
            raise NotAllowed("login")
        return person

    def log_in(self, response: Response, person_id: str) -> None:
        self._write(response, PERSON_COOKIE, person_id, LOGIN_SECONDS)

    def start_conversation(self, response: Response) -> str:
        conversation_id = f"{CHANNEL}:{self.services.municipality.new_id()}"
        self._write(response, CONVERSATION_COOKIE, conversation_id, CONVERSATION_SECONDS)
        return conversation_id

    def _signer(self, name: str) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self.services.secret, salt=name)

    def _read(self, name: str, max_age_seconds: int) -> str:
        raw = self.request.cookies.get(name, "")
        try:
            return str(self._signer(name).loads(raw, max_age=max_age_seconds))
        except BadSignature:
            return ""

    def _write(self, response: Response, name: str, value: str, max_age_seconds: int) -> None:
        response.set_cookie(
            name,
            self._signer(name).dumps(value),
            max_age=max_age_seconds,
            httponly=True,
            samesite="lax",
            secure=self.services.settings.base_url.startswith("https://"),
        )


def log_out(response: Response) -> None:
    """Forget everything on a shared phone: login and conversation."""
    for name in (PERSON_COOKIE, CONVERSATION_COOKIE):
        response.delete_cookie(name)


def is_from_our_pages(request: Request) -> bool:
    """Whether a form was sent from one of our own pages (cross-site request forgery).

    Browsers state the origin of every form that changes something; a client that states none is
    no browser and carries no one's cookies by mistake.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")
