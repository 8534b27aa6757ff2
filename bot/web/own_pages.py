"""What a person has of their own on the web: sent reports with their answers, drafts, cards."""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from bot.app import Services
from bot.conversation import current
from bot.scene import ENDED
from bot.web.place import place_of
from bot.web.rendering import Pages, language_of
from bot.web.session import Session
from handlers.errors import NotAllowed
from handlers.handing_over import NURSE, WORK, own_handovers
from handlers.merged import where_it_lives
from handlers.own_reports import Owner, cancelled_of, drafts_of
from handlers.records import Draft, Handover

CARD_PATH = "/mina-rapporter/kort"


def build(services: Services, pages: Pages) -> APIRouter:
    router = APIRouter()

    @router.get("/mina-rapporter")
    def my_reports(request: Request) -> HTMLResponse:
        session = Session(services, request)
        owner = _owner(session, request)
        with services.unit_of_work(read_only=True) as uow:
            sent = uow.reports.sent_by(owner.conversation_id, owner.person_id)
            rows = [
                (one.case, where_it_lives(uow, one.case), uow.reports.vote_of(one.report_id))
                for one in sent
            ]
            drafts = [*drafts_of(uow, owner), *cancelled_of(uow, owner)]
            messages = uow.chat.of_conversation(owner.conversation_id)
        handed_over = own_of(services, request)
        shown = pages.render(
            request,
            "my_reports.html",
            rows=rows,
            drafts=drafts,
            messages=messages,
            cards=[one for one in handed_over if one.form_id == NURSE],
            matters=[one for one in handed_over if one.form_id == WORK],
            message_id=services.municipality.new_id(),
        )
        if not owner.conversation_id and (rows or drafts):  # what is tapped here needs one
            session.start_conversation(shown)
        return shown

    @router.get(f"{CARD_PATH}/{{handover_id}}")
    def card(request: Request, handover_id: str) -> HTMLResponse:
        own = own_of(services, request)
        found = next((o for o in own if o.id == handover_id and o.form_id == NURSE), None)
        if found is None:
            raise NotAllowed("card")
        return pages.render(request, "card.html", card=found)

    return router


def begun_here(services: Services, request: Request) -> Draft | None:
    """Return the report that is being written at this browser, if one is."""
    place = place_of(services, request)
    draft = current(services, place.conversation_id) if place else None
    under_way = draft is not None and draft.state.status not in ENDED and draft.state.answers
    return draft if under_way else None


def own_of(services: Services, request: Request) -> Sequence[Handover]:
    """Return what whoever sits at the browser has handed over, here or in the chat."""
    owner, place = _owner(Session(services, request), request), place_of(services, request)
    where = {(owner.conversation_id, owner.person_id)}
    if place is not None:
        where.add((place.conversation_id, place.person_id))
    now = services.clock()
    with services.unit_of_work(read_only=True) as uow:
        found = [
            one
            for conversation_id, person_id in where
            if conversation_id or person_id
            for one in own_handovers(uow, conversation_id, person_id, now)
        ]
    once = {one.id: one for one in found}
    return sorted(once.values(), key=lambda one: one.created_at, reverse=True)


def _owner(session: Session, request: Request) -> Owner:
    return Owner(
        conversation_id=session.conversation_id,
        person_id=session.person_id,
        language=language_of(request),
    )
