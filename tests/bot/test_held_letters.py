"""Held letters wait in the registrator's list until somebody has read them, and nag meanwhile."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from bot.delivery import deliver_outbox
from bot.schedule import sweep
from bot.web.app import create_app
from handlers import notices
from handlers.errors import PermanentDeliveryError
from handlers.records import Purpose, QueuedMessage
from handlers.todo import Todo, todos_of
from tests.bot.post import Post
from tests.bot.test_mailroom import log_in, newsletter
from tests.lotskoping import BENGT, MARIA, MONIKA, Lotskoping

STAND_IN = "ulla-brittmark"  # deputy registrator


@pytest.fixture
def post(lotskoping: Lotskoping) -> Post:
    return Post(lotskoping)


@pytest.fixture
def client(lotskoping: Lotskoping) -> Iterator[TestClient]:
    with TestClient(create_app(lotskoping.services), base_url="http://127.0.0.1:8000") as opened:
        yield opened


def waiting(lotskoping: Lotskoping, person: str) -> list[Todo]:
    with lotskoping.unit_of_work() as uow:
        rows = todos_of(uow, lotskoping.services.municipality, person, lotskoping.clock())
    return [row for row in rows if row.step == "todo.letters"]


def digests(lotskoping: Lotskoping, person: str) -> list[str]:
    return [
        q.message.text
        for q in lotskoping.outbox()
        if q.message.purpose == Purpose.DIGEST and q.message.person_id == person
    ]


def test_the_registrator_has_a_line_with_the_number_of_letters(post: Post, client: TestClient):
    newsletter(post)
    [row] = waiting(post.lotskoping, BENGT)
    assert (row.count, row.path) == (1, "/brev")
    assert waiting(post.lotskoping, MARIA) == []
    log_in(client, BENGT)
    assert "Läs brev som väntar (1)" in client.get("/att-gora").text


def test_a_letter_that_is_read_and_no_case_waits_no_longer(post: Post, client: TestClient):
    newsletter(post)
    log_in(client, MARIA)
    assert client.post("/brev/1/last").status_code == 404
    log_in(client, BENGT)
    client.post("/brev/1/last")
    assert waiting(post.lotskoping, BENGT) == []
    assert "Nyhetsbrev juni" in client.get("/brev").text
    with post.lotskoping.unit_of_work() as uow:
        now, day = post.lotskoping.clock(), timedelta(days=1)
        kinds = [event.kind for event in uow.audit.between(now - day, now + day)]
    assert "mail_put_aside" in kinds


def test_one_that_has_waited_is_in_the_digest_every_working_day_and_then_everybodys(post: Post):
    newsletter(post)
    lotskoping = post.lotskoping
    sweep(lotskoping.services)
    assert not [text for text in digests(lotskoping, BENGT) if "brev" in text]
    told: dict[str, int] = {BENGT: 0, STAND_IN: 0, MARIA: 0}
    for number in range(1, 8):
        lotskoping.clock.advance(days=1)
        sweep(lotskoping.services)
        for person in told:
            told[person] = sum("Läs brev som väntar (1)" in t for t in digests(lotskoping, person))
        if number == 2:
            assert told == {BENGT: 2, STAND_IN: 0, MARIA: 0}
    assert told[STAND_IN] >= 1
    assert told[MARIA] == 0
    assert "Nyhetsbrev" not in "".join(digests(lotskoping, BENGT))


def test_the_mail_room_says_nothing_of_a_case_to_somebody_involved_in_it(
    post: Post, client: TestClient
):
    lotskoping = post.lotskoping
    case = lotskoping.report()
    with lotskoping.unit_of_work() as uow:
        person = uow.organisation.person(MONIKA)
        assert person is not None
        notices.queue(
            uow,
            notices.undelivered(case, "x", person, lotskoping.services.municipality),
            lotskoping.clock(),
        )
        uow.commit()
    lose_everything(lotskoping)
    log_in(client, BENGT)
    assert case.number in client.get("/brev").text
    with lotskoping.unit_of_work() as uow:
        uow.cases.save(replace(case, manager_involved=True, manager_involved_ids=(BENGT,)))
        uow.commit()
    assert case.number not in client.get("/brev").text


class Lost:
    def send(self, queued: QueuedMessage) -> None:
        raise PermanentDeliveryError("no such mailbox")


def lose_everything(lotskoping: Lotskoping) -> None:
    deliver_outbox(lotskoping.services, {"mail": Lost(), "webchat": Lost()})


@pytest.mark.parametrize(
    ("text", "expected", "unexpected"),
    [
        ("Tack för fin omsorg om mamma! Ni är underbara.", "fina ord", "svar senast"),
        ("Jag begär ut alla handlingar om min mor.", "2 kap. 16", "svar senast"),
        ("Jag vill klaga. Ingen kom till mamma i går kväll.", "svar senast", "fina ord"),
    ],
)
def test_praise_and_requests_get_a_receipt_of_their_own(
    post: Post, text: str, expected: str, unexpected: str
):
    post.comes(text)
    [receipt] = post.sent_to("anna@mail.example")
    body = receipt.get_body(("plain",))
    assert body is not None
    words = body.get_content()
    assert expected in words
    assert unexpected not in words


def test_who_asks_for_documents_is_heard_by_the_registrator_whatever_unit_is_named(post: Post):
    post.comes("Jag begär ut alla handlingar om min mor på Björkgården.")
    with post.lotskoping.unit_of_work() as uow:
        [case] = uow.cases.listed(None, open_only=True)
    assert case.unit_id == ""


def test_every_kind_of_lost_message_has_its_word_in_the_mail_room(lotskoping: Lotskoping):
    say = lotskoping.services.municipality.catalogue.get
    assert all(
        say(f"purpose.{purpose}", language) for purpose in Purpose for language in ["sv", "en"]
    )
