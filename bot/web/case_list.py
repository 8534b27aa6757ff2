"""The list of cases, and what it is narrowed to."""

from collections.abc import Collection

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from bot.app import Services
from bot.web.answer_lines import NAMING
from bot.web.case_filter import CaseFilter, filter_of
from bot.web.rendering import Pages, language_of
from bot.web.session import Session
from bot.web.viewmodels import list_choices, list_rows
from handlers.access import access_of, allowed, cases_for
from handlers.domain.case import Case
from handlers.domain.deadline import local_date
from handlers.log_reading import note_search
from handlers.permissions import Action
from storage.unit_of_work import SqlUnitOfWork


def add_list(router: APIRouter, services: Services, pages: Pages) -> None:
    @router.get("/arenden")
    def list_cases(request: Request, alla: bool = False) -> Response:
        chosen = filter_of(dict(request.query_params))
        return _page(services, pages, request, chosen, everything=alla)

    @router.post("/arenden")
    async def find_cases(request: Request) -> Response:
        form = await request.form()
        entered = {name: value for name, value in form.items() if isinstance(value, str)}
        chosen = filter_of(entered, words=entered.get("ord", ""))
        everything = entered.get("alla") == "true"
        if not chosen.words:  # then it is an address that can be kept, and gone back to
            parts = ("alla=true" if everything else "", chosen.address)
            return RedirectResponse(f"/arenden?{'&'.join(filter(None, parts))}", status_code=303)
        return await run_in_threadpool(
            _page, services, pages, request, chosen, everything=everything
        )


def _page(
    services: Services, pages: Pages, request: Request, chosen: CaseFilter, *, everything: bool
) -> Response:
    person = Session(services, request).require_person()
    with services.unit_of_work(read_only=True) as uow:
        today = local_date(services.clock())
        access = access_of(uow, services.municipality, person.id, services.clock())
        cases = cases_for(uow, access, open_only=not everything)
        shown = chosen.chosen(cases, today)
        if chosen.words:
            shown = _with_words(services, uow, person.id, shown, chosen.words)
        rows = list_rows(services, uow, shown, today, language_of(request))
        around = list_choices(services, uow.organisation, cases, language_of(request))
    if chosen.words:  # before anything is shown
        with services.unit_of_work() as uow:
            note_search(uow, person.id, len(shown), services.clock())
            uow.commit()
    return pages.render(
        request, "cases.html", rows=rows, everything=everything, filter=chosen, choices=around
    )


def _with_words(
    services: Services,
    uow: SqlUnitOfWork,
    person_id: str,
    cases: Collection[Case],
    words: tuple[str, ...],
) -> list[Case]:
    """Return those that have the words, of those that the person may open and so read.

    Who has said it is never looked in: a name that hits would tell what the page hides.
    """
    now = services.clock()
    access = access_of(uow, services.municipality, person_id, now)
    found = uow.cases.with_words(words, not_in=NAMING)
    hits = (case for case in cases if case.id in found)
    return [case for case in hits if allowed(uow, access, Action.OPEN, case, now)]
