"""Who was asked into a case by mistake is taken out of it again, and what she was to do is done."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from bot.web.app import create_app
from handlers import case_handling, shielding, taking_out, team
from handlers.case_records import Profession
from handlers.desk import Desk
from handlers.domain.case import Case, CauseArea
from handlers.domain.risk import Likelihood, Severity
from handlers.errors import UserFault
from tests.handlers.test_asked_in import investigated, opens, steps_of
from tests.handlers.test_investigation import do
from tests.lotskoping import AGNETA, ERIK, INGER, MARIA, MONIKA, Lotskoping


@pytest.fixture
def hidden(lotskoping: Lotskoping) -> Case:
    return do(lotskoping, lotskoping.report(), shielding.shield, MONIKA)


def asked(lotskoping: Lotskoping, case: Case, by: str) -> None:
    do(lotskoping, case, lambda desk: team.invite(desk, person_id=ERIK), by)


def taken_out(lotskoping: Lotskoping, case: Case, by: str, whom: str = ERIK) -> Case:
    def out(desk: Desk) -> Case:
        return taking_out.take_out(desk, person_id=whom, reason="Det var fel Erik.")

    return do(lotskoping, case, out, by)


def test_whom_sas_asked_into_a_hidden_case_by_mistake_is_out_after_a_form_on_its_page(
    lotskoping: Lotskoping, hidden: Case
):
    asked(lotskoping, hidden, MONIKA)
    assert opens(lotskoping, hidden, ERIK)
    page = f"/arenden/{hidden.id}"
    with TestClient(create_app(lotskoping.services), follow_redirects=False) as client:
        client.post("/logga-in", data={"person_id": MONIKA})
        assert f'action="{page}/ur-teamet"' in client.get(page).text
        form = {"person_id": ERIK, "reason": "Det var fel Erik.", "version": str(hidden.version)}
        assert client.post(f"{page}/ur-teamet", data=form).status_code == 303
    assert not opens(lotskoping, hidden, ERIK)
    assert steps_of(lotskoping, ERIK) == []
    with lotskoping.unit_of_work() as uow:
        kinds = [one.kind for one in uow.cases.events(hidden.id)]
        said = [one.text for one in uow.work.comments.where(case_id=hidden.id)]
    assert kinds.index("invited") < kinds.index("taken_out")
    assert said == ["Det var fel Erik."]


def test_an_invitation_that_waits_to_be_sent_to_her_is_never_sent(
    lotskoping: Lotskoping, hidden: Case
):
    asked(lotskoping, hidden, MONIKA)
    taken_out(lotskoping, hidden, MONIKA)
    assert ERIK not in {queued.message.person_id for queued in lotskoping.outbox()}


def test_she_can_be_asked_in_again(lotskoping: Lotskoping, hidden: Case):
    asked(lotskoping, hidden, MONIKA)
    taken_out(lotskoping, hidden, MONIKA)
    asked(lotskoping, hidden, MONIKA)
    assert opens(lotskoping, hidden, ERIK)


def test_whoever_asked_takes_her_out_and_so_do_mas_and_sas_and_nobody_else(
    lotskoping: Lotskoping,
):
    case = lotskoping.report()
    asked(lotskoping, case, MARIA)
    with pytest.raises(UserFault, match="no_right"):
        taken_out(lotskoping, case, AGNETA)
    taken_out(lotskoping, case, MARIA)
    asked(lotskoping, case, MARIA)
    taken_out(lotskoping, case, INGER)
    assert not opens(lotskoping, case, ERIK)


def test_a_manager_takes_nobody_out_whom_a_rule_asked_in(lotskoping: Lotskoping):
    case = lotskoping.report("Personen fick fel medicin vid frukosten.")
    with lotskoping.unit_of_work() as uow:
        [nurse] = [
            one.person_id
            for one in uow.work.team.where(case_id=case.id)
            if one.profession == Profession.NURSE
        ]
    with pytest.raises(UserFault, match="no_right"):
        taken_out(lotskoping, case, MARIA, nurse)


def test_the_investigator_is_replaced_on_the_track_not_taken_out(
    lotskoping: Lotskoping, hidden: Case
):
    investigated(lotskoping, hidden)
    with pytest.raises(UserFault, match="no_right"):
        taken_out(lotskoping, hidden, MONIKA)


def test_a_reason_is_needed(lotskoping: Lotskoping, hidden: Case):
    asked(lotskoping, hidden, MONIKA)
    with pytest.raises(UserFault, match="empty_text"):
        do(
            lotskoping,
            hidden,
            lambda desk: taking_out.take_out(desk, person_id=ERIK, reason=" "),
            MONIKA,
        )
    assert opens(lotskoping, hidden, ERIK)


def test_what_she_was_to_do_stands_on_the_list_of_whoever_has_the_case(lotskoping: Lotskoping):
    case = lotskoping.report()

    def ask(desk: Desk) -> Case:
        due_on = desk.today + timedelta(days=3)
        case_handling.acknowledge(desk)
        team.add_task(desk, text="Läs loggen", owner_id=ERIK, due_on=due_on)
        case_handling.assess_risk(desk, severity=Severity.MODERATE, likelihood=Likelihood.RARE)
        found = case_handling.add_cause(desk, area=CauseArea.ROUTINES, text="Rutin saknas")
        return case_handling.add_action(
            desk, cause_id=found.causes[0].id, text="Ny rutin", owner_id=ERIK, due_on=due_on
        )

    do(lotskoping, case, ask, MARIA)
    left = taken_out(lotskoping, case, MARIA)
    assert {one.owner_id for one in left.actions} == {MARIA}
    assert steps_of(lotskoping, ERIK) == []
    assert {"todo.task", "todo.action"} <= set(steps_of(lotskoping, MARIA))


def test_who_opens_the_case_in_an_own_office_keeps_what_she_was_to_do(lotskoping: Lotskoping):
    case = lotskoping.report()
    due_on = lotskoping.clock().date() + timedelta(days=3)

    def ask(desk: Desk) -> Case:
        return team.add_task(desk, text="Titta", owner_id=AGNETA, due_on=due_on)

    do(lotskoping, case, ask, MARIA)
    taken_out(lotskoping, case, MARIA, AGNETA)
    assert opens(lotskoping, case, AGNETA)
    assert "todo.task" in steps_of(lotskoping, AGNETA)
