"""The web chat at /rapportera: the same dialogue as everywhere, rendered as one question a page."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, File, Form, Query, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.app import Services
from bot.conversation import InboundMessage, current, receive
from bot.late import cries, position_in
from bot.receipt_codes import code_of, hash_of
from bot.scene import Position, RefusedFile, UploadedFile
from bot.web.own_pages import own_of
from bot.web.place import Place, leave, place_of
from bot.web.receipts import receipt_of
from bot.web.rendering import LANGUAGE_COOKIE, Pages, language_of
from bot.web.session import CHANNEL, UNIT_COOKIE, Session
from bot.web.uploads import UPLOAD_PATH, read_uploads
from handlers.dialogue.commands import FORM_OF_WAY
from handlers.dialogue.state import Command, DraftStatus, Prompt, PromptKind, UserInput
from handlers.forms.form import LANGUAGES
from handlers.handing_over import NURSE

_WAY_OF_FORM = {form: way for way, form in FORM_OF_WAY.items()}
_FORMS = {"complaint", *_WAY_OF_FORM}
# Whoever comes back after these begins anew; a cancelled report can be regretted where it ended.
_ENDED = {DraftStatus.SUBMITTED, DraftStatus.CANCELLED}
# What a person may send; what the machine says to itself is not among it.
_COMMANDS = {command.value for command in Command} - {Command.SUGGESTED.value}
_FEW = 20  # files in one form; what is more than the setting is refused one by one


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What a form of the page brought; `at` is what the page was asking, of which draft."""

    said: UserInput
    message_id: str = ""
    at: str = ""
    form: str = ""
    files: tuple[tuple[UploadedFile, ...], tuple[RefusedFile, ...]] = ((), ())

    @property
    def position(self) -> Position | None:
        draft_id, _, question_id = self.at.partition("/")
        return Position(draft_id=draft_id, question_id=question_id) if draft_id else None


def build(services: Services, pages: Pages) -> APIRouter:
    router = APIRouter()
    _add_questions(router, services, pages)
    _add_answers(router, services, pages)
    _add_language(router, services)
    return router


def _add_questions(router: APIRouter, services: Services, pages: Pages) -> None:
    @router.get("/rapportera")
    def show(
        request: Request, form: str = "", enhet: Annotated[str, Query(max_length=64)] = ""
    ) -> Response:
        place = place_of(services, request)
        draft = current(services, place.conversation_id) if place else None
        going_on = draft is not None and draft.state.status not in _ENDED
        if not going_on and form not in _FORMS:
            chosen = pages.render(
                request,
                "choose.html",
                has_reports=draft is not None,
                cards=[one for one in own_of(services, request) if one.form_id == NURSE],
            )
            if draft is not None:
                leave(chosen)
            _remember_unit(chosen, enhet)
            return chosen
        if place is None:
            # The browser gets its conversation first, so that no draft is left without one.
            response = RedirectResponse(f"/rapportera?form={form}", status_code=303)
            Session(services, request).start_conversation(response)
            _remember_unit(response, enhet)
            return response
        command = Command.RESUME
        if draft is not None and going_on and form not in ("", draft.state.form_id):
            command = _WAY_OF_FORM.get(form, Command.RESUME)
        turn = Sent(said=UserInput(command=command), form=form)
        return _page(services, pages, request, place, _ask(services, request, place, turn))


def _add_answers(router: APIRouter, services: Services, pages: Pages) -> None:
    @router.post("/rapportera")
    def answer(
        request: Request,
        message_id: Annotated[str, Form(max_length=64)] = "",
        text: Annotated[str, Form()] = "",
        choice: Annotated[str, Form(max_length=64)] = "",
        command: Annotated[str, Form(max_length=20)] = "",
        form: Annotated[str, Form(max_length=20)] = "",
        at: Annotated[str, Form(max_length=100)] = "",
    ) -> Response:
        known = Command(command) if command in _COMMANDS else Command.NONE
        said = UserInput(text=text, choice=choice, command=known)
        turn = Sent(said=said, message_id=message_id, at=at, form=form)
        place = place_of(services, request)
        if place is None:
            return _without_place(services, pages, request, turn)
        return _page(services, pages, request, place, _ask(services, request, place, turn))

    @router.post(UPLOAD_PATH)
    def attach(
        request: Request,
        message_id: Annotated[str, Form(max_length=64)] = "",
        at: Annotated[str, Form(max_length=100)] = "",
        files: Annotated[list[UploadFile] | None, File()] = None,
    ) -> Response:
        place = place_of(services, request)
        if place is None:
            return RedirectResponse("/rapportera", status_code=303)
        found = read_uploads((files or [])[:_FEW], services.settings, anonymous=bool(place.token))
        said = UserInput(command=Command.ATTACH)
        turn = Sent(said=said, message_id=message_id, at=at, files=found)
        return _page(services, pages, request, place, _ask(services, request, place, turn))


def _add_language(router: APIRouter, services: Services) -> None:
    @router.get("/sprak/{language}")
    def choose_language(request: Request, language: str) -> Response:
        spoken = _speak(services, request, language)
        response = RedirectResponse("/rapportera" if spoken else "/", status_code=303)
        response.set_cookie(LANGUAGE_COOKIE, language, samesite="lax", httponly=True)
        return response


def _speak(services: Services, request: Request, language: str) -> bool:
    """Let a report that is being written go on in the language that was chosen, if there is one."""
    place = place_of(services, request)
    draft = current(services, place.conversation_id) if place else None
    active = draft is not None and draft.state.status == DraftStatus.ACTIVE
    if place is None or not active or language not in LANGUAGES:
        return False
    _ask(services, request, place, Sent(said=UserInput(command=Command(language))))
    return True


def _ask(services: Services, request: Request, place: Place, sent: Sent) -> tuple[Prompt, ...]:
    draft = current(services, place.conversation_id)
    done = draft is not None and draft.state.status in _ENDED
    code = code_of(place.token, services.secret) if place.token else ""
    return receive(
        services,
        InboundMessage(
            channel=place.channel,
            conversation_id=place.conversation_id,
            message_id=sent.message_id or services.municipality.new_id(),
            user_input=sent.said,
            form_id=sent.form if sent.form in _FORMS else "deviation",
            language=language_of(request),
            person_id=place.person_id,
            new_report=done and sent.form in _FORMS and sent.said.command == Command.RESUME,
            unit_id=request.cookies.get(UNIT_COOKIE, "")[:64],
            code_hash=hash_of(code, services.secret),
            files=sent.files[0],
            refused_files=sent.files[1],
            position=sent.position,
        ),
    )


def _without_place(services: Services, pages: Pages, request: Request, sent: Sent) -> Response:
    """Begin anew for a browser that has been logged out since; danger now is heard first."""
    position = sent.position
    if position is None or not cries(position.question_id, sent.said):
        return RedirectResponse("/rapportera", status_code=303)
    session = Session(services, request)
    place = Place(channel=CHANNEL, conversation_id=session.new_conversation_id())
    _ask(services, request, place, Sent(said=UserInput(command=Command.RESUME)))
    prompts = _ask(services, request, place, Sent(said=sent.said))
    page = _page(services, pages, request, place, prompts)
    session.start_conversation(page, place.conversation_id)
    return page


def _remember_unit(response: Response, unit_id: str) -> None:
    """Keep the poster's unit while the browser is open, so that it need not be asked."""
    if unit_id:
        response.set_cookie(UNIT_COOKIE, unit_id, httponly=True, samesite="lax")


def _page(
    services: Services,
    pages: Pages,
    request: Request,
    place: Place,
    prompts: tuple[Prompt, ...],
) -> HTMLResponse:
    template = "report.html"
    if request.headers.get("hx-request"):
        template = "_dialogue.html"
    main = next((p for p in reversed(prompts) if _is_main(p)), None)
    before = [p for p in prompts if p is not main]
    draft = current(services, place.conversation_id)
    standing = position_in(prompts, draft)
    is_receipt = main is not None and main.kind == PromptKind.RECEIPT
    receipt = receipt_of(services, place, draft) if is_receipt else None
    return pages.render(
        request,
        template,
        prompt=main,
        before=before,
        message_id=services.municipality.new_id(),
        at=f"{standing.draft_id}/{standing.question_id}" if standing else "",
        receipt=receipt,
        anonymous=bool(place.token),
        from_chat=place.from_chat,
        settings=services.settings,
    )


def _is_main(prompt: Prompt) -> bool:
    stands_alone = prompt.kind in (PromptKind.QUESTION, PromptKind.SUMMARY, PromptKind.RECEIPT)
    return stands_alone or bool(prompt.choices)
