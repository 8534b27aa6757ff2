"""The administrator reads the organisation in from a file: sees first, does then."""

import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from bot.organisation import export_organisation
from bot.web.organisation_upload import _unpacked
from tests.bot.test_access_log import ADMIN, browser
from tests.bot.test_organisation_import import NEW_MANAGER, organisation
from tests.lotskoping import INGER, MARIA, Lotskoping

NINA = "nina.nordgren@lotskoping.example"


@pytest.fixture
def rolf(lotskoping: Lotskoping) -> TestClient:
    return browser(lotskoping, ADMIN)


def looked_at(client: TestClient, text: str) -> Response:
    files = {"file": ("organisation.csv", text.encode("utf-8-sig"), "text/csv")}
    return client.post("/organisation/fil", files=files)


def carried(page: str) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="(packed|seen)" value="([^"]*)"', page))


def with_nina(lotskoping: Lotskoping) -> str:
    return export_organisation(lotskoping.services) + NEW_MANAGER + "\r\n"


def addresses(lotskoping: Lotskoping) -> set[str]:
    return {person.email for person in organisation(lotskoping).people}


def test_a_file_is_shown_first_and_done_when_the_administrator_says_so(
    lotskoping: Lotskoping, rolf: TestClient
):
    page = looked_at(rolf, with_nina(lotskoping)).text
    assert "Det här skulle ändras" in page
    assert f"+ person Nina Nordgren &lt;{NINA}&gt;" in page
    assert NINA not in addresses(lotskoping)
    done = rolf.post("/organisation/fil/gor", data=carried(page)).text
    assert "Klart. Organisationen är nu som i filen." in done
    assert NINA in addresses(lotskoping)
    with lotskoping.unit_of_work() as uow:
        lines = uow.audit.between(lotskoping.clock(), lotskoping.clock() + timedelta(days=1))
    [line] = [one for one in lines if one.kind == "organisation_imported"]
    assert line.actor_id == ADMIN


def test_faults_are_named_by_their_line_and_nothing_can_be_done(
    lotskoping: Lotskoping, rolf: TestClient
):
    answer = looked_at(rolf, with_nina(lotskoping).replace("Enhetschef", "Kapten"))
    rows = len(with_nina(lotskoping).splitlines())
    assert answer.status_code == 422
    assert re.search(rf"<li>rad {rows}: [^<]*kapten", answer.text, re.IGNORECASE)
    assert "Gör ändringarna" not in answer.text


def test_what_was_looked_at_is_looked_at_again_when_it_is_another_thing_now(
    lotskoping: Lotskoping, rolf: TestClient
):
    page = looked_at(rolf, with_nina(lotskoping)).text
    other = browser(lotskoping, ADMIN)
    renamed = with_nina(lotskoping).replace("Nina Nordgren", "Nina Sund")
    other.post("/organisation/fil/gor", data=carried(looked_at(other, renamed).text))
    again = rolf.post("/organisation/fil/gor", data=carried(page)).text
    assert "Titta en gång till" in again
    assert "~ person Nina Sund" in again
    names = {p.name for p in organisation(lotskoping).people if p.email == NINA}
    assert names == {"Nina Sund"}
    assert "Klart." in rolf.post("/organisation/fil/gor", data=carried(again)).text


def test_a_file_that_ends_most_of_it_needs_a_tick(lotskoping: Lotskoping, rolf: TestClient):
    heading, *lines = export_organisation(lotskoping.services).splitlines()
    few = "\r\n".join([heading, *(one for one in lines if ADMIN in one or "mas" in one.split(";"))])
    page = looked_at(rolf, few).text
    assert "uppdrag ska upphöra" in page
    before = organisation(lotskoping)
    refused = rolf.post("/organisation/fil/gor", data=carried(page))
    assert refused.status_code == 422
    assert organisation(lotskoping) == before
    rolf.post("/organisation/fil/gor", data={**carried(page), "sure": "1"})
    assert organisation(lotskoping) != before


@pytest.mark.parametrize("person", [MARIA, INGER, ""])
def test_nobody_else_reads_or_changes_the_organisation_by_file(lotskoping: Lotskoping, person: str):
    client = browser(lotskoping, person) if person else browser(lotskoping, "nobody")
    for path in ("/organisation/fil", "/organisation.csv"):
        page = client.get(path)
        assert "epost" not in page.text
        assert page.status_code == 404 or "Logga in" in page.text
    assert NINA not in looked_at(client, with_nina(lotskoping)).text
    assert NINA not in addresses(lotskoping)


@pytest.mark.parametrize("packed", ["", "inget", "aW5nZXQ="])
def test_what_nobody_has_packed_is_an_empty_file(packed: str):
    assert _unpacked(packed) == b""
