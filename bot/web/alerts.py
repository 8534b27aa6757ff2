"""The alerts' pages for MAS, SAS and whoever stands in for them."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from bot.app import Services
from bot.scene import context_for
from bot.web.paging import paged
from bot.web.rendering import Pages
from bot.web.session import Session
from bot.web.viewmodels import local_time
from handlers import alert_feedback, alerts, asides
from handlers.access import access_of, allowed
from handlers.alert_chain import looks, may_see
from handlers.case_records import Verdict
from handlers.dialogue.prompts import told_lines
from handlers.dialogue.state import SummaryLine
from handlers.domain.case import Case
from handlers.errors import NotAllowed
from handlers.in_office import place_of
from handlers.log_reading import note_danger_read
from handlers.permissions import Action
from handlers.records import Alert
from storage.unit_of_work import SqlUnitOfWork


def build(services: Services, pages: Pages) -> APIRouter:
    router = APIRouter()

    @router.get("/larm")
    def list_alerts(request: Request) -> Response:
        person = Session(services, request).require_person()
        now = services.clock()
        with services.unit_of_work(read_only=True) as uow:
            seen = [a for a in uow.alerts.all() if may_see(uow, a, person.id, now)]
            shown = paged(request, seen[::-1])
            rows = [(a, uow.cases.find(a.case_id) if a.case_id else None) for a in shown.rows]
            names = {p.id: p.name for p in uow.organisation.people}
            verdicts = alert_feedback.of_alerts(uow, seen)
        return pages.render(
            request,
            "alerts.html",
            rows=rows,
            paged=shown,
            names=names,
            verdicts=verdicts,
            local_time=local_time,
        )

    _add_alert(router, services, pages)
    _add_answers(router, services)
    return router


def _add_alert(router: APIRouter, services: Services, pages: Pages) -> None:
    @router.get("/larm/{alert_id}")
    def show_alert(request: Request, alert_id: str) -> Response:
        person = Session(services, request).require_person()
        with services.unit_of_work() as uow:
            found = uow.alerts.find(alert_id)
            if found is None or not may_see(uow, found, person.id, services.clock()):
                raise NotAllowed(alert_id)
            case = uow.cases.find(found.case_id) if found.case_id else None
            main = uow.cases.find(case.merged_into_id) if case and case.merged_into_id else None
            unit = uow.organisation.unit(place_of(uow, found))
            names = {p.id: p.name for p in uow.organisation.people}
            looked = looks(uow, found, person.id, services.clock())
            mine = uow.work.verdicts.where(alert_id=alert_id, person_id=person.id)
            series = _series(services, uow, found, person.id)
            events = uow.cases.events(found.case_id) if found.case_id else ()
            asked = asides.questions_of([found], events, services.municipality.alert_rules)
            told = () if found.case_id else _told_so_far(services, uow, found.draft_id)
            if told:
                note_danger_read(uow, person.id, found.id, services.clock())
            uow.commit()
        return pages.render(
            request,
            "alert.html",
            alert=found,
            verdict=mine[0].verdict if mine else "",
            case=case,
            opened=main or case,
            series=series,
            asked=asked,
            unit=unit.name if unit else "",
            names=names,
            told=told,
            looks=looked,
            local_time=local_time,
        )


def _series(
    services: Services, uow: SqlUnitOfWork, found: Alert, person_id: str
) -> tuple[Case, ...]:
    """Return those cases of a series that the person may open."""
    now = services.clock()
    access = access_of(uow, services.municipality, person_id, now)
    cases = (uow.cases.find(case_id) for case_id in found.series_case_ids)
    return tuple(c for c in cases if c and allowed(uow, access, Action.OPEN, c, now))


def _told_so_far(services: Services, uow: SqlUnitOfWork, draft_id: str) -> tuple[SummaryLine, ...]:
    """Return what somebody in danger has written although the report is not sent."""
    draft = uow.drafts.find(draft_id)
    if draft is None:
        return ()
    context = context_for(services, uow, "sv")
    state = replace(draft.state, language="sv")
    return told_lines(services.forms[draft.state.form_id], state, context)


def _add_answers(router: APIRouter, services: Services) -> None:
    @router.post("/larm/{alert_id}/bekrafta")
    def acknowledge(request: Request, alert_id: str) -> Response:
        person = Session(services, request).require_person()
        with services.unit_of_work() as uow:
            alerts.acknowledge(uow, alert_id, person.id, services.clock())
            uow.commit()
        return RedirectResponse(f"/larm/{alert_id}", status_code=303)

    @router.post("/larm/{alert_id}/omdome")
    def judge(request: Request, alert_id: str, verdict: Annotated[Verdict, Form()]) -> Response:
        person = Session(services, request).require_person()
        with services.unit_of_work() as uow:
            alert_feedback.judge(
                uow, alert_id, person.id, verdict, services.clock(), services.municipality
            )
            uow.commit()
        return RedirectResponse(f"/larm/{alert_id}", status_code=303)
