"""The web chat at /rapportera: the same dialogue as everywhere, rendered as one question a page."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.app import Services
from bot.conversation import InboundMessage, current, receive
from bot.web.rendering import LANGUAGE_COOKIE, Pages, language_of
from bot.web.session import CHANNEL, Session
from handlers.dialogue.state import Command, DraftStatus, Prompt, PromptKind, UserInput

_FORMS = {"deviation", "complaint"}
# Whoever comes back after these begins anew; a cancelled report can be regretted where it ended.
_ENDED = {DraftStatus.SUBMITTED, DraftStatus.CANCELLED}
# What a person may send; what the machine says to itself is not among it.
_COMMANDS = {command.value for command in Command} - {Command.SUGGESTED.value}


def build(services: Services, pages: Pages) -> APIRouter:
    router = APIRouter()

    @router.get("/rapportera")
    def show(request: Request, form: str = "") -> Response:
        session = Session(services, request)
        conversation_id = session.conversation_id
        draft = current(services, conversation_id) if conversation_id else None
        going_on = draft is not None and draft.state.status not in _ENDED
        if not going_on and form not in _FORMS:
            return pages.render(request, "choose.html", has_reports=draft is not None)
        if not conversation_id:
            # The browser gets its conversation first, so that no draft is left without one.
            response = RedirectResponse(f"/rapportera?form={form}", status_code=303)
            session.start_conversation(response)
            return response
        prompts = _ask(services, request, session, command=Command.RESUME, form=form)
        return _page(services, pages, request, prompts)

    @router.post("/rapportera")
    def answer(
        request: Request,
        message_id: Annotated[str, Form(max_length=64)] = "",
        text: Annotated[str, Form()] = "",
        choice: Annotated[str, Form(max_length=64)] = "",
        command: Annotated[str, Form(max_length=20)] = "",
        form: Annotated[str, Form(max_length=20)] = "",
    ) -> Response:
        session = Session(services, request)
        if not session.conversation_id:
            return RedirectResponse("/rapportera", status_code=303)
        known = Command(command) if command in _COMMANDS else Command.NONE
        prompts = _ask(
            services,
            request,
            session,
            command=known,
            form=form,
            text=text,
            choice=choice,
            message_id=message_id,
        )
        return _page(services, pages, request, prompts)

    @router.get("/mina-rapporter")
    def my_reports(request: Request) -> HTMLResponse:
        conversation_id = Session(services, request).conversation_id
        with services.unit_of_work(read_only=True) as uow:
            cases = uow.reports.cases_of_conversation(conversation_id) if conversation_id else []
            messages = uow.chat.of_conversation(conversation_id) if conversation_id else []
        return pages.render(request, "my_reports.html", cases=cases, messages=messages)

    @router.get("/sprak/{language}")
    def choose_language(language: str) -> Response:
        response = RedirectResponse("/", status_code=303)
        response.set_cookie(LANGUAGE_COOKIE, language, samesite="lax", httponly=True)
        return response

    return router


def _ask(
    services: Services,
    request: Request,
    session: Session,
    *,
    command: Command,
    form: str,
    text: str = "",
    choice: str = "",
    message_id: str = "",
) -> tuple[Prompt, ...]:
    conversation_id = session.conversation_id
    draft = current(services, conversation_id)
    done = draft is not None and draft.state.status in _ENDED
    return receive(
        services,
        InboundMessage(
            channel=CHANNEL,
            conversation_id=conversation_id,
            message_id=message_id or services.municipality.new_id(),
            user_input=UserInput(text=text, choice=choice, command=command),
            form_id=form if form in _FORMS else "deviation",
            language=language_of(request),
            person_id=session.person_id,
            new_report=done and form in _FORMS and command == Command.RESUME,
        ),
    )


def _page(
    services: Services, pages: Pages, request: Request, prompts: tuple[Prompt, ...]
) -> HTMLResponse:
    template = "report.html"
    if request.headers.get("hx-request"):
        template = "_dialogue.html"
    main = next((p for p in reversed(prompts) if _is_main(p)), None)
    before = [p for p in prompts if p is not main]
    return pages.render(
        request,
        template,
        prompt=main,
        before=before,
        message_id=services.municipality.new_id(),
    )


def _is_main(prompt: Prompt) -> bool:
    stands_alone = prompt.kind in (PromptKind.QUESTION, PromptKind.SUMMARY, PromptKind.RECEIPT)
    return stands_alone or bool(prompt.choices)
