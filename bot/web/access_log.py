"""The log of who has done and read what, for those who review it."""

from collections.abc import Mapping
from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.app import Services
from bot.web.event_lines import EventLine, event_line, local_time
from bot.web.rendering import Pages, language_of
from bot.web.session import Session
from handlers.access import Access, access_of
from handlers.domain.deadline import local_date
from handlers.errors import UserFault
from handlers.log_reading import LogLine, log_of_case, month_of_log
from storage.unit_of_work import SqlUnitOfWork


def build(services: Services, pages: Pages) -> APIRouter:
    router = APIRouter()

    @router.get("/logg")
    def show_month(request: Request, manad: str = "") -> Response:
        person = Session(services, request).require_person()
        now = services.clock()
        first_on = _month(manad) if manad else local_date(now).replace(day=1)
        with services.unit_of_work() as uow:
            access = access_of(uow, services.municipality, person.id, now)
            found = month_of_log(uow, access, first_on, now)
            names = _names(uow)
            uow.commit()
        language = language_of(request)
        lines = [_line(services, one, names, language) for one in found]
        return pages.render(
            request, "log.html", lines=lines, month=first_on.isoformat()[:7], number=""
        )

    @router.get("/logg/arende")
    def show_case(request: Request, nummer: str = "") -> Response:
        person = Session(services, request).require_person()
        now = services.clock()
        with services.unit_of_work() as uow:
            access: Access = access_of(uow, services.municipality, person.id, now)
            case, events = log_of_case(uow, access, nummer[:30], now)
            names, organisation = _names(uow), uow.organisation
            uow.commit()
        language = language_of(request)
        lines = [event_line(services, organisation, one, names, language) for one in events]
        return pages.render(
            request,
            "log.html",
            lines=lines,
            month=local_date(now).isoformat()[:7],
            number=case.number,
        )

    return router


def _line(services: Services, one: LogLine, names: Mapping[str, str], language: str) -> EventLine:
    say = services.municipality.catalogue.get
    person = names.get(one.event.values.get("person", ""), "")
    about = " ".join(part for part in (one.number, person) if part)
    text = say(f"audit.{one.event.kind}", language, hits=one.event.values.get("hits", ""))
    system = say("page.product", language)
    who = system if one.event.actor_id == "system" else names.get(one.event.actor_id, "–")
    return EventLine(
        at=local_time(one.event.at), who=who, text=f"{text}: {about}" if about else text
    )


def _names(uow: SqlUnitOfWork) -> dict[str, str]:
    return {one.id: one.name for one in (*uow.organisation.people, uow.organisation.fallback)}


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise UserFault("fault.bad_input") from error
