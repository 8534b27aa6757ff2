"""Whoever gets an action can open its case; an alert of a merged report leads to the main case."""

from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from bot.web.app import create_app
from handlers import alert_feedback, alerts, case_handling, complaints, duplicates, ending, team
from handlers.case_records import AnswerWay, Verdict
from handlers.domain.case import Case, CaseKind, CauseArea
from handlers.domain.risk import Likelihood, Severity
from handlers.errors import UserFault
from handlers.records import Purpose
from tests.bot.post import Post
from tests.handlers.test_shielding import shielded_by
from tests.lotskoping import AGNETA, ERIK, INGER, MARIA, MONIKA, Lotskoping

GRAVE = "Personen föll och bröt höften. Hon fick åka till sjukhus."


def with_action(lotskoping: Lotskoping, case: Case, by: str, owner: str) -> None:
    with lotskoping.unit_of_work() as uow:
        desk = lotskoping.desk(uow, case, by)
        case_handling.assess_risk(desk, severity=Severity.MODERATE, likelihood=Likelihood.RARE)
        cause = case_handling.add_cause(desk, area=CauseArea.ROUTINES, text="Rutin saknas.").causes
        due_on = desk.today + timedelta(days=7)
        case_handling.add_action(
            desk, cause_id=cause[0].id, text="Skriv rutin.", owner_id=owner, due_on=due_on
        )
        uow.commit()


def test_the_owner_of_an_action_from_another_unit_is_invited_and_can_open_the_case(
    lotskoping: Lotskoping,
):
    case = lotskoping.report()
    with_action(lotskoping, case, MARIA, ERIK)
    with lotskoping.unit_of_work() as uow:
        case_handling.open_for_work(lotskoping.desk(uow, case, ERIK))
    told = {(q.message.purpose, q.message.person_id) for q in lotskoping.outbox()}
    assert (Purpose.INVITATION, ERIK) in told


def test_who_can_open_the_case_already_is_not_invited(lotskoping: Lotskoping):
    case = lotskoping.report()
    with_action(lotskoping, case, MARIA, MARIA)
    with_action(lotskoping, case, MARIA, AGNETA)
    with lotskoping.unit_of_work() as uow:
        members = {one.person_id for one in team.members(uow, case)}
    assert not {MARIA, AGNETA} & members


def test_only_mas_and_sas_give_an_action_in_a_hidden_case_to_who_cannot_open_it(
    lotskoping: Lotskoping,
):
    case = shielded_by(lotskoping, lotskoping.report(), MONIKA)
    with pytest.raises(UserFault, match="only_mas_or_sas_ask"):
        with_action(lotskoping, case, AGNETA, ERIK)
    with_action(lotskoping, case, MONIKA, ERIK)


def test_the_alert_of_a_merged_report_opens_the_case_it_was_merged_into(lotskoping: Lotskoping):
    main, twin = lotskoping.report(GRAVE), lotskoping.report(GRAVE)
    with lotskoping.unit_of_work() as uow:
        found = next(one for one in uow.alerts.of_case(twin.id) if one.role == "mas")
        duplicates.merge(lotskoping.desk(uow, twin, MARIA), into_id=main.id)
        uow.commit()
    with TestClient(create_app(lotskoping.services), base_url="http://127.0.0.1:8000") as site:
        site.post("/logga-in", data={"person_id": INGER})
        page = site.get(f"/larm/{found.id}").text
    assert f'href="/arenden/{main.id}"' in page
    assert f'href="/arenden/{twin.id}"' not in page
    assert f"{twin.number} är sammanförd med {main.number}." in page


def test_precision_counts_no_alert_of_a_case_that_the_reader_is_involved_in(
    lotskoping: Lotskoping,
):
    case = lotskoping.report(GRAVE)
    with lotskoping.unit_of_work() as uow:
        found = next(one for one in uow.alerts.of_case(case.id) if one.role == "mas")
        now, municipality = lotskoping.clock(), lotskoping.services.municipality
        alerts.acknowledge(uow, found.id, INGER, now)
        alert_feedback.judge(uow, found.id, INGER, Verdict.RIGHT, now, municipality)
        uow.commit()
    shielded_by(lotskoping, case, MONIKA)
    with lotskoping.unit_of_work() as uow:
        assert alert_feedback.precision(uow, INGER)[0].judged == 1
        [whole] = alert_feedback.precision(uow, MARIA)
    assert (whole.raised, whole.judged) == (0, 0)


def test_a_complaint_that_is_opened_again_wants_a_new_answer(lotskoping: Lotskoping):
    Post(lotskoping).comes("Maten på Björkgården är kall varje dag.")
    with lotskoping.unit_of_work() as uow:
        [found] = uow.cases.listed(None, open_only=True)
        case = uow.cases.save(replace(found, kind=CaseKind.COMPLAINT))
        uow.commit()
    with_action(lotskoping, case, MARIA, MARIA)
    given = complaints.Answer(
        explanation="Vagnen var trasig.",
        measures="Den är lagad.",
        about_person=False,
        way=AnswerWay.MAIL,
    )
    for _ in range(2):
        with lotskoping.unit_of_work() as uow:
            desk = lotskoping.desk(uow, case, MARIA)
            case_handling.assess_risk(desk, severity=Severity.MODERATE, likelihood=Likelihood.RARE)
            complaints.answer(desk, given)
            assert lotskoping_case(uow, case).answered
            ending.close_case(desk)
            uow.commit()
        lotskoping.clock.advance(days=1)
        with lotskoping.unit_of_work() as uow:
            again = ending.reopen(lotskoping.desk(uow, case, MARIA), reason="Mer är känt.")
            uow.commit()
        assert not again.answered
        assert "gate.answer" in again.missing_for_closing(by_mas=True)
        lotskoping.clock.advance(days=1)


def lotskoping_case(uow, case: Case) -> Case:
    found = uow.cases.find(case.id)
    assert found is not None
    return found
