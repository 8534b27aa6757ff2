"""Where pages lead: nobody meets a link that answers that the page does not exist."""

import re

import pytest
from fastapi.testclient import TestClient

from bot.web.app import create_app
from handlers.domain.people import Role
from tests.bot.test_staff_and_tasks import appoint
from tests.lotskoping import Lotskoping

SOMEBODY = "sara-nyvik"
LEADS = re.compile(r'href="(/[^"#]*)')
CASES = {"/arenden", "/larm", "/moten", "/monster"}


def links_in(page: str) -> set[str]:
    found = {address.replace("&amp;", "&") for address in LEADS.findall(page)}
    return {one for one in found if not one.startswith(("/static", "/sprak", "/hjalp-nu"))}


@pytest.fixture(params=list(Role))
def somebody(request, lotskoping: Lotskoping) -> tuple[Role, TestClient]:
    """A new person in one office, everywhere or at one unit, and a case there."""
    lotskoping.report()
    role: Role = request.param
    scope = {Role.UNIT_MANAGER: "bjorkgarden", Role.AREA_MANAGER: "omr-boende"}.get(role, "")
    appoint(lotskoping, SOMEBODY, role, scope)
    client = TestClient(create_app(lotskoping.services), follow_redirects=True)
    client.post("/logga-in", data={"person_id": SOMEBODY})
    return role, client


def test_every_link_of_every_page_in_the_menu_opens(somebody: tuple[Role, TestClient]):
    _, client = somebody
    first = links_in(client.get("/att-gora").text)
    assert "/att-gora" in first
    second = set().union(*(links_in(client.get(one).text) for one in first))
    answers = {one: client.get(one).status_code for one in first | second}
    assert {one: status for one, status in answers.items() if status != 200} == {}


def test_who_opens_no_case_is_not_led_to_empty_lists(somebody: tuple[Role, TestClient]):
    role, client = somebody
    led = links_in(client.get("/att-gora").text)
    outside = role in (Role.BOARD, Role.ADMINISTRATOR, Role.LOG_REVIEWER)
    assert led & CASES == (set() if outside else CASES)
    assert ("/organisation" in led) == (role == Role.ADMINISTRATOR)
    assert role != Role.BOARD or "/siffror" in led
