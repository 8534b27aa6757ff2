"""Measurements, run as `make bench`; docs/performance.md quotes one machine's."""

import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from random import Random

from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from sqlalchemy import insert, text

from bot.intake import SqlMailStore, handle_waiting_mail
from bot.logs import configure_logs
from bot.mail.maildir import MaildirSource, deliver, make_maildir
from bot.mail.sources import collect
from bot.schedule import sweep
from bot.simulation.profiles import load_profile, organisation_of
from handlers.dialogue.state import Command
from handlers.domain.case import Case
from handlers.domain.people import Organisation
from storage import tables
from storage.organisation import load_organisation, replace_organisation
from tests.bench_chats import MINUTES, fifty_people
from tests.lotskoping import Lotskoping, open_lotskoping
from tests.postgres import fresh_database, running_postgres

REPORTERS = 50
MAILS = 300
OPEN_CASES = 100_000
DUE_SHARE = 0.01

TURNS: tuple[dict[str, object], ...] = (
    {"command": Command.RESUME},
    {"choice": "no"},
    {"text": "Personen fick sin kvällsdos två gånger eftersom listan inte var signerad."},
    {"choice": "today"},
    {"choice": "bjorkgarden"},
    {"choice": "no"},
    {"choice": "nobody"},
    {"command": Command.SKIP},
    {"command": Command.SKIP},
    {"text": "1"},
    {"command": Command.SUBMIT},
)

Row = tuple[str, str, str]


def dialogue_steps(lotskoping: Lotskoping, name: str) -> Iterator[Row]:
    """Fifty people report at once; every step is a durable commit."""
    seconds: list[float] = []

    def person(number: int) -> None:
        for turn_number, turn in enumerate(TURNS):
            before = time.perf_counter()
            lotskoping.say(
                conversation=f"webchat:bench-{number}",
                message_id=f"turn-{turn_number}",
                **turn,  # type: ignore[arg-type]
            )
            seconds.append(time.perf_counter() - before)

    people = [threading.Thread(target=person, args=(n,)) for n in range(REPORTERS)]
    begun = time.perf_counter()
    for one in people:
        one.start()
    for one in people:
        one.join()
    took = time.perf_counter() - begun
    cut = statistics.quantiles(seconds, n=100)
    yield (name, f"one step, {REPORTERS} people at once, p50", f"{cut[49] * 1000:.0f} ms")
    yield (name, f"one step, {REPORTERS} people at once, p99", f"{cut[98] * 1000:.0f} ms")
    yield (name, "whole reports stored a second", f"{REPORTERS / took:.1f}")


@contextmanager
def of_nykopings_size(lotskoping: Lotskoping) -> Iterator[Organisation]:
    today = lotskoping.clock().date()
    with lotskoping.unit_of_work() as uow:
        before = uow.organisation
        profile = load_profile("nykoping")
        large = organisation_of(profile, before, today, 365, Random(7))  # noqa: S311
        replace_organisation(uow.connection, large)
        uow.commit()
    yield large
    with lotskoping.unit_of_work() as uow:
        replace_organisation(uow.connection, before)
        uow.commit()


def organisation(lotskoping: Lotskoping, name: str) -> Iterator[Row]:
    """The organisation of a municipality of Nyköping's size, read anew and kept."""
    with of_nykopings_size(lotskoping) as large:
        yield from _reading(lotskoping, name, large)


def _reading(lotskoping: Lotskoping, name: str, large: Organisation) -> Iterator[Row]:
    fallback = lotskoping.services.fallback
    for what, kept in (("read anew", False), ("unchanged and kept", True)):
        seconds: list[float] = []
        for _ in range(200):
            with lotskoping.services.unit_of_work(read_only=True) as uow:
                begun = time.perf_counter()
                if kept:
                    assert uow.organisation.people
                else:
                    load_organisation(uow.connection, fallback)
                seconds.append(time.perf_counter() - begun)
        half = statistics.median(seconds) * 1000
        yield (name, f"organisation of {len(large.people)} people, {what}, p50", f"{half:.2f} ms")


def reports_alone(lotskoping: Lotskoping, name: str) -> Iterator[Row]:
    begun, count = time.perf_counter(), 40
    for number in range(count):
        lotskoping.report(conversation=f"webchat:alone-{number}")
    took = time.perf_counter() - begun
    yield (name, "reports stored a second, one after the other", f"{count / took:.1f}")


def mails(lotskoping: Lotskoping, name: str) -> Iterator[Row]:
    inbox = lotskoping.services.settings.inbox_maildir
    make_maildir(inbox)
    for number in range(MAILS):
        mail = EmailMessage()
        mail["From"] = f"anhorig{number}@mail.example"
        mail["To"] = "synpunkter@lotskoping.example"
        mail["Subject"] = f"Hej {number}"
        mail["Message-ID"] = f"<bench-{number}@mail.example>"
        mail.set_content(f"Ingen kom till min mamma i går kväll klockan {number}. Vad händer?")
        deliver(inbox, mail.as_bytes(), name=f"bench-{number}")
    begun = time.perf_counter()
    collect(MaildirSource(inbox, mailbox="inbox"), SqlMailStore(lotskoping.services))
    handled = handle_waiting_mail(lotskoping.services)
    took = time.perf_counter() - begun
    assert handled == MAILS
    yield (name, "mails a second, Maildir to stored case", f"{MAILS / took:.1f}")


def reminder_sweep(lotskoping: Lotskoping, name: str) -> Iterator[Row]:
    """A hundred thousand open cases in every unit of a large municipality, one in a hundred due."""
    pattern = lotskoping.report()
    with of_nykopings_size(lotskoping) as large:
        yield from _sweeps(lotskoping, name, pattern, _one_of_each_manager(lotskoping, large))


def _one_of_each_manager(lotskoping: Lotskoping, large: Organisation) -> list[str]:
    """Return a unit for each of those who are told today: nobody is told of more than fifty."""
    today = lotskoping.clock().date()
    told = {
        large.case_chain(unit.id, unit.legal_areas, today)[0].id: unit.id for unit in large.units
    }
    return sorted(told.values())


def _sweeps(lotskoping: Lotskoping, name: str, pattern: Case, units: list[str]) -> Iterator[Row]:
    today = lotskoping.clock().date()
    due = int(OPEN_CASES * DUE_SHARE)
    with lotskoping.unit_of_work() as uow:
        row = uow.connection.execute(
            tables.cases.select().where(tables.cases.c.id == pattern.id)
        ).one()
        rows = []
        for number in range(OPEN_CASES):
            days = 1 if number < due else 0
            rows.append(
                dict(row._mapping)
                | {
                    "id": f"bench-{number}",
                    "number": f"BENCH-{number}",
                    "unit_id": units[number % len(units)],
                    "received_on": today - timedelta(days=days),
                    "target_on": today + timedelta(days=30),
                }
            )
        uow.connection.execute(insert(tables.cases), rows)
        if name == "PostgreSQL":  # looks at its tables by itself as they grow; SQLite never does
            uow.connection.execute(text("ANALYZE"))
        uow.commit()
    begun = time.perf_counter()
    done = sweep(lotskoping.services)
    took = time.perf_counter() - begun
    assert sum(done.reminders_by_rule.values()) == due, done
    yield (name, f"sweep over {OPEN_CASES} open cases, {due} due", f"{took:.2f} s")
    begun = time.perf_counter()
    sweep(lotskoping.services)
    yield (name, "the same sweep again, nothing due", f"{time.perf_counter() - begun:.2f} s")


@contextmanager
def opened(name: str) -> Iterator[Lotskoping]:
    with tempfile.TemporaryDirectory() as folder:
        if name == "SQLite":
            lotskoping = open_lotskoping(Path(folder))
            yield lotskoping
            lotskoping.services.database.close()
            return
        with running_postgres() as server, fresh_database(server) as url:
            lotskoping = open_lotskoping(Path(folder), database_url=url)
            yield lotskoping
            lotskoping.services.database.close()


def main() -> None:
    configure_logs(Path("/dev/null").open("w"))  # noqa: SIM115 - for the life of the process
    measures: tuple[Callable[[Lotskoping, str], Iterator[Row]], ...] = (
        organisation,
        dialogue_steps,
        reports_alone,
        mails,
        reminder_sweep,
    )
    rows: list[Row] = []
    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("Mäter", total=2 * (len(measures) + len(MINUTES)))
        for name in ("SQLite", "PostgreSQL"):
            with opened(name) as lotskoping:
                for measure in measures:
                    rows += measure(lotskoping, name)
                    bar.advance(task)
            for door in MINUTES:
                rows += fifty_people(door, name)
                bar.advance(task)
    table = Table("database", "measure", "value")
    for row in rows:
        table.add_row(*row)
    Console(file=sys.stdout, width=100).print(table)


if __name__ == "__main__":
    main()
