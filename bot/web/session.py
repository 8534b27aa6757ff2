"""Who sits at the browser: a signed conversation id for all, a session of ours after login."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe
from urllib.parse import urlsplit

from fastapi import Request, Response
from itsdangerous import BadSignature, URLSafeTimedSerializer

from bot.app import Services
from handlers.domain.deadline import local_date
from handlers.domain.people import Person
from handlers.errors import NotAllowed

PERSON_COOKIE = "lotsen_session"
CONVERSATION_COOKIE = "lotsen_conversation"
ANONYMOUS_COOKIE = "lotsen_anonymous"
CONTINUED_COOKIE = "lotsen_continued"  # a draft that was begun in a chat
LIST_COOKIE = "lotsen_list"  # what was chosen in the list of cases last
UNIT_COOKIE = "lotsen_unit"  # of the poster that the person came by
LOGIN_LIVES = timedelta(hours=12)
IDLE_LIVES = timedelta(hours=2)
SEEN_EVERY = timedelta(minutes=5)
CONVERSATION_SECONDS = 90 * 24 * 3600
CHANNEL = "webchat"


class NotLoggedIn(NotAllowed):
    """Nobody is logged in, or not any more."""


@dataclass(frozen=True, slots=True)
class Session:
    services: Services
    request: Request

    @property
    def person_id(self) -> str:
        """Return who is logged in and still employed here; empty for nobody."""
        person = self.person()
        return person.id if person else ""

    @property
    def conversation_id(self) -> str:
        return self._read(CONVERSATION_COOKIE, CONVERSATION_SECONDS)

    def person(self) -> Person | None:
        """Return the person if still employed here: without an assignment today, nobody.

        Asked anew at every request, so that a login ends with the assignment.
        """
        key, now = self.request.cookies.get(PERSON_COOKIE, ""), self.services.clock()
        if not key:
            return None
        with self.services.unit_of_work(read_only=True) as uow:
            session = uow.logins.find(key)
            if session is None or not session.lasts(now, login=LOGIN_LIVES, idle=IDLE_LIVES):
                return None
            organisation = uow.organisation
        if now - session.seen_at >= SEEN_EVERY:
            self._note_seen(key, now)
        known = organisation.person(session.person_id)
        working = organisation.assignments_of(session.person_id, local_date(now))
        return known if working else None

    def _note_seen(self, key: str, now: datetime) -> None:
        with self.services.unit_of_work() as uow:
            uow.logins.seen(key, now)
            uow.commit()

    def require_person(self) -> Person:
        person = self.person()
        if person is None:
            raise NotLoggedIn("login")
        return person

    def log_in(self, response: Response, person_id: str) -> None:
        """Start a session anew; a key that the browser had before is worth nothing after."""
        key = token_urlsafe(32)
        with self.services.unit_of_work() as uow:
            uow.logins.end(self.request.cookies.get(PERSON_COOKIE, ""))
            uow.logins.start(key, person_id, self.services.clock())
            uow.commit()
        self._set(response, PERSON_COOKIE, key, int(LOGIN_LIVES.total_seconds()))

    def log_out(self, response: Response) -> None:
        """Forget everything on a shared phone: login, conversations, and what the browser keeps."""
        with self.services.unit_of_work() as uow:
            uow.logins.end(self.request.cookies.get(PERSON_COOKIE, ""))
            uow.commit()
        for name in (
            PERSON_COOKIE,
            CONVERSATION_COOKIE,
            ANONYMOUS_COOKIE,
            CONTINUED_COOKIE,
            UNIT_COOKIE,
            LIST_COOKIE,
        ):
            response.delete_cookie(name)
        # Typed text lies in the browser's storage; this reaches it without a script too.
        response.headers["Clear-Site-Data"] = '"cache", "storage"'

    def new_conversation_id(self) -> str:
        return f"{CHANNEL}:{self.services.municipality.new_id()}"

    def start_conversation(self, response: Response, conversation_id: str = "") -> str:
        conversation_id = conversation_id or self.new_conversation_id()
        self._write(response, CONVERSATION_COOKIE, conversation_id, CONVERSATION_SECONDS)
        return conversation_id

    @property
    def list_address(self) -> str:
        """Return the list of cases as it was seen last, so that the way back leads to it."""
        return f"/arenden{self._read(LIST_COOKIE, int(LOGIN_LIVES.total_seconds()))}".rstrip("?")

    def remember_list(self, response: Response, query: str) -> None:
        self._write(response, LIST_COOKIE, query, int(LOGIN_LIVES.total_seconds()))

    def _signer(self, name: str) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self.services.secret, salt=name)

    def _read(self, name: str, max_age_seconds: int) -> str:
        raw = self.request.cookies.get(name, "")
        try:
            return str(self._signer(name).loads(raw, max_age=max_age_seconds))
        except BadSignature:
            return ""

    def _write(self, response: Response, name: str, value: str, max_age_seconds: int) -> None:
        self._set(response, name, self._signer(name).dumps(value), max_age_seconds)

    def _set(self, response: Response, name: str, value: str, max_age_seconds: int) -> None:
        response.set_cookie(
            name,
            value,
            max_age=max_age_seconds,
            httponly=True,
            samesite="lax",
            secure=self.services.settings.base_url.startswith("https://"),
        )


def is_from_our_pages(request: Request) -> bool:
    """Whether a form was sent from one of our own pages (cross-site request forgery).

    Browsers state the origin of every form that changes something; a client that states none is
    no browser and carries no one's cookies by mistake.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")
