"""The list of cases, and what it is narrowed to."""

from collections.abc import Collection, Mapping

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from bot.app import Services
from bot.web import searching
from bot.web.answer_lines import NAMING
from bot.web.case_filter import CaseFilter, filter_of
from bot.web.paging import paged
from bot.web.rendering import Pages, language_of
from bot.web.session import Session
from bot.web.viewmodels import list_choices, list_rows
from handlers.access import Access, access_of, allowed, cases_for
from handlers.domain.case import Case
from handlers.domain.deadline import local_date
from handlers.in_office import offices_in_cases
from handlers.log_reading import note_search
from handlers.permissions import Action, Thing
from storage.unit_of_work import SqlUnitOfWork


def add_list(router: APIRouter, services: Services, pages: Pages) -> None:
    @router.get("/arenden")
    def list_cases(request: Request, alla: bool = False) -> Response:
        return _page(services, pages, request, everything=alla)

    @router.post("/arenden")
    async def find_cases(request: Request) -> Response:
        form = await request.form()
        entered = {name: value for name, value in form.items() if isinstance(value, str)}
        return await run_in_threadpool(_to_address, services, request, entered)


def _to_address(services: Services, request: Request, entered: Mapping[str, str]) -> Response:
    """Lead to the choice as an address, which can be kept, paged through and gone back to."""
    person = Session(services, request).require_person()
    chosen = filter_of(entered, words=entered.get("ord", ""))
    sealed = searching.seal(services, person.id, chosen.words) if chosen.words else ""
    query = _query(chosen, sealed, everything=entered.get("alla") == "true")
    return RedirectResponse(f"/arenden?{query}", status_code=303)


def _query(chosen: CaseFilter, sealed: str, *, everything: bool) -> str:
    search = f"{searching.NAME}={sealed}" if sealed else ""
    return "&".join(filter(None, ("alla=true" if everything else "", chosen.address, search)))


def _page(services: Services, pages: Pages, request: Request, *, everything: bool) -> Response:
    session = Session(services, request)
    person, sealed = session.require_person(), request.query_params.get(searching.NAME, "")
    words = searching.unseal(services, person.id, sealed) if sealed else ()
    chosen = filter_of(dict(request.query_params), words=" ".join(words))
    query = _query(chosen, sealed if words else "", everything=everything)
    with services.unit_of_work(read_only=True) as uow:
        today = local_date(services.clock())
        access = access_of(uow, services.municipality, person.id, services.clock())
        if not offices_in_cases(uow.organisation, person.id, today):
            return _to_own_page(access)
        cases = cases_for(uow, access, open_only=not everything)
        found = chosen.chosen(cases, today)
        if words:
            found = _with_words(services, uow, person.id, found, words)
        shown = paged(request, found, query)
        rows = list_rows(services, uow, shown.rows, today, language_of(request))
        around = list_choices(services, uow.organisation, cases, language_of(request))
    if words:  # before anything is shown
        with services.unit_of_work() as uow:
            note_search(uow, person.id, len(found), services.clock())
            uow.commit()
    response = pages.render(
        request,
        "cases.html",
        rows=rows,
        paged=shown,
        everything=everything,
        filter=chosen,
        forgotten=bool(sealed) and not words,
        choices=around,
    )
    session.remember_list(response, shown.address(shown.number))
    return response


def _to_own_page(access: Access) -> Response:
    """Lead whoever only counts, runs Lotsen or reviews to what is hers: a list would be untrue."""
    counts = access.may_with(Action.OPEN, Thing.FIGURES)
    return RedirectResponse("/siffror" if counts else "/att-gora", status_code=303)


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
