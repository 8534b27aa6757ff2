"""What is written to a merged report stays its sender's own, whatever becomes of the merge."""

import pytest
from sqlalchemy import select

from handlers import case_handling, duplicates
from handlers.domain.case import Case, CaseKind
from handlers.domain.report import Answer
from handlers.filling import fill
from handlers.replies import mark_unreachable
from storage import tables
from tests.bot.post import Post
from tests.bot.test_later_letter import texts_of
from tests.bot.test_words_after_the_end import COMPLAINT, answer, investigate
from tests.bot.web.test_casework import Browser
from tests.handlers.test_investigation import do
from tests.lotskoping import BENGT, JONAS, MONIKA, Lotskoping

GRETA = "Jag vill tillägga att mamma heter Greta och fick vänta i två timmar."
ABUSED = "Han tog också hennes pengar och förgrep sig sexuellt på henne."
NOWHERE = "Jag vill klaga. Maten är alltid kall."


@pytest.fixture
def post(lotskoping: Lotskoping) -> Post:
    return Post(lotskoping)


def joined(post: Post, text: str = COMPLAINT, by: str = JONAS) -> tuple[Case, Case]:
    """Return Anna's complaint, merged into Bo's, and Bo's."""
    post.comes(text)
    post.comes(text, From="Bo <bo@mail.example>")
    anna, bo = post.cases()
    assert {anna.kind, bo.kind} == {CaseKind.COMPLAINT}
    do(post.lotskoping, anna, lambda d: duplicates.merge(d, into_id=bo.id), by)
    post.lotskoping.clock.advance(hours=2)
    return anna, bo


def anna_writes(post: Post, text: str) -> None:
    [receipt, *_] = post.sent_to("anna@mail.example")
    post.comes(text, In_Reply_To=str(receipt["Message-ID"]))


def undone(post: Post, part: Case, by: str = JONAS) -> Case:
    return do(post.lotskoping, part, duplicates.undo_merge, by)


def test_a_letter_stays_with_its_sender_and_goes_with_her_when_the_merge_is_undone(post: Post):
    lotskoping = post.lotskoping
    anna, bo = joined(post)
    anna_writes(post, GRETA)
    with lotskoping.unit_of_work() as uow:
        outbox = tables.outbox.c
        told = uow.connection.execute(select(outbox.text).where(outbox.person_id == JONAS))
        assert any(anna.number in text and "nytt brev" in text for text in told.scalars())
    undone(post, anna)
    assert texts_of(lotskoping, anna) == [COMPLAINT, GRETA]
    assert texts_of(lotskoping, bo) == [COMPLAINT]


def test_the_page_of_the_event_says_that_its_other_sender_has_written_and_where(post: Post):
    anna, bo = joined(post)
    jonas = Browser(post.lotskoping, JONAS)
    assert "har skrivit mer" not in jonas.page(f"/arenden/{bo.id}")
    anna_writes(post, GRETA)
    page = jonas.page(f"/arenden/{bo.id}")
    assert "har skrivit mer" in page
    assert "Greta" not in page
    assert f'href="/arenden/{anna.id}"' in page
    assert "Greta" in jonas.page(f"/arenden/{anna.id}")


def test_what_a_letter_raises_keeps_the_event_and_goes_with_its_sender(post: Post):
    lotskoping = post.lotskoping
    anna, bo = joined(post)
    anna_writes(post, ABUSED)
    main = lotskoping.case(bo.id)
    assert main.possible_misconduct
    with lotskoping.unit_of_work() as uow:
        desk = lotskoping.desk(uow, bo, JONAS)
        assert "gate.alert" in case_handling.missing_for_closing(desk, main)
    lotskoping.clock.advance(hours=1)
    Browser(lotskoping, MONIKA).do(anna, "angra-samma")
    parted = lotskoping.case(anna.id)
    assert parted.is_open
    assert parted.possible_misconduct
    with lotskoping.unit_of_work() as uow:
        assert "sas" in {one.role for one in uow.alerts.of_case(anna.id)}
        assert not [a for a in uow.alerts.of_case(bo.id) if "/letter/" in a.key]


def test_an_address_that_works_again_is_that_of_whoever_wrote(post: Post):
    lotskoping = post.lotskoping
    anna, bo = joined(post)
    with lotskoping.unit_of_work() as uow:
        for one in (anna, bo):
            mark_unreachable(uow, uow.cases.find(one.id) or one, (), lotskoping.clock())
        uow.commit()
    anna_writes(post, GRETA)
    assert lotskoping.case(anna.id).reporter_reachable
    assert not lotskoping.case(bo.id).reporter_reachable


def test_a_unit_that_a_letter_tells_is_that_of_the_event_and_stands_with_its_sender(post: Post):
    lotskoping = post.lotskoping
    anna, bo = joined(post, NOWHERE, BENGT)
    anna_writes(post, "Det var på Solrosens demensboende.")
    assert lotskoping.case(bo.id).unit_id == lotskoping.case(anna.id).unit_id == "solrosen"
    with lotskoping.unit_of_work() as uow:
        assert any("where" in one.answers for one in uow.reports.all_of_case(anna.id))
        assert not any("where" in one.answers for one in uow.reports.all_of_case(bo.id))


def test_thanks_after_the_end_wait_to_be_read_where_they_stand(post: Post):
    lotskoping = post.lotskoping
    anna, bo = joined(post)
    do(lotskoping, bo, investigate, JONAS)
    for case in (bo, anna):
        do(lotskoping, case, answer, JONAS)
    do(lotskoping, bo, case_handling.close_case, JONAS)
    anna_writes(post, "Tusen tack för hjälpen, ni är fantastiska.")
    assert not lotskoping.case(bo.id).is_open
    with lotskoping.unit_of_work() as uow:
        [task] = uow.work.tasks.where(case_id=anna.id)
        assert not uow.work.tasks.where(case_id=bo.id)
    assert task.owner_id == JONAS
    page = Browser(lotskoping, JONAS).page(f"/arenden/{anna.id}")
    assert "Läs det som har kommit sedan ärendet stängdes" in page


def test_harm_that_is_told_of_a_merged_report_goes_with_it_when_the_merge_is_undone(post: Post):
    lotskoping = post.lotskoping
    anna, bo = joined(post)
    with lotskoping.unit_of_work() as uow:
        now, municipality = lotskoping.clock(), lotskoping.services.municipality
        told = {"harm": Answer(value="hospital")}
        fill(uow, uow.cases.find(bo.id) or bo, told, now, municipality, told_in=anna.id)
        uow.commit()
    assert {lotskoping.case(one.id).harm for one in (anna, bo)} == {"hospital"}
    assert undone(post, anna).harm == "hospital"
