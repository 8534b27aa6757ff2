"""Words in cases are found the same way in both databases."""

from handlers import case_handling, dismissing, investigation, team
from handlers.domain.case import CauseArea
from tests.lotskoping import MARIA, Lotskoping


def test_a_word_is_found_in_small_and_capitals_beyond_a_to_z_and_nothing_that_looks_alike(
    stored: Lotskoping,
):
    case = stored.report("Åke Örnskägg föll 100 % av gångerna.")
    with stored.unit_of_work() as uow:
        for words in (["ÅKE"], ["örnskägg", "FÖLL"], ["%"], ["100"]):
            assert uow.cases.with_words(words, not_in=frozenset()) == {case.id}
        for words in (["arnskägg"], ["örn_kägg"], ["åke", "finnsinte"], ["/"], []):
            assert not uow.cases.with_words(words, not_in=frozenset())


def test_words_in_comments_and_whys_are_found_in_both(stored: Lotskoping):
    case = stored.report("Åke föll.")
    with stored.unit_of_work() as uow:
        desk = stored.desk(uow, case, MARIA)
        case_handling.acknowledge(desk)
        team.comment(desk, text="Mattan på Ängen är trasig.")
        asked = case_handling.add_cause(desk, area=CauseArea.ROUTINES, text="Rutin saknas")
        whys = ['Ingen "ägare"', "Köpet dröjde 100 %"]
        investigation.answer_whys(desk, cause_id=asked.causes[0].id, whys=whys)
        for words in (["ÄNGEN"], ['"ägare"'], ["KÖPET", "100", "%"], ["ängen", "åke"]):
            assert uow.cases.with_words(words, not_in=frozenset()) == {case.id}
        for words in (["angen"], [MARIA], ["u00e4"]):
            assert not uow.cases.with_words(words, not_in=frozenset())


def test_words_in_a_proposal_to_dismiss_are_found_in_both(stored: Lotskoping):
    case = stored.report("Åke föll.")
    with stored.unit_of_work() as uow:
        desk = stored.desk(uow, case, MARIA)
        case_handling.acknowledge(desk)
        dismissing.propose_dismissal(desk, code="withdrawn", reason="Återtogs av Örjan")
        assert uow.cases.with_words(["örjan"], not_in=frozenset()) == {case.id}
        for words in (["withdrawn"], ["u00f6rjan"]):
            assert not uow.cases.with_words(words, not_in=frozenset())


def test_an_answer_that_is_not_to_be_looked_in_gives_no_hit(stored: Lotskoping):
    stored.report("Åke föll.")
    with stored.unit_of_work() as uow:
        assert not uow.cases.with_words(["åke"], not_in=frozenset({"what"}))
