"""Whoever is asked in says what they see, finds causes and acts; the manager answers for it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.schedule import sweep
from handlers import (
    advice,
    case_handling,
    complaints,
    dismissing,
    duplicates,
    ending,
    exchanges,
    investigation,
    team,
)
from handlers.case_records import AnswerWay, PartyKind, Profession
from handlers.desk import Desk
from handlers.domain.case import Case, CaseStatus, CauseArea
from handlers.domain.injury import InjuryClass
from handlers.domain.risk import Likelihood, Severity
from handlers.errors import UserFault
from handlers.records import Purpose
from tests.bot.web.test_casework import Browser
from tests.handlers.test_work_reminders import do
from tests.lotskoping import MARIA, Lotskoping

FALL = "Personen föll i duschen och slog i armen."
OLLE = "olle-granfors"  # physiotherapist, asked in by rule when somebody falls
NURSE = "sofia-almgrund"


@pytest.fixture
def fall(lotskoping: Lotskoping) -> Case:
    case = lotskoping.report(FALL)
    with lotskoping.unit_of_work() as uow:
        assert OLLE in [one.person_id for one in team.members(uow, case)]
    return case


def assess(desk: Desk) -> Case:
    return case_handling.assess_risk(desk, severity=Severity.MODERATE, likelihood=Likelihood.RARE)


def find_cause(desk: Desk) -> Case:
    return case_handling.add_cause(desk, area=CauseArea.ROUTINES, text="Ingen rutin för duschen.")


def act(desk: Desk) -> Case:
    case = find_cause(desk)
    return case_handling.add_action(
        desk,
        cause_id=case.causes[0].id,
        text="Sätt upp ett handtag.",
        owner_id=OLLE,
        due_on=desk.today + timedelta(days=7),
    )


def put_off(desk: Desk) -> Case:
    until_on = desk.today + timedelta(days=3)
    return case_handling.snooze(desk, until_on=until_on, reason="Semester")


def answer(desk: Desk) -> Case:
    given = complaints.Answer(
        explanation="Så var det.",
        measures="Vi har bytt.",
        about_person=False,
        way=AnswerWay.CODE_BY_HAND,
        code="12345678",
    )
    return complaints.answer(desk, given)


DEEDS_OF_THE_MANAGER: dict[str, Callable[[Desk], Case]] = {
    "receive": case_handling.acknowledge,
    "put off": put_off,
    "say that no action is needed": lambda d: case_handling.need_no_action(d, reason="Klart"),
    "write to the reporter": lambda d: case_handling.write_feedback(d, text="Tack."),
    "change what it is about": lambda d: case_handling.change_category(d, category="documentation"),
    "move": lambda d: case_handling.move_to_unit(d, unit_id="solrosen"),
    "say how grave in law": lambda d: investigation.classify(d, injury=InjuryClass.NO_INJURY),
    "change the laws": lambda d: investigation.change_legal_areas(d, legal_areas=["HSL"]),
    "say that nobody can be informed": lambda d: investigation.cannot_inform(d, reason="Okänd"),
    "propose a dismissal": lambda d: dismissing.propose_dismissal(
        d, code="not_a_deviation", reason="Nej"
    ),
    "refuse a dismissal": dismissing.refuse_dismissal,
    "hand on": lambda d: dismissing.propose_handing_on(d, reference="1", reason="Arbetsmiljö"),
    "ask somebody in": lambda d: team.invite(d, person_id=NURSE, profession=Profession.NURSE),
    "ask the region": lambda d: exchanges.ask(
        d, party_kind=PartyKind.REGION, party="Akuten", address="a@region.example"
    ),
    "answer a complaint": answer,
    "close": ending.close_case,
    "close without an investigation": lambda d: ending.close_without_investigation(d, reason="Nej"),
}


@pytest.mark.parametrize("what", DEEDS_OF_THE_MANAGER)
def test_whoever_is_asked_in_leaves_the_managers_deeds_to_the_manager(
    lotskoping: Lotskoping, fall: Case, what: str
):
    with pytest.raises(UserFault, match="no_right"):
        do(lotskoping, fall, OLLE, DEEDS_OF_THE_MANAGER[what])
    after = lotskoping.case(fall.id)
    assert (after.status, after.responsible_id) == (CaseStatus.RECEIVED, "")


@pytest.mark.parametrize("join", [True, False])
def test_whoever_is_asked_in_says_nothing_of_two_reports_being_one_event(
    lotskoping: Lotskoping, fall: Case, join: bool
):
    other = lotskoping.report(FALL)

    def look(desk: Desk) -> Case:
        if join:
            return duplicates.merge(desk, into_id=other.id)
        return duplicates.not_the_same(desk, other_id=other.id)

    with pytest.raises(UserFault, match="no_right"):
        do(lotskoping, fall, OLLE, look)


def test_whoever_is_asked_in_assesses_finds_causes_acts_asks_and_gives_tasks(
    lotskoping: Lotskoping, fall: Case
):
    do(lotskoping, fall, OLLE, assess)
    case = do(lotskoping, fall, OLLE, act)
    do(lotskoping, fall, OLLE, team.comment, text="Duschen saknar handtag.")
    due_on = lotskoping.clock().date() + timedelta(days=2)
    do(lotskoping, fall, OLLE, team.add_task, text="Mät höjden", owner_id=OLLE, due_on=due_on)
    assert (len(case.assessments), len(case.causes), len(case.actions)) == (1, 1, 1)


def test_what_a_colleague_adds_receives_no_case_and_the_managers_first_rung_comes(
    lotskoping: Lotskoping, fall: Case
):
    do(lotskoping, fall, OLLE, assess)
    case = do(lotskoping, fall, OLLE, act)
    assert (case.status, case.responsible_id) == (CaseStatus.RECEIVED, "")
    lotskoping.clock.advance(days=2)
    sweep(lotskoping.services)
    digests = [q.message for q in lotskoping.outbox() if q.message.purpose == Purpose.DIGEST]
    [managers] = [one.text for one in digests if one.person_id == MARIA]
    assert "Ta emot" in managers
    assert fall.number in managers
    received = do(lotskoping, fall, MARIA, case_handling.acknowledge)
    assert (received.status, received.responsible_id) == (CaseStatus.ASSESSED, MARIA)


def test_a_cause_of_a_colleague_makes_no_assessment_unnecessary(lotskoping: Lotskoping, fall: Case):
    do(lotskoping, fall, MARIA, case_handling.acknowledge)
    assert do(lotskoping, fall, OLLE, find_cause).status == CaseStatus.ACKNOWLEDGED
    assert do(lotskoping, fall, OLLE, assess).status == CaseStatus.ASSESSED
    assert do(lotskoping, fall, OLLE, find_cause).status == CaseStatus.INVESTIGATING


def test_a_moved_case_is_assessed_anew_by_whoever_receives_it(lotskoping: Lotskoping, fall: Case):
    do(lotskoping, fall, MARIA, assess)
    lotskoping.clock.advance(hours=1)
    do(lotskoping, fall, MARIA, case_handling.move_to_unit, unit_id="hemtjanst-norr")
    received = do(lotskoping, fall, "erik-vasterlund", case_handling.acknowledge)
    assert received.status == CaseStatus.ACKNOWLEDGED


def test_a_colleague_may_ask_mas(lotskoping: Lotskoping, fall: Case):
    def graver(desk: Desk) -> Case:
        return case_handling.assess_risk(
            desk, severity=Severity.MODERATE, likelihood=Likelihood.MONTHLY
        )

    do(lotskoping, fall, OLLE, graver)
    do(lotskoping, fall, OLLE, advice.ask_mas, question="Behövs en ny bedömning?")
    with lotskoping.unit_of_work() as uow:
        assert [one.asked_by for one in advice.of_case(uow, fall.id)] == [OLLE]


def test_the_page_asks_a_colleague_for_what_he_sees_and_offers_nothing_else(
    lotskoping: Lotskoping, fall: Case
):
    olle = Browser(lotskoping, OLLE)
    page = olle.page(f"/arenden/{fall.id}")
    first = page.partition('class="next-step"')[2].partition("</div>")[0]
    assert "Skriv vad du ser i ärendet" in first
    assert 'href="#team"' in first
    offered = ("risk", "orsak", "kommentar", "uppgift", "mote")
    withheld = (
        "ta-emot", "svar", "avsluta", "avsluta-utan-utredning", "ingen-atgard", "skjut-upp",
        "skriv-av", "arbetsmiljo", "handlar-om", "enhet", "lag", "lagar", "bjud-in", "mellan",
        "samma",
    )  # fmt: skip
    for deed in offered:
        assert f'action="/arenden/{fall.id}/{deed}"' in page, deed
    for deed in withheld:
        assert f'action="/arenden/{fall.id}/{deed}"' not in page, deed
    page = olle.do(fall, "kommentar", text="Duschen saknar handtag.")
    assert 'class="next-step"' not in page
    page = olle.do(fall, "orsak", area="equipment", text="Handtag saknas.")
    assert f'action="/arenden/{fall.id}/atgard"' in page
