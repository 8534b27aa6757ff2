"""A complaint whose text may be about the manager waits until somebody has looked at it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.schedule import sweep
from handlers import case_handling, ending, shielding
from handlers.dialogue.state import Command, PromptKind, UserInput
from handlers.domain.case import Case
from handlers.errors import GateNotMet, NotAllowed, UserFault
from handlers.permissions import Action
from handlers.records import Purpose
from handlers.todo import Todo, todos_of
from storage import tables
from tests.bot.post import Post
from tests.bot.web.test_casework import Browser
from tests.handlers.test_involved_manager import listed
from tests.handlers.test_shielding import shielded_by
from tests.lotskoping import AGNETA, BENGT, INGER, JONAS, MARIA, MONIKA, SKIP, Lotskoping

LEILA = "leila-sandemo"  # deputy SAS
ABOUT_THE_CHIEF = "Chefen på Björkgården skrek åt mamma och knuffade henne."


def only_case(lotskoping: Lotskoping) -> Case:
    with lotskoping.unit_of_work() as uow:
        [case] = uow.cases.listed(None, open_only=False)
    return case


def mailed(lotskoping: Lotskoping, text: str = ABOUT_THE_CHIEF) -> Case:
    Post(lotskoping).comes(text)
    return only_case(lotskoping)


def mailed_beside(lotskoping: Lotskoping) -> Case:
    """Return the case of a mail when there are others already."""
    with lotskoping.unit_of_work() as uow:
        known = {case.id for case in uow.cases.listed(None, open_only=False)}
    Post(lotskoping).comes(ABOUT_THE_CHIEF)
    with lotskoping.unit_of_work() as uow:
        [new] = [c for c in uow.cases.listed(None, open_only=False) if c.id not in known]
    return new


def complained(lotskoping: Lotskoping, text: str, unit: str = "bjorkgarden") -> Case:
    """Go through the complaint dialogue of the web page."""
    answers = {
        "danger": UserInput(choice="no"),
        "what": UserInput(text=text),
        "where": UserInput(choice=unit),
        "harm": UserInput(choice="nobody"),
        "category": UserInput(text="1"),
    }
    prompt = lotskoping.say(command=Command.RESUME, form="complaint", new_report=True)[-1]
    while prompt.kind != PromptKind.SUMMARY:
        answer = answers.get(prompt.question_id, SKIP)
        prompt = lotskoping.say(
            answer.text, choice=answer.choice, command=answer.command, form="complaint"
        )[-1]
    lotskoping.say(command=Command.SUBMIT, form="complaint")
    return only_case(lotskoping)


def todos(lotskoping: Lotskoping, person: str) -> list[Todo]:
    with lotskoping.unit_of_work() as uow:
        found = todos_of(uow, lotskoping.services.municipality, person, lotskoping.clock())
    return list(found)


def released_by(lotskoping: Lotskoping, case: Case, person: str) -> Case:
    with lotskoping.unit_of_work() as uow:
        shown = shielding.release(lotskoping.desk(uow, case, person))
        uow.commit()
    return shown


def unshielded_by(
    lotskoping: Lotskoping, case: Case, person: str, reason: str, *, sure: bool = True
) -> Case:
    with lotskoping.unit_of_work() as uow:
        shown = shielding.unshield(lotskoping.desk(uow, case, person), reason=reason, sure=sure)
        uow.commit()
    return shown


def told_of_case(lotskoping: Lotskoping, case: Case) -> set[str]:
    """Return everybody of the staff who has had a message with the case's number, sent or not."""
    table = tables.outbox
    with lotskoping.unit_of_work() as uow:
        rows = uow.connection.execute(select(table.c.person_id, table.c.text, table.c.case_id))
        return {r.person_id for r in rows if r.case_id == case.id or case.number in r.text} - {""}


def told_since(lotskoping: Lotskoping, before: set[str]) -> set[tuple[Purpose, str]]:
    new = [q.message for q in lotskoping.outbox() if q.message.dedupe_key not in before]
    return {(message.purpose, message.person_id) for message in new if message.person_id}


@pytest.mark.parametrize("door", [mailed, lambda one: complained(one, ABOUT_THE_CHIEF)])
def test_the_unit_is_not_told_and_sas_has_it_to_do_by_the_next_working_day(
    lotskoping: Lotskoping, door
):
    case = door(lotskoping)
    assert case.is_held
    assert case.unit_id == "bjorkgarden"
    for manager in (MARIA, JONAS):
        assert listed(lotskoping, manager) == []
        with lotskoping.unit_of_work() as uow, pytest.raises(NotAllowed):
            case_handling.note_read(lotskoping.desk(uow, case, manager))
    told = told_of_case(lotskoping, case)
    assert MONIKA in told
    assert not {MARIA, JONAS, AGNETA} & told
    [look] = [one for one in todos(lotskoping, MONIKA) if one.step == "todo.look"]
    assert look.due_on == case.look_on
    with lotskoping.unit_of_work() as uow:
        [alert] = [a for a in uow.alerts.of_case(case.id) if a.role == "sas"]
    assert "A16" in alert.rule_ids


def test_an_ordinary_complaint_goes_to_the_unit_as_before(lotskoping: Lotskoping):
    case = complained(lotskoping, "Maten är kall varje dag.")
    assert not case.is_held
    assert listed(lotskoping, MARIA) == [case.id]


@pytest.mark.parametrize("person", [MONIKA, INGER, BENGT])
def test_whoever_may_look_lets_the_unit_know_with_one_tap(lotskoping: Lotskoping, person: str):
    case = complained(lotskoping, ABOUT_THE_CHIEF)
    before = {q.message.dedupe_key for q in lotskoping.outbox()}
    shown = released_by(lotskoping, case, person)
    assert (shown.is_held, shown.manager_involved, shown.manager_involved_ids) == (False, False, ())
    told = told_since(lotskoping, before)
    assert (Purpose.NOTICE, MARIA) in told
    assert ((Purpose.ALERT, MONIKA) in told) == (person != MONIKA)
    with pytest.raises(UserFault, match="not_held"):
        released_by(lotskoping, case, MONIKA)


@pytest.mark.parametrize("person", [MONIKA, INGER, BENGT])
def test_whoever_may_look_hides_it_for_good_with_one_tap(lotskoping: Lotskoping, person: str):
    case = complained(lotskoping, ABOUT_THE_CHIEF)
    before = {q.message.dedupe_key for q in lotskoping.outbox()}
    hidden = shielded_by(lotskoping, case, person)
    assert (hidden.is_held, hidden.manager_involved) == (False, True)
    assert set(hidden.manager_involved_ids) == {MARIA, JONAS}
    assert told_since(lotskoping, before) == {(Purpose.NOTICE, AGNETA), (Purpose.ALERT, AGNETA)}


def test_nobody_above_the_unit_reads_or_lets_it_loose_before_somebody_has_looked(
    lotskoping: Lotskoping,
):
    case = complained(lotskoping, ABOUT_THE_CHIEF)
    above = Browser(lotskoping, AGNETA)
    assert above.client.get(f"/arenden/{case.id}").status_code == 404
    version = {"version": str(case.version)}
    assert above.client.post(f"/arenden/{case.id}/slapp", data=version).status_code == 404
    assert lotskoping.case(case.id).is_held
    shielded_by(lotskoping, case, MONIKA)
    assert listed(lotskoping, AGNETA) == [case.id]


@pytest.mark.parametrize(
    "text",
    [
        "Verksamhetschefen slog en boende i matsalen.",
        "Chefen över oss, Agneta Holmlid, slog en boende. Chefen skrek åt mamma.",
    ],
)
def test_what_is_about_the_manager_above_stays_hidden_from_her_when_somebody_has_looked(
    lotskoping: Lotskoping, text: str
):
    case = complained(lotskoping, text)
    assert case.is_held
    assert set(case.manager_involved_ids) == {MARIA, JONAS, AGNETA}
    shielded_by(lotskoping, case, BENGT)
    assert listed(lotskoping, AGNETA) == []
    assert AGNETA not in told_of_case(lotskoping, case)


def test_the_unit_cannot_release_and_nobody_closes_before_somebody_has_looked(
    lotskoping: Lotskoping,
):
    case = complained(lotskoping, ABOUT_THE_CHIEF)
    with pytest.raises(NotAllowed):
        released_by(lotskoping, case, MARIA)
    lotskoping.acknowledge_alerts(case)
    with lotskoping.unit_of_work() as uow, pytest.raises(GateNotMet) as found:
        ending.close_case(lotskoping.desk(uow, case, MONIKA))
    assert "gate.look" in found.value.missing


def test_one_that_nobody_looks_at_is_asked_for_again_and_never_at_the_unit(lotskoping: Lotskoping):
    case = complained(lotskoping, ABOUT_THE_CHIEF)
    before = {q.message.dedupe_key for q in lotskoping.outbox()}
    for _ in range(24 * 10):
        lotskoping.clock.now += timedelta(hours=1)
        sweep(lotskoping.services)
    told = told_since(lotskoping, before)
    assert (Purpose.DIGEST, MONIKA) in told
    assert {(Purpose.ALERT, LEILA), (Purpose.ALERT, INGER)} <= told
    assert not {MARIA, JONAS, AGNETA} & told_of_case(lotskoping, case)
    digests = [q.message for q in lotskoping.outbox() if q.message.purpose == Purpose.DIGEST]
    look = lotskoping.services.municipality.catalogue.get("duty.look", "sv")
    assert any(look in message.text for message in digests if message.person_id == MONIKA)


def test_without_sas_the_registrator_has_it_to_do(lotskoping: Lotskoping):
    case = complained(lotskoping, ABOUT_THE_CHIEF)
    with lotskoping.unit_of_work() as uow:
        chain = uow.organisation.looking_chain(
            case.unit_id, case.received_on, {MONIKA, LEILA}, from_outside=True
        )
    assert chain[0].id == BENGT


@pytest.mark.parametrize("person", [MONIKA, INGER, AGNETA])
def test_a_hidden_case_is_shown_again_with_a_reason_and_sas_hears_of_it(
    lotskoping: Lotskoping, person: str
):
    case = shielded_by(lotskoping, lotskoping.report(), MONIKA)
    with pytest.raises(UserFault, match="empty_text"):
        unshielded_by(lotskoping, case, person, "  ")
    before = {q.message.dedupe_key for q in lotskoping.outbox()}
    shown = unshielded_by(lotskoping, case, person, "Det gällde en annan chef.")
    assert not shown.manager_involved
    assert listed(lotskoping, MARIA) == [case.id]
    told = told_since(lotskoping, before)
    assert (Purpose.NOTICE, MARIA) in told
    assert ((Purpose.ALERT, MONIKA) in told) == (person != MONIKA)
    with lotskoping.unit_of_work() as uow:
        [event] = [e for e in uow.cases.events(case.id) if e.kind == "unshielded"]
        [comment] = uow.work.comments.where(case_id=case.id)
    assert (event.actor_id, comment.text) == (person, "Det gällde en annan chef.")


def test_the_registrator_shows_a_complaint_that_was_hidden_by_mistake(lotskoping: Lotskoping):
    case = shielded_by(lotskoping, complained(lotskoping, ABOUT_THE_CHIEF), BENGT)
    assert listed(lotskoping, BENGT) == [case.id]
    assert listed(lotskoping, MARIA) == []
    with pytest.raises(UserFault, match="empty_text"):
        unshielded_by(lotskoping, case, BENGT, " ")
    before = {q.message.dedupe_key for q in lotskoping.outbox()}
    shown = unshielded_by(lotskoping, case, BENGT, "Det är en chef i en annan kommun.")
    assert (shown.manager_involved, shown.manager_involved_ids) == (False, ())
    assert listed(lotskoping, MARIA) == [case.id]
    assert told_since(lotskoping, before) >= {(Purpose.NOTICE, MARIA), (Purpose.ALERT, MONIKA)}
    with lotskoping.unit_of_work() as uow:
        [event] = [e for e in uow.cases.events(case.id) if e.kind == "unshielded"]
        [comment] = uow.work.comments.where(case_id=case.id)
    assert event.actor_id == comment.author_id == BENGT
    assert comment.text == "Det är en chef i en annan kommun."


def test_the_registrator_keeps_what_she_has_hidden_herself_and_nothing_else_of_its_kind(
    lotskoping: Lotskoping,
):
    report = lotskoping.report(unit="unknown")
    mine = shielded_by(lotskoping, report, BENGT)
    with lotskoping.unit_of_work() as uow:
        case_handling.move_to_unit(lotskoping.desk(uow, mine, MONIKA), unit_id="solrosen")
        uow.commit()
    others = shielded_by(lotskoping, lotskoping.report(), MONIKA)
    assert listed(lotskoping, BENGT) == [mine.id]
    with pytest.raises(NotAllowed):
        unshielded_by(lotskoping, others, BENGT, "Fel chef.")
    shown = unshielded_by(lotskoping, mine, BENGT, "Fel ärende.")
    assert not shown.manager_involved
    assert listed(lotskoping, BENGT) == []


@pytest.mark.parametrize("person", [MONIKA, INGER, AGNETA, BENGT])
def test_whoever_shows_a_hidden_case_is_asked_to_think_once_more(
    lotskoping: Lotskoping, person: str
):
    case = shielded_by(lotskoping, complained(lotskoping, ABOUT_THE_CHIEF), MONIKA)
    with pytest.raises(UserFault, match="think_again"):
        unshielded_by(lotskoping, case, person, "Det gällde en annan chef.", sure=False)
    assert lotskoping.case(case.id).manager_involved
    with lotskoping.unit_of_work() as uow:
        assert list(uow.work.comments.where(case_id=case.id)) == []


def test_the_registrator_shows_no_complaint_that_is_one_with_a_hidden_report(
    lotskoping: Lotskoping,
):
    main = shielded_by(lotskoping, lotskoping.report(), MONIKA)
    complaint = shielded_by(lotskoping, mailed_beside(lotskoping), BENGT)
    with lotskoping.unit_of_work() as uow:
        stored = uow.cases.find(complaint.id)
        assert stored is not None
        uow.cases.save(replace(stored, merged_into_id=main.id))
        uow.commit()
    with pytest.raises(UserFault, match="no_right"):
        unshielded_by(lotskoping, complaint, BENGT, "Fel chef.")
    assert lotskoping.case(complaint.id).manager_involved
    assert unshielded_by(lotskoping, complaint, MONIKA, "Fel chef.").manager_involved is False
    assert not lotskoping.case(main.id).manager_involved


def test_hidden_shown_and_hidden_again_tells_sas_each_time(lotskoping: Lotskoping):
    case = shielded_by(lotskoping, lotskoping.report(), AGNETA)
    unshielded_by(lotskoping, case, AGNETA, "Fel ärende.")
    shielded_by(lotskoping, case, AGNETA)
    with lotskoping.unit_of_work() as uow:
        raised = [a for a in uow.alerts.of_case(case.id) if "A16" in a.rule_ids]
        raised = [a for a in raised if a.role == "sas"]
    assert len(raised) == 3


def test_nobody_else_shows_a_hidden_case(lotskoping: Lotskoping):
    case = shielded_by(lotskoping, lotskoping.report(), MONIKA)
    for person in (MARIA, BENGT):
        with pytest.raises(NotAllowed):
            unshielded_by(lotskoping, case, person, "Jag vill se det.")


def test_a_held_case_is_in_nothing_that_its_manager_counts(lotskoping: Lotskoping):
    complained(lotskoping, ABOUT_THE_CHIEF)
    for action in (Action.LIST, Action.COUNT, Action.EXPORT, Action.BE_TOLD):
        assert listed(lotskoping, MARIA, action) == []
