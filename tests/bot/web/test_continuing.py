"""A report that was begun in a chat goes on in the web by a link, and is answered in the chat."""

from collections.abc import Iterator

import pytest

from bot.continuing import continue_link
from handlers.dialogue.state import Command
from tests.bot.page_reader import Browser
from tests.lotskoping import MARIA, Lotskoping

CHAT = "slack:T1:U1"


@pytest.fixture
def browser(lotskoping: Lotskoping) -> Iterator[Browser]:
    with Browser(lotskoping.services) as opened:
        yield opened


def begun(lotskoping: Lotskoping) -> str:
    """Begin a report in the chat and return the link to go on."""
    lotskoping.say(command=Command.RESUME, conversation=CHAT)
    lotskoping.say(choice="no", conversation=CHAT)
    return link_of(lotskoping)


def link_of(lotskoping: Lotskoping) -> str:
    with lotskoping.unit_of_work() as uow:
        draft = uow.drafts.latest(CHAT)
    assert draft is not None
    link = continue_link(lotskoping.services, draft.id)
    return link.removeprefix(lotskoping.services.settings.base_url)


def go_on(browser: Browser, link: str) -> None:
    browser.open(link)
    browser.say("Fortsätt här")


def test_the_report_goes_on_where_it_stood_and_its_receipt_belongs_to_the_chat(
    lotskoping: Lotskoping, browser: Browser
):
    go_on(browser, begun(lotskoping))
    assert "Vad hände?" in browser.page.text
    for line in ("Personen satt på golvet när vi kom in.", "I går", "Björkgårdens äldreboende",
                 "hoppa över", "vet inte", "hoppa över", "hoppa över", "vet inte"):  # fmt: skip
        browser.say(line)
    browser.say("Skicka rapporten")
    assert "AVV-2026-00001" in browser.page.text
    assert "Svaret kommer i chatten där du började" in browser.page.text
    with lotskoping.unit_of_work() as uow:
        [case] = uow.cases.listed(None, open_only=False)
        reporter = uow.reports.reporter_of(case.id)
    assert reporter is not None
    assert (reporter.channel, reporter.address) == ("slack", CHAT)


def test_the_chat_goes_on_where_the_web_stopped(lotskoping: Lotskoping, browser: Browser):
    go_on(browser, begun(lotskoping))
    browser.say("Personen satt på golvet när vi kom in.")
    prompts = lotskoping.say(command=Command.RESUME, conversation=CHAT)
    assert prompts[-1].question_id == "when"


def test_whoever_only_looks_at_the_link_sees_nothing_of_the_report(
    lotskoping: Lotskoping, browser: Browser
):
    link = begun(lotskoping)
    lotskoping.say("Personen satt på golvet när vi kom in.", conversation=CHAT)
    page = browser.open(link)
    assert "golvet" not in page.text
    assert CHAT not in link
    browser.open("/rapportera")
    assert "Vem är du?" in browser.page.text


def test_the_link_brings_back_its_own_report_when_another_was_begun_since(
    lotskoping: Lotskoping, browser: Browser
):
    link = begun(lotskoping)
    lotskoping.say(command=Command.RISK, conversation=CHAT)
    lotskoping.say(command=Command.REPORT, conversation=CHAT)
    go_on(browser, link)
    assert "Vad hände?" in browser.page.text


@pytest.mark.parametrize("minutes", [31, -1])
def test_an_old_link_is_worth_nothing_and_says_what_to_do(
    lotskoping: Lotskoping, browser: Browser, minutes: int
):
    link = begun(lotskoping)
    lotskoping.clock.advance(minutes=minutes)
    assert "Länken gäller inte längre" in browser.open(link).text


def test_the_link_of_a_sent_report_is_worth_nothing(lotskoping: Lotskoping, browser: Browser):
    lotskoping.report(conversation=CHAT)
    assert "Länken gäller inte längre" in browser.open(link_of(lotskoping)).text


@pytest.mark.parametrize("change", ["x", "."])
def test_a_changed_link_is_worth_nothing(lotskoping: Lotskoping, browser: Browser, change: str):
    link = begun(lotskoping)
    for wrong in (link + change, link[:-1], link.replace("fortsatt/", "fortsatt/x")):
        assert "Länken gäller inte längre" in browser.open(wrong).text


def test_the_next_report_is_the_browsers_own(lotskoping: Lotskoping, browser: Browser):
    go_on(browser, begun(lotskoping))
    browser.say("Avbryt")
    assert "Vem är du?" in browser.open("/rapportera").text
    browser.open("/rapportera?form=deviation")
    with lotskoping.unit_of_work() as uow:
        rows = uow.connection.exec_driver_sql("SELECT channel FROM drafts ORDER BY channel")
        assert list(rows.scalars()) == ["slack", "webchat"]


def test_logging_out_leaves_the_chats_conversation_too(lotskoping: Lotskoping, browser: Browser):
    go_on(browser, begun(lotskoping))
    browser.say("Logga ut och rensa")
    assert "Vem är du?" in browser.open("/rapportera").text


def test_the_same_person_goes_on_in_the_web_with_what_was_begun_elsewhere(
    lotskoping: Lotskoping,
):
    lotskoping.say(command=Command.RESUME, conversation="console:maria", person_id=MARIA)
    lotskoping.say(choice="no", conversation="console:maria", person_id=MARIA)
    with Browser(lotskoping.services, person_id=MARIA) as browser:
        browser.open("/mina-rapporter")
        browser.say("Fortsätt")
        assert "Vad hände?" in browser.page.text
        browser.say("Personen satt på golvet när vi kom in.")
    prompts = lotskoping.say(command=Command.RESUME, conversation="console:maria", person_id=MARIA)
    assert prompts[-1].question_id == "when"
