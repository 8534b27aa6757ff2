"""Words in cases are found the same way in both databases."""

from tests.lotskoping import Lotskoping


def test_a_word_is_found_in_small_and_capitals_beyond_a_to_z_and_nothing_that_looks_alike(
    stored: Lotskoping,
):
    case = stored.report("Åke Örnskägg föll 100 % av gångerna.")
    with stored.unit_of_work() as uow:
        for words in (["ÅKE"], ["örnskägg", "FÖLL"], ["%"], ["100"]):
            assert uow.cases.with_words(words, not_in=frozenset()) == {case.id}
        for words in (["arnskägg"], ["örn_kägg"], ["åke", "finnsinte"], ["/"], []):
            assert not uow.cases.with_words(words, not_in=frozenset())


def test_an_answer_that_is_not_to_be_looked_in_gives_no_hit(stored: Lotskoping):
    stored.report("Åke föll.")
    with stored.unit_of_work() as uow:
        assert not uow.cases.with_words(["åke"], not_in=frozenset({"what"}))
