"""Whatever people send is taken as text, stored whole and shown escaped."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from bot.web.app import create_app
from tests.lotskoping import MARIA, Lotskoping

AWKWARD = {
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "null bytes": "Personen\x00 föll\x00",
    "emoji": "🙂🙃 hon föll 🤕",
    "right to left": "שלום היא נפלה\u202e gnp.exe",
    "very long": "Hon föll. " * 5_000,
    "control characters": "Hon\x07 föll\x1b[31m",
    "template": "{{ 7 * 7 }} {% raw %} {say}",
}


@pytest.fixture
def client(lotskoping: Lotskoping) -> Iterator[TestClient]:
    with TestClient(create_app(lotskoping.services), base_url="http://127.0.0.1:8000") as opened:
        yield opened


def answer(client: TestClient, **fields: str) -> str:
    page = client.post("/rapportera", data=fields)
    assert page.status_code == 200
    return page.text


@pytest.mark.parametrize("text", AWKWARD.values(), ids=AWKWARD.keys())
def test_awkward_words_are_stored_and_shown_to_the_manager_as_text(
    client: TestClient, lotskoping: Lotskoping, text: str
):
    case = lotskoping.report(text)
    with lotskoping.unit_of_work() as uow:
        report = uow.reports.of_case(case.id)
    assert report is not None
    stored = report.text_of("what")
    assert "\x00" not in stored
    assert len(stored) >= len(text.strip()) - text.count("\x00") - 2
    client.post("/logga-in", data={"person_id": MARIA})
    page = client.get(f"/arenden/{case.id}").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert ("{{ 7 * 7 }}" in page) == ("{{ 7 * 7 }}" in text)


@pytest.mark.parametrize("text", AWKWARD.values(), ids=AWKWARD.keys())
def test_the_web_page_takes_awkward_words_and_goes_on(client: TestClient, text: str):
    client.get("/rapportera?form=deviation")
    answer(client, choice="no")
    page = answer(client, text=text)
    assert "<script>alert" not in page
    assert "När hände det?" in page or 'role="alert"' not in page


def test_a_form_of_many_megabytes_is_refused_in_words(client: TestClient):
    page = client.post("/rapportera", data={"text": "x" * 3_000_000})
    assert page.status_code == 413
    assert "kunde inte läsas" in page.text


def test_a_form_from_another_site_is_refused(client: TestClient):
    page = client.post(
        "/rapportera", data={"choice": "no"}, headers={"origin": "https://evil.example"}
    )
    assert page.status_code == 403


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("risk", {"severity": "9", "likelihood": "²"}),
        ("risk", {}),
        ("orsak", {"area": "fel", "text": "x"}),
        ("atgard", {"cause_id": "x", "text": "x", "owner_id": "x", "due_on": "i morgon"}),
        ("handlar-om", {"category": "made up"}),
        ("enhet", {"unit_id": "made up"}),
        ("nonsense", {}),
    ],
)
def test_a_managers_broken_form_changes_nothing_and_is_answered_in_words(
    client: TestClient, lotskoping: Lotskoping, path: str, fields: dict[str, str]
):
    case = lotskoping.report()
    client.post("/logga-in", data={"person_id": MARIA})
    page = client.post(f"/arenden/{case.id}/{path}", data={"version": "1", **fields})
    assert page.status_code == 422
    assert "Traceback" not in page.text
    assert lotskoping.case(case.id) == case
