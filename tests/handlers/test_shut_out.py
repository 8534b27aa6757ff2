"""What was asked of somebody in a case that is hidden from her afterwards."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from bot.schedule import sweep
from bot.web.app import create_app
from handlers import team
from handlers.case_records import Profession
from handlers.desk import Desk
from handlers.domain.case import Case
from handlers.records import Purpose
from handlers.todo import Todo
from tests.handlers.test_held_case import unshielded_by
from tests.handlers.test_let_in import with_action
from tests.handlers.test_shielding import shielded_by
from tests.handlers.test_todo_order import rows
from tests.lotskoping import AGNETA, ERIK, MARIA, MONIKA, Lotskoping


@contextmanager
def at_desk(lotskoping: Lotskoping, case: Case, person: str) -> Iterator[Desk]:
    with lotskoping.unit_of_work() as uow:
        yield lotskoping.desk(uow, case, person)
        uow.commit()


def asked_in(lotskoping: Lotskoping, by: str = MARIA) -> Case:
    """Return a case that the manager of another unit is asked to say something in."""
    case = lotskoping.report()
    with at_desk(lotskoping, case, by) as desk:
        team.invite(desk, person_id=ERIK, profession=Profession.OTHER)
    return case


def of_case(lotskoping: Lotskoping, case: Case, person: str, step: str) -> list[Todo]:
    found = rows(lotskoping, person)
    return [one for one in found if one.case_id == case.id and one.step == step]


def told(lotskoping: Lotskoping, case: Case, words: str, days: int = 20) -> set[str]:
    """Return in whose digests words stand beside the number of the case, in so many days."""
    for _ in range(days):
        lotskoping.clock.now += timedelta(days=1)
        sweep(lotskoping.services)
    return {
        q.message.person_id
        for q in lotskoping.outbox()
        if q.message.purpose == Purpose.DIGEST and f"{case.number}: {words}" in q.message.text
    }


COMMENT = "Skriv vad du ser i ärendet"
TASK, ACTION = "Gör uppgiften", "Gör åtgärden"


def test_who_is_asked_in_is_reminded_as_long_as_the_case_is_open_to_her(lotskoping: Lotskoping):
    case = asked_in(lotskoping)
    assert len(of_case(lotskoping, case, ERIK, "todo.comment")) == 1
    reminded = told(lotskoping, case, COMMENT)
    assert ERIK in reminded
    assert not {MARIA, AGNETA} & reminded


def test_when_it_is_hidden_nobody_is_asked_in_her_place(lotskoping: Lotskoping):
    case = shielded_by(lotskoping, asked_in(lotskoping), MONIKA)
    for person in (ERIK, AGNETA, MONIKA, MARIA):
        assert of_case(lotskoping, case, person, "todo.comment") == []
    assert told(lotskoping, case, COMMENT) == set()


def test_when_it_is_shown_again_she_is_asked_again(lotskoping: Lotskoping):
    case = shielded_by(lotskoping, asked_in(lotskoping), MONIKA)
    unshielded_by(lotskoping, case, MONIKA, "Fel ärende.")
    assert len(of_case(lotskoping, case, ERIK, "todo.comment")) == 1
    assert ERIK in told(lotskoping, case, COMMENT)


def test_whom_sas_has_asked_into_a_hidden_case_is_reminded(lotskoping: Lotskoping):
    case = shielded_by(lotskoping, lotskoping.report(), MONIKA)
    with at_desk(lotskoping, case, MONIKA) as desk:
        team.invite(desk, person_id=ERIK, profession=Profession.OTHER)
    assert len(of_case(lotskoping, case, ERIK, "todo.comment")) == 1
    assert told(lotskoping, case, COMMENT) == {ERIK}


def given_task(lotskoping: Lotskoping) -> Case:
    case = lotskoping.report()
    with at_desk(lotskoping, case, MARIA) as desk:
        due_on = case.received_on + timedelta(days=3)
        team.add_task(desk, text="Hämta mattan.", owner_id=ERIK, due_on=due_on)
    return case


def given_action(lotskoping: Lotskoping) -> Case:
    case = lotskoping.report()
    with_action(lotskoping, case, MARIA, ERIK)
    return case


@pytest.mark.parametrize(("given", "step", "words"), [
    (given_task, "todo.task", TASK),
    (given_action, "todo.action", ACTION),
])  # fmt: skip
def test_what_has_to_be_done_goes_to_who_has_the_case_and_stands_on_her_page_too(
    lotskoping: Lotskoping, given: Callable[[Lotskoping], Case], step: str, words: str
):
    case = shielded_by(lotskoping, given(lotskoping), MONIKA)
    assert of_case(lotskoping, case, ERIK, step) == []
    assert len(of_case(lotskoping, case, AGNETA, step)) == 1
    assert told(lotskoping, case, words) == {AGNETA}


def test_the_receiver_has_each_piece_of_work_once(lotskoping: Lotskoping):
    case = lotskoping.report()
    with_action(lotskoping, case, MARIA, AGNETA)
    hidden = shielded_by(lotskoping, case, MONIKA)
    assert len(of_case(lotskoping, hidden, AGNETA, "todo.action")) == 1


def test_the_page_says_who_was_asked_in_and_cannot_read_it_now(lotskoping: Lotskoping):
    case = asked_in(lotskoping)
    with TestClient(create_app(lotskoping.services), base_url="http://127.0.0.1:8000") as site:
        for person, hidden in ((MARIA, False), (MONIKA, True)):
            if hidden:
                shielded_by(lotskoping, case, MONIKA)
            site.post("/logga-in", data={"person_id": person})
            page = site.get(f"/arenden/{case.id}").text
            assert "Erik Västerlund" in page
            assert ("Kan inte läsa ärendet nu" in page) == hidden
