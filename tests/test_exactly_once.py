"""Three processes on one PostgreSQL, killed at random, with a clock that jumps: nothing twice."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import func, select

from handlers import alerts
from handlers.concerns import Concern
from handlers.domain.deadline import add_months
from handlers.domain.people import Role
from handlers.reminders import due_reminders
from storage import access_tables, tables
from tests.lotskoping import Lotskoping, open_lotskoping
from tests.postgres import fresh_database
from tests.sweepers import SKEWS

CASES = 36
PATIENCE_SECONDS = 90.0


@dataclass(frozen=True, slots=True)
class Sweepers:
    process: subprocess.Popen[str]
    folder: Path
    random: Random

    def at(self, moment: datetime, kills: int = 1) -> None:
        """Set the time, kill at random, and wait until every process has swept at that time."""
        path = self.folder / "new"
        path.write_text(moment.isoformat(), encoding="ascii")
        path.rename(self.folder / "now")  # a reader never finds half a line
        for _ in range(kills):
            time.sleep(self.random.uniform(0.0, 0.15))
            self._kill(self.random.randrange(len(SKEWS)))
        self._wait(moment)

    def _kill(self, number: int) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"kill {number}\n")
        self.process.stdin.flush()

    def _wait(self, moment: datetime) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        waiting = set(range(len(SKEWS)))
        while waiting and time.monotonic() < until:
            waiting -= {n for n in waiting if self._seen(n) == moment + SKEWS[n]}
            time.sleep(0.01)
        assert not waiting, f"processes {waiting} did not sweep at {moment}"

    def _seen(self, number: int) -> datetime | None:
        try:
            text = (self.folder / f"seen-{number}").read_text(encoding="ascii")
            return datetime.fromisoformat(text)
        except (FileNotFoundError, ValueError):
            return None


@contextmanager
def running(url: str, folder: Path) -> Iterator[Sweepers]:
    command = [sys.executable, "-m", "tests.sweepers", url, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, text=True) as process:
        yield Sweepers(process, folder, Random(11))  # noqa: S311 - a test, not a secret
        assert process.stdin is not None
        process.stdin.close()
        process.wait(timeout=60)


@pytest.fixture
def on_postgres(postgres_server: str, tmp_path: Path) -> Iterator[tuple[Lotskoping, str]]:
    with fresh_database(postgres_server) as url:
        opened = open_lotskoping(tmp_path, database_url=url)
        yield opened, url
        opened.services.database.close()


def fill(lotskoping: Lotskoping, first: date) -> None:
    """Make cases received on many days, and alerts that nobody takes."""
    with lotskoping.unit_of_work() as uow:
        units = [unit.id for unit in uow.organisation.units]
    template = lotskoping.report()
    municipality = lotskoping.services.municipality
    with lotskoping.unit_of_work() as uow:
        for number in range(CASES):
            received_on = first - timedelta(days=2 * number)
            values = {
                "unit_id": units[number % len(units)],
                "received_on": received_on,
                "target_on": add_months(received_on, 1),
            }
            case = replace(
                template,
                id=municipality.new_id(),
                number=uow.cases.next_number("AVV", 2026),
                version=1,
                **values,  # type: ignore[arg-type]
            )
            uow.cases.add(case)
            if number % 9 == 0:
                concern = Concern(role=Role.MAS, reasons=("x",), rule_ids=("A1",), urgent=True)
                now = lotskoping.clock()
                alerts.raise_for_case(uow, case, [concern], "report", now, municipality)
        uow.commit()


def moments() -> list[datetime]:
    """Return both clock-change nights of Sweden, working days, and jumps both ways."""
    autumn = datetime(2026, 10, 24, 22, 30, tzinfo=UTC)
    spring = datetime(2027, 3, 27, 23, 30, tzinfo=UTC)
    found = [datetime(2026, 10, 23, hour, 1, tzinfo=UTC) for hour in (5, 6, 9, 16)]
    found += [autumn + timedelta(minutes=30 * n) for n in range(5)]
    found += [datetime(2026, 10, 26, hour, 2, tzinfo=UTC) for hour in (6, 7, 8)]
    found += [datetime(2026, 10, 28, 8, 3, tzinfo=UTC)]  # jumps ahead
    found += [datetime(2026, 10, 26, 9, 4, tzinfo=UTC)]  # and back by two days
    found += [datetime(2026, 10, day, 8, 5, tzinfo=UTC) for day in (27, 28, 29, 30)]
    found += [datetime(2027, 3, 26, 8, 6, tzinfo=UTC)]
    found += [spring + timedelta(minutes=30 * n) for n in range(5)]
    found += [datetime(2027, 3, 29, hour, 7, tzinfo=UTC) for hour in (5, 6, 14)]
    return found


def test_no_reminder_alert_or_task_is_lost_or_doubled(
    on_postgres: tuple[Lotskoping, str], tmp_path: Path
):
    lotskoping, url = on_postgres
    lotskoping.clock.now = datetime(2026, 10, 23, 5, 0, tzinfo=UTC)
    fill(lotskoping, date(2026, 10, 22))
    (tmp_path / "now").write_text(lotskoping.clock().isoformat(), encoding="ascii")
    with running(url, tmp_path) as sweepers:
        for moment in moments():
            sweepers.at(moment)
        for day in (30, 31):  # quiet days, so that what was put off gets its turn
            sweepers.at(datetime(2027, 3, day, 8, 0, tzinfo=UTC), kills=0)
        sweepers.at(datetime(2027, 3, 31, 8, 20, tzinfo=UTC), kills=0)  # past every lease
        sweepers.at(datetime(2027, 3, 31, 8, 30, tzinfo=UTC), kills=0)
    assert_nothing_lost(lotskoping, date(2027, 3, 31))
    assert_nothing_doubled(lotskoping)


def assert_nothing_lost(lotskoping: Lotskoping, today: date) -> None:
    with lotskoping.unit_of_work() as uow:
        assert due_reminders(uow, today, lotskoping.services.municipality) == []
        outbox, told = tables.outbox, tables.chat_messages
        queued = uow.connection.execute(select(func.count()).select_from(outbox)).scalar()
        arrived = uow.connection.execute(select(func.count()).select_from(told)).scalar()
        states = {row.state for row in uow.connection.execute(select(outbox.c.state))}
        assert states == {"sent"}
        assert queued == arrived
        reached = {row.alert_id for row in uow.connection.execute(select(outbox.c.alert_id))}
        assert {found.id for found in uow.alerts.all()} <= reached
        reviews = uow.duties.where(duty_id="weekly_review", scope="bjorkgarden")
        assert {task.period for task in reviews} >= {"2026-W43", "2026-W44", "2027-W13"}
        assert all(task.reminded_on for task in reviews)


def assert_nothing_doubled(lotskoping: Lotskoping) -> None:
    """Every ledger row stands in just one digest, and every digest line has its ledger row.

    So does every reminder of an invitation, the only work that waits in these cases.
    """
    with lotskoping.unit_of_work() as uow:
        rows = list(uow.connection.execute(select(tables.reminder_ledger)))
        work = list(uow.connection.execute(select(tables.work_reminders)))
        cases = {f"comment/{one.id}": one.case_id for one in uow.work.team.where()}
        numbers = {case.id: case.number for case in uow.cases.listed(None, open_only=False)}
        texts = {
            row.dedupe_key.rpartition("/")[0]: row.text
            for row in uow.connection.execute(
                select(tables.outbox).where(tables.outbox.c.purpose == "digest")
            )
        }
        events = Counter(
            (row.case_id, row._mapping["values"]["rule"])
            for row in uow.connection.execute(
                select(tables.case_events).where(tables.case_events.c.kind == "reminded")
            )
        )
        tasks = list(uow.connection.execute(select(access_tables.duty_tasks)))
    assert len(rows) >= CASES
    noted = Counter((row.person_id, row.sent_on, row.case_id) for row in rows)
    noted += Counter((row.person_id, row.sent_on, cases[row.item]) for row in work)
    for (person_id, sent_on, case_id), count in noted.items():
        text = texts[f"digest:{person_id}/{sent_on.isoformat()}"]
        assert text.count(numbers[case_id]) == count
    lines = sum(text.count(number) for text in texts.values() for number in numbers.values())
    assert lines == noted.total()
    assert events == Counter((row.case_id, row.rule_id) for row in rows)
    repeated = {rule for (_, rule), count in events.items() if count > 1}
    assert repeated <= {"late_month"}
    assert len({(t.duty_id, t.period, t.scope) for t in tasks}) == len(tasks)
