"""Team, duplicates and other organisations."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.schedule import sweep
from handlers import case_handling, duplicates, exchanges, team
from handlers.access import access_of
from handlers.case_records import AnswerQuality, Forum, PartyKind, Profession
from handlers.desk import Desk
from handlers.domain.case import Case, CaseStatus
from handlers.domain.people import Role
from handlers.domain.risk import Likelihood, Severity
from handlers.errors import GateNotMet, NotAllowed, UserFault
from handlers.records import Purpose
from tests.bot.test_staff_and_tasks import appoint
from tests.bot.web.test_casework import Browser
from tests.lotskoping import CONVERSATION, ERIK, JONAS, MARIA, Lotskoping

NURSE, OCCUPATIONAL, PHYSIO = "sofia-almgrund", "maja-brinkmar", "olle-granfors"
FALL = "Vi hittade personen på golvet vid sängen i morse. Larmmattan var inte påslagen."
SAME_FALL = "Personen låg på golvet bredvid sängen när jag kom i morse, larmmattan larmade inte."
OTHER = "Insulinet gavs för sent eftersom nyckeln till medicinskåpet var borta."


def do(
    lotskoping: Lotskoping, case: Case, deed: Callable[[Desk], Case], person: str = MARIA
) -> Case:
    with lotskoping.unit_of_work() as uow:
        changed = deed(lotskoping.desk(uow, case, person))
        uow.commit()
    return changed


def set_category(lotskoping: Lotskoping, case: Case, category: str) -> Case:
    return do(lotskoping, case, lambda desk: case_handling.change_category(desk, category=category))


def invited(lotskoping: Lotskoping, case: Case) -> set[str]:
    with lotskoping.unit_of_work() as uow:
        return {member.person_id for member in team.members(uow, case)}


@pytest.mark.parametrize(
    ("category", "people"),
    [
        ("fall", {PHYSIO, OCCUPATIONAL}),
        ("medication", {NURSE}),
        ("equipment", {OCCUPATIONAL, PHYSIO}),
        ("violence", set()),
    ],
)
def test_the_professions_of_a_category_are_asked_in_at_once(
    lotskoping: Lotskoping, category: str, people: set[str]
):
    case = lotskoping.report(OTHER)
    before = invited(lotskoping, case)
    set_category(lotskoping, case, category)
    set_category(lotskoping, case, category)
    assert invited(lotskoping, case) - before == people - before
    told = [q.message.person_id for q in lotskoping.outbox()]
    assert all(told.count(person) == 1 for person in people)


def test_who_is_invited_may_open_and_comment_and_others_may_not(lotskoping: Lotskoping):
    case = set_category(lotskoping, lotskoping.report(OTHER), "medication")
    do(lotskoping, case, lambda desk: team.comment(desk, text="Delegeringen har gått ut"), NURSE)
    with pytest.raises(NotAllowed):
        do(lotskoping, case, lambda desk: team.comment(desk, text="Hej"), ERIK)
    with lotskoping.unit_of_work() as uow:
        comments = uow.work.comments.where(case_id=case.id)
    assert [(one.author_id, one.text) for one in comments] == [(NURSE, "Delegeringen har gått ut")]


def test_who_gets_a_task_is_let_into_the_case_and_finishes_it(lotskoping: Lotskoping):
    case = lotskoping.report(OTHER)
    due_on = lotskoping.clock().date() + timedelta(days=5)
    do(
        lotskoping,
        case,
        lambda desk: team.add_task(desk, text="Fråga nattpatrullen", owner_id=ERIK, due_on=due_on),
    )
    with lotskoping.unit_of_work() as uow:
        task = uow.work.tasks.where(owner_id=ERIK)[0]
    do(lotskoping, case, lambda desk: team.finish_task(desk, task_id=task.id), ERIK)
    with lotskoping.unit_of_work() as uow:
        done = uow.work.tasks.find(task.id)
    assert done is not None
    assert done.done_by == ERIK


def test_a_case_stands_on_the_agenda_until_it_is_discussed(lotskoping: Lotskoping):
    case = lotskoping.report()
    municipality = lotskoping.services.municipality
    for _ in range(2):
        do(lotskoping, case, lambda desk: team.put_on_agenda(desk, forum=Forum.WORKPLACE))

    def waiting(person: str) -> list[str]:
        with lotskoping.unit_of_work() as uow:
            access = access_of(uow, municipality, person, lotskoping.clock())
            return [row.item.id for row in team.agenda(uow, access, Forum.WORKPLACE)]

    (item_id,) = waiting(MARIA)
    assert waiting(ERIK) == []
    do(lotskoping, case, lambda desk: team.discussed(desk, item_id=item_id, text="Alla vet nu"))
    assert waiting(MARIA) == []


def test_what_a_meeting_came_to_is_not_overwritten(lotskoping: Lotskoping):
    case = lotskoping.report()
    do(lotskoping, case, lambda desk: team.put_on_agenda(desk, forum=Forum.WORKPLACE))
    with lotskoping.unit_of_work() as uow:
        [item] = uow.work.agenda.where(case_id=case.id)
    do(lotskoping, case, lambda desk: team.discussed(desk, item_id=item.id, text="Alla vet nu"))
    do(lotskoping, case, lambda desk: team.discussed(desk, item_id=item.id, text="Inget"))
    with lotskoping.unit_of_work() as uow:
        [kept] = uow.work.agenda.where(case_id=case.id)
    assert kept.note == "Alla vet nu"


def test_a_moved_case_stands_on_the_agenda_of_the_unit_that_has_it(lotskoping: Lotskoping):
    case = lotskoping.report()
    do(lotskoping, case, lambda desk: team.put_on_agenda(desk, forum=Forum.WORKPLACE))
    do(lotskoping, case, lambda desk: case_handling.move_to_unit(desk, unit_id="hemtjanst-norr"))
    page = Browser(lotskoping, ERIK).page("/moten")
    assert case.number in page
    assert "Hemtjänst Norr" in page
    assert "Björkgårdens" not in page


@given(st.text(), st.text())
def test_likeness_is_a_share_and_the_same_both_ways(one: str, other: str):
    assert -1e-9 <= duplicates.likeness(one, other) <= 1 + 1e-9
    assert duplicates.likeness(one, other) == pytest.approx(duplicates.likeness(other, one))


def suggested(lotskoping: Lotskoping, case: Case, person: str = MARIA) -> list[str]:
    with lotskoping.unit_of_work() as uow:
        found = duplicates.suggestions(lotskoping.desk(uow, case, person), case)
    return [one.case.id for one in found]


def test_two_reports_of_one_fall_are_suggested_and_nothing_else_is(lotskoping: Lotskoping):
    first = lotskoping.report(FALL)
    lotskoping.report(OTHER)
    lotskoping.report(SAME_FALL, unit="hemtjanst-norr")
    second = lotskoping.report(SAME_FALL)
    lotskoping.clock.advance(days=4)
    lotskoping.report(FALL)
    assert suggested(lotskoping, first) == [second.id]
    assert suggested(lotskoping, second) == [first.id]


def test_a_refused_suggestion_is_not_made_again(lotskoping: Lotskoping):
    first, second = lotskoping.report(FALL), lotskoping.report(SAME_FALL)
    do(lotskoping, first, lambda desk: duplicates.not_the_same(desk, other_id=second.id))
    assert suggested(lotskoping, first) == []
    assert suggested(lotskoping, second) == []


def merged(lotskoping: Lotskoping) -> tuple[Case, Case]:
    main = lotskoping.report(FALL)
    double = lotskoping.report(SAME_FALL, conversation="webchat:other")
    do(lotskoping, double, case_handling.acknowledge)
    joined = do(lotskoping, double, lambda desk: duplicates.merge(desk, into_id=main.id))
    return lotskoping.case(main.id), joined


def test_a_merge_can_be_undone_and_both_are_as_before(lotskoping: Lotskoping):
    main, joined = merged(lotskoping)
    assert joined.status == CaseStatus.MERGED
    assert not joined.is_open
    back = do(lotskoping, joined, duplicates.undo_merge)
    assert back.status == CaseStatus.ACKNOWLEDGED
    assert (back.merged_into_id, back.merged_from) == ("", None)
    assert lotskoping.case(main.id) == replace(main, parts_laws=())


def test_both_reporters_are_answered_when_the_event_is_closed(lotskoping: Lotskoping):
    main, _ = merged(lotskoping)

    def close(desk: Desk) -> Case:
        case_handling.assess_risk(desk, severity=Severity.MINOR, likelihood=Likelihood.RARE)
        case_handling.write_feedback(desk, text="Larmmattan är på nu.")
        return case_handling.close_without_investigation(desk, reason="Åtgärdat direkt")

    do(lotskoping, main, close)
    answers = [q.message for q in lotskoping.outbox() if q.message.purpose == Purpose.FEEDBACK]
    assert sorted(one.recipient for one in answers) == sorted([CONVERSATION, "webchat:other"])
    assert {one.text.splitlines()[-1] for one in answers} == {"Larmmattan är på nu."}


def test_a_hidden_case_is_not_merged_into_an_open_one(lotskoping: Lotskoping):
    plain, hidden = lotskoping.report(FALL), lotskoping.report(SAME_FALL)
    with lotskoping.unit_of_work() as uow:
        uow.cases.save(replace(hidden, possible_misconduct=True))
        uow.commit()
    with pytest.raises(UserFault, match="merge_hidden"):
        do(lotskoping, hidden, lambda desk: duplicates.merge(desk, into_id=plain.id))
    assert (
        do(lotskoping, plain, lambda desk: duplicates.merge(desk, into_id=hidden.id)).merged_into_id
        == hidden.id
    )


def ready_to_close(lotskoping: Lotskoping) -> Case:
    case = lotskoping.report(OTHER)

    def handle(desk: Desk) -> Case:
        case_handling.assess_risk(desk, severity=Severity.MINOR, likelihood=Likelihood.RARE)
        return case_handling.write_feedback(desk, text="Tack.")

    return do(lotskoping, case, handle)


def test_who_has_asked_us_gets_an_answer_before_the_case_closes(lotskoping: Lotskoping):
    case = ready_to_close(lotskoping)
    do(
        lotskoping,
        case,
        lambda desk: exchanges.was_asked(
            desk, party_kind=PartyKind.REGION, party="Medicinkliniken"
        ),
    )

    def close(desk: Desk) -> Case:
        return case_handling.close_without_investigation(desk, reason="Litet")

    with pytest.raises(GateNotMet) as refusal:
        do(lotskoping, case, close)
    assert refusal.value.missing == ("gate.senders",)
    with lotskoping.unit_of_work() as uow:
        (found,) = exchanges.of_case(uow, case.id)
    do(
        lotskoping,
        case,
        lambda desk: exchanges.answered(desk, exchange_id=found.id, answer="Så här gick det"),
    )
    assert do(lotskoping, case, close).status == CaseStatus.CLOSED


def test_a_late_answer_is_chased_at_its_interval_until_it_comes(lotskoping: Lotskoping):
    case = lotskoping.report(OTHER)
    do(
        lotskoping,
        case,
        lambda desk: exchanges.ask(
            desk, party_kind=PartyKind.SUPPLIER, party="Larmbolaget", address="svar@larm.example"
        ),
    )

    def chasers() -> int:
        return sum(q.message.recipient == "svar@larm.example" for q in lotskoping.outbox())

    seen = []
    for _ in range(5):
        for _ in range(2):
            sweep(lotskoping.services)
        seen.append(chasers())
        lotskoping.clock.advance(days=7)
    # Due after 14 days, then every 7 days, looked at on five Mondays.
    assert seen == [0, 0, 1, 2, 3]
    with lotskoping.unit_of_work() as uow:
        (found,) = exchanges.of_case(uow, case.id)
    do(
        lotskoping,
        case,
        lambda desk: exchanges.answered(
            desk, exchange_id=found.id, answer="Batteri bytt", quality=AnswerQuality.THIN
        ),
    )
    lotskoping.clock.advance(days=30)
    sweep(lotskoping.services)
    assert chasers() == 3


def test_the_manager_of_another_unit_is_let_in_to_answer(lotskoping: Lotskoping):
    case = lotskoping.report(OTHER)
    do(
        lotskoping,
        case,
        lambda desk: exchanges.ask(desk, party_kind=PartyKind.UNIT, party="hemtjanst-norr"),
    )
    do(lotskoping, case, lambda desk: team.comment(desk, text="Nyckeln låg hos oss"), ERIK)


def test_a_chaser_says_nothing_of_the_event(lotskoping: Lotskoping):
    case = lotskoping.report(OTHER + " XNAMNX")
    do(
        lotskoping,
        case,
        lambda desk: exchanges.ask(
            desk, party_kind=PartyKind.REGION, party="Kliniken", address="klinik@region.example"
        ),
    )
    lotskoping.clock.advance(days=35)
    sweep(lotskoping.services)
    (mail,) = [q.message for q in lotskoping.outbox() if "region.example" in q.message.recipient]
    assert "XNAMNX" not in mail.text
    assert "insulin" not in mail.text.lower()
    assert case.number in mail.text


def test_nobody_involved_is_invited(lotskoping: Lotskoping):
    case = lotskoping.report(OTHER)
    with lotskoping.unit_of_work() as uow:
        case = uow.cases.save(replace(case, manager_involved=True, manager_involved_ids=(MARIA,)))
        uow.commit()
    with pytest.raises(UserFault):
        do(
            lotskoping,
            case,
            lambda desk: team.invite(desk, person_id=MARIA, profession=Profession.OTHER),
            "agneta-holmlid",
        )
    assert JONAS not in invited(lotskoping, case)


@pytest.mark.parametrize("role", [Role.BOARD, Role.ADMINISTRATOR, Role.LOG_REVIEWER])
def test_whoever_has_nothing_to_do_in_cases_is_not_let_in(lotskoping: Lotskoping, role: Role):
    case = lotskoping.report(FALL)
    appoint(lotskoping, "nora", role)
    with lotskoping.unit_of_work() as uow:
        desk = lotskoping.desk(uow, case, MARIA)
        with pytest.raises(UserFault, match="not_for_person"):
            team.invite(desk, person_id="nora")
        with pytest.raises(UserFault, match="not_for_person"):
            team.add_task(desk, text="Läs", owner_id="nora", due_on=desk.today)
        with pytest.raises(UserFault, match="action_far"):
            team.add_task(desk, text="Läs", owner_id=MARIA, due_on=date(9999, 12, 31))
