"""A report in Slack, from the first tap to the receipt."""

import pytest

from bot.channels.slack import turns
from bot.channels.slack.settings import Transport
from bot.config import ChatPolicy
from tests.bot.page_reader import Browser
from tests.bot.slack.conftest import MakeStage
from tests.bot.slack.slack_user import SlackUser
from tests.bot.slack.stage import Stage
from tests.lotskoping import INGER

SLACK_WAITS = 3.0  # seconds; how fast it is in truth is measured by `make bench`
STORY = "Vi hittade personen på golvet vid sängen."


def go_through_the_report(anna: SlackUser) -> None:
    """From the first question to the summary, in whatever order the questions come."""
    answers = {
        "fara just nu": lambda: anna.tap("Nej"),
        "Vad hände?": lambda: anna.write(STORY),
        "När hände det?": lambda: anna.tap("Tidigare i dag"),
        "vilken enhet": lambda: anna.choose("Björkgårdens äldreboende"),
        "hänt förut": lambda: anna.tap("Nej, inte förut"),
        "Hur mår personen": lambda: anna.tap("Ingen blev påverkad"),
        "Vad gjorde ni": lambda: anna.write("Hjälpte upp och ringde sjuksköterskan."),
        "inte händer igen": lambda: anna.tap("Hoppa över"),
    }
    shown = ""
    while True:
        anna.waits_for_another_question(shown)
        shown = anna.question()
        seen = " ".join(anna.sees())
        if "Stämmer det?" in seen:
            return
        answer = next((do for words, do in answers.items() if words in seen), None)
        if answer is None:
            anna.tap("Hoppa över" if "Hoppa över" in anna.sees() else "Vet inte")
        else:
            answer()


@pytest.mark.parametrize("transport", list(Transport))
def test_a_whole_report_is_one_case_with_a_receipt_that_stays(
    make_stage: MakeStage, transport: Transport
) -> None:
    stage = make_stage(transport=transport)
    anna = stage.user()
    anna.command()
    go_through_the_report(anna)
    anna.submit()
    anna.waits_for("AVV-2026-00001")

    stage.settled()
    stage.deliver()
    (case,) = stage.cases()
    assert case.unit_id == "bjorkgarden"
    with stage.lotskoping.unit_of_work() as uow:
        report = uow.reports.of_case(case.id)
    assert report is not None
    assert report.text_of("what") == STORY
    assert report.reporter.address == "slack:T0LOTSEN:U0ANNA"
    assert any("AVV-2026-00001" in text for text in anna.reads())
    assert [ack.status for ack in anna.acks] == [200] * len(anna.acks)
    assert max(ack.seconds for ack in anna.acks) < SLACK_WAITS


def test_a_submission_delivered_again_gives_one_case_and_the_same_receipt(stage: Stage) -> None:
    anna = stage.user()
    anna.command()
    go_through_the_report(anna)
    sending = anna.submission()
    anna.send(sending, "payload")
    anna.waits_for("AVV-2026-00001")
    stage.settled()

    again = stage.slack.deliver(sending, form="payload", **{"X-Slack-Retry-Num": "1"})

    assert again.body["response_action"] == "update"
    assert "AVV-2026-00001" in str(again.body["view"])
    assert len(stage.cases()) == 1


def test_two_presses_on_send_are_one_case_and_one_number(stage: Stage) -> None:
    anna = stage.user()
    anna.command()
    go_through_the_report(anna)
    first, second = anna.submission(), anna.submission()
    assert first["trigger_id"] != second["trigger_id"]
    anna.send(first, "payload")
    anna.send(second, "payload")
    anna.waits_for("AVV-2026-00001")
    stage.settled()
    stage.deliver()
    assert len(stage.cases()) == 1
    receipts = [m for m in stage.slack.messages if "AVV-2026-00001" in m["text"]]
    assert len(receipts) == 1


def test_a_double_tap_answers_one_question(stage: Stage) -> None:
    anna = stage.user()
    anna.command()
    anna.waits_for("fara just nu")
    first, second = anna.tap_payload("Nej"), anna.tap_payload("Nej")
    anna.send(first, "payload")
    anna.send(second, "payload")
    anna.waits_for("Vad hände?")
    stage.settled()
    assert any("Vad hände?" in text for text in anna.sees())


def test_a_button_of_an_old_window_shows_where_the_report_is_now(stage: Stage) -> None:
    anna = stage.user()
    anna.command()
    anna.waits_for("fara just nu")
    anna.tap("Nej")
    anna.waits_for("Vad hände?")
    late = anna.tap_payload("Tillbaka")
    anna.write(STORY)
    anna.waits_for("När hände det?")
    anna.tap("Nyss")
    anna.waits_for("vilken enhet")
    anna.send(late, "payload")
    anna.waits_for("redan lämnat")
    assert any("vilken enhet" in text for text in anna.sees())


def test_danger_now_is_heard_from_a_window_that_is_behind(stage: Stage) -> None:
    anna = stage.user()
    anna.command()
    anna.waits_for("fara just nu")
    cry = anna.tap_payload("Ja, fara nu")
    anna.tap("Nej")
    anna.waits_for("Vad hände?")
    anna.send(cry, "payload")
    anna.waits_for("Ring 112")
    assert any("Vad hände?" in text for text in anna.sees())
    with stage.lotskoping.unit_of_work() as uow:
        assert len(uow.alerts.unacknowledged()) == 1


def test_words_in_a_window_left_by_pausing_are_kept(stage: Stage) -> None:
    anna = stage.user()
    anna.command()
    anna.waits_for("fara just nu")
    anna.tap("Nej")
    anna.waits_for("Vad hände?")
    anna.type_and_tap(STORY, "Pausa")
    anna.waits_for("Pausat")
    anna.tap("Fortsätt")
    anna.waits_for("När hände det?")
    anna.tap("Tillbaka")
    anna.waits_for(STORY)


def test_an_answer_is_changed_from_the_summary_with_one_tap(stage: Stage) -> None:
    anna = stage.user()
    anna.command()
    go_through_the_report(anna)
    window = anna.window()
    assert window is not None
    payload = anna.tap_payload("Ändra")
    row = next(b for b in window["blocks"] if "När: " in b.get("text", {}).get("text", ""))
    payload["actions"][0] |= {
        "value": row["accessory"]["value"],
        "action_id": row["accessory"]["action_id"],
        "block_id": row["block_id"],
    }
    anna.send(payload, "payload")
    anna.waits_for("När hände det?")
    anna.tap("I natt")
    anna.waits_for("När: I natt")


def test_danger_shows_the_advice_and_alerts_before_the_report_is_done(stage: Stage) -> None:
    anna = stage.user()
    anna.command()
    anna.waits_for("fara just nu")
    anna.tap("Ja, fara nu")
    anna.waits_for("Ring 112")
    stage.settled()
    stage.deliver()
    assert [q.message.person_id for q in stage.post.sent] == [INGER]


def test_closing_the_window_loses_nothing_and_is_told_once(stage: Stage) -> None:
    anna = stage.user()
    anna.command()
    anna.waits_for("fara just nu")
    anna.tap("Nej")
    anna.waits_for("Vad hände?")
    anna.close()
    anna.waits_to_read("Ditt utkast är sparat")
    anna.tap("Öppna")
    anna.waits_for("Vad hände?")
    anna.close()
    stage.settled()
    assert sum("Ditt utkast" in m["text"] for m in stage.slack.messages) == 1


def test_an_expired_trigger_leaves_a_message_whose_button_opens_the_report(stage: Stage) -> None:
    anna = stage.user()
    stage.slack.trigger_seconds = 0
    anna.command()
    anna.waits_to_read("gick inte att visa i tid")
    assert anna.window() is None
    stage.slack.trigger_seconds = 60
    anna.tap("Öppna")
    anna.waits_for("fara just nu")


@pytest.mark.parametrize(
    ("callback_id", "message", "sees"),
    [
        (turns.REPORT_SHORTCUT, "", "fara just nu"),
        (turns.MESSAGE_SHORTCUT, "Larmet gick inte fram i natt", "fara just nu"),
        (turns.COMPLAINT_SHORTCUT, "", ""),
    ],
)
def test_every_shortcut_opens_its_form(
    stage: Stage, callback_id: str, message: str, sees: str
) -> None:
    anna = stage.user()
    anna.shortcut(callback_id, message)
    stage.settled()
    anna.waits_for(sees or stage.lotskoping.services.forms["complaint"].intro["sv"][:20])


def test_a_report_begun_in_a_strict_slack_goes_on_on_the_page(make_stage: MakeStage) -> None:
    stage = make_stage(policy=ChatPolicy.STRICT)
    anna = stage.user()
    anna.command()
    anna.waits_for("fara just nu")
    anna.tap("Nej")
    anna.waits_for("Text skriver du på vår sida")
    window = anna.window()
    assert window is not None
    assert not [block for block in window["blocks"] if block["type"] == "input"]
    ways = [e for b in window["blocks"] for e in b.get("elements", []) if "url" in e]
    with Browser(stage.lotskoping.services) as browser:
        browser.open(ways[0]["url"])
        browser.say("Fortsätt här")
        browser.say(STORY)
    assert stage.draft(anna).state.answers["what"].text == STORY
    anna.tap("Tillbaka")  # in the old window
    anna.waits_for("När hände det?")


def test_identity_numbers_are_covered_before_anything_is_stored(stage: Stage) -> None:
    anna = stage.user()
    anna.command()
    anna.waits_for("fara just nu")
    anna.tap("Nej")
    anna.waits_for("Vad hände?")
    anna.write("Fel dos till 19121212-1212 i morse")
    anna.waits_for("Jag har dolt något")
    stage.settled()
    for item in stage.inbox("done"):
        assert b"19121212" not in item.raw
        assert b"secret" not in item.raw


def test_in_a_channel_lotsen_declines_in_private_and_keeps_nothing_of_what_was_said(
    stage: Stage,
) -> None:
    anna = stage.user()
    anna.mention("<@U0BOT> Berit ramlade igår")
    anna.until(lambda: stage.slack.whispers)
    whisper = stage.slack.whispers[0]
    assert whisper["user"] == anna.id
    assert "Skriv inte om händelser här" in whisper["text"]
    assert stage.slack.messages == []
    stage.settled()
    assert not any(b"Berit" in item.raw for item in stage.inbox("done"))


def test_files_are_declined_kindly(stage: Stage) -> None:
    anna = stage.user()
    anna.say("", subtype="file_share", files=[{"id": "F1"}])
    anna.waits_to_read("inte ta emot bilder och filer")


def test_edits_and_messages_of_machines_are_left_alone(stage: Stage) -> None:
    anna = stage.user()
    anna.say("ändrat", subtype="message_changed")
    anna.say("jag är en bot", bot_id="B1")
    stage.settled()
    assert stage.slack.messages == []
    assert stage.inbox("done") == []


def test_the_home_tab_shows_draft_and_reports_and_speaks_two_languages(stage: Stage) -> None:
    anna = stage.user()
    assert "Rapportera en avvikelse" in anna.go_home()
    anna.tap_home("Rapportera en avvikelse")
    go_through_the_report(anna)
    assert "Fortsätt rapporten" in anna.go_home()
    anna.submit()
    anna.waits_for("AVV-2026-00001")
    assert "AVV-2026-00001: Inkommen" in anna.go_home()
    anna.tap_home("In English")
    anna.until(lambda: "My reports" in str(stage.slack.homes[anna.id]))
    anna.until(lambda: any("AVV-2026-00001: " in text for text in anna.go_home()))
