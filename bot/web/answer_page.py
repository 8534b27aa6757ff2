"""The page where somebody outside reads an answer that is about a person, with a one-time code."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from bot.app import Services
from bot.web.rendering import Pages
from handlers import answer_notices, complaints


def new_code() -> str:
    return f"{secrets.randbelow(10**complaints.CODE_DIGITS):0{complaints.CODE_DIGITS}}"


def build(services: Services, pages: Pages) -> APIRouter:
    """Every answer to a wrong address or code is the same, so that nothing can be learnt by trying.

    The pages say nothing about the case before the code is right.
    """
    router = APIRouter()

    @router.get("/svar/{answer_id}")
    def show(request: Request, answer_id: str) -> Response:
        return _page(pages, request, answer_id)

    @router.post("/svar/{answer_id}/kod")
    def ask_for_code(request: Request, answer_id: str) -> Response:
        with services.unit_of_work() as uow:
            complaints.send_code(
                uow, answer_id, new_code(), services.clock(), services.municipality
            )
            uow.commit()
        return _page(pages, request, answer_id, asked=True)

    @router.post("/svar/{answer_id}")
    def open_answer(
        request: Request, answer_id: str, code: Annotated[str, Form(max_length=20)]
    ) -> Response:
        with services.unit_of_work() as uow:
            found = complaints.open_answer(
                uow, answer_id, code, services.clock(), services.municipality
            )
            case = uow.cases.find(found.case_id) if found else None
            uow.commit()
        if found is None or case is None:
            return _page(pages, request, answer_id, wrong=True)
        matter = answer_notices.matter_of(case)
        return pages.render(request, "answer.html", answer=found, matter=matter)

    return router


def _page(
    pages: Pages, request: Request, answer_id: str, *, asked: bool = False, wrong: bool = False
) -> Response:
    return pages.render(
        request,
        "answer.html",
        status_code=422 if wrong else 200,
        answer=None,
        id=answer_id,
        asked=asked,
        wrong=wrong,
    )
