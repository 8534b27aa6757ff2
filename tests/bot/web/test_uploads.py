"""Pictures and files of a report: what is taken, kept, shown, refused and erased."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from PIL import Image
from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import expect

from bot.web.app import create_app
from handlers.domain.case import Case
from handlers.records import ReportFile
from tests.bot.page_reader import Browser, Page
from tests.bot.web.conftest import Visit
from tests.bot.web.site import Site
from tests.bot.web.test_report import tab_to
from tests.bot.web.walking import WHAT, answer_until, asked, begin, press, receipt_number
from tests.lotskoping import ERIK, INGER, MARIA, Lotskoping

MAKER = 0x010F  # where a camera writes its name
WAY = ("Nej", WHAT, "I går", "Björkgårdens äldreboende", "hoppa över", "vet inte", "hoppa över",
       "hoppa över", "vet inte")  # fmt: skip


def photo(kind: str = "JPEG", size: tuple[int, int] = (1600, 1200)) -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[MAKER] = "Kameran som Anna har"
    Image.new("RGB", size, "red").save(out, kind, exif=exif)
    return out.getvalue()


def document() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
    return out.getvalue()


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * 400_000_000)
    return out.getvalue()


@dataclass(slots=True)
class Reporter:
    """Somebody in the web chat, who stands at the summary."""

    lotskoping: Lotskoping
    browser: Browser

    def files(self) -> list[ReportFile]:
        with self.lotskoping.unit_of_work() as uow:
            draft_id = uow.connection.exec_driver_sql("SELECT id FROM drafts").scalar_one()
            return list(uow.report_files.of_draft(draft_id))

    def send(self) -> Case:
        self.browser.say("Skicka rapporten")
        with self.lotskoping.unit_of_work() as uow:
            return uow.cases.listed(None, open_only=False)[-1]


@pytest.fixture
def reporter(lotskoping: Lotskoping) -> Iterator[Reporter]:
    with Browser(lotskoping.services) as browser:
        browser.open("/rapportera?form=deviation")
        for line in WAY:
            browser.say(line)
        yield Reporter(lotskoping, browser)


@pytest.fixture
def client(lotskoping: Lotskoping) -> Iterator[TestClient]:
    with TestClient(create_app(lotskoping.services), base_url="http://127.0.0.1:8000") as opened:
        opened.post("/logga-in", data={"person_id": MARIA})
        yield opened


def at_summary(page: Page) -> bool:
    return "Stämmer det?" in page.text


def test_a_picture_reaches_the_case_and_is_shown_without_what_the_camera_wrote(
    reporter: Reporter, client: TestClient
):
    page = reporter.browser.upload(("golvet.jpg", photo()))
    assert "golvet.jpg är tillagd" in page.text
    assert at_summary(page)
    case = reporter.send()
    [file] = listed(reporter.lotskoping, case)
    assert "golvet.jpg" in client.get(f"/arenden/{case.id}").text
    for path in ("fil", "filbild"):
        answer = client.get(f"/arenden/{case.id}/{path}/{file.id}")
        assert b"Anna" not in answer.content
        with Image.open(io.BytesIO(answer.content)) as shown:
            assert not shown.getexif()
            assert max(shown.size) == {"fil": 1600, "filbild": 900}[path]


def test_a_reported_file_that_is_fetched_stands_in_the_history(
    reporter: Reporter, client: TestClient
):
    reporter.browser.upload(("golvet.jpg", photo()))
    case = reporter.send()
    [file] = listed(reporter.lotskoping, case)
    client.get(f"/arenden/{case.id}/fil/{file.id}")
    with reporter.lotskoping.unit_of_work() as uow:
        read = [e.values for e in uow.cases.events(case.id) if e.kind == "file_read"]
    assert read == [{"file": file.id}]


def listed(lotskoping: Lotskoping, case: Case) -> list[ReportFile]:
    with lotskoping.unit_of_work() as uow:
        return list(uow.report_files.of_case(case.id))


def test_the_original_is_kept_and_lies_in_the_package_beside_who_wrote(
    reporter: Reporter, client: TestClient
):
    reporter.browser.upload(("golvet.jpg", photo()), ("plan.txt", "Så här låg mattan.".encode()))
    case = reporter.send()
    [picture, _] = listed(reporter.lotskoping, case)
    with reporter.lotskoping.unit_of_work() as uow:
        kept = uow.report_files.find(case.id, picture.id)
    assert kept is not None
    assert kept.content == photo()
    assert kept.sha256 == sha256(photo()).hexdigest()
    client.post("/logga-in", data={"person_id": INGER})
    archive = zipfile.ZipFile(io.BytesIO(client.get(f"/arenden/{case.id}/paket").content))
    files = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}
    assert b"Anna" not in files["bilagor/rapport-1-golvet.jpg"]
    assert files["bilagor/rapport-2-plan.txt"] == "Så här låg mattan.".encode()
    originals = [name for name in files if name == "avsandare/rapport-1-golvet.jpg"]
    assert all(files[name] == photo() for name in originals)


def test_the_same_form_sent_twice_adds_one_file(reporter: Reporter):
    for _ in range(2):
        page = reporter.browser.upload(("golvet.jpg", photo()), message_id="upload-1")
        assert "golvet.jpg är tillagd" in page.text
    assert len(reporter.files()) == 1


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("tom.jpg", b"", "tom.jpg är tom"),
        ("stor.txt", b"a" * 10_000_001, "stor.txt är större än 10 MB"),
        ("sida.jpg", b"<html><script>1</script></html>", "av ett slag som inte går att ta emot"),
        ("program.pdf", b"MZ\x90\x00\x03", "av ett slag som inte går att ta emot"),
        ("makro.docm", document(), "av ett slag som inte går att ta emot"),
        ("bild.heic", b"\0\0\0\x18ftypheic\0\0\0\0", "av ett slag som inte går att ta emot"),
        ("trasig.jpg", photo()[:900], "trasig.jpg går inte att öppna"),
        ("enorm.png", photo("PNG", (1, 1))[:16] + b"\0\1\0\0\0\1\0\0" + b"\0" * 40, "enorm.png är"),
        ("bomb.docx", bomb(), "bomb.docx är för stor när den packas upp"),
    ],
)
def test_what_is_not_taken_is_said_and_the_rest_is_kept(
    reporter: Reporter, name: str, content: bytes, sentence: str
):
    page = reporter.browser.upload((name, content), ("golvet.jpg", photo()))
    assert sentence in page.text
    assert at_summary(page)
    assert [file.name for file in reporter.files()] == ["golvet.jpg"]


def test_a_file_is_what_its_bytes_say_and_its_name_is_made_safe(reporter: Reporter):
    reporter.browser.upload(
        ("../../etc/passwd", b"Mattan l\xc3\xa5g h\xc3\xa4r"), ("19121212-1213.docx", document())
    )
    assert [(file.name, file.media_type.rpartition(".")[2]) for file in reporter.files()] == [
        ("passwd", "text/plain"),
        ("[dolt nummer].docx", "document"),
    ]


def test_one_file_more_than_there_is_room_for_is_refused(reporter: Reporter):
    page = reporter.browser.upload(*((f"{number}.png", photo("PNG")) for number in range(6)))
    assert "5.png fick inte plats. En rapport kan ha högst 5 filer." in page.text
    assert len(reporter.files()) == 5


def test_a_file_is_taken_away_with_a_tap(reporter: Reporter):
    reporter.browser.upload(("golvet.jpg", photo()))
    page = reporter.browser.say("Ta bort golvet.jpg")
    assert "Filen är borttagen" in page.text
    assert reporter.files() == []


def test_files_stay_with_a_paused_report_and_go_with_an_erased_one(reporter: Reporter):
    reporter.browser.upload(("golvet.jpg", photo()))
    reporter.browser.say("Pausa")
    reporter.browser.say("Fortsätt")
    assert len(reporter.files()) == 1
    reporter.lotskoping.clock.advance(days=15)
    with reporter.lotskoping.unit_of_work() as uow:
        uow.erase_due(reporter.lotskoping.clock())
        uow.commit()
        rows = uow.connection.exec_driver_sql("SELECT count(*) FROM report_files")
        assert rows.scalar_one() == 0


def test_files_of_a_sent_report_outlive_its_draft(reporter: Reporter):
    reporter.browser.upload(("golvet.jpg", photo()))
    case = reporter.send()
    reporter.lotskoping.clock.advance(days=15)
    with reporter.lotskoping.unit_of_work() as uow:
        uow.erase_due(reporter.lotskoping.clock())
        uow.commit()
    assert len(listed(reporter.lotskoping, case)) == 1


def test_nothing_is_added_to_a_report_that_has_been_sent(reporter: Reporter):
    page = reporter.browser.page
    case = reporter.send()
    reporter.browser.page = page  # an old tab
    answer = reporter.browser.upload(("golvet.jpg", photo()), message_id="late")
    assert "Här går det inte att lägga till filer" in answer.text
    assert listed(reporter.lotskoping, case) == []


def test_a_picture_can_be_added_to_a_sent_report_through_an_addition(reporter: Reporter):
    case = reporter.send()
    reporter.browser.open("/mina-rapporter")
    reporter.browser.say(f"Lägg till i {case.number}")
    reporter.browser.say("Det fanns en bild också.")
    page = reporter.browser.page
    assert at_summary(page)
    reporter.browser.upload(("golvet.jpg", photo()))
    reporter.browser.say("Lägg till")
    assert len(listed(reporter.lotskoping, case)) == 1


def test_only_those_who_may_open_the_case_get_its_files(reporter: Reporter, client: TestClient):
    reporter.browser.upload(("golvet.jpg", photo()))
    case = reporter.send()
    [file] = listed(reporter.lotskoping, case)
    client.post("/logga-in", data={"person_id": ERIK})
    for path in ("fil", "filbild"):
        assert client.get(f"/arenden/{case.id}/{path}/{file.id}").status_code == 404


def test_an_anonymous_picture_is_stored_without_traces_and_other_files_are_refused(
    lotskoping: Lotskoping,
):
    with Browser(lotskoping.services) as browser:
        browser.open("/anonymt")
        browser.say("Avvikelse")
        browser.open("/rapportera?form=deviation")
        for line in WAY:
            browser.say(line)
        page = browser.upload(("Annas mobil.jpg", photo()), ("brev.docx", document()))
    assert "brev.docx kan visa vem du är" in page.text
    with lotskoping.unit_of_work() as uow:
        rows = uow.connection.exec_driver_sql("SELECT name, content FROM report_files")
        [(name, content)] = rows.all()
    assert name == "bild-1.jpeg"
    assert b"Anna" not in content


def test_a_form_that_weighs_too_much_is_turned_away_before_it_is_read(client: TestClient):
    answer = client.post("/rapportera/fil", headers={"content-length": "51000001"}, content=b"")
    assert answer.status_code == 413
    assert "Filerna är för stora tillsammans" in answer.text


def test_a_form_of_unstated_length_is_turned_away(client: TestClient):
    assert client.post("/rapportera/fil", content=iter([b"a" * 100])).status_code == 411


# --- in a browser ---------------------------------------------------------------------------


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "golvet.jpg"
    path.write_bytes(photo())
    return path


def choose(page: BrowserPage, *paths: Path) -> None:
    page.get_by_text("Lägg till bild eller fil").click()
    page.get_by_label("Välj bild eller fil").set_input_files(list(paths))
    page.get_by_role("button", name="Ladda upp", exact=True).click()


def test_a_picture_is_added_on_a_phone_and_again_after_a_lost_connection(
    visit: Visit, picture: Path
) -> None:
    page = visit()
    begin(page)
    answer_until(page, "summary")
    page.context.set_offline(True)
    choose(page, picture)
    expect(page.locator("#files-fault")).to_contain_text("Filen kom inte fram")
    page.context.set_offline(False)
    page.get_by_role("button", name="Ladda upp", exact=True).click()
    expect(page.get_by_role("button", name="Ta bort golvet.jpg")).to_be_visible()
    asked(page, "summary")


def test_a_file_that_is_too_large_is_held_back_in_the_phone(visit: Visit, tmp_path: Path) -> None:
    large = tmp_path / "stor.txt"
    large.write_bytes(b"a" * 10_000_001)
    page = visit()
    begin(page)
    answer_until(page, "summary")
    choose(page, large)
    expect(page.locator("#files-fault")).to_contain_text("större än 10 MB")
    press(page, "Skicka rapporten")
    receipt_number(page)


def test_the_keyboard_reaches_the_field_for_files(visit: Visit) -> None:
    page = visit()
    begin(page)
    answer_until(page, "summary")
    tab_to(page, "Lägg till bild eller fil")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#files")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Ladda upp")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#rejection")).to_contain_text("Välj en bild eller fil först")
    expect(page.locator("#rejection")).to_be_focused()


def test_a_picture_is_added_without_a_script(visit: Visit, site: Site, picture: Path) -> None:
    page = visit(java_script_enabled=False)
    begin(page)
    answer_until(page, "summary")
    choose(page, picture)
    expect(page.get_by_text("golvet.jpg är tillagd")).to_be_visible()
    page.reload()  # the browser sends the last form once more
    press(page, "Skicka rapporten")
    receipt_number(page)
    with site.lotskoping.unit_of_work() as uow:
        [case] = uow.cases.listed(None, open_only=False)
        assert len(uow.report_files.of_case(case.id)) == 1
