"""The sweep and a person write the same row in the same moment: what the person did stands.

Each test steps two connections to one PostgreSQL in a set order: the second begins in a thread, and
the first goes on when the second waits for it, as the database says.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.schedule import sweep
from handlers import advice, alerts, case_handling, duties, exchanges
from handlers.case_records import AnswerQuality, PartyKind
from handlers.domain.case import Case
from handlers.domain.deadline import local_date
from handlers.domain.risk import Likelihood, Severity
from handlers.records import Alert, DutyTask
from storage.unit_of_work import SqlUnitOfWork
from tests.lotskoping import DAVID, INGER, MARIA, Lotskoping, open_lotskoping
from tests.postgres import fresh_database

_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@pytest.fixture
def on_postgres(postgres_server: str, tmp_path: Path) -> Iterator[Lotskoping]:
    with fresh_database(postgres_server) as url:
        opened = open_lotskoping(tmp_path, database_url=url)
        yield opened
        opened.services.database.close()


@contextmanager
def meanwhile(lotskoping: Lotskoping, work: Callable[[], object]) -> Iterator[None]:
    """Begin the work in a connection of its own; go on when it waits, or is through already."""
    with ThreadPoolExecutor(1) as pool:
        begun = pool.submit(work)
        until_it_waits(lotskoping, begun)
        yield
    begun.result()


def until_it_waits(lotskoping: Lotskoping, begun: Future[object]) -> None:
    with lotskoping.services.database.engine.connect() as looking:
        while not begun.done() and not looking.execute(_WAITING).scalar():
            looking.rollback()  # the statistics are of one moment in each transaction


def grave(lotskoping: Lotskoping) -> tuple[Case, Alert]:
    """Return a case with an alert to MAS that is due to go on."""
    case = lotskoping.report("Boende avled i natt efter fall.", harm="death")
    lotskoping.clock.advance(minutes=20)
    return case, alert_of(lotskoping, case)


def alert_of(lotskoping: Lotskoping, case: Case) -> Alert:
    with lotskoping.unit_of_work() as uow:
        return next(one for one in uow.alerts.of_case(case.id) if one.role == "mas")


def events_of(lotskoping: Lotskoping, case: Case, found: Alert) -> list[str]:
    with lotskoping.unit_of_work() as uow:
        return [e.kind for e in uow.cases.events(case.id) if e.values.get("alert") == found.id]


def take(lotskoping: Lotskoping, uow: SqlUnitOfWork, found: Alert) -> None:
    alerts.acknowledge(uow, found.id, INGER, lotskoping.clock())


def in_one_go(lotskoping: Lotskoping, work: Callable[[SqlUnitOfWork], object]) -> None:
    with lotskoping.unit_of_work() as uow:
        work(uow)
        uow.commit()


def test_an_alert_that_is_taken_while_the_sweep_looks_stays_taken_and_calls_nobody(
    on_postgres: Lotskoping,
):
    case, found = grave(on_postgres)
    with on_postgres.unit_of_work() as uow:
        take(on_postgres, uow, found)
        with meanwhile(on_postgres, lambda: sweep(on_postgres.services)):
            uow.commit()
    after = alert_of(on_postgres, case)
    assert (after.acknowledged_by, after.looked_by) == (INGER, INGER)
    assert after.told_ids == (INGER,)
    assert events_of(on_postgres, case, found) == ["alert_raised", "alert_acknowledged"]


def test_a_tap_during_the_sweep_keeps_whom_the_sweep_has_told(on_postgres: Lotskoping):
    case, found = grave(on_postgres)
    now, municipality = on_postgres.clock(), on_postgres.services.municipality
    tap = lambda: in_one_go(on_postgres, lambda uow: take(on_postgres, uow, found))  # noqa: E731
    with on_postgres.unit_of_work() as uow:
        alerts.escalate_due(uow, now, municipality)
        with meanwhile(on_postgres, tap):
            uow.commit()
    after = alert_of(on_postgres, case)
    assert after.acknowledged_by == INGER
    assert (after.recipient_id, after.told_ids) == (DAVID, (INGER, DAVID))


def test_who_works_on_the_case_and_the_sweep_never_wait_for_each_other_in_a_ring(
    on_postgres: Lotskoping,
):
    case, found = grave(on_postgres)
    with on_postgres.unit_of_work() as uow:
        uow.cases.save(replace(on_postgres.case(case.id), title="Fall i natt"))
        with meanwhile(on_postgres, lambda: sweep(on_postgres.services)):
            take(on_postgres, uow, found)
            uow.commit()
    assert alert_of(on_postgres, case).acknowledged_by == INGER


def test_a_notice_that_does_not_arrive_takes_no_acknowledgement_away(on_postgres: Lotskoping):
    case, found = grave(on_postgres)
    now, municipality = on_postgres.clock(), on_postgres.services.municipality

    def lost() -> None:
        in_one_go(
            on_postgres, lambda uow: alerts.undelivered(uow, found.id, INGER, now, municipality)
        )

    with on_postgres.unit_of_work() as uow:
        take(on_postgres, uow, found)
        with meanwhile(on_postgres, lost):
            uow.commit()
    assert alert_of(on_postgres, case).acknowledged_by == INGER
    assert events_of(on_postgres, case, found) == ["alert_raised", "alert_acknowledged"]


def test_danger_that_is_taken_while_the_reporter_says_where_stays_taken(on_postgres: Lotskoping):
    on_postgres.say(new_report=True)
    on_postgres.say(choice="yes")
    with on_postgres.unit_of_work() as uow:
        [found] = uow.alerts.unacknowledged()

    def say_where() -> None:
        in_one_go(on_postgres, lambda uow: alerts.place_danger(uow, found.draft_id, "solrosen"))

    with on_postgres.unit_of_work() as uow:
        take(on_postgres, uow, found)
        with meanwhile(on_postgres, say_where):
            uow.commit()
    with on_postgres.unit_of_work() as uow:
        [after] = uow.alerts.all()
    assert (after.acknowledged_by, after.unit_id) == (INGER, "solrosen")


def test_advice_that_is_given_while_the_next_is_asked_stays_given(on_postgres: Lotskoping):
    case = on_postgres.report()
    with on_postgres.unit_of_work() as uow:
        desk = on_postgres.desk(uow, case, MARIA)
        case_handling.assess_risk(desk, severity=Severity.MODERATE, likelihood=Likelihood.MONTHLY)
        advice.ask_mas(desk, question="Ska vi byta lyft?")
        uow.commit()
    on_postgres.clock.advance(days=7)
    with on_postgres.unit_of_work() as uow:
        [asked] = advice.of_case(uow, case.id)
        desk = on_postgres.desk(uow, case, INGER)
        advice.answer(desk, question_id=asked.id, text="Ja, byt.")
        with meanwhile(on_postgres, lambda: sweep(on_postgres.services)):
            uow.commit()
    with on_postgres.unit_of_work() as uow:
        [after] = advice.of_case(uow, case.id)
    assert (after.answered_by, after.answer, after.told_ids) == (INGER, "Ja, byt.", (INGER,))


def test_a_duty_that_is_done_while_its_digest_is_made_stays_done(on_postgres: Lotskoping):
    sweep(on_postgres.services)
    on_postgres.clock.advance(days=28)
    with on_postgres.unit_of_work() as uow:
        task = newest_duty(uow)
        now, municipality = on_postgres.clock(), on_postgres.services.municipality
        duties.finish(uow, task.id, MARIA, now, municipality, result="Gjord.")
        with meanwhile(on_postgres, lambda: sweep(on_postgres.services)):
            uow.commit()
    with on_postgres.unit_of_work() as uow:
        after = uow.duties.find(task.id)
    assert after is not None
    assert after.done_by == MARIA
    assert after.reminded_on == local_date(now)  # the digest was on its way already


def newest_duty(uow: SqlUnitOfWork) -> DutyTask:
    return [one for one in uow.duties.where(duty_id="unit_pack") if one.scope == "bjorkgarden"][-1]


def test_an_answer_of_another_organisation_stays_while_it_is_chased(on_postgres: Lotskoping):
    case = on_postgres.report()
    with on_postgres.unit_of_work() as uow:
        exchanges.ask(
            on_postgres.desk(uow, case, MARIA), party_kind=PartyKind.SUPPLIER, party="Larmbolaget"
        )
        uow.commit()
    on_postgres.clock.advance(days=28)
    now, municipality = on_postgres.clock(), on_postgres.services.municipality

    def chase() -> None:
        in_one_go(on_postgres, lambda uow: exchanges.queue_due_chasers(uow, now, municipality))

    with on_postgres.unit_of_work() as uow:
        [asked] = exchanges.of_case(uow, case.id)
        exchanges.answered(
            on_postgres.desk(uow, case, MARIA),
            exchange_id=asked.id,
            answer="Batteri bytt",
            quality=AnswerQuality.THIN,
        )
        with meanwhile(on_postgres, chase):
            uow.commit()
    with on_postgres.unit_of_work() as uow:
        [after] = exchanges.of_case(uow, case.id)
    assert (after.answered_by, after.chased_times) == (MARIA, 0)
