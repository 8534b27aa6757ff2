"""A poster is found from a page, read by a phone's camera, and leads to the unit's report."""

import io
import re
from collections.abc import Iterator

import pypdfium2
import pytest
import zxingcpp
from fastapi.testclient import TestClient
from PIL import Image

from bot.web.app import create_app
from tests.bot.page_reader import Browser
from tests.lotskoping import ERIK, Lotskoping

SHEET = "/enheter/bjorkgarden/affisch"
A4_MM = (210, 297)


@pytest.fixture
def client(lotskoping: Lotskoping) -> Iterator[TestClient]:
    with TestClient(create_app(lotskoping.services), base_url="http://127.0.0.1:8000") as opened:
        yield opened


def scanned(picture: Image.Image) -> str:
    [found] = zxingcpp.read_barcodes(picture)
    return found.text


def test_a_camera_reads_the_same_address_from_the_print_and_the_picture(client: TestClient):
    with pypdfium2.PdfDocument(client.get(SHEET).content) as document:
        page = document[0]
        printed = page.render(scale=2).to_pil()
        assert len(document) == 1
        assert tuple(round(points / 72 * 25.4) for points in page.get_size()) == A4_MM
    picture = Image.open(io.BytesIO(client.get(f"{SHEET}.png").content))
    address = "http://127.0.0.1:8000/rapportera?enhet=bjorkgarden"
    assert [scanned(printed), scanned(picture)] == [address, address]


def test_the_print_says_the_unit_the_address_and_what_to_do_in_danger(client: TestClient):
    with pypdfium2.PdfDocument(client.get(SHEET).content) as document:
        text = document[0].get_textpage().get_text_range()
    assert "Björkgårdens äldreboende" in text
    assert "127.0.0.1:8000/rapportera" in text
    assert "Ring 112" in text


def test_a_unit_that_does_not_exist_has_no_poster(client: TestClient):
    assert client.get("/enheter/finns-inte/affisch").status_code == 404


def test_a_manager_finds_the_own_units_poster_first(client: TestClient):
    client.post("/logga-in", data={"person_id": ERIK})
    assert 'href="/enheter"' in client.get("/uppgifter").text
    first = re.search(r'href="(/enheter/[^"]+)"', client.get("/enheter").text)
    assert first is not None
    assert first[1] == "/enheter/hemtjanst-norr/affisch"


def test_whoever_comes_by_the_poster_need_not_say_where_and_can_change_it(
    lotskoping: Lotskoping,
):
    with Browser(lotskoping.services) as browser:
        browser.open("/rapportera?enhet=bjorkgarden")
        browser.open("/rapportera?form=deviation")
        browser.say("Nej")
        page = browser.say("Personen satt på golvet när vi kom in i rummet.")
        assert "Björkgårdens äldreboende (jag gissar)" in page.text
        page = browser.say("ändra Var")
        assert "På vilken enhet hände det?" in page.text
