"""What is about the staff's own work environment goes to the employer's own system."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from bot.web.app import create_app
from handlers import ending, work_environment
from handlers.domain.case import Case, CaseStatus
from handlers.errors import GateNotMet, NotAllowed, UserFault
from handlers.records import Handover, Purpose
from handlers.statistics import events_of
from handlers.todo import todos_of
from tests.bot.test_own_reports import Person
from tests.lotskoping import ERIK, INGER, JONAS, MARIA, Lotskoping

SLIP = "Golvet i tvättstugan var blött i morse."
GRAVE = "Personen föll och bröt höften. Hon fick åka till sjukhus med ambulans."


def handed_on(lotskoping: Lotskoping, case: Case, person: str, reference: str = "KIA-17") -> Case:
    with lotskoping.unit_of_work() as uow:
        done = work_environment.hand_on(lotskoping.desk(uow, case, person), reference=reference)
        uow.commit()
    return done


def matter(lotskoping: Lotskoping) -> Handover:
    """Let somebody at Solrosen write about the ice outside."""
    person = Person(lotskoping, "webchat:w")
    person.begin()
    person.says("nej", "Jag halkade på isen i går på Solrosen", "Bara oss som arbetar här", "ja")
    with lotskoping.unit_of_work() as uow:
        [found] = uow.handovers.where()
    return found


def test_a_manager_hands_a_case_on_and_the_reporter_and_the_log_know(lotskoping: Lotskoping):
    case = lotskoping.report(SLIP)
    done = handed_on(lotskoping, case, MARIA)
    assert (done.status, done.is_open) == (CaseStatus.HANDED_ON, False)
    [receipt] = [m.message for m in lotskoping.outbox() if m.message.purpose == Purpose.FEEDBACK]
    assert "kommunens system för arbetsmiljö" in receipt.text
    with lotskoping.unit_of_work() as uow:
        day = timedelta(days=1)
        now = lotskoping.clock()
        [row] = [e for e in uow.audit.between(now - day, now + day) if e.kind == "work_handed_on"]
        [event] = [e for e in uow.cases.events(case.id) if e.kind == "handed_on"]
    assert row.actor_id == event.actor_id == MARIA
    assert row.values == {"number": case.number, "reference": "KIA-17"}


def test_it_is_no_deviation_of_care_in_any_figure(lotskoping: Lotskoping):
    case = handed_on(lotskoping, lotskoping.report(SLIP), MARIA)
    assert events_of([case]) == []
    with lotskoping.unit_of_work() as uow:
        assert uow.cases.counted(case.received_on, shielded=True) == []


def test_what_may_be_serious_for_somebody_in_care_is_for_mas_to_hand_on(lotskoping: Lotskoping):
    case = lotskoping.report(GRAVE)
    with pytest.raises(GateNotMet) as missing:
        handed_on(lotskoping, case, MARIA)
    assert "gate.alert" in missing.value.missing
    lotskoping.acknowledge_alerts(case)
    with pytest.raises(GateNotMet):
        handed_on(lotskoping, case, MARIA)
    assert handed_on(lotskoping, case, INGER).status == CaseStatus.HANDED_ON


@pytest.mark.parametrize("reference", ["Anna föll i trappan", "19121212-1212", "x" * 41])
def test_the_number_there_is_a_number_and_nothing_about_a_person(
    lotskoping: Lotskoping, reference: str
):
    case = lotskoping.report(SLIP)
    with pytest.raises(UserFault, match="reference"):
        handed_on(lotskoping, case, MARIA, reference)


def test_a_case_that_was_handed_on_by_mistake_is_opened_again(lotskoping: Lotskoping):
    case = handed_on(lotskoping, lotskoping.report(SLIP), MARIA)
    with lotskoping.unit_of_work() as uow:
        again = ending.reopen(lotskoping.desk(uow, case, MARIA), reason="Mer är känt.")
    assert again.status == CaseStatus.ACKNOWLEDGED


def test_a_matter_that_never_was_a_case_waits_for_the_manager_until_it_is_handed_on(
    lotskoping: Lotskoping,
):
    found = matter(lotskoping)
    municipality = lotskoping.services.municipality

    def waits(person: str) -> list[str]:
        with lotskoping.unit_of_work() as uow:
            rows = todos_of(uow, municipality, person, lotskoping.clock())
        return [row.number for row in rows if row.step == "todo.work"]

    assert (waits(JONAS), waits(ERIK)) == ([found.number], [])
    now = lotskoping.clock()
    with lotskoping.unit_of_work() as uow, pytest.raises(NotAllowed):
        work_environment.hand_on_matter(uow, found.id, ERIK, "", now, municipality)
    for _ in range(2):
        with lotskoping.unit_of_work() as uow:
            work_environment.hand_on_matter(uow, found.id, JONAS, "KIA-3", now, municipality)
            uow.commit()
    assert waits(JONAS) == []
    receipts = [
        m.message.recipient
        for m in lotskoping.outbox()
        if m.message.purpose == Purpose.FEEDBACK and found.number in m.message.text
    ]
    assert receipts == ["webchat:w"]


def test_the_page_of_a_matter_has_the_box_for_its_manager_and_says_when_it_is_done(
    lotskoping: Lotskoping,
):
    found = matter(lotskoping)
    with TestClient(create_app(lotskoping.services), base_url="http://127.0.0.1:8000") as site:
        site.post("/logga-in", data={"person_id": JONAS})
        page = site.get(f"/overlamning/{found.id}")
        assert "Jag har fört in det där" in page.text
        wrong = site.post(f"/overlamning/{found.id}/forts", data={"reference": "två ord"})
        assert (wrong.status_code, "utan ord" in wrong.text) == (422, True)
        done = site.post(f"/overlamning/{found.id}/forts", data={"reference": "KIA-3"})
        assert "KIA-3" in done.text
        assert "Jag har fört in det där" not in done.text
