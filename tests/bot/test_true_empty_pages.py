"""An empty page says what is true for its reader: nothing of hers, not nothing at all."""

import pytest

from tests.bot.test_hidden_case import browser
from tests.lotskoping import ERIK, INGER, MARIA, Lotskoping

BOARD, ADMINISTRATOR, REVIEWER = "gunvor-ljungmo", "rolf-kvistmark", "stina-bergvall"


@pytest.mark.parametrize(
    ("person", "own"),
    [(BOARD, "/siffror"), (ADMINISTRATOR, "/att-gora"), (REVIEWER, "/att-gora")],
)
def test_whoever_opens_no_cases_is_led_from_the_list_to_what_is_hers(
    lotskoping: Lotskoping, person: str, own: str
):
    lotskoping.report(harm="death")
    client = browser(lotskoping, person)
    for path in ("/arenden", "/arenden?alla=true"):
        assert client.get(path).headers["location"] == own
    assert client.get(own).status_code == 200


@pytest.mark.parametrize("person", [MARIA, BOARD])
def test_nobody_reads_that_there_are_no_alerts_or_patterns_at_all(
    lotskoping: Lotskoping, person: str
):
    for number in range(3):
        lotskoping.report(harm="death", conversation=f"webchat:{number}")
    assert browser(lotskoping, INGER).get("/larm").text.count('href="/larm/') >= 3
    client = browser(lotskoping, person)
    assert "Inga larm är skickade till dig." in client.get("/larm").text
    assert "av det du får se står på listan." in client.get("/moten").text
    if person == BOARD:
        assert "Inga mönster bland de ärenden som du får se." in client.get("/monster").text


def test_a_list_without_cases_says_whether_it_was_the_choice(lotskoping: Lotskoping):
    lotskoping.report()
    erik, maria = browser(lotskoping, ERIK), browser(lotskoping, MARIA)
    assert "Du har inga öppna ärenden." in erik.get("/arenden").text
    assert "Du har inga ärenden." in erik.get("/arenden?alla=true").text
    chosen = maria.get("/arenden?lage=closed").text
    assert "Inget ärende passar det du har valt." in chosen
    assert "0 ärenden" not in chosen
