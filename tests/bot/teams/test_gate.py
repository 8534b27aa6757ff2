"""Who is let in: only what Teams has signed for this bot, from our tenant."""

import time

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.channels.teams.gate import LARGEST_BYTES
from tests.bot.teams.fake_teams import FakeTeams
from tests.bot.teams.house import House


def stored(house: House) -> int:
    with house.lotskoping.unit_of_work() as uow:
        return len([i for i in uow.inbox.in_state("done") if i.source == "teams-activity"])


def test_what_teams_has_signed_is_taken(house: House) -> None:
    assert house.post(house.activity(text="hej")).status_code == 200
    assert house.fake.wait_for(1)


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "somebody-else"},
        {"iss": "https://evil.example"},
        {"exp": int(time.time()) - 4000},
        {"serviceurl": "https://evil.example/"},
        {"serviceurl": None},
        {"exp": None, "nbf": int(time.time()) + 4000},
    ],
    ids=["audience", "issuer", "expired", "service url", "no service url", "not yet valid"],
)
def test_a_token_that_is_wrong_in_one_thing_is_refused(
    house: House, changed: dict[str, object]
) -> None:
    answer = house.post(house.activity(text="hej"), house.fake.token(**changed))
    assert answer.status_code == 401
    assert stored(house) == 0
    assert house.fake.calls == []


def test_without_a_token_nothing_is_taken(house: House) -> None:
    assert house.post(house.activity(text="hej"), "").status_code == 401


def test_a_token_signed_with_another_key_is_refused(house: House) -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    answer = house.post(house.activity(text="hej"), house.fake.token_signed_with(other))
    assert answer.status_code == 401


def test_an_activity_that_names_no_service_url_is_refused(house: House) -> None:
    activity = house.activity(text="hej")
    del activity["serviceUrl"]
    assert house.post(activity).status_code == 401


def test_a_signed_service_url_outside_the_known_hosts_is_refused(
    house: House, fake: FakeTeams
) -> None:
    elsewhere = "https://connector.example/"
    activity = house.activity(text="hej", serviceUrl=elsewhere)
    assert house.post(activity, fake.token(serviceurl=elsewhere)).status_code == 401


def test_another_tenant_is_refused(house: House) -> None:
    tenant = {"tenant": {"id": "00000000-0000-4000-8000-000000000000"}}
    answer = house.post(house.activity(text="hej", channelData=tenant))
    assert answer.status_code == 403
    assert stored(house) == 0


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b'"text"', b"\xff"])
def test_what_is_no_object_is_answered_400(house: House, raw: bytes) -> None:
    headers = {"authorization": f"Bearer {house.fake.token()}"}
    assert house.client.post("/api/messages", content=raw, headers=headers).status_code == 400


def test_an_activity_without_a_sender_is_answered_400(house: House) -> None:
    activity = house.activity(text="hej")
    del activity["from"]
    assert house.post(activity).status_code == 400


def test_what_is_too_large_is_not_even_read(house: House) -> None:
    activity = house.activity(text="x" * LARGEST_BYTES)
    assert house.post(activity).status_code == 413


def test_an_unknown_kind_of_activity_is_taken_and_let_go(house: House) -> None:
    activity = house.activity("event", name="something/new", value={"a": 1})
    assert house.post(activity).status_code == 200
    assert house.fake.calls == []
