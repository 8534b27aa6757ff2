"""The mail room: mail that was held back, and messages that could not be delivered."""

from dataclasses import dataclass
from datetime import timedelta

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from bot.app import Services
from bot.intake import MAIL_SOURCE, SHOWN, make_case, read_and_put_aside, read_stored
from bot.mail.errors import UnreadableMail
from bot.web.rendering import Pages
from bot.web.session import Session
from bot.web.viewmodels import local_time
from handlers.access import access_of
from handlers.domain.text import preview
from handlers.errors import NotAllowed
from handlers.permissions import Action, Thing
from handlers.records import AuditEvent, QueuedMessage
from storage.inbox import InboxItem
from storage.unit_of_work import SqlUnitOfWork

SHOWN_CHARACTERS = 600
SHOWN_FOR = timedelta(days=30)
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldMail:
    id: int
    received_at: str
    sender: str
    subject: str
    text: str


def build(services: Services, pages: Pages) -> APIRouter:
    router = APIRouter()

    @router.get("/brev")
    def list_held(request: Request) -> Response:
        reader = _require(services, request, Action.OPEN)
        with services.unit_of_work(read_only=True) as uow:
            held = [item for item in uow.inbox.in_state("held") if _waits(item)]
            shown = uow.inbox.in_state(SHOWN, since=services.clock() - SHOWN_FOR)
            dead, numbers = _undelivered(uow, reader)
        _note_read(services, reader, len(held) + len(shown))
        mails = [found for item in held if (found := _held(services, item)) is not None]
        automatic = [found for item in shown if (found := _held(services, item)) is not None]
        return pages.render(
            request,
            "mailroom.html",
            mails=mails,
            automatic=automatic[::-1][:MOST_SHOWN],
            dead=dead,
            numbers=numbers,
        )

    @router.post("/brev/{item_id}/arende")
    def turn_into_case(request: Request, item_id: int) -> Response:
        _require(services, request, Action.WORK)
        intake = make_case(services, item_id)
        case = intake.case if intake else None
        return RedirectResponse(f"/arenden/{case.id}" if case else "/brev", status_code=303)

    @router.post("/brev/{item_id}/last")
    def put_aside(request: Request, item_id: int) -> Response:
        reader = _require(services, request, Action.WORK)
        read_and_put_aside(services, item_id, reader)
        return RedirectResponse("/brev", status_code=303)

    return router


def _note_read(services: Services, reader: str, count: int) -> None:
    """Keep that letters were read that belong to no case, and so to no case's history."""
    if not count:
        return
    values = {"count": str(count)}
    read = AuditEvent(at=services.clock(), actor_id=reader, kind="mails_read", values=values)
    with services.unit_of_work() as uow:
        uow.audit.add(read)
        uow.commit()


def _undelivered(uow: SqlUnitOfWork, reader: str) -> tuple[list[QueuedMessage], dict[int, str]]:
    """Return what could not be delivered, with the cases' numbers: none that involve the reader."""
    dead = uow.outbox.dead()
    found = {one.id: uow.cases.find(one.message.case_id) for one in dead if one.message.case_id}
    cases = {id_: case for id_, case in found.items() if case}
    hidden = {id_ for id_, case in cases.items() if reader in case.manager_involved_ids}
    numbers = {id_: case.number for id_, case in cases.items() if id_ not in hidden}
    return [one for one in dead if one.id not in hidden], numbers


def _require(services: Services, request: Request, action: Action) -> str:
    """Return the id of the person, or raise NotAllowed."""
    person = Session(services, request).require_person()
    with services.unit_of_work(read_only=True) as uow:
        access = access_of(uow, services.municipality, person.id, services.clock())
        if not access.may_with(action, Thing.MAILROOM):
            raise NotAllowed("mailroom")
    return person.id


def _waits(item: InboxItem) -> bool:
    return item.source.startswith(MAIL_SOURCE) and not item.outcome.get("case")


def _held(services: Services, item: InboxItem) -> HeldMail | None:
    try:
        mail = read_stored(services, item)
    except UnreadableMail:
        return None
    return HeldMail(
        id=item.id,
        received_at=local_time(item.received_at),
        sender=mail.sender_address,
        subject=mail.subject,
        text=preview(mail.text, SHOWN_CHARACTERS),
    )
