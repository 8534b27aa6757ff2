"""People at Microsoft's own local Teams client: a report, a reminder, an alert, with pictures."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from bot.channel import Channel
from bot.delivery import deliver_outbox
from bot.schedule import sweep
from bot.web.app import create_app
from handlers.domain.injury import PersonTold
from handlers.records import QueuedMessage
from tests.bot.teams.fake_teams import FakeTeams
from tests.bot.teams.house import open_door, settings_of_tests
from tests.bot.teams.playground import Client, Person, missing, playground, post_office, serving
from tests.handlers.test_reminders import change
from tests.lotskoping import INGER, MARIA, Lotskoping, open_lotskoping

PICTURES = Path(__file__).parents[3] / "var" / "test-artefacts" / "teams"
WAIT_MS = 30_000
PEOPLE = (
    Person("maria", "Maria Lindqvall", f"{MARIA}@lotskoping.example"),
    Person("inger", "Inger Strandlycke", f"{INGER}@lotskoping.example"),
)


class NoMail:
    def send(self, queued: QueuedMessage) -> None:
        pass


@dataclass
class Seat:
    """One person's Teams."""

    page: Page
    name: str
    pictures: int = 0

    def see(self, text: str) -> None:
        """Wait until the newest card shows a text, and take a picture of it."""
        expect(self.page.get_by_text(text).last).to_be_visible()
        self.pictures += 1
        self.page.screenshot(path=PICTURES / f"{self.name}-{self.pictures:02}.png")

    def tap(self, label: str, *, exact: bool = True) -> None:
        self.page.get_by_role("button", name=label, exact=exact).last.click()

    def type(self, words: str) -> None:
        """Write in the chat itself."""
        self.page.locator("[contenteditable=true]").first.click()
        self.page.keyboard.type(words)
        self.page.keyboard.press("Enter")

    def write(self, words: str) -> None:
        """This client cannot open dialogs, so the words go into the card."""
        self.page.get_by_role("button", name="More options").last.click()
        self.page.get_by_role("menuitem", name="Skriv direkt i kortet").click()
        self.page.get_by_label("Ditt svar").last.fill(words)
        self.tap("Spara svaret")


@dataclass
class Scene:
    lotskoping: Lotskoping
    maria: Seat
    inger: Seat
    channels: dict[str, Channel]

    def deliver(self) -> None:
        deliver_outbox(self.lotskoping.services, self.channels)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    reason = missing()
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        reason = "Chromium saknas: Teams prövades inte i en riktig klient."
    if reason and os.environ.get("CI"):
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)
    expect.set_options(timeout=WAIT_MS)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-gpu", "--no-first-run"]
        )
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def scene(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Two people, each at a Teams of their own, in front of one Lotsen."""
    folder = tmp_path_factory.mktemp("playground")
    PICTURES.mkdir(parents=True, exist_ok=True)
    lotskoping = open_lotskoping(folder / "data")
    with ExitStack() as stack:
        fake = FakeTeams()
        stack.callback(fake.close)
        stack.callback(lotskoping.services.database.close)
        door = open_door(lotskoping, fake, settings_of_tests())
        door.start()
        stack.callback(door.stop)
        app = create_app(lotskoping.services)
        app.include_router(door.router)
        endpoint = stack.enter_context(post_office(stack.enter_context(serving(app)), fake))
        clients = [
            stack.enter_context(playground(person, endpoint, folder / person.user))
            for person in PEOPLE
        ]
        maria, inger = [
            _sit_down(browser, client, person.user)
            for client, person in zip(clients, PEOPLE, strict=True)
        ]
        channels: dict[str, Channel] = {"teams": door.channel, "mail": NoMail()}
        yield Scene(lotskoping, maria, inger, channels)


def _sit_down(browser: Browser, client: Client, name: str) -> Seat:
    client.wait_until_open()
    page = browser.new_page(viewport={"width": 1100, "height": 900})
    page.set_default_timeout(WAIT_MS)
    page.route("**/*", _only_here)
    page.goto(client.url)
    seat = Seat(page, name)
    seat.see("Jag heter Lotsen")
    return seat


def _only_here(route: Route) -> None:
    """The client asks for a font on the network; there is none."""
    here = route.request.url.startswith(("http://127.0.0.1", "http://localhost", "data:", "blob:"))
    if here:
        route.continue_()
    else:
        route.abort()


def test_people_do_their_work_in_teams(scene: Scene) -> None:
    _a_whole_report(scene)
    _the_manager_receives_and_assesses(scene)
    _a_reminder_comes_by_itself(scene)
    _what_waits_and_what_was_sent(scene)
    _an_alert_is_taken(scene)
    _somebody_was_hurt_and_the_manager_need_not_leave_the_chat(scene)


def _a_whole_report(scene: Scene) -> None:
    maria = scene.maria
    maria.tap("Rapportera en händelse")
    maria.see("Är någon i fara just nu?")
    maria.tap("Nej")
    maria.see("Vad hände?")
    maria.write("Vi hittade personen på golvet vid sängen.")
    maria.see("När hände det?")
    maria.tap("Tidigare i dag")
    maria.see("Har något liknande hänt")
    maria.tap("Nej, inte förut")
    maria.see("Hur mår personen nu?")
    maria.tap("Ingen blev påverkad")
    maria.see("Vad gjorde ni direkt?")
    maria.write("Hjälpte upp och ringde sjuksköterskan.")
    maria.see("Vad kan göra att det inte händer igen?")
    maria.tap("Hoppa över")
    maria.see("Fråga 9 av 9")
    maria.tap("Fall", exact=False)
    maria.see("Så här har jag förstått dig")
    maria.tap("Ändra: När")
    maria.see("När hände det?")
    maria.tap("I natt")
    maria.see("I natt")
    maria.tap("Ändra: Var")
    maria.see("På vilken enhet")
    box = maria.page.locator("input[placeholder]").last
    box.click()
    box.fill("björk")
    maria.page.get_by_text("Björkgårdens äldreboende").last.click()
    maria.tap("Välj")
    maria.see("Så här har jag förstått dig")
    maria.tap("Skicka rapporten")
    maria.see("AVV-2026-00001")
    with scene.lotskoping.unit_of_work() as uow:
        [case] = uow.cases.listed(None, open_only=False)
        report = uow.reports.of_case(case.id)
    assert report is not None
    assert report.text_of("what") == "Vi hittade personen på golvet vid sängen."
    assert report.answers["when"].value == "last_night"
    assert case.unit_id == "bjorkgarden"


def _the_manager_receives_and_assesses(scene: Scene) -> None:
    scene.deliver()
    maria = scene.maria
    maria.see("Ärende AVV-2026-00001 väntar på dig")
    maria.tap("Ta emot ärendet")
    maria.see("Du har tagit emot ärendet")
    maria.tap("Bedöm risken")
    maria.see("Hur allvarligt är det?")
    maria.page.get_by_label("Måttlig", exact=False).last.check()
    maria.page.get_by_label("Varje månad", exact=False).last.check()
    maria.tap("Spara bedömningen")
    maria.see("Risk: måttlig, varje månad")
    maria.tap("Påminn mig senare")
    maria.see("När ska jag påminna dig?")
    maria.page.get_by_label("Om tre dagar").last.check()
    maria.page.get_by_label("Väntar på svar från någon annan").last.check()
    maria.tap("Spara")
    maria.see("Påminnelserna vilar till 2026-06-04")
    with scene.lotskoping.unit_of_work() as uow:
        [case] = uow.cases.listed(None, open_only=False)
        [put_off] = uow.work.snoozes.where(case_id=case.id)
    assert case.risk is not None
    assert (case.risk.score, case.risk.assessed_by) == (4, MARIA)
    assert put_off.reason == "Väntar på svar från någon annan"


def _a_reminder_comes_by_itself(scene: Scene) -> None:
    scene.lotskoping.clock.advance(days=21)  # nine days before the target
    sweep(scene.lotskoping.services)
    scene.deliver()
    scene.maria.see("AVV-2026-00001: Gör klart ärendet")
    expect(scene.maria.page.get_by_text("Öppna din lista").last).to_be_visible()


def _what_waits_and_what_was_sent(scene: Scene) -> None:
    maria = scene.maria
    maria.type("hej")
    maria.see("Jag heter Lotsen")
    maria.tap("Det här väntar på mig")
    maria.see("Gör klart ärendet. Klart senast 2026-07-01")
    maria.tap("AVV-2026-00001")
    maria.see("Risk: måttlig, varje månad")
    maria.type("mina rapporter")
    maria.see("Det här har du skickat:")


def _an_alert_is_taken(scene: Scene) -> None:
    maria, inger = scene.maria, scene.inger
    maria.tap("Ny rapport")
    maria.see("Är någon i fara just nu?")
    maria.tap("Ja, fara nu")
    maria.see("Ring 112")
    scene.deliver()
    inger.see("Fara nu: någon behöver hjälp")
    inger.tap("Jag tar larmet")
    inger.see("Du tog larmet klockan")
    with scene.lotskoping.unit_of_work() as uow:
        assert list(uow.alerts.unacknowledged()) == []


def _somebody_was_hurt_and_the_manager_need_not_leave_the_chat(scene: Scene) -> None:
    maria = scene.maria
    case = scene.lotskoping.report("Något lugnt skrivet.", harm="care", conversation="webchat:2")
    change(scene.lotskoping, case, legal_areas=())
    scene.deliver()
    maria.see(f"Ärende {case.number} väntar på dig")
    maria.tap("Bedöm risken")
    maria.see("Vet personen vad som har hänt?")
    maria.page.get_by_label("Inte än").last.check()
    maria.page.get_by_label("Måttlig", exact=False).last.check()
    maria.page.get_by_label("Sällan", exact=False).last.check()
    maria.tap("Spara bedömningen")
    maria.see("Risk: måttlig, sällan")
    stored = scene.lotskoping.case(case.id)
    assert stored.legal_areas
    assert stored.person_told == PersonTold.NOT_YET
