"""The figures of a period: who gets which, and that the yearly duties open them."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from bot.web.app import create_app
from handlers.domain.people import Role
from handlers.domain.risk import Severity
from handlers.periods import ended_halves, half_of, key_before, span_of
from storage.organisation import replace_organisation
from tests.bot.test_staff_and_tasks import appoint
from tests.handlers.test_case_handling import assess
from tests.handlers.test_reminders import at_local
from tests.lotskoping import BENGT, INGER, MARIA, Lotskoping

BOARD = "birgitta-namnd"
FALL = "Personen föll vid sängen i morse."


def browser(lotskoping: Lotskoping, person: str) -> TestClient:
    client = TestClient(create_app(lotskoping.services), follow_redirects=True)
    client.post("/logga-in", data={"person_id": person})
    return client


@pytest.fixture
def after_new_year(lotskoping: Lotskoping) -> Lotskoping:
    """Seven reports of one category in June and two of another in July, seen in February."""
    for _ in range(7):
        lotskoping.report(FALL)
    lotskoping.clock.now = datetime(2026, 7, 3, 9, tzinfo=UTC)
    for _ in range(2):
        lotskoping.report(FALL)
    lotskoping.clock.now = datetime(2027, 2, 12, 9, tzinfo=UTC)
    appoint(lotskoping, BOARD, Role.BOARD)
    return lotskoping


def months_in(page: str) -> list[str]:
    return re.findall(r'<th scope="row">(20\d\d-\d\d)</th>', page)


def test_the_board_gets_ended_half_years_without_small_numbers_and_no_case(
    after_new_year: Lotskoping,
):
    board = browser(after_new_year, BOARD)
    june = board.get("/siffror?period=2026-H1").text
    assert months_in(june) == ["2026-06"]
    assert "<td>7</td>" in june
    july = board.get("/siffror").text  # the newest one that is over
    assert months_in(july) == ["2026-07"]
    assert "<td>2</td>" not in july
    assert "<td>..</td>" in july
    for path in ("/arenden?alla=true", "/att-gora", "/monster", "/moten", "/larm"):
        assert "AVV-2026" not in board.get(path).text


def test_the_file_of_figures_is_named_and_written_as_the_page_is(after_new_year: Lotskoping):
    mas = browser(after_new_year, INGER)
    page, file = (
        mas.get(path).text for path in ("/siffror?period=2026", "/siffror.csv?period=2026")
    )
    assert "<td>0,0\N{NO-BREAK SPACE}%</td>" in page
    assert "Inkomna\r\nGrupp;HSL;SoL;LSS;Summa\r\n2026-06;" in file
    assert "Del;Antal;Andel (%)\r\n" in file
    assert re.search(r"^Mottagna;0;0,0\r$", file, re.MULTILINE)
    assert "Två punkter (..) är ett tal som inte visas" in file
    named = re.findall(r"^[a-z]+(?:_[a-z_]+|\.[a-z_]+)?;", file, re.MULTILINE)
    assert named == []  # no code of a table's
    mas.cookies.set("lotsen_language", "en")
    assert re.search(
        r"^[A-Z][^;]+;0;0.0\r$", mas.get("/siffror.csv?period=2026").text, re.MULTILINE
    )


def test_the_board_cannot_subtract_one_period_from_another(after_new_year: Lotskoping):
    board = browser(after_new_year, BOARD)
    offered = re.findall(r'<option value="([^"]*)"', board.get("/siffror").text)
    assert offered == ["2026-H2", "2026-H1", "2025-H2", "2025-H1"]
    for asked in ("2026", "2027-H1", "2026-06", "nonsense"):
        assert months_in(board.get(f"/siffror?period={asked}").text) == ["2026-07"]
    assert "2026-H2" in board.get("/siffror.csv?period=2026").headers["Content-Disposition"]


def test_mas_sees_the_year_and_everything(after_new_year: Lotskoping):
    mas = browser(after_new_year, INGER)
    assert months_in(mas.get("/siffror?period=2026").text) == ["2026-06", "2026-07"]
    assert months_in(mas.get("/siffror?period=2027").text) == []
    assert months_in(mas.get("/siffror").text) == ["2026-06", "2026-07"]


def test_a_manager_gets_the_figures_of_the_own_unit_and_a_registrator_none(
    after_new_year: Lotskoping,
):
    assert "<td>7</td>" in browser(after_new_year, MARIA).get("/siffror?period=2026-H1").text
    assert browser(after_new_year, BENGT).get("/siffror").status_code == 404


@pytest.mark.parametrize(
    ("duty_id", "period"), [("half_year_report", "2026-H2"), ("patient_safety_report", "2026")]
)
def test_the_yearly_duties_open_the_figures_of_the_period_before(
    after_new_year: Lotskoping, duty_id: str, period: str
):
    at_local(after_new_year, date(2027, 1, 13))
    with after_new_year.unit_of_work() as uow:
        [task] = uow.duties.where(duty_id=duty_id)
    mas = browser(after_new_year, INGER)
    page = mas.get(f"/uppgifter/{task.id}").text
    link = f"/siffror?period={period}"
    assert f'href="{link}"' in page
    assert f'<option value="{period}" selected>' in mas.get(link).text


@given(st.dates(date(2024, 1, 1), date(2034, 12, 31)))
def test_half_years_follow_each_other_without_gap(day: date):
    span = span_of(half_of(day))
    assert span is not None
    assert span.holds(day)
    before = span_of(key_before(span.key))
    assert before is not None
    assert before.last_on + timedelta(days=1) == span.first_on
    assert ended_halves(day)[0] == before.key


@pytest.mark.parametrize("key", ["", "2026-H3", "2026-06", "1999", "2026-W23", "x" * 99])
def test_what_is_no_period_is_none(key: str):
    assert span_of(key) is None
    assert key_before(key) == ""


def made_for_the_board(lotskoping: Lotskoping, path: str = "/siffror.csv?period=2026-H1") -> str:
    return browser(lotskoping, BOARD).get(path).text


def test_the_boards_figures_do_not_change_from_one_day_to_the_next(after_new_year: Lotskoping):
    """One assessed event more would show how that event was assessed."""
    before = made_for_the_board(after_new_year)
    with after_new_year.unit_of_work() as uow:
        one, *_ = uow.cases.listed(None, open_only=True)
    assess(after_new_year, one, Severity.MODERATE)
    after_new_year.clock.advance(days=3)
    assert made_for_the_board(after_new_year) == before
    page = made_for_the_board(after_new_year, "/siffror?period=2026-H1")
    assert "De här siffrorna gjordes 2027-02-12" in page
    assert browser(after_new_year, INGER).get("/siffror.csv?period=2026-H1").text != before


def test_the_board_gets_a_half_year_when_its_last_events_have_had_their_month(
    after_new_year: Lotskoping,
):
    newest = []
    for day in (30, 31, 32):
        after_new_year.clock.now = datetime(2027, 1, 1, 9, tzinfo=UTC) + timedelta(days=day - 1)
        page = browser(after_new_year, BOARD).get("/siffror").text
        newest.append(re.findall(r'<option value="([^"]*)"', page)[0])
    assert newest == ["2026-H1", "2026-H1", "2026-H2"]


def test_the_board_counts_no_case_that_one_of_its_members_is_involved_in(
    after_new_year: Lotskoping,
):
    appoint(after_new_year, "boris-namnd", Role.BOARD)
    with after_new_year.unit_of_work() as uow:
        one, *_ = uow.cases.listed(None, open_only=True)
        uow.cases.save(replace(one, manager_involved=True, manager_involved_ids=("boris-namnd",)))
        uow.commit()
    assert "<td>6</td>" in made_for_the_board(after_new_year, "/siffror?period=2026-H1")


def involve(lotskoping: Lotskoping, person: str) -> None:
    """Let somebody be involved in one of the falls of June."""
    with lotskoping.unit_of_work() as uow:
        one, *_ = uow.cases.listed(None, open_only=True)
        uow.cases.save(replace(one, manager_involved=True, manager_involved_ids=(person,)))
        uow.commit()


def test_whoever_comes_to_the_board_reads_no_old_copy_that_counts_a_case_about_her(
    after_new_year: Lotskoping,
):
    copy = made_for_the_board(after_new_year)
    involve(after_new_year, "boris-namnd")
    after_new_year.clock.advance(days=40)
    appoint(after_new_year, "boris-namnd", Role.BOARD)
    theirs = browser(after_new_year, "boris-namnd").get("/siffror?period=2026-H1").text
    assert "<td>6</td>" in theirs
    assert "<td>7</td>" not in theirs
    assert "De här siffrorna gjordes 2027-02-12" in theirs
    assert made_for_the_board(after_new_year) == copy


def test_a_number_that_a_member_of_the_board_has_read_does_not_fall_and_tell_of_a_case(
    after_new_year: Lotskoping,
):
    before = made_for_the_board(after_new_year)
    involve(after_new_year, BOARD)
    assert made_for_the_board(after_new_year) == before
    appoint(after_new_year, "boris-namnd", Role.BOARD)
    involve(after_new_year, "boris-namnd")
    boris = browser(after_new_year, "boris-namnd")
    first = boris.get("/siffror.csv?period=2026-H1").text
    involve(after_new_year, "nobody")
    assert boris.get("/siffror.csv?period=2026-H1").text == first != before


def test_a_copy_from_before_it_was_kept_what_it_counts_is_shown_to_nobody_who_is_involved(
    after_new_year: Lotskoping,
):
    before = made_for_the_board(after_new_year)
    with after_new_year.unit_of_work() as uow:
        uow.connection.execute(text("UPDATE board_figures SET counted = '{}'"))
        uow.commit()
    assert made_for_the_board(after_new_year) == before
    involve(after_new_year, BOARD)
    assert "<td>6</td>" in made_for_the_board(after_new_year, "/siffror?period=2026-H1")


def test_mas_reads_what_the_board_has_read_before_what_has_changed_since(
    after_new_year: Lotskoping,
):
    path = "/siffror?period=2026-H1"
    mas = browser(after_new_year, INGER)
    assert "Nämndens siffror" not in mas.get(path).text  # the board has read nothing yet
    board = made_for_the_board(after_new_year)
    assert "Inget tal har ändrats." in mas.get(path).text
    after_new_year.clock.advance(days=3)
    with after_new_year.unit_of_work() as uow:
        for one in list(uow.cases.listed(None, open_only=True))[:7]:
            uow.cases.save(replace(one, category="medication"))
        uow.commit()
    mas = browser(after_new_year, INGER)
    page = mas.get(path).text
    said = ("Nämndens siffror", "gjordes 2027-02-12", "Ändrat sedan dess", "är det 2027-02-15")
    places = [page.index(one) for one in said]
    assert places == sorted(places)
    assert re.search(r"Vad det handlar om: Läkemedel, Summa</th><td>0</td><td>7</td>", page)
    assert mas.get("/siffror.csv?period=2026-H1&kopia=true").text == board
    kept, live = (
        mas.get(f"/siffror.csv?period=2026-H1{one}").headers["Content-Disposition"]
        for one in ("&kopia=true", "")
    )
    assert "siffror-2026-H1-namnden-2027-02-12.csv" in kept
    assert "siffror-2026-H1-nu-2027-02-15.csv" in live
    assert "Nämndens siffror" not in browser(after_new_year, MARIA).get(path).text


def test_mas_who_is_involved_in_a_case_reads_the_boards_figures_without_it(
    after_new_year: Lotskoping,
):
    made_for_the_board(after_new_year)
    involve(after_new_year, INGER)
    page = browser(after_new_year, INGER).get("/siffror?period=2026-H1").text
    assert "Nämndens siffror" in page
    assert "Inget tal har ändrats." in page
    assert "<td>7</td>" not in page


def test_whoever_manages_a_unit_that_has_closed_makes_no_figures_for_the_board(
    after_new_year: Lotskoping,
):
    with after_new_year.unit_of_work() as uow:
        organisation = uow.organisation
        ended = tuple(
            replace(one, valid=replace(one.valid, last_on=date(2026, 12, 31)))
            for one in organisation.units
        )
        replace_organisation(uow.connection, replace(organisation, units=ended))
        uow.commit()
    assert browser(after_new_year, MARIA).get("/siffror?period=2026-H1").status_code == 200
    assert "<td>7</td>" in made_for_the_board(after_new_year, "/siffror?period=2026-H1")
