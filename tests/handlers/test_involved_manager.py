"""The case whose reporter says that the manager is involved: who gets it, who never hears of it."""

from dataclasses import replace

import pytest

from handlers import alert_chain, alerts, case_handling, reminders, reporting
from handlers.access import access_of, cases_for
from handlers.dialogue.state import DialogueState
from handlers.domain.case import Case, CauseArea
from handlers.domain.people import Role
from handlers.domain.report import Answer
from handlers.errors import NotAllowed, UserFault
from handlers.involved import MANAGER_INVOLVED
from handlers.permissions import Action
from handlers.records import Draft, Purpose
from tests.handlers.test_access import TODAY, assigned, organisation_with
from tests.lotskoping import AGNETA, BENGT, ERIK, INGER, JONAS, MARIA, MONIKA, Lotskoping


def shielded(lotskoping: Lotskoping, unit: str = "bjorkgarden") -> Case:
    """Send a report whose reporter has said that the manager is involved."""
    services = lotskoping.services
    now = lotskoping.clock()
    draft_id = services.municipality.new_id()
    answers = {
        "what": Answer(text="Medicinen gavs i maten utan att någon visste."),
        "where": Answer(value=unit),
        "harm": Answer(value="nobody"),
        MANAGER_INVOLVED: Answer(value="yes"),
    }
    state = DialogueState(
        draft_id=draft_id, form_id="deviation", form_version=1, language="sv", answers=answers
    )
    draft = Draft(
        id=draft_id,
        channel="webchat",
        conversation_id="webchat:hidden",
        person_id="",
        state=state,
        created_at=now,
        updated_at=now,
    )
    analysis = services.analyst.analyse("Tvätten kom tillbaka i fel färg.")
    with lotskoping.unit_of_work() as uow:
        uow.drafts.save(draft)
        case = reporting.submit_report(uow, draft, analysis, now, services.municipality)
        uow.commit()
    return case


def listed(lotskoping: Lotskoping, person: str, action: Action = Action.LIST) -> list[str]:
    with lotskoping.unit_of_work() as uow:
        access = access_of(uow, lotskoping.services.municipality, person, lotskoping.clock())
        return [case.id for case in cases_for(uow, access, open_only=False, action=action)]


def test_the_involved_manager_and_the_deputy_see_a_list_without_a_trace_of_the_case(
    lotskoping: Lotskoping,
):
    seen = lotskoping.report()
    hidden = shielded(lotskoping)
    for person in (MARIA, JONAS):
        for action in (Action.LIST, Action.COUNT, Action.EXPORT):
            assert listed(lotskoping, person, action) == [seen.id]
    for person in (AGNETA, MONIKA, INGER):
        assert hidden.id in listed(lotskoping, person)


def test_the_involved_manager_is_answered_as_if_the_case_did_not_exist(lotskoping: Lotskoping):
    hidden = shielded(lotskoping)
    for person in (MARIA, JONAS, ERIK, BENGT):
        with lotskoping.unit_of_work() as uow, pytest.raises(NotAllowed):
            case_handling.note_read(lotskoping.desk(uow, hidden, person))


def test_the_manager_above_gets_the_case_and_is_alerted_with_sas(lotskoping: Lotskoping):
    shielded(lotskoping)
    told = {(q.message.purpose, q.message.person_id) for q in lotskoping.outbox()}
    assert told == {(Purpose.NOTICE, AGNETA), (Purpose.ALERT, AGNETA), (Purpose.ALERT, MONIKA)}


def test_no_reminder_or_digest_ever_reaches_the_involved_manager(lotskoping: Lotskoping):
    shielded(lotskoping)
    lotskoping.outbox()
    for _ in range(100):
        lotskoping.clock.advance(days=1)
        with lotskoping.unit_of_work() as uow:
            now = lotskoping.clock()
            reminders.queue_due_reminders(uow, now, lotskoping.services.municipality)
            alerts.escalate_due(uow, now, lotskoping.services.municipality)
            uow.commit()
    told = [q.message.person_id for q in lotskoping.outbox()]
    assert AGNETA in told
    assert not {MARIA, JONAS} & set(told)


def test_an_involved_holder_of_an_alert_role_is_passed_over(lotskoping: Lotskoping):
    hidden = shielded(lotskoping)
    with lotskoping.unit_of_work() as uow:
        [alert] = [one for one in uow.alerts.of_case(hidden.id) if one.role == "sas"]
        uow.cases.save(replace(hidden, manager_involved_ids=(MONIKA, MARIA)))
        now = lotskoping.clock()
        assert not alert_chain.may_see(uow, alert, MONIKA, now)
        assert alert_chain.may_see(uow, alert, INGER, now)


def test_an_involved_case_without_a_unit_goes_to_sas_and_stays_hidden_when_it_is_moved(
    lotskoping: Lotskoping,
):
    hidden = shielded(lotskoping, unit="unknown")
    told = [q.message.person_id for q in lotskoping.outbox()]
    assert set(told) == {MONIKA}
    with lotskoping.unit_of_work() as uow:
        desk = lotskoping.desk(uow, hidden, MONIKA)
        moved = case_handling.move_to_unit(desk, unit_id="bjorkgarden")
        uow.commit()
    assert set(moved.manager_involved_ids) == {MARIA, JONAS}
    assert {q.message.person_id for q in lotskoping.outbox()} == {MONIKA, AGNETA}


def test_an_action_cannot_be_given_to_somebody_involved(lotskoping: Lotskoping):
    hidden = shielded(lotskoping)
    with lotskoping.unit_of_work() as uow:
        desk = lotskoping.desk(uow, hidden, AGNETA)
        area = CauseArea.ROUTINES
        cause = case_handling.add_cause(desk, area=area, text="Rutin saknas").causes[0]
        with pytest.raises(UserFault, match="not_for_person"):
            case_handling.add_action(
                desk, cause_id=cause.id, text="Ny rutin", owner_id=MARIA, due_on=desk.today
            )


def test_a_vacant_chain_above_leads_to_the_fallback_and_never_back_to_the_involved(
    lotskoping: Lotskoping,
):
    organisation = organisation_with(assigned(Role.UNIT_MANAGER, "here"))
    chain = organisation.shielded_chain("here", TODAY, {"anna"})
    assert [person.id for person in chain] == ["fallback"]
