"""The mail room: what was held is seen, and becomes a case with one click."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from bot.web.app import create_app
from tests.bot.post import Post
from tests.lotskoping import BENGT, MARIA, Lotskoping


@pytest.fixture
def post(lotskoping: Lotskoping) -> Post:
    return Post(lotskoping)


@pytest.fixture
def client(lotskoping: Lotskoping) -> Iterator[TestClient]:
    with TestClient(create_app(lotskoping.services), base_url="http://127.0.0.1:8000") as opened:
        yield opened


def log_in(client: TestClient, person_id: str) -> None:
    client.post("/logga-in", data={"person_id": person_id})


def newsletter(post: Post) -> None:
    post.comes(
        "Månadens erbjudanden till er äldreomsorg: handskar, förkläden och rabatt.",
        Subject="Nyhetsbrev juni",
        List_Id="<nyheter.butik.example>",
        List_Unsubscribe="<mailto:bort@butik.example>",
        Precedence="bulk",
        From="nyheter@butik.example",
    )


def test_a_newsletter_is_held_and_makes_no_case(post: Post, client: TestClient):
    newsletter(post)
    assert post.outcomes() == ["irrelevant"]
    log_in(client, BENGT)
    assert "Nyhetsbrev juni" in client.get("/brev").text


def test_one_click_makes_a_held_mail_a_case_and_a_second_changes_nothing(
    post: Post, client: TestClient
):
    newsletter(post)
    log_in(client, BENGT)
    client.post("/brev/1/arende")
    client.post("/brev/1/arende")
    with post.lotskoping.unit_of_work() as uow:
        [case] = uow.cases.listed(None, open_only=False)
        assert uow.letters.of_case(case.id)[0].subject == "Nyhetsbrev juni"
    assert "Nyhetsbrev juni" not in client.get("/brev").text


def test_only_the_registrator_opens_the_mail_room(post: Post, client: TestClient):
    newsletter(post)
    log_in(client, MARIA)
    assert client.get("/brev").status_code == 404
    assert client.post("/brev/1/arende").status_code == 404


def test_an_automatic_mail_that_answers_no_case_is_shown_for_a_month(
    post: Post, client: TestClient
):
    post.comes("Jag är på semester.", Auto_Submitted="auto-replied", Subject="Autosvar: ledig")
    log_in(client, BENGT)
    assert "Autosvar: ledig" in client.get("/brev").text
    post.lotskoping.clock.advance(days=31)
    log_in(client, BENGT)
    assert "Autosvar: ledig" not in client.get("/brev").text


def test_an_automatic_mail_can_become_a_case_with_one_click(post: Post, client: TestClient):
    post.comes("Ingen kom i går.", Auto_Submitted="auto-generated", Subject="Från min telefon")
    log_in(client, BENGT)
    client.post("/brev/1/arende")
    assert len(post.cases()) == 1
