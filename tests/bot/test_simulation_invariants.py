"""Every invariant of the work beside a case sees what it is there for: each is broken by hand."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.simulation.work_invariants import (
    INVARIANTS,
    Store,
    acts_of_the_involved,
    acts_without_an_office,
    corrections_without_a_line,
    ended_by_one,
    parts_left_behind,
    put_off_too_far,
    stuck_exchanges,
    unlisted_letters,
    unseen_answers,
    unseen_tracks,
    untold_proposals,
    untold_tasks,
)
from handlers import exchanges, tracks
from handlers.case_records import AnswerWay, ComplaintAnswer, Direction, PartyKind, Snooze, Task
from handlers.domain.case import Case, CaseStatus, Dismissal
from handlers.domain.moves import Machine
from handlers.records import CaseEvent, Letter
from storage.unit_of_work import SqlUnitOfWork
from tests.clock import T0
from tests.lotskoping import INGER, JONAS, MARIA, Lotskoping

LONG = timedelta(days=60)
Break = Callable[[SqlUnitOfWork, Lotskoping, Case], None]


def put(uow: SqlUnitOfWork, case: Case, **values: object) -> None:
    uow.cases.save(replace(case, **values))  # type: ignore[arg-type]


def no_leader(uow: SqlUnitOfWork, lotskoping: Lotskoping, case: Case) -> None:
    tracks.start(lotskoping.desk(uow, case, INGER), Machine.LEX_MARIA, reason="Kan vara.")
    [track] = uow.work.tracks.where()
    uow.work.tracks.save(replace(track, lead_id=""))


def unseen(uow: SqlUnitOfWork, lotskoping: Lotskoping, case: Case) -> None:
    tracks.start(lotskoping.desk(uow, case, INGER), Machine.LEX_MARIA, reason="Kan vara.")


def told_long_ago(uow: SqlUnitOfWork, lotskoping: Lotskoping, case: Case) -> None:
    unseen(uow, lotskoping, case)
    [track] = uow.work.tracks.where()
    uow.waiting.note_told(f"track/{track.id}/{track.step}", INGER, T0.date())


def not_chased(uow: SqlUnitOfWork, lotskoping: Lotskoping, case: Case) -> None:
    desk = lotskoping.desk(uow, case, MARIA)
    exchanges.ask(desk, party_kind=PartyKind.REGION, party="Regionen")


def not_answered(uow: SqlUnitOfWork, lotskoping: Lotskoping, case: Case) -> None:
    desk, address = lotskoping.desk(uow, case, MARIA), "avvikelser@region.example"
    exchanges.was_asked(desk, party_kind=PartyKind.REGION, party="Regionen", address=address)
    [asked] = uow.work.exchanges.where(direction=Direction.IN)
    uow.work.exchanges.save(replace(asked, answered_at=T0, answered_by=MARIA, answer="Ja."))


def read_by_nobody_here(uow: SqlUnitOfWork, lotskoping: Lotskoping, case: Case) -> None:
    event = CaseEvent(case_id=case.id, at=lotskoping.clock(), actor_id="gone", kind="read")
    uow.cases.add_event(event)


def read_by_the_manager(uow: SqlUnitOfWork, lotskoping: Lotskoping, case: Case) -> None:
    put(uow, case, manager_involved=True, manager_involved_ids=(MARIA,))
    later = lotskoping.clock() + timedelta(hours=1)
    uow.cases.add_event(CaseEvent(case_id=case.id, at=later, actor_id=MARIA, kind="read"))


def proposed(uow: SqlUnitOfWork, lotskoping: Lotskoping, case: Case) -> None:
    asked = Dismissal(
        reason="Nej.", code="not_a_deviation", proposed_by=MARIA, proposed_at=lotskoping.clock()
    )
    put(uow, case, status=CaseStatus.ACKNOWLEDGED, dismissal=asked)


def letter_after_the_end(uow: SqlUnitOfWork, lotskoping: Lotskoping, case: Case) -> None:
    now = lotskoping.clock()
    put(uow, case, status=CaseStatus.CLOSED, closed_at=now)
    inbox_id = uow.inbox.add(source="mail:test", key="1", raw=b"x", now=now)
    assert inbox_id is not None
    uow.inbox.settle(inbox_id, state="done", outcome={"outcome": "reply"})
    letter = Letter(
        id="letter",
        case_id=case.id,
        inbox_id=inbox_id,
        message_id="",
        sender_address="anna@mail.example",
        sender_name="",
        subject="",
        text="Det hände igen.",
        folded_text="",
        received_at=now + timedelta(days=1),
    )
    uow.letters.add(letter, [])


def unread_answer(uow: SqlUnitOfWork, lotskoping: Lotskoping, case: Case) -> None:
    now = lotskoping.clock()
    answer = ComplaintAnswer(
        id="answer",
        case_id=case.id,
        explanation="Vi ser över rutinen.",
        measures="Ny rutin.",
        about_person=True,
        way=AnswerWay.CODE_BY_MAIL,
        address="anna@mail.example",
        language="sv",
        written_by=MARIA,
        written_at=now,
        expires_at=now + timedelta(days=30),
    )
    uow.work.answers.add(answer)


def late_task(uow: SqlUnitOfWork, lotskoping: Lotskoping, case: Case) -> None:
    now = lotskoping.clock()
    task = Task(
        id="task",
        case_id=case.id,
        text="Berätta.",
        owner_id=JONAS,
        due_on=now.date(),
        created_by=MARIA,
        created_at=now,
    )
    uow.work.tasks.add(task)


def merged_into_nothing(uow: SqlUnitOfWork, lotskoping: Lotskoping, case: Case) -> None:
    del lotskoping
    put(uow, case, status=CaseStatus.MERGED, merged_into_id="gone")


def ended_alone(uow: SqlUnitOfWork, lotskoping: Lotskoping, case: Case) -> None:
    now = lotskoping.clock()
    asked = Dismissal(
        reason="Nej.",
        code="not_a_deviation",
        proposed_by=MARIA,
        proposed_at=now,
        confirmed_by=MARIA,
    )
    put(uow, case, status=CaseStatus.DISMISSED, dismissal=asked, closed_at=now)


def put_off(uow: SqlUnitOfWork, lotskoping: Lotskoping, case: Case) -> None:
    now = lotskoping.clock()
    snooze = Snooze(
        id="snooze",
        case_id=case.id,
        until_on=now.date() + timedelta(days=15),
        reason="Semester.",
        by=MARIA,
        created_at=now,
    )
    uow.work.snoozes.add(snooze)


def corrected(uow: SqlUnitOfWork, lotskoping: Lotskoping, case: Case) -> None:
    del lotskoping
    put(uow, case, category="violence", category_source="manager")


BROKEN: list[tuple[Callable[[Store], int], Break]] = [
    (unseen_tracks, no_leader),
    (unseen_tracks, unseen),
    (unseen_tracks, told_long_ago),
    (stuck_exchanges, not_chased),
    (stuck_exchanges, not_answered),
    (acts_without_an_office, read_by_nobody_here),
    (acts_of_the_involved, read_by_the_manager),
    (untold_proposals, proposed),
    (unlisted_letters, letter_after_the_end),
    (unseen_answers, unread_answer),
    (untold_tasks, late_task),
    (parts_left_behind, merged_into_nothing),
    (ended_by_one, ended_alone),
    (put_off_too_far, put_off),
    (corrections_without_a_line, corrected),
]


def count(lotskoping: Lotskoping, invariant: Callable[[Store], int]) -> int:
    with lotskoping.unit_of_work() as uow:
        store = Store(
            uow=uow,
            cases=uow.cases.listed(None, open_only=False),
            now=lotskoping.clock() + LONG,
            municipality=lotskoping.services.municipality,
        )
        return invariant(store)


@pytest.mark.parametrize(
    ("invariant", "breaks"), [pytest.param(*one, id=one[1].__name__) for one in BROKEN]
)
def test_an_invariant_sees_the_record_that_breaks_it(
    lotskoping: Lotskoping, invariant: Callable[[Store], int], breaks: Break
):
    case = lotskoping.report()
    assert count(lotskoping, invariant) == 0
    with lotskoping.unit_of_work() as uow:
        breaks(uow, lotskoping, case)
        uow.commit()
    assert count(lotskoping, invariant) == 1


def test_every_invariant_of_the_work_is_broken_by_one_of_them():
    assert set(INVARIANTS.values()) == {invariant for invariant, _ in BROKEN}
