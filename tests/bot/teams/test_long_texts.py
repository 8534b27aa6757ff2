"""A story that has no room in a dialog of Teams' stays whole, and is changed on our page."""

from bot.channels.teams.cards import LONGEST_INPUT
from tests.bot.page_reader import Browser
from tests.bot.teams.house import House, Json, actions, elements, labels, words

LONG = ("Dörren stod öppen hela natten. " * 250).strip()


def story_of(house: House) -> str:
    with house.lotskoping.unit_of_work() as uow:
        draft = uow.drafts.latest(house.address)
    assert draft is not None
    return draft.state.answers["what"].text


def back_at_the_story(house: House) -> Json:
    return house.tap(house.tap(house.write(LONG), "Nej"), "Tillbaka")


def test_a_long_story_stands_in_no_box_that_would_cut_it(house: House) -> None:
    card = back_at_the_story(house)
    assert f"Din text är lång, {len(LONG)} tecken" in words(card)
    assert {"Behåll texten", "Öppna webbsidan"} <= set(labels(card))
    assert not {"Skriv svaret", "Skriv direkt i kortet"} & set(labels(card))
    card = house.tap(card, "Behåll texten")
    assert "När hände det?" in words(card)
    assert story_of(house) == LONG


def test_a_dialog_that_was_open_already_keeps_it_too(house: House) -> None:
    card = house.tap(house.begin(), "Nej")
    house.write(LONG)
    house.write("tillbaka")
    dialog = house.open_dialog(card, "Skriv svaret")
    assert not any(element["type"] == "Input.Text" for element in elements(dialog))
    before = len(house.fake.calls)
    assert house.fill_dialog(dialog, "", label="Behåll texten").status_code == 200
    assert "När hände det?" in words(house.fake.wait_for(before + 1)[-1].card)
    assert story_of(house) == LONG


def test_a_long_story_is_changed_on_our_page(house: House) -> None:
    card = back_at_the_story(house)
    [page] = [str(a["url"]) for a in actions(card) if a["type"] == "Action.OpenUrl"]
    with Browser(house.lotskoping.services) as browser:
        browser.open(page.removeprefix("http://127.0.0.1:8000"))
        browser.say("Fortsätt här")
        browser.write(f"{LONG} Larmet tjöt.")
    assert story_of(house) == f"{LONG} Larmet tjöt."


def test_a_short_story_says_how_long_it_may_be(house: House) -> None:
    card = house.tap(house.begin(), "Nej")
    dialog = house.open_dialog(card, "Skriv svaret")
    assert f"Högst {LONGEST_INPUT} tecken" in words(dialog)
