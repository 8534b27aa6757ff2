"""The page behind a chat's link: one button, then the report goes on in the web.

Programs that look at links press no buttons, so that they see nothing of the report.
"""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from bot.app import Services
from bot.continuing import PATH, draft_of_link
from bot.conversation import InboundMessage, receive
from bot.web.place import enter
from bot.web.rendering import LANGUAGE_COOKIE, Pages
from handlers.dialogue.state import UserInput
from handlers.own_reports import OPEN_DRAFT


def build(services: Services, pages: Pages) -> APIRouter:
    router = APIRouter()

    @router.get(f"{PATH}/{{token}}")
    def offer(request: Request, token: str) -> Response:
        return _page(services, pages, request, token)

    @router.post(f"{PATH}/{{token}}")
    def go_on(request: Request, token: str) -> Response:
        draft = draft_of_link(services, token)
        if draft is None:
            return _page(services, pages, request, token)
        response = RedirectResponse("/rapportera", status_code=303)
        response.set_cookie(LANGUAGE_COOKIE, draft.state.language, samesite="lax", httponly=True)
        place = enter(services, response, draft)
        if draft.state.answers:  # else it is the conversation's latest already
            receive(
                services,
                InboundMessage(
                    channel=place.channel,
                    conversation_id=place.conversation_id,
                    message_id=services.municipality.new_id(),
                    user_input=UserInput(choice=f"{OPEN_DRAFT}:{draft.id}"),
                    language=draft.state.language,
                    person_id=place.person_id,
                ),
            )
        return response

    return router


def _page(services: Services, pages: Pages, request: Request, token: str) -> Response:
    known = draft_of_link(services, token) is not None
    return pages.render(request, "continue.html", status_code=200 if known else 404, known=known)
