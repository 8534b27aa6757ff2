"""Between organisations: what is asked outlives our own closing, and our answer is really sent."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.schedule import sweep
from handlers import exchanges, shielding
from handlers.case_records import Exchange, PartyKind
from handlers.desk import open_for_work
from handlers.domain.case import Case
from handlers.errors import NotAllowed, UserFault
from handlers.todo import todos_of
from tests.bot.web.test_casework import Browser
from tests.handlers.test_investigation import close, do, handled
from tests.lotskoping import AGNETA, ERIK, MARIA, Lotskoping

REGION = "avvikelse@region.example"

Begin = Callable[..., Case]


def asked(lotskoping: Lotskoping, case: Case, *, us: bool, address: str = REGION) -> Exchange:
    begin = exchanges.was_asked if us else exchanges.ask
    do(
        lotskoping,
        case,
        lambda d: begin(d, party_kind=PartyKind.REGION, party="Regionen", address=address),
    )
    with lotskoping.unit_of_work() as uow:
        [found] = exchanges.of_case(uow, case.id)
    return found


def mails(lotskoping: Lotskoping) -> list[str]:
    sent = [q.message for q in lotskoping.outbox()]
    return [message.text for message in sent if message.recipient == REGION]


def steps_of(lotskoping: Lotskoping) -> list[str]:
    with lotskoping.unit_of_work() as uow:
        todos = todos_of(uow, lotskoping.services.municipality, MARIA, lotskoping.clock())
    return [one.step for one in todos]


def answer(
    lotskoping: Lotskoping, case: Case, found: Exchange, text: str, *, told_otherwise: bool = False
) -> None:
    do(
        lotskoping,
        case,
        lambda d: exchanges.answered(
            d, exchange_id=found.id, answer=text, told_otherwise=told_otherwise
        ),
    )


def test_what_we_have_asked_is_chased_and_kept_after_our_own_case_has_closed(
    lotskoping: Lotskoping,
):
    case = handled(lotskoping)
    found = asked(lotskoping, case, us=False)
    close(lotskoping, case)
    assert "todo.chase" in steps_of(lotskoping)
    lotskoping.clock.advance(days=91)
    sweep(lotskoping.services)
    assert len(mails(lotskoping)) == 1
    answer(lotskoping, case, found, "De har ändrat sin rutin.")
    assert "todo.chase" not in steps_of(lotskoping)


def test_our_answer_is_mailed_to_whoever_sent_us_the_deviation_once(lotskoping: Lotskoping):
    case = handled(lotskoping)
    found = asked(lotskoping, case, us=True)
    for _ in range(2):
        answer(lotskoping, case, found, "Vi ringer nu samma dag.")
    [text] = mails(lotskoping)
    assert "Vi ringer nu samma dag." in text


def test_an_answer_that_is_about_a_person_is_not_mailed_but_told_otherwise(
    lotskoping: Lotskoping,
):
    case = handled(lotskoping)
    found = asked(lotskoping, case, us=True)
    with pytest.raises(UserFault, match="exchange_names"):
        answer(lotskoping, case, found, "Hon fick fel dos av sin dotter.")
    answer(lotskoping, case, found, "Hon fick fel dos av sin dotter.", told_otherwise=True)
    assert mails(lotskoping) == []
    assert lotskoping.case(case.id).senders_waiting == 0


def test_without_an_address_the_answer_is_kept_only(lotskoping: Lotskoping):
    case = handled(lotskoping)
    found = asked(lotskoping, case, us=True, address="")
    answer(lotskoping, case, found, "Vi ringer nu samma dag.")
    assert mails(lotskoping) == []
    assert lotskoping.case(case.id).senders_waiting == 0


@pytest.mark.parametrize(
    "reference",
    ["Berit Andersson 19121212-1212", "Berit 12", "191212121212", "mamma 2026-1", "x" * 61, "rum"],
)
@pytest.mark.parametrize("begin", [exchanges.ask, exchanges.was_asked])
def test_their_number_is_a_number_and_nothing_about_a_person(
    lotskoping: Lotskoping, begin: Begin, reference: str
):
    case = handled(lotskoping)
    with pytest.raises(UserFault, match="reference"):
        do(
            lotskoping,
            case,
            lambda d: begin(
                d,
                party_kind=PartyKind.REGION,
                party="Regionen",
                address=REGION,
                reference=reference,
            ),
        )


@pytest.mark.parametrize("reference", ["", "HSN 2026-1234", "AVV-2026-00123", "Dnr RS 2026/12"])
def test_their_number_stands_in_the_mail_to_them(lotskoping: Lotskoping, reference: str):
    case = handled(lotskoping)
    do(
        lotskoping,
        case,
        lambda d: exchanges.ask(
            d,
            party_kind=PartyKind.REGION,
            party="Regionen",
            address=REGION,
            reference=reference,
        ),
    )
    lotskoping.clock.advance(days=35)
    sweep(lotskoping.services)
    assert f"Ert nummer är {reference or '–'}." in mails(lotskoping)[0]


def test_a_name_that_was_written_as_their_number_before_is_not_mailed(lotskoping: Lotskoping):
    case = handled(lotskoping)
    found = asked(lotskoping, case, us=False)
    with lotskoping.unit_of_work() as uow:
        uow.work.exchanges.save(replace(found, reference="Berit Andersson 19121212-1212"))
        uow.commit()
    lotskoping.clock.advance(days=35)
    sweep(lotskoping.services)
    [mail] = mails(lotskoping)
    assert "Berit" not in mail
    assert "1212" not in mail


def unit_asked(lotskoping: Lotskoping, case: Case) -> Exchange:
    do(
        lotskoping,
        case,
        lambda d: exchanges.was_asked(d, party_kind=PartyKind.UNIT, party="hemtjanst-norr"),
    )
    with lotskoping.unit_of_work() as uow:
        [found] = exchanges.of_case(uow, case.id)
    return found


def sent_to(lotskoping: Lotskoping, person_id: str) -> list[str]:
    sent = (q.message for q in lotskoping.outbox())
    return [one.subject for one in sent if one.person_id == person_id]


def test_the_manager_of_a_unit_that_asked_us_is_told_of_our_answer_and_reads_it(
    lotskoping: Lotskoping,
):
    case = handled(lotskoping)
    found = unit_asked(lotskoping, case)
    maria = Browser(lotskoping, MARIA)
    assert "får veta att svaret finns" in maria.page(f"/arenden/{case.id}")
    maria.do(case, "mellan-svar", exchange_id=found.id, answer="Vi har sett över rutinen.")
    assert f"Svar till er enhet i ärende {case.number}" in sent_to(lotskoping, ERIK)
    assert "Vi har sett över rutinen." in Browser(lotskoping, ERIK).page(f"/arenden/{case.id}")


def test_a_unit_that_was_told_otherwise_is_let_into_nothing(lotskoping: Lotskoping):
    case = handled(lotskoping)
    answer(lotskoping, case, unit_asked(lotskoping, case), "Vi har ringt.", told_otherwise=True)
    assert sent_to(lotskoping, ERIK) == []
    with pytest.raises(NotAllowed):
        do(lotskoping, case, open_for_work, ERIK)


def test_a_hidden_case_is_opened_to_no_unit_by_our_answer(lotskoping: Lotskoping):
    case = handled(lotskoping)
    found = unit_asked(lotskoping, case)
    do(lotskoping, case, shielding.shield, AGNETA)
    page = Browser(lotskoping, AGNETA)
    assert "Ge dem svaret själv" in page.page(f"/arenden/{case.id}")
    page.do(case, "mellan-svar", exchange_id=found.id, answer="Vi har sett över rutinen.")
    assert sent_to(lotskoping, ERIK) == []


def test_a_unit_of_ours_that_answers_late_is_reminded(lotskoping: Lotskoping):
    case = handled(lotskoping)
    do(
        lotskoping,
        case,
        lambda d: exchanges.ask(d, party_kind=PartyKind.UNIT, party="hemtjanst-norr"),
    )
    lotskoping.clock.advance(days=60)
    sweep(lotskoping.services)
    assert f"Svara i ärende {case.number}" in sent_to(lotskoping, ERIK)
