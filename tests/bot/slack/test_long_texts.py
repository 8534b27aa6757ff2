"""What has no room in a window of Slack's: long stories and pictures. Nothing is cut unsaid."""

import pytest

from bot.channels.slack.blocks import LONGEST_INPUT
from handlers.dialogue.state import SUMMARY
from tests.bot.page_reader import Browser
from tests.bot.slack.slack_user import SlackUser
from tests.bot.slack.stage import Stage

LONG = ("Dörren stod öppen hela natten. " * 200).strip()
FILE = {"subtype": "file_share", "files": [{"id": "F1"}]}


def story_of(stage: Stage, someone: SlackUser) -> str:
    return stage.draft(someone).state.answers["what"].text


def told_at_length(stage: Stage) -> SlackUser:
    anna = stage.user()
    anna.say(LONG)
    stage.settled()
    anna.command()
    anna.waits_for("fara just nu")
    anna.tap("Nej")
    anna.waits_for("När hände det?")
    return anna


def test_a_long_story_stays_whole_when_its_window_is_passed_again(stage: Stage) -> None:
    anna = told_at_length(stage)
    anna.tap("Tillbaka")
    anna.waits_for(f"Din text är lång, {len(LONG)} tecken")
    window = anna.window()
    assert window is not None
    assert not any(block["type"] == "input" for block in window["blocks"])
    assert "submit" not in window
    anna.tap("Behåll texten")
    anna.waits_for("När hände det?")
    assert story_of(stage, anna) == LONG


def test_keeping_a_long_story_from_the_summary_sends_nothing(stage: Stage) -> None:
    anna = told_at_length(stage)
    while stage.draft(anna).state.current != SUMMARY:
        anna.say("vet inte" if stage.draft(anna).state.current != "harm" else "1")
        stage.settled()
    anna.say("ändra vad hände")
    stage.settled()
    anna.command()
    anna.waits_for("Din text är lång")
    anna.tap("Behåll texten")
    anna.waits_for("Stämmer det?")
    assert stage.cases() == []
    assert story_of(stage, anna) == LONG


def test_a_long_story_is_changed_on_our_page(stage: Stage) -> None:
    anna = told_at_length(stage)
    anna.tap("Tillbaka")
    anna.waits_for("Din text är lång")
    with Browser(stage.lotskoping.services) as browser:
        browser.open(page_of(anna))
        browser.say("Fortsätt här")
        browser.write(f"{LONG} Larmet tjöt.")
    assert story_of(stage, anna) == f"{LONG} Larmet tjöt."


def page_of(anna: SlackUser) -> str:
    window = anna.window()
    assert window is not None
    links = [e["url"] for b in window["blocks"] for e in b.get("elements", []) if "url" in e]
    return str(links[0]).removeprefix("http://127.0.0.1:8000")


def test_a_text_that_just_fits_is_there_to_be_edited(stage: Stage) -> None:
    anna = stage.user()
    anna.say("å" * (LONGEST_INPUT - 8) + " fyra ord")
    stage.settled()
    anna.say("Dörren stod öppen " + "å" * (LONGEST_INPUT - 18))
    stage.settled()
    anna.command()
    anna.waits_for("fara just nu")
    anna.tap("Nej")
    stage.settled()
    anna.tap("Tillbaka")
    anna.waits_for("Vad hände?")
    window = anna.window()
    assert window is not None
    [box] = [block["element"] for block in window["blocks"] if block["type"] == "input"]
    assert len(box["initial_value"]) == LONGEST_INPUT
    assert any("Högst 3000 tecken" in str(block.get("hint")) for block in window["blocks"])


@pytest.mark.parametrize("words", ["Dörren stod öppen hela natten på Solrosen", ""])
def test_a_picture_is_declined_with_and_without_words_and_the_words_are_kept(
    words: str, stage: Stage
) -> None:
    anna = stage.user()
    anna.say(words, **FILE)
    anna.waits_to_read("inte ta emot bilder och filer här. Lägg till dem på vår sida")
    stage.settled()
    if words:
        assert story_of(stage, anna) == words
        links = [
            element["url"]
            for message in stage.slack.messages
            for block in message["blocks"]
            for element in block.get("elements", [])
            if "url" in element
        ]
        assert "/rapportera/fortsatt/" in links[0]
