"""What is asked again and again reads no whole table that grows with every year."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from bot.schedule import sweep
from handlers import duties
from handlers.access import access_of
from handlers.alert_watch import patterns_for
from handlers.dialogue.state import Command
from handlers.domain.deadline import local_date
from handlers.todo import todos_of
from tests.lotskoping import INGER, MARIA, Lotskoping

GROWING = (
    "cases", "case_events", "reports", "report_answers", "reporter_identities", "outbox", "alerts",
    "letters", "inbox", "reminder_ledger", "team_members", "case_comments", "actions",
    "same_person",
)  # fmt: skip


@contextmanager
def statements(lotskoping: Lotskoping) -> Iterator[dict[str, Any]]:
    """Keep every statement that is made meanwhile, with its values."""
    engine, found = lotskoping.services.database.engine, dict[str, Any]()

    def keep(connection, cursor, statement, values, context, many) -> None:
        del connection, cursor, context, many
        found[statement] = values

    event.listen(engine, "before_cursor_execute", keep)
    yield found
    event.remove(engine, "before_cursor_execute", keep)


def cases_given(lotskoping: Lotskoping, asked: dict[str, Any]) -> list[int]:
    """Return how many whole cases each of the statements gives."""
    with lotskoping.services.database.engine.connect() as connection:
        return [
            len(connection.exec_driver_sql(statement, values).all())
            for statement, values in asked.items()
            if "cases.title" in statement
        ]


def read_whole(lotskoping: Lotskoping, asked: dict[str, Any]) -> set[str]:
    """Return the tables that SQLite says it reads from end to end for any of the statements."""
    whole = set()
    with lotskoping.services.database.engine.connect() as connection:
        for statement, values in asked.items():
            if statement.startswith(("SELECT", "UPDATE", "DELETE")):
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
                steps = (re.match(r"SCAN (\w+)", row[3]) for row in plan)
                whole |= {step[1] for step in steps if step}
        connection.execute(text("ROLLBACK"))
    return whole & set(GROWING)


def talk(lotskoping: Lotskoping) -> None:
    lotskoping.say(command=Command.RESUME, new_report=True)
    lotskoping.say(choice="no")


def look_at_the_list(lotskoping: Lotskoping) -> None:
    with lotskoping.unit_of_work() as uow:
        todos_of(uow, lotskoping.services.municipality, MARIA, lotskoping.clock())


def look_for_patterns(lotskoping: Lotskoping) -> None:
    with lotskoping.unit_of_work() as uow:
        rules = lotskoping.services.municipality
        for person_id in (MARIA, INGER):
            access = access_of(uow, rules, person_id, lotskoping.clock())
            patterns_for(uow, access, rules)
        uow.cases.counted(local_date(lotskoping.clock()), shielded=True, reader_id=INGER)


def sweep_once(lotskoping: Lotskoping) -> None:
    sweep(lotskoping.services)


@pytest.mark.parametrize("deed", [talk, look_at_the_list, look_for_patterns, sweep_once])
def test_a_turn_a_list_and_a_sweep_read_no_whole_table_that_grows(
    lotskoping: Lotskoping, deed: Callable[[Lotskoping], None]
):
    lotskoping.report()
    with statements(lotskoping) as asked:
        deed(lotskoping)
    assert read_whole(lotskoping, asked) == set()


def test_the_tasks_of_a_period_are_made_once_and_asked_for_once(lotskoping: Lotskoping):
    sweep(lotskoping.services)
    rules, now = lotskoping.services.municipality, lotskoping.clock()
    with lotskoping.unit_of_work() as uow, statements(lotskoping) as asked:
        assert duties.make_due_tasks(uow, now, rules) == 0
        assert duties.due_tasks(uow, local_date(now), rules) == []
    assert not [one for one in asked if one.startswith("INSERT")]


def test_the_patterns_read_the_cases_of_their_days_and_no_older_ones(stored: Lotskoping):
    rules, day = stored.services.municipality.alert_rules, local_date(stored.clock())
    longest = timedelta(days=max(rules["A14"].days, rules["A14"].person_days))
    for number in range(6):
        stored.report(conversation=f"webchat:{number}")
    with stored.unit_of_work() as uow:
        cases = list(uow.cases.listed(None, open_only=False))
        for one in cases[:4]:
            older = replace(
                one, received_on=day - longest - timedelta(days=1), signs=("infection",)
            )
            uow.cases.save(older)
        for one in cases[4:]:
            uow.cases.save(replace(one, signs=("infection",)))
        uow.commit()
    with stored.unit_of_work() as uow:
        recent = {one.id for one in cases[4:]}
        found = uow.cases.listed(None, open_only=False, since=day - longest)
        assert {one.id for one in found} == recent
        assert {one.id for one in uow.cases.with_signs(day - longest)} == recent
        assert sum(row[2] for row in uow.cases.counted(day - longest, shielded=True)) == 2
    with statements(stored) as asked:
        look_for_patterns(stored)
    assert max(cases_given(stored, asked)) == len(recent)
