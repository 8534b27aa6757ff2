"""A case that somebody marks: from then on the unit's managers know nothing of it."""

import pytest

from handlers import alerts, case_handling, reminders, shielding
from handlers.domain.case import Case
from handlers.errors import NotAllowed, UserFault
from handlers.permissions import Action
from handlers.records import Purpose
from tests.handlers.test_involved_manager import listed
from tests.lotskoping import AGNETA, BENGT, ERIK, INGER, JONAS, MARIA, MONIKA, Lotskoping


def shielded_by(lotskoping: Lotskoping, case: Case, person: str) -> Case:
    with lotskoping.unit_of_work() as uow:
        hidden = shielding.shield(lotskoping.desk(uow, case, person))
        uow.commit()
    return hidden


@pytest.mark.parametrize("person", [INGER, MONIKA, AGNETA])
def test_mas_sas_and_the_area_manager_hide_a_case_at_once(lotskoping: Lotskoping, person: str):
    case = lotskoping.report()
    seen = lotskoping.report()
    with lotskoping.unit_of_work() as uow:
        case_handling.acknowledge(lotskoping.desk(uow, case, MARIA))
        uow.commit()
    before = {q.message.dedupe_key for q in lotskoping.outbox()}
    hidden = shielded_by(lotskoping, case, person)
    assert set(hidden.manager_involved_ids) == {MARIA, JONAS}
    assert hidden.responsible_id == ""
    for manager in (MARIA, JONAS):
        for action in (Action.LIST, Action.COUNT, Action.EXPORT):
            assert listed(lotskoping, manager, action) == [seen.id]
        with lotskoping.unit_of_work() as uow, pytest.raises(NotAllowed):
            case_handling.note_read(lotskoping.desk(uow, hidden, manager))
    new = [q.message for q in lotskoping.outbox() if q.message.dedupe_key not in before]
    assert {(message.purpose, message.person_id) for message in new} == {
        (Purpose.NOTICE, AGNETA),
        (Purpose.ALERT, AGNETA),
        (Purpose.ALERT, MONIKA),
    }


def test_the_registrator_hides_a_complaint_that_has_no_unit_yet(lotskoping: Lotskoping):
    case = lotskoping.report(unit="unknown")
    shielded_by(lotskoping, case, BENGT)
    assert lotskoping.case(case.id).manager_involved
    assert case.id in listed(lotskoping, BENGT)  # who may have been mistaken
    assert case.id in listed(lotskoping, MONIKA)


def test_no_reminder_of_a_marked_case_reaches_the_unit(lotskoping: Lotskoping):
    case = shielded_by(lotskoping, lotskoping.report(), MONIKA)
    before = {q.message.dedupe_key for q in lotskoping.outbox()}
    for _ in range(60):
        lotskoping.clock.advance(days=1)
        with lotskoping.unit_of_work() as uow:
            now = lotskoping.clock()
            reminders.queue_due_reminders(uow, now, lotskoping.services.municipality)
            alerts.escalate_due(uow, now, lotskoping.services.municipality)
            uow.commit()
    new = [q.message for q in lotskoping.outbox() if q.message.dedupe_key not in before]
    told = {message.person_id for message in new if case.number in message.text}
    assert AGNETA in told
    assert not {MARIA, JONAS} & told


def test_the_history_says_who_marked_it_once(lotskoping: Lotskoping):
    case = lotskoping.report()
    shielded_by(lotskoping, case, MONIKA)
    shielded_by(lotskoping, case, MONIKA)
    with lotskoping.unit_of_work() as uow:
        marks = [e.actor_id for e in uow.cases.events(case.id) if e.kind == "shielded"]
    assert marks == [MONIKA]


def test_the_manager_cannot_mark_and_other_units_cannot_see(lotskoping: Lotskoping):
    case = lotskoping.report()
    with lotskoping.unit_of_work() as uow:
        with pytest.raises(UserFault, match="no_right"):
            shielding.shield(lotskoping.desk(uow, case, MARIA))
        with pytest.raises(NotAllowed):
            shielding.shield(lotskoping.desk(uow, case, ERIK))
