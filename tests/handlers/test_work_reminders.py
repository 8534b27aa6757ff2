"""Tasks, actions, invitations and tracks are reminded of, by whoever does them now."""

from collections.abc import Callable
from datetime import date, timedelta

from bot.schedule import sweep
from handlers import case_handling, team, tracks
from handlers.case_handling import Desk
from handlers.domain.case import Case, CauseArea
from handlers.domain.moves import Machine
from handlers.domain.people import Absence, Assignment, Role, Validity
from handlers.domain.risk import Likelihood, Severity
from handlers.permissions import Action as Right
from handlers.records import Purpose
from handlers.todo import todos_of
from tests.handlers.test_reminders import live
from tests.lotskoping import DAVID, ERIK, INGER, JONAS, MARIA, Lotskoping


def do(lotskoping: Lotskoping, case: Case, who: str, deed: Callable[..., Case], **more) -> Case:
    with lotskoping.unit_of_work() as uow:
        done = deed(lotskoping.desk(uow, case, who), **more)
        uow.commit()
    return done


def acting(lotskoping: Lotskoping, owner: str, days: int) -> Case:
    """A case with a cause and an action of somebody, due in so many days."""
    case = lotskoping.report()
    do(
        lotskoping,
        case,
        MARIA,
        case_handling.assess_risk,
        severity=Severity.MINOR,
        likelihood=Likelihood.WEEKLY,
    )
    case = do(
        lotskoping,
        case,
        MARIA,
        case_handling.add_cause,
        area=CauseArea.ROUTINES,
        text="Det saknas en rutin för natten.",
    )
    due_on = lotskoping.clock().date() + timedelta(days=days)
    return do(
        lotskoping,
        case,
        MARIA,
        case_handling.add_action,
        cause_id=case.causes[0].id,
        text="Skriv en rutin.",
        owner_id=owner,
        due_on=due_on,
    )


def told(lotskoping: Lotskoping, place: str) -> list[tuple[str, date]]:
    """Return who was told of work at a place of the case page, and on which day."""
    with lotskoping.unit_of_work() as uow:
        rows = uow.outbox.claim(lotskoping.clock(), 10_000)
    digests = [q.message for q in rows if q.message.purpose == Purpose.DIGEST]
    days = [date.fromisoformat(one.dedupe_key.split("/")[1]) for one in digests]
    found = zip(digests, days, strict=True)
    return [(one.person_id, day) for one, day in found if place in one.text]


def away(lotskoping: Lotskoping, person_id: str, days: int = 60) -> None:
    today = lotskoping.clock().date()
    with lotskoping.unit_of_work() as uow:
        span = Validity(first_on=today, last_on=today + timedelta(days=days))
        uow.staff.add_absence(Absence(person_id=person_id, valid=span))
        uow.commit()


def leaves(lotskoping: Lotskoping, person_id: str) -> None:
    """End every assignment of somebody yesterday."""
    yesterday = lotskoping.clock().date() - timedelta(days=1)
    with lotskoping.unit_of_work() as uow:
        today = lotskoping.clock().date()
        own: tuple[Assignment, ...] = uow.organisation.assignments_of(person_id, today)
        for one in own:
            ended = Validity(first_on=one.valid.first_on, last_on=yesterday)
            uow.staff.end_assignment(one, ended)
        uow.commit()


def waiting(lotskoping: Lotskoping, person_id: str) -> list[str]:
    with lotskoping.unit_of_work() as uow:
        rows = todos_of(uow, lotskoping.services.municipality, person_id, lotskoping.clock())
    return [row.step for row in rows]


def test_an_action_is_told_when_given_the_day_before_and_every_week_when_late(
    lotskoping: Lotskoping,
):
    acting(lotskoping, ERIK, days=9)  # Wednesday of next week
    live(lotskoping, 24)
    first = date(2026, 6, 2)
    days = [day - first for person, day in told(lotskoping, "#atgard") if person == ERIK]
    assert [gap.days for gap in days] == [0, 7, 15, 23]


def test_what_one_gives_oneself_is_not_told_at_once(lotskoping: Lotskoping):
    acting(lotskoping, MARIA, days=9)
    live(lotskoping, 5)
    assert told(lotskoping, "#atgard") == []


def test_an_absent_owners_action_stands_with_the_deputy(lotskoping: Lotskoping):
    acting(lotskoping, MARIA, days=3)
    away(lotskoping, MARIA)
    live(lotskoping, 4)
    assert "todo.action" in waiting(lotskoping, JONAS)
    assert "todo.action" not in waiting(lotskoping, MARIA)
    assert {person for person, _ in told(lotskoping, "#atgard")} == {JONAS}


def test_a_task_is_reminded_of(lotskoping: Lotskoping):
    case = lotskoping.report()
    due_on = lotskoping.clock().date() + timedelta(days=3)
    do(lotskoping, case, MARIA, team.add_task, text="Se efter.", owner_id=ERIK, due_on=due_on)
    live(lotskoping, 3)
    assert [person for person, _ in told(lotskoping, "#team")] == [ERIK]


def test_lex_maria_is_said_every_working_day_when_late_and_stands_with_the_deputy_of_mas(
    lotskoping: Lotskoping,
):
    case = lotskoping.report()
    do(lotskoping, case, INGER, tracks.start, machine=Machine.LEX_MARIA, reason="Höften bröts.")
    live(lotskoping, 4)
    assert [person for person, _ in told(lotskoping, "#spar")] == [INGER, INGER, INGER]
    away(lotskoping, INGER)
    gone_on = lotskoping.clock().date()
    live(lotskoping, 4)
    assert {person for person, day in told(lotskoping, "#spar") if day > gone_on} == {DAVID}
    assert "todo.lex_maria" in waiting(lotskoping, DAVID)


def test_when_mas_has_left_the_track_is_the_deputys(lotskoping: Lotskoping):
    case = lotskoping.report()
    do(lotskoping, case, INGER, tracks.start, machine=Machine.LEX_MARIA, reason="Höften bröts.")
    lotskoping.clock.advance(days=1)
    leaves(lotskoping, INGER)
    assert "todo.lex_maria" in waiting(lotskoping, DAVID)


def test_an_invitation_of_somebody_away_goes_to_the_manager_when_nobody_has_the_profession(
    lotskoping: Lotskoping,
):
    lotskoping.report("Hon föll i badrummet i morse. Ingen skada.")
    professions = (Role.NURSE, Role.PHYSIOTHERAPIST, Role.OCCUPATIONAL_THERAPIST)
    with lotskoping.unit_of_work() as uow:
        assert uow.waiting.members()
        everybody = {a.person_id for a in uow.organisation.assignments if a.role in professions}
    for person_id in everybody:
        away(lotskoping, person_id)
    live(lotskoping, 9)
    assert MARIA in {person for person, _ in told(lotskoping, "#team")}
    assert "todo.comment" in waiting(lotskoping, MARIA)


def test_who_stands_in_for_an_invited_colleague_can_open_the_case(lotskoping: Lotskoping):
    case = lotskoping.report()
    do(lotskoping, case, MARIA, team.invite, person_id=ERIK)
    with lotskoping.unit_of_work() as uow:
        today = lotskoping.clock().date()
        managers = uow.organisation.holders(Role.UNIT_MANAGER, "hemtjanst-norr", today)
    [stand_in] = [one.id for one in managers if one.id != ERIK]
    assert not may_open(lotskoping, case, stand_in)
    away(lotskoping, ERIK)
    assert may_open(lotskoping, case, stand_in)
    assert "todo.comment" in waiting(lotskoping, stand_in)


def may_open(lotskoping: Lotskoping, case: Case, person_id: str) -> bool:
    with lotskoping.unit_of_work() as uow:
        desk: Desk = lotskoping.desk(uow, case, person_id)
        stored = uow.cases.find(case.id)
        assert stored is not None
        return case_handling.may(desk, Right.OPEN, stored)


def test_two_sweeps_tell_of_work_once(lotskoping: Lotskoping):
    acting(lotskoping, ERIK, days=9)
    lotskoping.clock.advance(days=1)
    sweep(lotskoping.services)
    sweep(lotskoping.services)
    assert len(told(lotskoping, "#atgard")) == 1
