"""Somebody without a name comes back with the code: adds more, and reads what became of it all."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from bot.receipt_codes import code_of, conversation_of, hash_of, new_token
from bot.web.app import create_app
from handlers import case_handling, shielding
from handlers.desk import Desk
from handlers.domain.case import Case, CaseStatus
from handlers.domain.risk import Likelihood, Severity
from tests.bot.test_own_reports import Person, closed, stored_text
from tests.handlers.test_investigation import do
from tests.lotskoping import MARIA, MONIKA, Lotskoping

ABOUT_THE_CHIEF = "Chefen slog den boende i ansiktet vid lunchen."
MORE = "Rullstolen var trasig också."


@pytest.fixture
def client(lotskoping: Lotskoping) -> Iterator[TestClient]:
    here = "http://127.0.0.1:8000"
    app = create_app(lotskoping.services)
    with TestClient(app, base_url=here, headers={"Origin": here}) as opened:
        yield opened


@pytest.fixture
def code(lotskoping: Lotskoping) -> str:
    """Report without a name, at 37 past, and return the code of the receipt."""
    token, secret = new_token(), lotskoping.services.secret
    lotskoping.clock.advance(minutes=37)
    code = code_of(token, secret)
    person = Person(lotskoping, conversation_of(token), code_hash=hash_of(code, secret))
    person.begin()
    person.says(
        "nej", "Fel dos på Björkgården i går", "nej", "1", "hoppa över", "hoppa över", "1", "ja"
    )
    return code


def cases(lotskoping: Lotskoping) -> list[Case]:
    with lotskoping.unit_of_work() as uow:
        return list(uow.cases.listed(None, open_only=False))


def ended(desk: Desk) -> Case:
    case_handling.assess_risk(desk, severity=Severity.MINOR, likelihood=Likelihood.RARE)
    case_handling.write_feedback(desk, text="Vi har talat med alla i enheten.")
    return case_handling.close_without_investigation(desk, reason="Klart direkt.")


def add(client: TestClient, code: str, text: str, once: str = "a") -> str:
    return client.post("/svar/mer", data={"code": code, "text": text, "once": once}).text


def read(client: TestClient, code: str) -> str:
    return client.post("/svar", data={"code": code}).text


def test_more_words_go_into_the_case_once_and_only_the_hour_is_kept(
    lotskoping: Lotskoping, client: TestClient, code: str
):
    for _ in range(2):
        page = add(client, code, MORE)
    [case] = cases(lotskoping)
    assert "Det är skickat" in page
    assert case.number in page
    with lotskoping.unit_of_work() as uow:
        first, added = uow.reports.all_of_case(case.id)
    assert added.text_of("more") == MORE
    assert (added.submitted_at.minute, added.reporter.address) == (0, "")
    assert added.reporter.code_hash == first.reporter.code_hash
    assert code.replace(" ", "") not in stored_text(lotskoping)


def test_what_is_held_for_a_look_is_seen_and_answered_through_the_code(
    lotskoping: Lotskoping, client: TestClient, code: str
):
    add(client, code, ABOUT_THE_CHIEF)
    first, held = cases(lotskoping)
    assert held.is_held
    page = read(client, code)
    assert first.number in page
    assert held.number in page
    do(lotskoping, held, shielding.release, MONIKA)
    do(lotskoping, held, ended, MONIKA)
    assert lotskoping.case(held.id).status == CaseStatus.CLOSED
    assert "Vi har talat med alla i enheten." in read(client, code)
    assert all(queued.message.recipient for queued in lotskoping.outbox())


def test_the_unit_learns_nothing_of_a_held_addition(
    lotskoping: Lotskoping, client: TestClient, code: str
):
    [first] = cases(lotskoping)
    with lotskoping.unit_of_work() as uow:
        before = [event.kind for event in uow.cases.events(first.id)]
    add(client, code, ABOUT_THE_CHIEF)
    with lotskoping.unit_of_work() as uow:
        assert [event.kind for event in uow.cases.events(first.id)] == before
    assert MARIA in cases(lotskoping)[1].manager_involved_ids


def test_more_after_the_end_opens_the_case_and_long_after_makes_one_new(
    lotskoping: Lotskoping, client: TestClient, code: str
):
    [case] = cases(lotskoping)
    closed(lotskoping, case)
    lotskoping.clock.advance(hours=2)
    add(client, code, MORE)
    assert lotskoping.case(case.id).status == CaseStatus.INVESTIGATING
    closed(lotskoping, case)
    lotskoping.clock.advance(days=91)
    add(client, code, "Det hände igen.", "b")
    add(client, code, "Och i dag igen.", "c")
    assert len(cases(lotskoping)) == 2
    assert read(client, code).count("<h2>") == 2


@pytest.mark.parametrize("code_given", ["", "1234 5678 9012 3456"])
def test_a_wrong_code_adds_nothing(
    lotskoping: Lotskoping, client: TestClient, code: str, code_given: str
):
    assert code
    page = add(client, code_given, MORE)
    assert "Den koden finns inte" in page
    assert MORE not in stored_text(lotskoping)
