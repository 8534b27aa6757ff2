"""Whether work gets done is for all to ask; what is the matter is not for all to read."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from bot.web.app import create_app
from bot.web.health import STALE_AFTER
from handlers.domain.people import Role
from tests.bot.test_staff_and_tasks import ADMIN, appoint
from tests.lotskoping import MARIA, Lotskoping

PUBLIC = "https://lotsen.lotskoping.example"
FAR, HERE = ("192.0.2.7", 50000), ("127.0.0.1", 50000)


def client_of(lotskoping: Lotskoping, base: str, peer: tuple[str, int]) -> TestClient:
    return TestClient(create_app(lotskoping.services), base_url=base, client=peer)


@pytest.fixture
def far(lotskoping: Lotskoping) -> Iterator[TestClient]:
    with client_of(lotskoping, PUBLIC, FAR) as opened:
        yield opened


def make_stale(lotskoping: Lotskoping) -> None:
    lotskoping.report()  # its notice waits in the outbox
    lotskoping.clock.advance(minutes=(STALE_AFTER + timedelta(minutes=1)) // timedelta(minutes=1))


def test_the_world_hears_yes_or_no(lotskoping: Lotskoping, far: TestClient):
    assert far.get("/health/ready").json() == {"status": "ok"}
    make_stale(lotskoping)
    answer = far.get("/health/ready")
    assert (answer.status_code, answer.json()) == (503, {"status": "stale"})


def test_somebody_on_the_machine_reads_what_is_the_matter(lotskoping: Lotskoping):
    make_stale(lotskoping)
    with client_of(lotskoping, "http://127.0.0.1:8000", HERE) as here:
        answer = here.get("/health/ready").json()
    assert answer["stale"] == ["outbox"]
    assert answer["dead_letters"] == 0


@pytest.mark.parametrize(
    ("base", "headers"),
    [(PUBLIC, {}), ("http://127.0.0.1:8000", {"X-Forwarded-For": "192.0.2.7"})],
)
def test_what_a_proxy_on_the_machine_passes_on_is_not_local(
    lotskoping: Lotskoping, base: str, headers: dict[str, str]
):
    with client_of(lotskoping, base, HERE) as proxied:
        assert proxied.get("/health/ready", headers=headers).json() == {"status": "ok"}


def test_an_administrator_reads_it_and_a_manager_does_not(lotskoping: Lotskoping, far: TestClient):
    appoint(lotskoping, ADMIN, Role.ADMINISTRATOR)
    far.post("/logga-in", data={"person_id": MARIA})
    assert far.get("/health/ready").json() == {"status": "ok"}
    far.post("/logga-in", data={"person_id": ADMIN})
    assert "dead_letters" in far.get("/health/ready").json()
