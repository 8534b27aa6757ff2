"""What waits for everybody, the patterns, and the agenda of the next meeting."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.app import Services
from bot.web.paging import paged
from bot.web.rendering import Pages, language_of
from bot.web.session import Session
from bot.web.step_choice import narrowed
from bot.web.viewmodels import category_label
from handlers import alert_feedback, alert_watch, team
from handlers.access import access_of
from handlers.case_records import Forum
from handlers.domain.deadline import local_date
from handlers.sent_on import sent_on_by
from handlers.todo import todos_of


def build(services: Services, pages: Pages) -> APIRouter:
    router = APIRouter()
    municipality = services.municipality

    @router.get("/att-gora")
    def show_todos(request: Request) -> Response:
        person = Session(services, request).require_person()
        now = services.clock()
        with services.unit_of_work(read_only=True) as uow:
            waiting, choice = narrowed(request, todos_of(uow, municipality, person.id, now))
            shown = paged(request, waiting, choice.query)
            sent_on = sent_on_by(uow, municipality, person.id, now)
        labels = {
            row.category: category_label(services, row.category, language_of(request))
            for row in shown.rows
            if row.category
        }
        return pages.render(
            request,
            "todo.html",
            rows=shown.rows,
            paged=shown,
            choice=choice,
            labels=labels,
            sent_on=sent_on,
            today=local_date(now),
        )

    _add_patterns(router, services, pages)
    return router


def _add_patterns(router: APIRouter, services: Services, pages: Pages) -> None:
    municipality = services.municipality

    @router.get("/monster")
    def show_patterns(request: Request) -> Response:
        person = Session(services, request).require_person()
        now = services.clock()
        with services.unit_of_work(read_only=True) as uow:
            access = access_of(uow, municipality, person.id, now)
            patterns = alert_watch.patterns_for(uow, access, municipality)
            units = {unit.id: unit.name for unit in uow.organisation.units}
            watches = uow.organisation.watches(person.id, access.day)
            precision = alert_feedback.precision(uow, person.id) if watches else ()
        labels = {
            pattern.category: category_label(services, pattern.category, language_of(request))
            for pattern in patterns
            if pattern.category
        }
        return pages.render(
            request,
            "patterns.html",
            rows=patterns,
            units=units,
            labels=labels,
            precision=precision,
            rules=municipality.alert_rules.rules,
        )

    @router.get("/moten")
    def show_agenda(request: Request) -> Response:
        person = Session(services, request).require_person()
        with services.unit_of_work(read_only=True) as uow:
            access = access_of(uow, municipality, person.id, services.clock())
            rows = {str(forum): team.agenda(uow, access, forum) for forum in Forum}
            units = {unit.id: unit.name for unit in uow.organisation.units}
        return pages.render(request, "agenda.html", rows=rows, units=units)
