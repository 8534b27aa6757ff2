"""What whoever reported adds while two people are about to end the case takes the proposal back."""

from collections import Counter

import pytest

from handlers import case_handling, dismissing, duplicates
from handlers.desk import Desk
from handlers.domain.case import Case, CaseStatus
from handlers.errors import UserFault
from handlers.reporting import receiver_of
from tests.bot.post import Post
from tests.bot.test_later_words import add
from tests.bot.test_words_after_the_end import complaint, replies, waits_for
from tests.handlers.test_dismissing import confirm, propose, write
from tests.handlers.test_investigation import do
from tests.lotskoping import CONVERSATION, JONAS, MARIA, Lotskoping

DOORS = (CONVERSATION, "slack:T:U", "teams:t:1")
MORE = "Den boende fick också en bula i huvudet."


def told(lotskoping: Lotskoping) -> set[str]:
    return {
        q.message.person_id
        for q in lotskoping.outbox()
        if "gäller inte längre" in q.message.subject
    }


@pytest.mark.parametrize("conversation", DOORS)
def test_an_addition_takes_a_proposal_back_and_both_are_told(
    lotskoping: Lotskoping, conversation: str
):
    case = write(lotskoping, lotskoping.report(conversation=conversation))
    propose(lotskoping, case)
    assert "todo.dismissal" in waits_for(lotskoping, JONAS, case)
    add(lotskoping, case, MORE, conversation)
    assert lotskoping.case(case.id).dismissal is None
    assert waits_for(lotskoping, JONAS, case) == []
    assert told(lotskoping) == {MARIA, JONAS}
    with pytest.raises(UserFault, match="no_dismissal"):
        confirm(lotskoping, case)


def test_a_letter_takes_it_back_and_it_can_be_made_again(lotskoping: Lotskoping):
    post = Post(lotskoping)
    case = complaint(post)

    def ask(desk: Desk) -> Case:
        case_handling.acknowledge(desk)
        return dismissing.propose_dismissal(desk, code="withdrawn", reason="Hör till köket")

    do(lotskoping, case, ask, JONAS)
    replies(post, "Mamma låg i tre timmar, det har jag inte sagt.")
    assert lotskoping.case(case.id).dismissal is None
    assert "proposal_ended" in post.history(case)
    subjects = [str(mail["Subject"]) for mail in post.sent_to(f"{JONAS}@lotskoping.example")]
    assert any("gäller inte längre" in subject for subject in subjects)
    do(lotskoping, case, ask, JONAS)
    ended = do(lotskoping, case, dismissing.confirm_dismissal, MARIA)
    assert ended.status == CaseStatus.DISMISSED


def test_what_is_added_to_a_merged_report_takes_back_the_proposal_of_the_whole(
    lotskoping: Lotskoping,
):
    main = write(lotskoping, lotskoping.report())
    part = lotskoping.report(conversation="webchat:other")
    do(lotskoping, part, lambda desk: duplicates.merge(desk, into_id=main.id))
    propose(lotskoping, main)
    add(lotskoping, part, MORE, "webchat:other")
    assert lotskoping.case(main.id).dismissal is None


def test_a_matter_that_was_to_be_handed_on_stays_when_more_is_said(lotskoping: Lotskoping):
    case = lotskoping.report()
    do(
        lotskoping,
        case,
        lambda desk: dismissing.propose_handing_on(desk, reference="K1", reason="Arbetsmiljö"),
    )
    add(lotskoping, case, MORE, CONVERSATION)
    assert lotskoping.case(case.id).dismissal is None
    assert told(lotskoping) == {MARIA, JONAS}


def mailed_to(post: Post, person_id: str) -> Counter[str]:
    return Counter(str(mail["Subject"]) for mail in post.sent_to(f"{person_id}@lotskoping.example"))


def subjects_to(lotskoping: Lotskoping, person_id: str) -> list[str]:
    waiting = [q.message for q in lotskoping.outbox()]
    return [one.subject for one in waiting if one.person_id == person_id]


@pytest.mark.parametrize("conversation", DOORS)
def test_whoever_asked_and_has_the_case_gets_one_message_of_an_addition(
    lotskoping: Lotskoping, conversation: str
):
    case = write(lotskoping, lotskoping.report(conversation=conversation))
    propose(lotskoping, case)
    before = len(subjects_to(lotskoping, MARIA))
    add(lotskoping, case, MORE, conversation)
    assert subjects_to(lotskoping, MARIA)[before:] == [
        f"Förslaget om ärende {case.number} gäller inte längre"
    ]


def test_whoever_asked_and_has_the_case_gets_one_message_of_a_letter(lotskoping: Lotskoping):
    post = Post(lotskoping)
    case = complaint(post)
    with lotskoping.unit_of_work() as uow:
        handler = receiver_of(uow, case, lotskoping.clock()).id

    def ask(desk: Desk) -> Case:
        case_handling.acknowledge(desk)
        return dismissing.propose_dismissal(desk, code="withdrawn", reason="Hör till köket")

    do(lotskoping, case, ask, handler)
    before = mailed_to(post, handler)
    replies(post, "Mamma låg i tre timmar, det har jag inte sagt.")
    fresh = mailed_to(post, handler) - before
    assert fresh == Counter([f"Förslaget om ärende {case.number} gäller inte längre"])


def test_whoever_gets_a_case_with_a_letter_that_names_its_unit_hears_of_it_once(
    lotskoping: Lotskoping,
):
    post = Post(lotskoping)
    post.comes("Ingen svarar när vi ringer, och maten är kall varje dag.")
    [case] = post.cases()
    assert case.unit_id == ""
    replies(post, "Det gäller Björkgårdens äldreboende.")
    assert post.cases()[0].unit_id == "bjorkgarden"
    about = [one for one in mailed_to(post, MARIA).elements() if case.number in one]
    assert len(about) == 1
