"""Recurring duties as pages: the list, one task with its how-to, and what it is done with."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from bot.app import Services
from bot.web.figure_words import FigureWords
from bot.web.figures import figures_as_csv
from bot.web.rendering import Pages, language_of
from bot.web.session import Session
from handlers import duties, materials
from handlers.access import Access, access_of, cases_for
from handlers.errors import NotAllowed, UserFault
from handlers.periods import key_before
from handlers.permissions import Action, Thing
from storage.unit_of_work import SqlUnitOfWork

_PACK, _REVIEW = "unit_pack", "log_review"


def build(services: Services, pages: Pages) -> APIRouter:
    router = APIRouter()
    municipality = services.municipality

    @router.get("/uppgifter")
    def list_tasks(request: Request) -> Response:
        person = Session(services, request).require_person()
        with services.unit_of_work(read_only=True) as uow:
            access = _require(services, uow, person.id, Action.LIST, Thing.DUTIES)
            rows = duties.tasks_of(uow, person.id, services.clock(), municipality)
            units = {unit.id: unit.name for unit in uow.organisation.units}
        may_organisation = access.may_with(Action.OPEN, Thing.ORGANISATION)
        return pages.render(
            request, "tasks.html", rows=rows, units=units, may_organisation=may_organisation
        )

    _add_task(router, services, pages)
    _add_material(router, services, pages)
    return router


def _add_task(router: APIRouter, services: Services, pages: Pages) -> None:
    municipality = services.municipality

    def shown(request: Request, task_id: str, person_id: str, fault: str = "") -> Response:
        with services.unit_of_work(read_only=True) as uow:
            due = duties.task_for(uow, task_id, person_id, services.clock(), municipality)
            units = {unit.id: unit.name for unit in uow.organisation.units}
            names = {one.id: one.name for one in uow.organisation.people}
            before = duties.results_before(uow, due.task)
        link = due.rule.link.format(id=due.task.id, before=key_before(due.task.period))
        return pages.render(
            request,
            "task.html",
            due=due,
            units=units,
            names=names,
            link=link,
            before=before,
            fault=fault,
            status_code=422 if fault else 200,
        )

    @router.get("/uppgifter/{task_id}")
    def show_task(request: Request, task_id: str) -> Response:
        return shown(request, task_id, Session(services, request).require_person().id)

    @router.post("/uppgifter/{task_id}/klar")
    def finish_task(
        request: Request, task_id: str, result: Annotated[str, Form()] = ""
    ) -> Response:
        person = Session(services, request).require_person()
        try:
            with services.unit_of_work() as uow:
                _require(services, uow, person.id, Action.WORK, Thing.DUTIES)
                now = services.clock()
                duties.finish(uow, task_id, person.id, now, municipality, result=result)
                uow.commit()
        except UserFault as fault:
            return shown(request, task_id, person.id, fault.key)
        return RedirectResponse("/uppgifter", status_code=303)


def _add_material(router: APIRouter, services: Services, pages: Pages) -> None:
    municipality = services.municipality

    @router.get("/uppgifter/{task_id}/underlag")
    def show_material(request: Request, task_id: str, csv: bool = False) -> Response:
        person = Session(services, request).require_person()
        with services.unit_of_work(read_only=True) as uow:
            now = services.clock()
            due = duties.task_for(uow, task_id, person.id, now, municipality)
            access = access_of(uow, municipality, person.id, now)
            if due.rule.id not in (_PACK, _REVIEW):
                raise NotAllowed(task_id)
            first_on = materials.month_before(due.task.period)
            names = {one.id: one.name for one in uow.organisation.people}
            if due.rule.id == _REVIEW:
                _require(services, uow, person.id, Action.OPEN, Thing.ACCESS_LOG)
                review = materials.log_review(uow, access, first_on)
                return pages.render(request, "log_review.html", due=due, review=review, names=names)
            counted = cases_for(uow, access, open_only=False, action=Action.COUNT)
            unit = uow.organisation.unit(due.task.scope)
        pack = materials.unit_pack(counted, due.task.scope, first_on)
        place = unit.name if unit else ""
        words = FigureWords(services=services, language=language_of(request))
        if csv:
            return figures_as_csv(words, pack.tables, f"manadens-siffror-{pack.month}")
        return pages.render(request, "unit_pack.html", due=due, pack=pack, words=words, place=place)


def _require(
    services: Services, uow: SqlUnitOfWork, person_id: str, action: Action, thing: Thing
) -> Access:
    access = access_of(uow, services.municipality, person_id, services.clock())
    if not access.may_with(action, thing):
        raise NotAllowed(thing)
    return access
