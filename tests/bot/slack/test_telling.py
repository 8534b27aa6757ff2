"""What people tell in Slack before they are asked: in the chat, behind the command, by shortcut."""

from bot.channels.slack import turns
from bot.config import ChatPolicy
from handlers.dialogue.state import SUMMARY
from tests.bot.slack.conftest import MakeStage
from tests.bot.slack.slack_user import SlackUser
from tests.bot.slack.stage import Stage
from tests.bot.test_own_reports import stored_text


def story_of(stage: Stage, someone: SlackUser) -> str:
    return stage.draft(someone).state.answers["what"].text


def test_the_text_of_a_message_shortcut_is_the_story(stage: Stage) -> None:
    anna = stage.user()
    anna.shortcut(turns.MESSAGE_SHORTCUT, "Larmet från <@U0BERIT> gick inte fram &amp; tystnade")
    anna.waits_for("fara just nu")
    assert story_of(stage, anna) == "Larmet från [kollega] gick inte fram & tystnade"
    anna.tap("Nej")
    anna.waits_for("När hände det?")


def test_text_after_the_command_is_the_story_however_short(stage: Stage) -> None:
    anna = stage.user()
    anna.command("Larmet tystnade")
    anna.waits_for("det har jag skrivit ner")
    anna.waits_for("fara just nu")
    assert story_of(stage, anna) == "Larmet tystnade"


def test_a_new_story_puts_the_report_under_way_aside(stage: Stage) -> None:
    anna = stage.user()
    anna.command("Dörren stod öppen hela natten")
    stage.settled()
    anna.command("Larmet gick inte fram i natt")
    stage.settled()
    assert story_of(stage, anna) == "Larmet gick inte fram i natt"
    anna.go_home()
    anna.tap_home("Mina utkast")
    stage.settled()
    assert sum(text.startswith("Fortsätt: Avvikelse") for text in anna.sees()) == 2


def test_a_word_of_the_dialogue_after_the_command_is_done(stage: Stage) -> None:
    anna = stage.user()
    anna.command("mina rapporter")
    anna.waits_for("Du har inte skickat någon rapport")
    anna.command("nå sjuksköterska")
    anna.waits_for("samla det som sjuksköterskan frågar efter")


def test_every_way_in_opens_from_another_matter(stage: Stage) -> None:
    anna = stage.user()
    anna.command()
    anna.waits_for("fara just nu")
    anna.tap("Något annat ärende")
    anna.waits_for("Vad vill du göra?")
    anna.tap("Rapportera en risk")
    anna.waits_for("Bra att du säger till innan något händer")


def test_a_matter_of_the_staff_gets_a_receipt_that_says_what_it_is(stage: Stage) -> None:
    anna = stage.user()
    anna.command(
        "Jag halkade på isen utanför Nattpatrullen och har ont i ryggen. Skyddsombudet vet."
    )
    anna.waits_for("fara just nu")
    anna.tap("Nej")
    anna.waits_for("egen arbetsmiljö")
    anna.tap("Bara oss som arbetar här")
    stage.settled()
    while "Skicka till chefen" not in str(anna.window()):
        anna.tap("Hoppa över" if "Hoppa över" in anna.sees() else "Vet inte")
        stage.settled()
    anna.submit()
    anna.waits_for("AM-2026-00001")
    stage.settled()
    stage.deliver()
    anna.waits_to_read("Det är inget ärende här")


def test_text_typed_in_the_chat_is_taken_and_the_person_told(stage: Stage) -> None:
    anna = stage.user()
    anna.say("Dörren stod öppen hela natten på avdelningen")
    anna.waits_to_read("Skriv helst i fönstret")
    anna.waits_to_read("fara just nu")
    anna.tap("Nej")
    anna.waits_to_read("Ditt svar: Nej")
    anna.waits_to_read("När hände det?")
    anna.tap("Skriv svaret")
    anna.waits_for("När hände det?")
    assert story_of(stage, anna) == "Dörren stod öppen hela natten på avdelningen"


def test_a_greeting_while_a_report_is_under_way_answers_no_question(stage: Stage) -> None:
    anna = stage.user()
    anna.command()
    anna.waits_for("fara just nu")
    anna.tap("Nej")
    anna.waits_for("Vad hände?")
    anna.say("hej")
    anna.waits_to_read("Vad hände?")
    assert "what" not in stage.draft(anna).state.answers


def test_a_report_can_be_made_in_the_chat_where_the_policy_is_open(make_stage: MakeStage) -> None:
    stage = make_stage(policy=ChatPolicy.OPEN)
    anna = stage.user()
    anna.say("hej")
    anna.waits_to_read("Jag hjälper dig")
    anna.say("Dörren stod öppen hela natten på avdelningen")
    anna.waits_to_read("fara just nu")
    anna.say("nej")
    anna.waits_to_read("När hände det?")
    assert not any("Skriv helst" in text for text in anna.reads())


def test_a_strict_chat_takes_what_is_typed_tells_of_the_page_and_never_shows_the_words(
    make_stage: MakeStage,
) -> None:
    stage = make_stage(policy=ChatPolicy.STRICT)
    anna = stage.user()
    anna.command("mina rapporter")
    anna.waits_for("Du har inte skickat någon rapport")
    anna.say("Dörren stod öppen hela natten på avdelningen")
    anna.waits_to_read("Text skriver du på vår sida")
    stage.settled()
    assert stage.draft(anna).state.answers["what"].text.startswith("Dörren stod öppen")
    anna.say("nej")
    for _ in range(8):
        stage.settled()
        if stage.draft(anna).state.current == SUMMARY:
            break
        anna.say("vet inte")
    assert any("Din text, 44 tecken" in text for text in anna.reads())
    assert not any("Dörren" in text for text in anna.reads())


def test_a_cancelled_report_is_taken_back_after_the_window_is_closed(stage: Stage) -> None:
    anna = stage.user()
    anna.command("Dörren stod öppen hela natten")
    anna.waits_for("fara just nu")
    anna.tap("Avbryt")
    anna.waits_for("Ångra")
    anna.close()
    stage.settled()
    assert "Mina utkast" in anna.go_home()
    anna.say("ångra")
    stage.settled()
    assert "Din rapport är här igen. Vi går vidare där du var." in anna.reads()
    draft = stage.draft(anna)
    assert draft is not None
    assert draft.state.answers["what"].text == "Dörren stod öppen hela natten"


def test_what_was_gathered_for_the_nurse_is_erased_in_time_with_what_slack_sent(
    stage: Stage,
) -> None:
    anna = stage.user()
    anna.command("nå sjuksköterska")
    anna.waits_for("fara just nu")
    anna.tap("Nej")
    anna.waits_for("vilken enhet")
    anna.tap("Vet inte")
    anna.waits_for("annorlunda")
    anna.write("Trött och varm sedan i morse")
    anna.waits_for("sedan förut")
    stage.settled()
    assert "Trött" in stored_text(stage.lotskoping)
    stage.lotskoping.clock.advance(hours=12)
    with stage.lotskoping.unit_of_work() as uow:
        uow.erase_due(stage.lotskoping.clock())
        uow.commit()
    assert "Trött" not in stored_text(stage.lotskoping)
