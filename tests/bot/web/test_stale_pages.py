"""A page that is behind, in another tab or after a lost reply: nothing wrong is taken from it."""

from copy import deepcopy

import pytest

from handlers.dialogue.state import DialogueState, DraftStatus
from handlers.domain.people import Role
from tests.bot.page_reader import Browser, Page
from tests.lotskoping import Lotskoping

ADVICE = "Ring 112 om det är akut"
STORY = "Personen satt på golvet när vi kom in."
TO_SUMMARY = (STORY, "I går", "Björkgårdens äldreboende", "Hoppa över", "Vet inte",
              "Hoppa över", "Vet inte")  # fmt: skip


@pytest.fixture
def browser(lotskoping: Lotskoping):
    with Browser(lotskoping.services) as opened:
        opened.open("/rapportera?form=deviation")
        yield opened


def state(lotskoping: Lotskoping) -> DialogueState:
    with lotskoping.unit_of_work() as uow:
        row = uow.connection.exec_driver_sql(
            "SELECT conversation_id FROM drafts ORDER BY updated_at DESC"
        ).scalar()
        draft = uow.drafts.latest(str(row))
    assert draft is not None
    return draft.state


def alerted(lotskoping: Lotskoping) -> int:
    with lotskoping.unit_of_work() as uow:
        return len(uow.alerts.unacknowledged())


def kept(browser: Browser) -> Page:
    """Return the page as another tab keeps it."""
    return deepcopy(browser.page)


def press_on(browser: Browser, page: Page, line: str) -> Page:
    browser.page = deepcopy(page)
    return browser.say(line)


def test_a_late_tap_changes_nothing_and_shows_where_things_stand(
    browser: Browser, lotskoping: Lotskoping
):
    old = kept(browser)
    browser.say("Nej")
    before = state(lotskoping)
    page = press_on(browser, old, "Vet inte")
    assert state(lotskoping) == before
    assert "Inget ändrades" in page.text
    assert "Vad hände?" in page.text
    browser.say(STORY)
    assert state(lotskoping).answers["what"].text == STORY


def test_a_late_answer_never_becomes_that_of_another_question(
    browser: Browser, lotskoping: Lotskoping
):
    old = kept(browser)
    for line in ("Nej", *TO_SUMMARY[:3]):
        browser.say(line)
    press_on(browser, old, "Nej")
    assert "background" not in state(lotskoping).answers


def test_a_late_danger_now_shows_the_advice_and_alerts(browser: Browser, lotskoping: Lotskoping):
    old = kept(browser)
    browser.say("Nej")
    page = press_on(browser, old, "Ja, fara nu")
    assert ADVICE in page.text
    assert "Inget ändrades" not in page.text
    assert "Vad hände?" in page.text
    assert alerted(lotskoping) == 1
    assert state(lotskoping).answers["danger"].value == "yes"
    assert "what" not in state(lotskoping).answers


def test_a_late_danger_now_knows_the_place_that_has_been_told_since(
    browser: Browser, lotskoping: Lotskoping
):
    old = kept(browser)
    for line in ("Nej", *TO_SUMMARY[:3]):
        browser.say(line)
    press_on(browser, old, "Ja, fara nu")
    with lotskoping.unit_of_work() as uow:
        [found] = uow.alerts.unacknowledged()
    assert (found.role, found.unit_id) == (Role.MAS, "bjorkgarden")


@pytest.mark.parametrize("last", ["Pausa", "Avbryt"])
def test_danger_now_is_heard_from_a_report_that_was_left(
    browser: Browser, lotskoping: Lotskoping, last: str
):
    old = kept(browser)
    browser.say("Nej")
    browser.say(last)
    assert ADVICE in press_on(browser, old, "Ja, fara nu").text
    assert alerted(lotskoping) == 1


def test_danger_now_after_the_report_is_sent_belongs_to_its_case(
    browser: Browser, lotskoping: Lotskoping
):
    old = kept(browser)
    for line in ("Nej", *TO_SUMMARY, "Skicka rapporten"):
        browser.say(line)
    page = press_on(browser, old, "Ja, fara nu")
    assert ADVICE in page.text
    assert "AVV-2026-00001" in page.text
    with lotskoping.unit_of_work() as uow:
        [found] = uow.alerts.unacknowledged()
        case = uow.cases.find_number("AVV-2026-00001")
    assert case is not None
    assert found.case_id == case.id


def test_danger_now_is_heard_from_a_browser_that_was_logged_out_in_another_tab(
    browser: Browser, lotskoping: Lotskoping
):
    old = kept(browser)
    browser.say("Logga ut och rensa")
    lotskoping.clock.advance(minutes=1)
    page = press_on(browser, old, "Ja, fara nu")
    assert ADVICE in page.text
    assert alerted(lotskoping) == 1
    browser.say(STORY)
    assert state(lotskoping).answers["what"].text == STORY


def test_danger_now_twice_shows_the_advice_twice_and_alerts_once(
    browser: Browser, lotskoping: Lotskoping
):
    old = kept(browser)
    assert ADVICE in browser.say("Ja, fara nu").text
    assert ADVICE in press_on(browser, old, "Ja, fara nu").text
    assert alerted(lotskoping) == 1


def test_what_was_written_too_late_is_shown_and_not_lost(browser: Browser, lotskoping: Lotskoping):
    browser.say("Nej")
    old = kept(browser)
    browser.say(STORY)
    page = press_on(browser, old, "Det var på kvällen och dörren stod öppen")
    assert "dörren stod öppen" in page.text
    assert state(lotskoping).answers["what"].text == STORY


def test_a_late_summary_sends_nothing_and_cancels_nothing(browser: Browser, lotskoping: Lotskoping):
    for line in ("Nej", *TO_SUMMARY):
        browser.say(line)
    old = kept(browser)
    browser.say("Ändra Var")
    press_on(browser, old, "Skicka rapporten")
    assert state(lotskoping).status == DraftStatus.ACTIVE
    browser.say("Björkgårdens äldreboende")
    browser.say("Skicka rapporten")
    browser.open("/rapportera?form=deviation")
    press_on(browser, old, "Avbryt")
    assert state(lotskoping).status == DraftStatus.ACTIVE


def test_a_late_tap_on_a_cancelled_report_leaves_it_to_be_regretted(
    browser: Browser, lotskoping: Lotskoping
):
    browser.say("Nej")
    old = kept(browser)
    browser.say("Avbryt")
    press_on(browser, old, STORY)
    assert state(lotskoping).status == DraftStatus.CANCELLED
    browser.say("Ångra")
    browser.say(STORY)
    assert state(lotskoping).answers["what"].text == STORY


def test_another_answer_to_a_question_whose_refusal_was_lost_is_taken(
    browser: Browser, lotskoping: Lotskoping
):
    browser.say("Nej")
    unanswered = kept(browser)
    browser.write("  ")
    press_on(browser, unanswered, STORY)
    assert state(lotskoping).answers["what"].text == STORY


def test_another_tap_after_a_lost_reply_is_another_turn(browser: Browser, lotskoping: Lotskoping):
    page = kept(browser)
    browser.say("Nej")  # its reply never came back
    press_on(browser, page, "Ja, fara nu")
    assert alerted(lotskoping) == 1
    assert state(lotskoping).answers["danger"].value == "yes"
    assert "Vad hände?" in press_on(browser, page, "Nej").text
    assert state(lotskoping).answers["danger"].value == "yes"
