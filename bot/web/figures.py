"""The figures of what a person may count, for a period: to look at, to print, to download.

Whoever sees no case, as the board does, gets ended half-years only, each in a copy that is made
once: what changes from day to day, or is a part of another shown period, would tell small numbers
by subtraction. Whoever sees every unit's cases has that copy first, if there is one, beside the
figures as they are now and what has moved between the two.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot import exporting
from bot.app import Services
from bot.web.figure_words import FigureWords
from bot.web.rendering import Pages, language_of
from bot.web.session import Session
from handlers.access import Access, access_of, cases_for
from handlers.board_figures import Copy, board_copy_for, board_figures, board_periods
from handlers.errors import NotAllowed
from handlers.figures_moved import Moved, moved
from handlers.periods import Span, all_periods, ended_halves, span_of
from handlers.permissions import Action, Thing
from handlers.sketches import Table
from handlers.statistics import all_tables, events_of
from storage.unit_of_work import SqlUnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    tables: tuple[Table, ...]
    period: str  # empty: everything so far
    periods: Sequence[str]
    may_see_all: bool
    made_on: date | None = None  # of the board's own copy; None: as it is now
    today: date
    copy: Copy | None = None  # what the board has read, beside the figures of today
    moved: tuple[Moved, ...] = ()  # what is not as in the copy any more
    has_providers: bool = False  # whose own cases the board counts and the reader does not


def build(services: Services, pages: Pages) -> APIRouter:
    router = APIRouter()

    @router.get("/siffror")
    def show_figures(request: Request, period: str = "") -> Response:
        person = Session(services, request).require_person()
        figures = _figures(services, person.id, period)
        words = FigureWords(services=services, language=language_of(request))
        return pages.render(request, "figures.html", figures=figures, words=words)

    @router.get("/siffror.csv")
    def download_figures(request: Request, period: str = "", kopia: bool = False) -> Response:
        person = Session(services, request).require_person()
        figures = _figures(services, person.id, period)
        parts = ["siffror", figures.period]
        if figures.copy is not None:
            made_on = figures.copy.made_on if kopia else figures.today
            parts += ["namnden" if kopia else "nu", made_on.isoformat()]
        tables = figures.copy.tables if kopia and figures.copy else figures.tables
        words = FigureWords(services=services, language=language_of(request))
        return figures_as_csv(words, tables, "-".join(part for part in parts if part))

    return router


def figures_as_csv(words: FigureWords, tables: Iterable[Table], name: str) -> Response:
    """Return tables below each other in one file, named and written as on the page."""
    written = io.StringIO()
    for table in tables:
        sheet = words.sheet(table)
        written.write(f"{sheet.name}\r\n")
        exporting.write_csv_sheet(sheet, written)
        written.write("\r\n")
    written.write(f"{words.hidden}\r\n")
    return Response(
        written.getvalue().encode("utf-8-sig"),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def _figures(services: Services, person_id: str, asked: str) -> Figures:
    """Return the tables of what the person may count; a hidden case is in none of them."""
    with services.unit_of_work(read_only=True) as uow:
        access = access_of(uow, services.municipality, person_id, services.clock())
        if not access.may_with(Action.OPEN, Thing.FIGURES):
            raise NotAllowed(Thing.FIGURES)
        if _sees_cases(access) or access.units(Action.COUNT) is not None:
            return _figures_now(uow, access, asked)
    return _figures_of_board(services, access, asked)


def _figures_of_board(services: Services, access: Access, asked: str) -> Figures:
    periods = board_periods(access.day, services.municipality)
    chosen = asked if asked in periods else periods[0]
    with services.unit_of_work() as uow:
        kept = board_figures(uow, access, chosen)
        uow.commit()
    return Figures(
        tables=kept.tables,
        period=chosen,
        periods=periods,
        may_see_all=False,
        made_on=kept.made_on,
        today=access.day,
    )


def _figures_now(uow: SqlUnitOfWork, access: Access, asked: str) -> Figures:
    sees_cases = _sees_cases(access)
    periods = all_periods(access.day) if sees_cases else ended_halves(access.day)
    chosen = asked if asked in periods else "" if sees_cases else periods[0]
    span: Span | None = span_of(chosen)
    found = cases_for(uow, access, open_only=False, action=Action.COUNT)
    events = [one for one in events_of(found) if span is None or span.holds(one.received_on)]
    tables = all_tables(events, access.day, uow.organisation.providers)
    everywhere = access.units(Action.COUNT) is None
    copy = board_copy_for(uow, access, chosen) if everywhere else None
    return Figures(
        tables=tables,
        period=chosen,
        periods=periods,
        may_see_all=sees_cases,
        today=access.day,
        copy=copy,
        moved=moved(copy.tables, tables) if copy else (),
        has_providers=bool(uow.organisation.providers),
    )


def _sees_cases(access: Access) -> bool:
    units = access.units(Action.LIST)
    return units is None or bool(units)
