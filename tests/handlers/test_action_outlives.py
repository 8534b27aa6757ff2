"""An action that is not done when its case closes is still done, asked about and seen."""

from datetime import timedelta

import pytest

from handlers import actions, case_handling, investigation, team
from handlers.desk import Desk
from handlers.domain.case import Case, CaseStatus, CauseArea, Effect
from handlers.domain.deadline import local_date
from handlers.domain.risk import Likelihood, Severity
from handlers.errors import GateNotMet, NotAllowed, UserFault
from handlers.todo import todos_of
from tests.handlers.test_investigation import close, do, handled
from tests.handlers.test_reminders import absent, change
from tests.lotskoping import AGNETA, DAVID, ERIK, INGER, MARIA, Lotskoping


def steps_of(lotskoping: Lotskoping, person_id: str) -> list[tuple[str, str]]:
    with lotskoping.unit_of_work() as uow:
        municipality = lotskoping.services.municipality
        todos = todos_of(uow, municipality, person_id, lotskoping.clock())
    return [(one.step, one.text) for one in todos]


def owned_by(desk: Desk, owner_id: str) -> Case:
    """Give somebody an action and a task, both for today."""
    case_handling.assess_risk(desk, severity=Severity.MODERATE, likelihood=Likelihood.MONTHLY)
    found = case_handling.add_cause(desk, area=CauseArea.ROUTINES, text="Rutinen saknas")
    team.add_task(desk, text="Ring", owner_id=owner_id, due_on=desk.today)
    return case_handling.add_action(
        desk,
        cause_id=found.causes[0].id,
        text="Gemensam rutin",
        owner_id=owner_id,
        due_on=desk.today,
    )


def closed(lotskoping: Lotskoping) -> tuple[Case, str]:
    case = close(lotskoping, handled(lotskoping))
    return case, case.actions[0].id


def test_an_action_ahead_stays_with_its_owner_after_the_case_has_closed(lotskoping: Lotskoping):
    closed(lotskoping)
    assert steps_of(lotskoping, MARIA) == [("todo.action", "Ny rutin")]


def test_an_action_of_a_closed_case_is_done_and_checked_and_opens_nothing(lotskoping: Lotskoping):
    case, action_id = closed(lotskoping)
    do(lotskoping, case, lambda desk: actions.finish(desk, action_id=action_id, effect=""))
    lotskoping.clock.advance(days=60)
    assert steps_of(lotskoping, MARIA) == [("todo.effect", "Ny rutin")]
    checked = do(
        lotskoping,
        case,
        lambda desk: investigation.check_effect(desk, action_id=action_id, helped=Effect.HELPED),
    )
    assert (checked.status, checked.actions[0].helped) == (CaseStatus.CLOSED, Effect.HELPED)
    assert steps_of(lotskoping, MARIA) == []


def test_a_case_does_not_close_over_an_action_whose_day_has_passed(lotskoping: Lotskoping):
    case = handled(lotskoping)
    lotskoping.clock.advance(days=15)
    with pytest.raises(GateNotMet) as refusal:
        close(lotskoping, case)
    assert refusal.value.missing == ("gate.action_late",)
    assert "gate.action_late" in [step for step, _ in steps_of(lotskoping, MARIA)]


def test_a_late_action_is_given_another_day_with_a_reason_that_is_kept(lotskoping: Lotskoping):
    case = handled(lotskoping)
    lotskoping.clock.advance(days=15)
    action_id = case.actions[0].id

    def postpone(desk, reason="Utbildaren är sjuk."):
        later = desk.today + timedelta(days=30)
        return actions.postpone(desk, action_id=action_id, due_on=later, reason=reason)

    with pytest.raises(UserFault, match="empty_text"):
        do(lotskoping, case, lambda desk: postpone(desk, " "))
    do(lotskoping, case, postpone)
    assert close(lotskoping, case).actions[0].due_on == case.actions[0].due_on + timedelta(days=31)
    with lotskoping.unit_of_work() as uow:
        assert [c.text for c in uow.work.comments.where(case_id=case.id)] == ["Utbildaren är sjuk."]
        assert "action_postponed" in [event.kind for event in uow.cases.events(case.id)]


def test_the_owner_of_an_action_may_do_it_though_no_role_gives_the_case(lotskoping: Lotskoping):
    case = handled(lotskoping)
    asked = do(
        lotskoping,
        case,
        lambda desk: case_handling.add_action(
            desk,
            cause_id=case.causes[0].id,
            text="Gemensam rutin",
            owner_id=ERIK,
            due_on=desk.today + timedelta(days=5),
        ),
    )
    assert ("todo.action", "Gemensam rutin") in steps_of(lotskoping, ERIK)
    assert ERIK in [queued.message.person_id for queued in lotskoping.outbox()]
    done = do(
        lotskoping,
        case,
        lambda desk: actions.finish(desk, action_id=asked.actions[1].id, effect=""),
        ERIK,
    )
    assert done.actions[1].done_at is not None


def test_whoever_stands_in_for_the_owner_does_what_stands_on_her_list(lotskoping: Lotskoping):
    """MAS owns an action and a task in a case of the social law, and is away: her deputy has both.

    He only sees such cases by his role; what he has to do there is his all the same.
    """
    case = lotskoping.report()
    change(lotskoping, case, legal_areas=("SoL",))
    asked = do(lotskoping, case, lambda desk: owned_by(desk, INGER))
    absent(lotskoping, INGER, local_date(lotskoping.clock()))
    with lotskoping.unit_of_work() as uow:
        [task] = uow.work.tasks.where(case_id=case.id)
    assert steps_of(lotskoping, DAVID) == [("todo.action", "Gemensam rutin"), ("todo.task", "Ring")]

    def finish(desk: Desk) -> Case:
        team.finish_task(desk, task_id=task.id)
        return actions.finish(desk, action_id=asked.actions[0].id, effect="")

    assert do(lotskoping, case, finish, DAVID).actions[0].done_at is not None
    assert steps_of(lotskoping, DAVID) == []


def test_nobody_else_says_that_an_action_is_done(lotskoping: Lotskoping):
    case, action_id = closed(lotskoping)
    with pytest.raises(NotAllowed):
        do(lotskoping, case, lambda d: actions.finish(d, action_id=action_id, effect=""), ERIK)
    done = do(lotskoping, case, lambda d: actions.finish(d, action_id=action_id, effect=""), INGER)
    assert done.actions[0].done_at is not None
    with pytest.raises(UserFault, match="action_is_done"):
        do(
            lotskoping,
            case,
            lambda d: actions.postpone(d, action_id=action_id, due_on=d.today, reason="Senare"),
        )


@pytest.mark.parametrize("says_no", [MARIA, AGNETA])
def test_a_no_to_whether_it_helped_in_a_closed_case_is_a_task_for_its_manager(
    lotskoping: Lotskoping, says_no: str
):
    case, action_id = closed(lotskoping)
    do(lotskoping, case, lambda desk: actions.finish(desk, action_id=action_id, effect=""))
    for _ in range(2):
        do(
            lotskoping,
            case,
            lambda desk: investigation.check_effect(
                desk, action_id=action_id, helped=Effect.NOT_HELPED
            ),
            says_no,
        )
    [(_, text)] = steps_of(lotskoping, MARIA)
    assert "hjälpte inte" in text
    with lotskoping.unit_of_work() as uow:
        [task] = uow.work.tasks.where(case_id=case.id)
    assert task.due_on > local_date(lotskoping.clock())
    assert lotskoping.case(case.id).status == CaseStatus.CLOSED


def test_a_no_in_an_open_case_leaves_it_to_be_acted_on(lotskoping: Lotskoping):
    case = handled(lotskoping)
    action_id = case.actions[0].id
    do(lotskoping, case, lambda desk: actions.finish(desk, action_id=action_id, effect=""))
    back = do(
        lotskoping,
        case,
        lambda desk: investigation.check_effect(
            desk, action_id=action_id, helped=Effect.NOT_HELPED
        ),
    )
    assert back.status == CaseStatus.ACTING
    with lotskoping.unit_of_work() as uow:
        assert uow.work.tasks.where(case_id=case.id) == []
