"""The registrator shows on the page a case that was hidden from its manager by mistake."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from bot.web.app import create_app
from tests.bot.test_mailroom import log_in
from tests.handlers.test_held_case import ABOUT_THE_CHIEF, complained
from tests.handlers.test_shielding import shielded_by
from tests.lotskoping import BENGT, MARIA, Lotskoping

WHY = "Det gäller en chef i en annan kommun."
SURE = "Jag har läst hela ärendet."


@pytest.fixture
def client(lotskoping: Lotskoping) -> Iterator[TestClient]:
    with TestClient(create_app(lotskoping.services), base_url="http://127.0.0.1:8000") as opened:
        yield opened


def test_she_reads_who_it_is_hidden_from_ticks_that_she_is_sure_and_it_is_shown(
    lotskoping: Lotskoping, client: TestClient
):
    case = shielded_by(lotskoping, complained(lotskoping, ABOUT_THE_CHIEF), BENGT)
    address = f"/arenden/{case.id}"
    log_in(client, BENGT)
    assert case.number in client.get("/arenden").text
    page = client.get(address).text
    assert "Tänk efter en gång till." in page
    assert "Maria Lindqvall" in page
    assert SURE in page
    form = {"version": str(case.version), "reason": WHY}
    asked = client.post(f"{address}/haev-skydd", data=form)
    assert asked.status_code == 422
    assert "Läs ärendet en gång till." in asked.text
    assert WHY in asked.text
    done = client.post(f"{address}/haev-skydd", data={**form, "sure": "1"})
    assert done.status_code in (200, 303)
    assert not lotskoping.case(case.id).manager_involved
    log_in(client, MARIA)
    assert WHY in client.get(address).text


def test_the_manager_can_press_nothing(lotskoping: Lotskoping, client: TestClient):
    case = shielded_by(lotskoping, complained(lotskoping, ABOUT_THE_CHIEF), BENGT)
    log_in(client, MARIA)
    form = {"version": str(case.version), "reason": WHY, "sure": "1"}
    assert client.post(f"/arenden/{case.id}/haev-skydd", data=form).status_code == 404
    assert lotskoping.case(case.id).manager_involved
