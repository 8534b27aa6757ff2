"""What waits: the alerts first, the worst above, each with what tells it from the others."""

from datetime import timedelta

from handlers.dialogue.state import Command
from handlers.todo import Todo, todos_of
from tests.lotskoping import INGER, Lotskoping

GRAVE = "Personen föll och bröt höften. Hon fick åka till sjukhus."


def alerts_of(lotskoping: Lotskoping, person: str) -> list[Todo]:
    with lotskoping.unit_of_work() as uow:
        rows = todos_of(uow, lotskoping.services.municipality, person, lotskoping.clock())
    kinds = [row.step == "todo.alert" for row in rows]
    assert kinds == sorted(kinds, reverse=True)
    return [row for row in rows if row.step == "todo.alert"]


def test_every_alert_has_its_number_unit_and_reason(lotskoping: Lotskoping):
    cases = [lotskoping.report(GRAVE), lotskoping.report(GRAVE, unit="solrosen")]
    rows = alerts_of(lotskoping, INGER)
    assert {(row.number, row.unit) for row in rows} == {
        (cases[0].number, "Björkgårdens äldreboende"),
        (cases[1].number, "Solrosens demensboende"),
    }
    assert all(row.reasons for row in rows)


def test_the_worst_alert_stands_first_though_it_came_last(lotskoping: Lotskoping):
    lotskoping.report(GRAVE, conversation="webchat:one")
    lotskoping.clock.now += timedelta(days=1)
    dead = lotskoping.report(harm="death", conversation="webchat:two")
    rows = alerts_of(lotskoping, INGER)
    assert rows[0].number == dead.number
    assert rows[0].urgent
    assert not rows[-1].urgent


def test_danger_in_a_report_that_is_being_written_stands_first_without_a_number(
    lotskoping: Lotskoping,
):
    lotskoping.report(GRAVE)
    lotskoping.say(command=Command.RESUME, conversation="webchat:now")
    lotskoping.say(choice="yes", conversation="webchat:now")
    first = alerts_of(lotskoping, INGER)[0]
    assert first.number == ""
    assert first.urgent
