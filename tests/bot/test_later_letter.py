"""A later letter that may be about the manager waits to be looked at, as a new one does."""

import pytest

from handlers import case_handling, duplicates
from handlers.domain.case import Case, CaseStatus
from handlers.errors import NotAllowed
from handlers.records import Purpose
from handlers.todo import LOOK
from tests.bot.post import Post
from tests.handlers.test_held_case import (
    ABOUT_THE_CHIEF,
    released_by,
    todos,
    told_of_case,
    told_since,
)
from tests.handlers.test_involved_manager import listed
from tests.handlers.test_shielding import shielded_by
from tests.lotskoping import BENGT, ERIK, JONAS, MARIA, MONIKA, Lotskoping

ORDINARY = "Ingen kom till mamma på Björkgården i går kväll."
NAMED = "Chefen skrek åt mamma och knuffade henne."


@pytest.fixture
def post(lotskoping: Lotskoping) -> Post:
    return Post(lotskoping)


def answers(post: Post, text: str = NAMED, subject: str = "Sv: Hej", **headers: str) -> Case:
    """Return the newest case after a reply to the first receipt."""
    receipt = post.sent_to("anna@mail.example")[0]
    post.comes(text, In_Reply_To=str(receipt["Message-ID"]), Subject=subject, **headers)
    return post.cases()[-1]


def first_case(post: Post) -> Case:
    """Return a complaint that the manager has received and reads."""
    post.comes(ORDINARY)
    [case] = post.cases()
    with post.lotskoping.unit_of_work() as uow:
        received = case_handling.acknowledge(post.lotskoping.desk(uow, case, MARIA))
        uow.commit()
    return received


def texts_of(lotskoping: Lotskoping, case: Case) -> list[str]:
    with lotskoping.unit_of_work() as uow:
        return [letter.text for letter in uow.letters.of_case(case.id)]


def test_the_letter_is_held_beside_the_case_and_the_manager_reads_nothing_of_it(post: Post):
    lotskoping, first = post.lotskoping, first_case(post)
    before = {q.message.dedupe_key for q in lotskoping.outbox()}
    held = answers(post)
    assert held.id != first.id
    assert held.is_held
    assert (held.unit_id, set(held.manager_involved_ids)) == (first.unit_id, {MARIA, JONAS})
    assert texts_of(lotskoping, first) == [ORDINARY]
    assert texts_of(lotskoping, held) == [NAMED]
    assert listed(lotskoping, MARIA) == [first.id]
    with lotskoping.unit_of_work() as uow, pytest.raises(NotAllowed):
        case_handling.note_read(lotskoping.desk(uow, held, MARIA))
    assert not {MARIA, JONAS} & told_of_case(lotskoping, held)
    assert not {person for _, person in told_since(lotskoping, before)} & {MARIA, JONAS}


def test_the_case_that_the_unit_has_is_as_if_nothing_had_come(post: Post):
    first = first_case(post)
    history = post.history(first)
    answers(post)
    assert post.lotskoping.case(first.id) == first
    assert post.history(first) == history


def test_sas_has_it_to_look_at_is_alerted_and_reads_which_case_it_goes_on(post: Post):
    first = first_case(post)
    held = answers(post)
    [look] = [one for one in todos(post.lotskoping, MONIKA) if one.step == LOOK]
    assert look.case_id == held.id
    with post.lotskoping.unit_of_work() as uow:
        [event] = [e for e in uow.cases.events(held.id) if e.kind == "continues"]
        [alert] = [a for a in uow.alerts.of_case(held.id) if a.role == "sas"]
    assert event.values["number"] == first.number
    assert "A16" in alert.rule_ids
    assert alert.recipient_id == MONIKA


@pytest.mark.parametrize("person", [MONIKA, BENGT])
def test_looked_at_and_not_about_the_manager_it_goes_to_the_unit_and_can_be_joined(
    post: Post, person: str
):
    lotskoping, first = post.lotskoping, first_case(post)
    shown = released_by(lotskoping, answers(post), person)
    assert listed(lotskoping, MARIA) == [first.id, shown.id]
    assert (Purpose.NOTICE, MARIA) in told_since(lotskoping, set())
    with lotskoping.unit_of_work() as uow:
        desk = lotskoping.desk(uow, first, MARIA)
        duplicates.merge(desk, into_id=shown.id, reason="Samma brevskrivare.")
        uow.commit()
    assert lotskoping.case(first.id).merged_into_id == shown.id


def test_looked_at_and_about_the_manager_it_stays_hidden_and_the_first_case_goes_on(post: Post):
    lotskoping, first = post.lotskoping, first_case(post)
    hidden = shielded_by(lotskoping, answers(post), BENGT)
    assert (hidden.is_held, hidden.manager_involved) == (False, True)
    assert listed(lotskoping, MARIA) == [first.id]
    assert lotskoping.case(first.id).responsible_id == MARIA


def test_a_letter_to_a_case_that_is_hidden_already_goes_into_it(post: Post):
    post.comes(ABOUT_THE_CHIEF)
    [held] = post.cases()
    assert answers(post).id == held.id
    assert post.outcomes() == ["case", "reply"]


def test_whoever_had_the_case_before_it_was_sent_on_does_not_read_it_either(post: Post):
    lotskoping, first = post.lotskoping, first_case(post)
    with lotskoping.unit_of_work() as uow:
        case_handling.move_to_unit(lotskoping.desk(uow, first, MARIA), unit_id="hemtjanst-norr")
        uow.commit()
    held = answers(post)
    assert held.unit_id == "hemtjanst-norr"
    assert {MARIA, ERIK} <= set(held.manager_involved_ids)


def test_a_closed_case_is_not_opened_again_by_it(post: Post):
    first = first_case(post)
    with post.lotskoping.unit_of_work() as uow:
        uow.connection.exec_driver_sql("UPDATE cases SET status = 'closed'")
        uow.commit()
    assert answers(post).is_held
    assert post.lotskoping.case(first.id).status == CaseStatus.CLOSED


def test_an_ordinary_letter_and_one_that_only_repeats_the_subject_go_into_the_case(post: Post):
    post.comes(ORDINARY, Subject="Klagomål på chefen")
    [first] = post.cases()
    assert first.is_held
    released_by(post.lotskoping, first, MONIKA)
    answers(post, "Det hände i måndags.", subject="SV: Klagomål på chefen")
    answers(post, "Ni kan ringa mig.", subject="Re: Klagomål på chefen")
    assert post.outcomes() == ["case", "reply", "reply"]


def test_a_letter_to_a_merged_case_is_held_beside_the_one_that_it_lives_in(post: Post):
    lotskoping, first = post.lotskoping, first_case(post)
    post.comes("Ingen kom till pappa på Björkgården heller.", From="bo@mail.example")
    main = post.cases()[-1]
    with lotskoping.unit_of_work() as uow:
        desk = lotskoping.desk(uow, first, MARIA)
        duplicates.merge(desk, into_id=main.id, reason="Samma brevskrivare.")
        uow.commit()
    held = answers(post)
    assert held.is_held
    assert set(held.manager_involved_ids) == {MARIA, JONAS}
    with lotskoping.unit_of_work() as uow:
        [event] = [e for e in uow.cases.events(held.id) if e.kind == "continues"]
    assert event.values["number"] == main.number
    assert len(texts_of(lotskoping, main)) == 1
