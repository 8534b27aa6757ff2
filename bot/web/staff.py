"""The organisation's pages: who is in charge, who is away, who stands in; and emergency access."""

from collections.abc import Callable
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from bot.app import Services
from bot.web.login import duties_of
from bot.web.rendering import Pages, language_of
from bot.web.session import Session
from handlers import emergency, staffing
from handlers.access import access_of
from handlers.chairs import TwoChairs, two_chairs
from handlers.domain.deadline import local_date
from handlers.domain.people import Organisation, Person, Role, Unit
from handlers.errors import NotAllowed, UserFault
from handlers.permissions import Action, Thing
from handlers.vacancies import Vacancy, vacancies
from storage.unit_of_work import SqlUnitOfWork

EDITS = (Action.EDIT, Thing.ORGANISATION)
Text = Annotated[str, Form(max_length=200)]
LongText = Annotated[str, Form(max_length=2000)]


def build(services: Services, pages: Pages) -> APIRouter:
    router = APIRouter()
    _add_pages(router, services, pages)
    _add_person(router, services, pages)
    _add_absences(router, services)
    _add_deputies(router, services)
    _add_ends_of_deputies(router, services)
    _add_emergency(router, services, pages)
    return router


def _add_pages(router: APIRouter, services: Services, pages: Pages) -> None:
    @router.get("/organisation")
    def show_all(request: Request) -> Response:
        person = Session(services, request).require_person()
        with services.unit_of_work(read_only=True) as uow:
            access = access_of(uow, services.municipality, person.id, services.clock())
            if not access.may_with(Action.OPEN, Thing.ORGANISATION):
                raise NotAllowed("organisation")
            organisation = uow.organisation
            empty = _vacancies(services, uow, person.id) if access.may_with(*EDITS) else ()
        today = local_date(services.clock())
        working = [p for p in organisation.people if organisation.assignments_of(p.id, today)]
        return pages.render(
            request,
            "staff.html",
            units=[_unit_row(organisation, unit.id, today) for unit in _units(organisation, today)],
            people=[
                (one, duties_of(organisation, one, services, language_of(request)))
                for one in working
            ],
            away={one.id for one in working if organisation.is_absent(one.id, today)},
            two_chairs=_two_chairs(organisation, today),
            emergency=access.may_with(Action.OPEN, Thing.EMERGENCY),
            vacancies=empty,
            places={unit.id: unit.name for unit in organisation.units}
            | {area.id: area.name for area in organisation.areas},
            may_edit_all=access.may_with(Action.EDIT, Thing.ORGANISATION),
        )


def _vacancies(services: Services, uow: SqlUnitOfWork, reader_id: str) -> tuple[Vacancy, ...]:
    return vacancies(uow, services.municipality, services.clock(), reader_id=reader_id)


def _add_person(router: APIRouter, services: Services, pages: Pages) -> None:
    @router.get("/organisation/{person_id}")
    def show_person(request: Request, person_id: str) -> Response:
        editor = Session(services, request).require_person()
        now = services.clock()
        today = local_date(now)
        with services.unit_of_work(read_only=True) as uow:
            access = access_of(uow, services.municipality, editor.id, now)
            found = uow.organisation.person(person_id)
            if found is None or not access.may_with(Action.OPEN, Thing.ORGANISATION):
                raise NotAllowed(person_id)
            organisation = uow.organisation
            own = staffing.may_edit(uow, editor.id, person_id, now, services.municipality)
        return pages.render(
            request,
            "staff_person.html",
            found=found,
            assignments=organisation.assignments_of(person_id, today),
            places=[
                (f"{role}:{scope}", role.value, name)
                for role, scope, name in staffing.places(organisation, today)
            ],
            two_chairs=[
                one for one in _two_chairs(organisation, today) if one[0].person.id == person_id
            ],
            absences=staffing.vacant_days(found, organisation.absences, today),
            may_edit=own,
            may_edit_all=access.may_with(Action.EDIT, Thing.ORGANISATION),
            today=today.isoformat(),
        )


def _add_absences(router: APIRouter, services: Services) -> None:
    @router.post("/organisation/{person_id}/franvaro")
    def add_absence(
        request: Request, person_id: str, first_on: Text = "", last_on: Text = ""
    ) -> Response:
        def change(uow: SqlUnitOfWork, editor: Person) -> None:
            staffing.add_absence(
                uow,
                editor_id=editor.id,
                person_id=person_id,
                first_on=_day(first_on),
                last_on=_day(last_on),
                now=services.clock(),
                municipality=services.municipality,
            )

        return _changed(services, request, person_id, change)

    @router.post("/organisation/{person_id}/franvaro/ta-bort")
    def end_absence(request: Request, person_id: str, first_on: Text = "") -> Response:
        def change(uow: SqlUnitOfWork, editor: Person) -> None:
            staffing.end_absence(
                uow,
                editor_id=editor.id,
                person_id=person_id,
                first_on=_day(first_on),
                now=services.clock(),
                municipality=services.municipality,
            )

        return _changed(services, request, person_id, change)


def _add_deputies(router: APIRouter, services: Services) -> None:
    @router.post("/organisation/{person_id}/ersattare")
    def add_deputy(
        request: Request,
        person_id: str,
        place: Text = "",
        first_on: Text = "",
        last_on: Text = "",
    ) -> Response:
        role, _, scope = place.partition(":")
        if role not in set(Role):
            raise UserFault("fault.deputy_incomplete")

        def change(uow: SqlUnitOfWork, editor: Person) -> None:
            staffing.add_deputy(
                uow,
                editor_id=editor.id,
                deputy_id=person_id,
                role=Role(role),
                scope=scope,
                first_on=_day(first_on),
                last_on=_day(last_on) if last_on else None,
                now=services.clock(),
                municipality=services.municipality,
            )

        return _changed(services, request, person_id, change)


def _add_ends_of_deputies(router: APIRouter, services: Services) -> None:
    @router.post("/organisation/{person_id}/ersattare/avsluta")
    def end_deputy(request: Request, person_id: str, place: Text = "", when: Text = "") -> Response:
        def change(uow: SqlUnitOfWork, editor: Person) -> None:
            today = local_date(services.clock())
            for one in uow.organisation.assignments_of(person_id, today):
                if one.deputy and f"{one.role}:{one.scope}" == place:
                    staffing.end_deputy(
                        uow,
                        editor_id=editor.id,
                        assignment=one,
                        at_once=when != "today",
                        now=services.clock(),
                        municipality=services.municipality,
                    )

        return _changed(services, request, person_id, change)


def _add_emergency(router: APIRouter, services: Services, pages: Pages) -> None:
    @router.get("/nodlage")
    def ask(request: Request) -> Response:
        person = Session(services, request).require_person()
        with services.unit_of_work(read_only=True) as uow:
            access = access_of(uow, services.municipality, person.id, services.clock())
        if not access.may_with(Action.OPEN, Thing.EMERGENCY):
            raise NotAllowed("emergency")
        return pages.render(request, "emergency.html")

    @router.post("/nodlage")
    def open_case(request: Request, number: Text = "", reason: LongText = "") -> Response:
        person = Session(services, request).require_person()
        with services.unit_of_work() as uow:
            case = emergency.open_case(
                uow,
                number=number,
                person_id=person.id,
                reason=reason,
                now=services.clock(),
                municipality=services.municipality,
            )
            uow.commit()
        return RedirectResponse(f"/arenden/{case.id}", status_code=303)


def _changed(
    services: Services,
    request: Request,
    person_id: str,
    change: Callable[[SqlUnitOfWork, Person], None],
) -> Response:
    editor = Session(services, request).require_person()
    with services.unit_of_work() as uow:
        change(uow, editor)
        uow.commit()
    return RedirectResponse(f"/organisation/{person_id}", status_code=303)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UserFault("fault.absence_days") from error


def _units(organisation: Organisation, today: date) -> list[Unit]:
    return sorted(organisation.current_units(today), key=lambda unit: unit.name)


def _two_chairs(organisation: Organisation, today: date) -> list[tuple[TwoChairs, str]]:
    """Return who is MAS or SAS beside being a manager, with the names of her units."""
    names = {unit.id: unit.name for unit in organisation.units}
    found = two_chairs(organisation, today)
    return [(one, ", ".join(sorted(names[unit] for unit in one.unit_ids))) for one in found]


def _unit_row(
    organisation: Organisation, unit_id: str, today: date
) -> tuple[str, list[Person], list[Person]]:
    """Return a unit's name, its managers and their deputies, absent ones too."""
    held: dict[bool, list[Person]] = {False: [], True: []}
    for one in organisation.assignments:
        person = organisation.person(one.person_id)
        here = one.role == Role.UNIT_MANAGER and one.scope == unit_id and one.valid.holds(today)
        if here and person is not None:
            held[one.deputy].append(person)
    unit = organisation.unit(unit_id)
    return unit.name if unit else "", held[False], held[True]
