"""A manager's Monday, and the alerts of MAS, in the browser."""

from playwright.sync_api import Page, expect

from bot.channels.webchat import StoredConversation
from bot.delivery import deliver_outbox
from handlers.records import QueuedMessage
from tests.bot.web.conftest import Visit
from tests.bot.web.site import Site
from tests.bot.web.walking import answer_until, begin, log_in, press, receipt_number, unfold

MISSING = (
    "Bedöm hur allvarligt det är och hur ofta det kan hända.",
    "Ange minst en orsak.",
    "Ange minst en åtgärd med ansvarig och datum, eller skriv varför ingen behövs.",
    "Skriv en mening till den som rapporterade.",
)


class TakenMail:
    """Takes every mail."""

    def send(self, queued: QueuedMessage) -> None:
        del queued


GRAVE = "Personen föll, bröt höften, svimmade och åkte till sjukhus med ambulans."


def deliver(site: Site) -> None:
    services = site.lotskoping.services
    deliver_outbox(services, {"webchat": StoredConversation(services), "mail": TakenMail()})


def status(page: Page) -> str:
    return page.locator(".case-head .tag").first.inner_text()


def assess(page: Page, severity: str, likelihood: str) -> None:
    risk = page.locator("#risk")
    risk.get_by_label(severity).check()
    risk.get_by_label(likelihood).check()
    press(page, "Spara bedömningen")
    expect(risk.locator(".saved")).to_be_visible()


def test_a_manager_takes_a_case_from_the_list_to_an_answer_for_the_reporter(
    visit: Visit, site: Site
) -> None:
    reporter = visit()
    begin(reporter)
    answer_until(reporter, "summary")
    press(reporter, "Skicka rapporten")
    number = receipt_number(reporter)

    page = visit()
    log_in(page, site, "Maria Lindqvall")
    page.get_by_role("link", name=number).click()
    press(page, "Ta emot ärendet")
    assert status(page) == "Mottagen"

    press(page, "Avsluta ärendet")
    refused = page.get_by_role("alert")
    expect(refused).to_be_focused()
    expect(refused.get_by_role("listitem")).to_have_text(list(MISSING))

    refused.get_by_role("link", name=MISSING[0]).click()
    assess(page, "2. Måttlig", "2. Varje månad")
    page.get_by_label("Processer och rutiner").check()
    page.get_by_label("Varför hände det?").fill("Ingen kontrollerar larmet på kvällen.")
    press(page, "Lägg till orsaken")
    page.get_by_label("Vad ska göras?").fill("Larmet kontrolleras vid varje skifte.")
    page.locator("#owner").select_option(label="Jonas Ekbratt")
    page.locator("#due").fill("2026-06-15")
    press(page, "Lägg till åtgärden")
    expect(page.locator("#atgard")).to_contain_text("Jonas Ekbratt ansvarar")
    page.locator("#feedback").fill("Nu kontrolleras larmet varje kväll. Tack!")
    press(page, "Spara svaret")
    expect(page.get_by_text("Allt är klart.")).to_be_visible()
    press(page, "Avsluta ärendet")
    assert status(page) == "Avslutad"

    deliver(site)
    reporter.goto(site.address("/mina-rapporter"))
    expect(reporter.locator(".answer")).to_contain_text("Nu kontrolleras larmet varje kväll.")
    page.goto(site.address("/arenden"))
    expect(page.get_by_text("Du har inga öppna ärenden.")).to_be_visible()
    page.get_by_role("link", name="Visa även avslutade").click()
    expect(page.get_by_role("link", name=number)).to_be_visible()


def test_the_list_begins_with_the_oldest_and_says_in_words_what_is_late(
    visit: Visit, site: Site
) -> None:
    old = site.lotskoping.report(conversation="webchat:old")
    site.lotskoping.clock.advance(days=32)
    young = site.lotskoping.report(conversation="webchat:young")
    page = visit()
    log_in(page, site, "Maria Lindqvall")
    expect(page.locator(".card h2")).to_have_text([old.number, young.number])
    expect(page.locator(".card").first).to_contain_text("2 dagar sent")
    expect(page.locator(".card").first).to_contain_text("Ta emot ärendet")


def test_what_was_typed_stands_there_still_when_it_could_not_be_saved(
    visit: Visit, site: Site
) -> None:
    case = site.lotskoping.report()
    page = visit()
    log_in(page, site, "Maria Lindqvall", f"/arenden/{case.id}")
    assess(page, "1. Mindre", "3. Varje vecka")
    page.get_by_label("Utbildning och kompetens").check()
    page.get_by_label("Varför hände det?").fill("Ny personal.")
    press(page, "Lägg till orsaken")
    page.get_by_label("Vad ska göras?").fill("Gå igenom rutinen.")
    page.locator("#owner").select_option(label="Maria Lindqvall")
    page.locator("#due").fill("2026-05-01")
    press(page, "Lägg till åtgärden")
    expect(page.get_by_role("alert")).to_contain_text("Den dagen har redan varit.")
    expect(page.get_by_label("Vad ska göras?")).to_have_value("Gå igenom rutinen.")
    expect(page.locator("#due")).to_have_value("2026-05-01")


def test_two_managers_at_once_lose_nothing(visit: Visit, site: Site) -> None:
    case = site.lotskoping.report()
    first, second = visit(), visit()
    log_in(first, site, "Maria Lindqvall", f"/arenden/{case.id}")
    log_in(second, site, "Jonas Ekbratt", f"/arenden/{case.id}")
    press(first, "Ta emot ärendet")
    expect(first.locator(".case-head .tag").first).to_have_text("Mottagen")
    unfold(second, "svar")
    second.locator("#feedback").fill("Vi ser över rutinen.")
    press(second, "Spara svaret")
    expect(second.get_by_role("alert")).to_contain_text("Någon annan har ändrat ärendet.")
    expect(second.locator("#feedback")).to_have_value("Vi ser över rutinen.")
    press(second, "Spara svaret")
    expect(second.locator("#svar .saved")).to_be_visible()


def test_the_score_follows_the_choice_in_words(visit: Visit, site: Site) -> None:
    case = site.lotskoping.report()
    page = visit()
    log_in(page, site, "Maria Lindqvall", f"/arenden/{case.id}")
    page.get_by_label("4. Katastrofal").check()
    page.get_by_label("1. Sällan").check()
    expect(page.locator(".score")).to_have_text("Risk 4 av 16: hög risk. MAS får veta det direkt.")
    page.get_by_label("2. Måttlig").check()
    expect(page.locator(".score")).to_have_text("Risk 2 av 16: medelhög risk")


def test_a_low_risk_may_close_without_investigation_but_not_without_an_answer(
    visit: Visit, site: Site
) -> None:
    case = site.lotskoping.report()
    page = visit()
    log_in(page, site, "Maria Lindqvall", f"/arenden/{case.id}")
    assess(page, "1. Mindre", "2. Varje månad")
    unfold(page, "svar")
    page.locator("#feedback").fill("Tack, vi har pratat om det.")
    press(page, "Spara svaret")
    short = page.locator("#avsluta-utan-utredning")
    short.locator("summary").click()
    short.get_by_label("Varför behövs ingen utredning?").fill("Känt och redan åtgärdat.")
    short.get_by_role("button").click()
    expect(page.get_by_text("Avslutat utan utredning")).to_be_visible()
    assert status(page) == "Avslutad"


def test_category_and_unit_can_be_put_right(visit: Visit, site: Site) -> None:
    case = site.lotskoping.report()
    page = visit()
    log_in(page, site, "Maria Lindqvall", f"/arenden/{case.id}")
    unfold(page, "andra")
    category = page.locator("#handlar-om")
    category.locator("summary").click()
    category.get_by_role("combobox").select_option("medication")
    category.get_by_role("button").click()
    expect(page.locator(".case-head")).to_contain_text("Läkemedel")
    unit = page.locator("#enhet")
    unit.locator("summary").click()
    unit.get_by_role("combobox").select_option("solrosen")
    unit.get_by_role("button").click()
    expect(page.locator(".case-head")).to_contain_text("Solrosens demensboende")
    unfold(page, "historik")
    expect(page.locator(".history")).to_contain_text("flyttades till Solrosens demensboende")


def test_mas_reads_and_acknowledges_an_alert(visit: Visit, site: Site) -> None:
    case = site.lotskoping.report(harm="hospital")
    page = visit()
    log_in(page, site, "Inger Strandlycke", "/larm")
    page.get_by_role("link", name=case.number).first.click()
    expect(page.get_by_text("sjukhus eller allvarlig skada")).to_be_visible()
    press(page, "Jag tar hand om det")
    expect(page.get_by_text("Inger Strandlycke bekräftade")).to_be_visible()
    page.get_by_role("link", name=f"Öppna ärende {case.number}").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(case.number)


def test_whoever_is_not_logged_in_comes_back_after_the_login(visit: Visit, site: Site) -> None:
    case = site.lotskoping.report()
    page = visit(f"/arenden/{case.id}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Logga in")
    page.get_by_role("button", name="Maria Lindqvall").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(case.number)
    press(page, "Logga ut")
    page.goto(site.address("/arenden"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Logga in")


def test_a_case_given_away_leaves_the_manager_at_the_list(visit: Visit, site: Site) -> None:
    case = site.lotskoping.report()
    page = visit()
    log_in(page, site, "Maria Lindqvall", f"/arenden/{case.id}")
    unfold(page, "andra")
    unit = page.locator("#enhet")
    unit.locator("summary").click()
    unit.get_by_role("combobox").select_option("hemtjanst-norr")
    unit.get_by_role("button").click()
    expect(page.get_by_text("Du har inga öppna ärenden.")).to_be_visible()


def test_whoever_may_read_and_comment_gets_no_forms_to_change_the_case(
    visit: Visit, site: Site
) -> None:
    case = site.lotskoping.report("Såret lades om med fel förband.", unit="hemsjukvarden")
    page = visit()
    log_in(page, site, "Monika Hedlunda", f"/arenden/{case.id}")
    expect(page.get_by_text("Du kan läsa ärendet, men inte ändra i det.")).to_be_visible()
    forms = page.locator("main form").evaluate_all("all => all.map(one => one.action)")
    deeds = {str(action).rsplit("/", 1)[1] for action in forms}
    # SAS may comment, begin lex Sarah and mark that the manager is involved.
    assert deeds == {"kommentar", "mote", "spar-borja", "skydda"}


def test_whoever_is_chosen_as_involved_on_the_page_can_no_longer_open_the_case(
    visit: Visit, site: Site
) -> None:
    case = site.lotskoping.report()
    sas, above, manager = visit(), visit(), visit()
    log_in(above, site, "Agneta Holmlid", f"/arenden/{case.id}")
    expect(above.get_by_role("heading", level=1)).to_contain_text(case.number)
    log_in(sas, site, "Monika Hedlunda", f"/arenden/{case.id}")
    unfold(sas, "skydda")
    sas.get_by_label("Vem är inblandad?").select_option(label="Agneta Holmlid")
    press(sas, "Dölj ärendet")
    expect(sas.get_by_text("Ärendet är dolt för chefen")).to_be_visible()
    unfold(sas, "skydda")
    expect(sas.locator("#skydda")).to_contain_text("Agneta Holmlid")
    log_in(manager, site, "Maria Lindqvall", "/arenden")
    for page in (above, manager):
        answer = page.goto(site.address(f"/arenden/{case.id}"))
        assert answer is not None
        assert answer.status == 404
    sas.locator("#skydda").get_by_label("Vem är inblandad?").select_option(label="Bengt Orrfelt")
    press(sas, "Lägg till som inblandad")
    expect(sas.locator("#skydda li")).to_have_text(["Agneta Holmlid", "Bengt Orrfelt"])
    unfold(sas, "skydda")
    sas.get_by_text("Ta bort ett namn som blev fel").click()
    sas.get_by_label("Vem är inte inblandad?").select_option(label="Agneta Holmlid")
    sas.get_by_label("Varför är personen inte inblandad?").fill("Det var en annan Agneta.")
    press(sas, "Ta bort namnet")
    expect(sas.locator("#skydda li")).to_have_text(["Bengt Orrfelt"])
    above.goto(site.address(f"/arenden/{case.id}"))
    expect(above.get_by_role("heading", level=1)).to_contain_text(case.number)


def test_the_page_says_who_has_to_look_at_an_alarm_before_the_case_can_be_closed(
    visit: Visit, site: Site
) -> None:
    case = site.lotskoping.report(GRAVE)
    page = visit()
    log_in(page, site, "Maria Lindqvall", f"/arenden/{case.id}")
    close = page.locator("#avsluta")
    expect(close).to_contain_text("Larmet är inte bekräftat")
    expect(close).to_contain_text("Larmet till MAS väntar på Inger Strandlycke.")
    close.locator("summary").click()
    expect(close).to_contain_text("Då får bara MAS eller SAS avsluta det utan utredning.")
    press(page, "Avsluta ärendet")
    expect(page.locator("#fault")).to_contain_text("väntar på Inger Strandlycke")
