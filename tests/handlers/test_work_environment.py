"""What is about the staff's own work environment goes to the employer's own system."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from bot.web.app import create_app
from handlers import (
    dismissing,
    duplicates,
    ending,
    exchanges,
    investigation,
    tracks,
    work_environment,
)
from handlers.case_records import PartyKind
from handlers.desk import Desk
from handlers.domain.case import Case, CaseStatus
from handlers.domain.injury import InformPoint, InjuryClass
from handlers.domain.moves import Machine
from handlers.errors import GateNotMet, NotAllowed, UserFault
from handlers.records import Handover, Purpose
from handlers.statistics import events_of
from handlers.todo import todos_of
from tests.bot.test_own_reports import Person
from tests.handlers.test_investigation import do
from tests.lotskoping import ERIK, INGER, JONAS, MARIA, Lotskoping

SLIP = "Golvet i tvättstugan var blött i morse."
GRAVE = "Personen föll och bröt höften. Hon fick åka till sjukhus med ambulans."


def proposed(lotskoping: Lotskoping, case: Case, person: str, reference: str = "KIA-17") -> Case:
    with lotskoping.unit_of_work() as uow:
        asked = dismissing.propose_handing_on(
            lotskoping.desk(uow, case, person), reference=reference, reason="Golvet, inte vården"
        )
        uow.commit()
    return asked


def agreed(lotskoping: Lotskoping, case: Case, person: str) -> Case:
    with lotskoping.unit_of_work() as uow:
        done = dismissing.confirm_dismissal(lotskoping.desk(uow, case, person))
        uow.commit()
    return done


def handed_on(lotskoping: Lotskoping, case: Case) -> Case:
    return agreed(lotskoping, proposed(lotskoping, case, MARIA), JONAS)


def matter(lotskoping: Lotskoping) -> Handover:
    """Let somebody at Solrosen write about the ice outside."""
    person = Person(lotskoping, "webchat:w")
    person.begin()
    person.says("nej", "Jag halkade på isen i går på Solrosen", "Bara oss som arbetar här", "ja")
    with lotskoping.unit_of_work() as uow:
        [found] = uow.handovers.where()
    return found


def test_two_people_hand_a_case_on_and_the_reporter_and_the_log_know(lotskoping: Lotskoping):
    case = lotskoping.report(SLIP)
    waiting = proposed(lotskoping, case, MARIA)
    assert waiting.is_open
    with pytest.raises(UserFault, match="second_person"):
        agreed(lotskoping, case, MARIA)
    done = agreed(lotskoping, case, JONAS)
    assert (done.status, done.is_open) == (CaseStatus.HANDED_ON, False)
    [receipt] = [m.message for m in lotskoping.outbox() if m.message.purpose == Purpose.FEEDBACK]
    assert "kommunens system för arbetsmiljö" in receipt.text
    with lotskoping.unit_of_work() as uow:
        day = timedelta(days=1)
        now = lotskoping.clock()
        [row] = [e for e in uow.audit.between(now - day, now + day) if e.kind == "work_handed_on"]
        [event] = [e for e in uow.cases.events(case.id) if e.kind == "handed_on"]
    assert row.actor_id == event.actor_id == JONAS
    assert row.values == {"number": case.number, "reference": "KIA-17"}


def test_it_is_no_deviation_of_care_in_any_figure(lotskoping: Lotskoping):
    case = handed_on(lotskoping, lotskoping.report(SLIP))
    assert events_of([case]) == []
    with lotskoping.unit_of_work() as uow:
        assert uow.cases.counted(case.received_on, shielded=True) == []


def test_what_may_be_serious_for_somebody_in_care_is_for_mas_to_hand_on(lotskoping: Lotskoping):
    case = lotskoping.report(GRAVE)
    proposed(lotskoping, case, MARIA)
    with pytest.raises(GateNotMet) as missing:
        agreed(lotskoping, case, JONAS)
    assert missing.value.missing == ("gate.alert", "gate.alarmed")
    lotskoping.acknowledge_alerts(case)
    with pytest.raises(GateNotMet):
        agreed(lotskoping, case, JONAS)
    assert agreed(lotskoping, case, INGER).status == CaseStatus.HANDED_ON


def test_what_mas_wants_to_hand_on_any_manager_may_agree_to(lotskoping: Lotskoping):
    case = lotskoping.report(GRAVE)
    lotskoping.acknowledge_alerts(case)
    proposed(lotskoping, case, INGER)
    assert agreed(lotskoping, case, JONAS).status == CaseStatus.HANDED_ON


def test_where_somebody_needed_care_mas_has_to_say_that_it_was_one_of_the_staff(
    lotskoping: Lotskoping,
):
    case = lotskoping.report(SLIP, harm="care")
    with pytest.raises(GateNotMet) as missing:
        proposed(lotskoping, case, MARIA)
    assert missing.value.missing == ("gate.class",)
    classed(lotskoping, case, InjuryClass.NO_INJURY)
    proposed(lotskoping, case, MARIA)
    with pytest.raises(GateNotMet) as missing:
        agreed(lotskoping, case, JONAS)
    assert missing.value.missing == ("gate.harmed",)
    assert agreed(lotskoping, case, INGER).status == CaseStatus.HANDED_ON


def classed(lotskoping: Lotskoping, case: Case, injury: InjuryClass) -> None:
    do(lotskoping, case, lambda desk: investigation.classify(desk, injury=injury))


def told(desk: Desk) -> Case:
    return investigation.inform(
        desk, points=list(InformPoint), told_whom="patient", noted_in_record=True
    )


@pytest.mark.parametrize("person", [MARIA, INGER])
def test_a_care_injury_is_never_a_matter_of_the_work_environment(
    lotskoping: Lotskoping, person: str
):
    case = lotskoping.report(SLIP)
    classed(lotskoping, case, InjuryClass.CARE_INJURY)
    with pytest.raises(GateNotMet) as missing:
        proposed(lotskoping, case, person)
    assert missing.value.missing == ("gate.informed", "gate.care_injury")
    do(lotskoping, case, told)
    with pytest.raises(GateNotMet) as missing:
        proposed(lotskoping, case, person)
    assert missing.value.missing == ("gate.care_injury",)


def test_what_a_merged_report_owes_keeps_the_case_here(lotskoping: Lotskoping):
    case, part = lotskoping.report(SLIP), lotskoping.report()
    classed(lotskoping, part, InjuryClass.CARE_INJURY)
    do(
        lotskoping,
        part,
        lambda desk: exchanges.was_asked(desk, party_kind=PartyKind.REGION, party="Regionen"),
    )
    do(lotskoping, part, lambda d: tracks.start(d, Machine.LEX_MARIA, reason="Ja"), INGER)
    do(lotskoping, part, lambda desk: duplicates.merge(desk, into_id=case.id))
    with pytest.raises(GateNotMet) as missing:
        proposed(lotskoping, case, MARIA)
    assert missing.value.missing == (
        "gate.informed",
        "gate.part_senders",
        "gate.open_track",
        "gate.care_injury",
    )


def test_the_second_person_is_told_and_may_say_no(lotskoping: Lotskoping):
    case = proposed(lotskoping, lotskoping.report(SLIP), MARIA)
    [asked] = [q.message for q in lotskoping.outbox() if "arbetsmiljön?" in q.message.subject]
    assert asked.person_id == JONAS
    kept = do(lotskoping, case, dismissing.refuse_dismissal, JONAS)
    assert (kept.is_open, kept.dismissal) == (True, None)


@pytest.mark.parametrize("reference", ["Anna föll i trappan", "19121212-1212", "x" * 41])
def test_the_number_there_is_a_number_and_nothing_about_a_person(
    lotskoping: Lotskoping, reference: str
):
    case = lotskoping.report(SLIP)
    with pytest.raises(UserFault, match="reference"):
        proposed(lotskoping, case, MARIA, reference)


def test_a_case_that_was_handed_on_by_mistake_is_opened_again(lotskoping: Lotskoping):
    case = handed_on(lotskoping, lotskoping.report(SLIP))
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
