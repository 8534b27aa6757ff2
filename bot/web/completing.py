"""The receipt's link: the dialogue for what a letter did not say, added to the same case.

The page shows nothing of the case but its number, because whoever holds the letter holds the link.
"""

from dataclasses import replace

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from bot.additions import PATH, case_of_link
from bot.app import Services
from bot.scene import InboundMessage, Scene
from bot.web.session import CHANNEL, Session
from handlers.dialogue.state import UserInput
from handlers.domain.case import Case
from handlers.domain.report import Answer
from storage.unit_of_work import SqlUnitOfWork

COMPLETION = "completion"  # the form


def build(services: Services) -> APIRouter:
    router = APIRouter()

    @router.get(f"{PATH}/{{token}}")
    def complete(request: Request, token: str) -> Response:
        case_id = case_of_link(services, token)
        session = Session(services, request)
        response = RedirectResponse("/rapportera", status_code=303)
        with services.unit_of_work() as uow:
            case = uow.cases.find(case_id) if case_id else None
            if case is None:
                raise HTTPException(404)
            conversation = session.conversation_id or session.start_conversation(response)
            latest = uow.drafts.latest(conversation)
            if latest is None or latest.state.about != case.number or latest.state.case_number:
                _begin(services, uow, case, conversation)
            uow.commit()
        return response

    return router


def _begin(services: Services, uow: SqlUnitOfWork, case: Case, conversation: str) -> None:
    """Leave a draft for the dialogue, with what is known already."""
    reports = uow.reports.all_of_case(case.id)
    language = reports[0].reporter.language if reports else "sv"
    scene = Scene(
        services=services,
        uow=uow,
        now=services.clock(),
        message=InboundMessage(
            channel=CHANNEL,
            conversation_id=conversation,
            message_id="",
            user_input=UserInput(),
            language=language,
        ),
    )
    draft = scene.new_draft(COMPLETION, about=case.number)
    known: dict[str, Answer] = {}
    unit = uow.organisation.unit(case.unit_id)
    if unit is not None:
        known["where"] = Answer(value=unit.id, text=unit.name)
    for report in reports:
        known |= {name: report.answers[name] for name in ("when",) if name in report.answers}
    scene.save(replace(draft, state=replace(draft.state, answers=known)))
