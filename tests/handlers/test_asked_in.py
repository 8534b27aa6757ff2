"""Whom MAS or SAS names in a hidden case may open it and do what is asked; nobody else."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from handlers import actions, case_handling, shielding, team, tracks
from handlers.access import access_of, cases_for
from handlers.case_records import Profession
from handlers.desk import Desk
from handlers.domain.case import Case, CauseArea
from handlers.domain.moves import Machine, SarahStep
from handlers.domain.risk import Likelihood, Severity
from handlers.errors import NotAllowed, UserFault
from handlers.todo import todos_of
from tests.handlers.test_investigation import do
from tests.lotskoping import AGNETA, BENGT, ERIK, JONAS, MARIA, MONIKA, Lotskoping


@pytest.fixture
def hidden(lotskoping: Lotskoping) -> Case:
    return do(lotskoping, lotskoping.report(), shielding.shield, MONIKA)


def investigated(lotskoping: Lotskoping, case: Case) -> Case:
    def name(desk: Desk) -> Case:
        tracks.start(desk, Machine.LEX_SARAH, reason="Kan vara allvarligt")
        measures, investigating = SarahStep.MEASURES_TAKEN, SarahStep.INVESTIGATING
        tracks.take_step(desk, Machine.LEX_SARAH, measures, reason="Hon är trygg nu")
        return tracks.take_step(
            desk, Machine.LEX_SARAH, investigating, reason="Erik är fri", investigator_id=ERIK
        )

    return do(lotskoping, case, name, MONIKA)


def steps_of(lotskoping: Lotskoping, person_id: str) -> list[str]:
    with lotskoping.unit_of_work() as uow:
        todos = todos_of(uow, lotskoping.services.municipality, person_id, lotskoping.clock())
    return [one.step for one in todos]


def opens(lotskoping: Lotskoping, case: Case, person_id: str) -> bool:
    with lotskoping.unit_of_work() as uow:
        try:
            case_handling.open_for_work(lotskoping.desk(uow, case, person_id))
        except NotAllowed:
            return False
    return True


def test_the_named_investigator_writes_the_investigation_of_a_hidden_case(
    lotskoping: Lotskoping, hidden: Case
):
    investigated(lotskoping, hidden)
    assert steps_of(lotskoping, ERIK) == ["todo.investigate"]

    def investigate(desk: Desk) -> Case:
        case_handling.assess_risk(desk, severity=Severity.MODERATE, likelihood=Likelihood.RARE)
        return case_handling.add_cause(desk, area=CauseArea.ROUTINES, text="Rutin saknas")

    assert do(lotskoping, hidden, investigate, ERIK).causes
    with pytest.raises(UserFault, match="no_right"):
        do(lotskoping, hidden, case_handling.close_case, ERIK)
    with pytest.raises(UserFault, match="no_right"):
        do(lotskoping, hidden, lambda desk: team.invite(desk, person_id=BENGT), ERIK)


def test_the_investigators_right_to_work_ends_with_the_track(lotskoping: Lotskoping, hidden: Case):
    investigated(lotskoping, hidden)

    def end(desk: Desk) -> Case:
        for step in (SarahStep.ASSESSING, SarahStep.DECIDED):
            tracks.take_step(desk, Machine.LEX_SARAH, step, reason="Nästa")
        return tracks.take_step(desk, Machine.LEX_SARAH, SarahStep.DONE, reason="Klart")

    do(lotskoping, hidden, end, MONIKA)
    assert opens(lotskoping, hidden, ERIK)
    with pytest.raises(UserFault, match="no_right"):
        do(
            lotskoping,
            hidden,
            lambda d: case_handling.add_cause(d, area=CauseArea.ROUTINES, text="Mer"),
            ERIK,
        )


def test_whom_sas_asks_is_let_into_a_hidden_case_and_does_just_that(
    lotskoping: Lotskoping, hidden: Case
):
    def ask(desk: Desk) -> Case:
        due_on = desk.today + timedelta(days=3)
        team.add_task(desk, text="Läs loggen", owner_id=ERIK, due_on=due_on)
        case_handling.assess_risk(desk, severity=Severity.MODERATE, likelihood=Likelihood.RARE)
        case = case_handling.add_cause(desk, area=CauseArea.ROUTINES, text="Rutin saknas")
        return case_handling.add_action(
            desk, cause_id=case.causes[0].id, text="Ny rutin", owner_id=ERIK, due_on=due_on
        )

    case = do(lotskoping, hidden, ask, MONIKA)
    assert steps_of(lotskoping, ERIK) == ["todo.action", "todo.task"]
    with lotskoping.unit_of_work() as uow:
        [task] = uow.work.tasks.where(case_id=case.id)
    do(lotskoping, hidden, lambda desk: team.finish_task(desk, task_id=task.id), ERIK)
    action_id = case.actions[0].id
    do(lotskoping, hidden, lambda d: actions.finish(d, action_id=action_id, effect=""), ERIK)
    with pytest.raises(UserFault, match="no_right"):
        do(lotskoping, hidden, lambda d: case_handling.write_feedback(d, text="Tack"), ERIK)


def test_the_named_see_the_hidden_case_on_their_list_and_the_managers_do_not(
    lotskoping: Lotskoping, hidden: Case
):
    investigated(lotskoping, hidden)

    def listed(person_id: str) -> Iterator[str]:
        with lotskoping.unit_of_work() as uow:
            municipality = lotskoping.services.municipality
            access = access_of(uow, municipality, person_id, lotskoping.clock())
            yield from (one.id for one in cases_for(uow, access, open_only=True))

    assert list(listed(ERIK)) == [hidden.id]
    assert list(listed(MARIA)) == list(listed(JONAS)) == []


def test_the_area_manager_lets_nobody_into_a_hidden_case(lotskoping: Lotskoping, hidden: Case):
    with pytest.raises(UserFault, match="only_mas_or_sas_ask"):
        do(lotskoping, hidden, lambda desk: team.invite(desk, person_id=ERIK), AGNETA)
    assert not opens(lotskoping, hidden, ERIK)
    assert lotskoping.case(hidden.id).version == hidden.version


def test_whoever_a_rule_invited_loses_case_and_to_do_when_it_is_hidden(lotskoping: Lotskoping):
    case = lotskoping.report()
    with lotskoping.unit_of_work() as uow:
        by_rule = [one.person_id for one in uow.work.team.where(case_id=case.id)]
    assert by_rule
    assert steps_of(lotskoping, by_rule[0]) == ["todo.comment"]
    do(lotskoping, case, shielding.shield, MONIKA)
    assert steps_of(lotskoping, by_rule[0]) == []
    assert not opens(lotskoping, case, by_rule[0])


def test_sas_asks_somebody_in_again_whom_a_rule_had_invited(lotskoping: Lotskoping):
    case = lotskoping.report()
    with lotskoping.unit_of_work() as uow:
        [first, *_] = uow.work.team.where(case_id=case.id)
    do(lotskoping, case, shielding.shield, MONIKA)
    for _ in range(2):
        do(
            lotskoping,
            case,
            lambda d: team.invite(d, person_id=first.person_id, profession=Profession.OTHER),
            MONIKA,
        )
    assert opens(lotskoping, case, first.person_id)
    assert steps_of(lotskoping, first.person_id) == ["todo.comment"]
    told = [q.message.person_id for q in lotskoping.outbox()]
    # By SAS; what the rule had said was not sent yet, and was taken back when the case was hidden.
    assert told.count(first.person_id) == 1
