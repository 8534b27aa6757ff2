"""A cancelled report is there to be taken back for as long as the sentence says, from anywhere."""

from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from bot.channels.console import talk
from bot.conversation import current
from bot.schedule import sweep
from handlers.dialogue.state import Command, DraftStatus, Prompt
from tests.bot.page_reader import Browser
from tests.lotskoping import CONVERSATION, MARIA, Lotskoping, open_lotskoping

STORY = "Dörren stod öppen hela natten på Solrosen"


def cancelled(lotskoping: Lotskoping, *, person_id: str = "", form: str = "deviation") -> Prompt:
    lotskoping.say(command=Command.RESUME, new_report=True, person_id=person_id, form=form)
    for line in ("nej", STORY):
        lotskoping.say(line, person_id=person_id)
    return lotskoping.say("avbryt", person_id=person_id)[-1]


def story_of(lotskoping: Lotskoping, conversation: str = CONVERSATION) -> str:
    draft = current(lotskoping.services, conversation)
    assert draft is not None
    assert draft.state.status == DraftStatus.ACTIVE
    return draft.state.answers["what"].text


def test_regret_reaches_the_cancelled_report_after_another_was_begun(lotskoping: Lotskoping):
    cancelled(lotskoping)
    lotskoping.say(command=Command.RESUME, new_report=True)
    lotskoping.say("nej")
    lotskoping.say("ångra")
    assert story_of(lotskoping) == STORY


def test_regret_at_the_question_for_the_story_is_not_taken_for_the_story(lotskoping: Lotskoping):
    lotskoping.say(command=Command.RESUME, new_report=True)
    lotskoping.say("nej")
    told, asked = lotskoping.say("ångra")
    assert "inget avbrutet" in told.text
    assert asked.question_id == "what"


def test_regret_in_another_channel_reaches_the_same_persons_report(lotskoping: Lotskoping):
    cancelled(lotskoping, person_id=MARIA)
    lotskoping.say("ångra", conversation="slack:T1:U1", person_id=MARIA)
    assert story_of(lotskoping, "slack:T1:U1") == STORY


def test_somebody_elses_cancelled_report_is_out_of_reach(lotskoping: Lotskoping):
    cancelled(lotskoping, person_id=MARIA)
    (told,) = lotskoping.say("ångra", conversation="slack:T1:U2", person_id="someone")
    assert "inget avbrutet" in told.text


def test_a_cancelled_report_stands_among_the_drafts_until_it_is_erased(lotskoping: Lotskoping):
    cancelled(lotskoping)
    (listed,) = lotskoping.say("mina utkast")
    assert [choice.label.partition(":")[0] for choice in listed.choices] == [
        "Ångra avbruten",
        "Släng",
    ]
    lotskoping.say(choice=listed.choices[0].choice)
    assert story_of(lotskoping) == STORY
    lotskoping.say("avbryt")
    lotskoping.clock.advance(days=15)
    sweep(lotskoping.services)
    (listed,) = lotskoping.say("mina utkast")
    assert "ingen rapport som väntar" in listed.text


@pytest.mark.parametrize(
    ("settings", "form", "words"),
    [
        ({}, "deviation", "14 dagar"),
        ({"draft_days": 30}, "deviation", "30 dagar"),
        ({}, "nurse", "12 timmar"),
        ({"handover_hours": 1}, "nurse", "en timme"),
        ({"handover_hours": 24}, "nurse", "ett dygn"),
    ],
)
def test_the_time_to_regret_is_the_one_that_is_set(
    settings: dict[str, int], form: str, words: str, tmp_path: Path
):
    lotskoping = open_lotskoping(tmp_path)
    municipality = replace(lotskoping.services.municipality, **settings)  # type: ignore[arg-type]
    lotskoping.services = replace(lotskoping.services, municipality=municipality)
    told = cancelled(lotskoping, form=form)
    lotskoping.services.database.close()
    assert told.text.endswith(f"Du kan ångra dig i {words}.")


def test_in_the_terminal_who_comes_back_begins_anew_and_can_regret(lotskoping: Lotskoping):
    out = StringIO()
    for lines in (["nej", STORY, "avbryt"], ["nej", "ångra"]):
        talk(lotskoping.services, lines, out, conversation_id="console:a", form_id="deviation")
    assert story_of(lotskoping, "console:a") == STORY


def test_on_the_web_my_reports_shows_it_with_regret(lotskoping: Lotskoping):
    with Browser(lotskoping.services) as browser:
        browser.open("/rapportera?form=deviation")
        for line in ("nej", STORY, "avbryt"):
            browser.say(line)
        assert "Avbruten" in browser.open("/mina-rapporter").text
        assert "Din rapport är här igen" in browser.say("Ångra").text
