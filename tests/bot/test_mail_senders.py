"""Who writes decides what becomes of it: staff, authorities, other care, people."""

import pytest

from handlers.case_records import Direction
from handlers.domain.case import CaseKind
from handlers.domain.mail import SenderRole
from tests.bot.post import Post, body_of
from tests.lotskoping import BENGT, INGER, MARIA, Lotskoping

STAFF = "personal@lotskoping.example"


@pytest.fixture
def post(lotskoping: Lotskoping) -> Post:
    return Post(lotskoping)


def role_of_first_letter(post: Post) -> SenderRole:
    case = post.cases()[0]
    with post.lotskoping.unit_of_work() as uow:
        return uow.letters.of_case(case.id)[0].sender_role


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Min mamma bor hos er och ingen kom i går.", SenderRole.RELATIVE),
        ("Jag har hemtjänst och ingen kom till mig i går.", SenderRole.CARED_FOR),
        ("Ingen kom i går och ingen svarar i telefon.", SenderRole.UNKNOWN),
        ("My mother lives with you and nobody came yesterday.", SenderRole.RELATIVE),
    ],
)
def test_words_tell_whether_a_relative_or_the_person_writes(
    post: Post, text: str, role: SenderRole
):
    post.comes(text)
    assert role_of_first_letter(post) == role


def test_staff_who_write_by_mistake_get_a_case_and_the_way_to_the_form(post: Post):
    address = f"{MARIA}@lotskoping.example"
    post.comes("Ingen kom till henne i går kväll och larmet gick.", From=address)
    assert role_of_first_letter(post) == SenderRole.STAFF
    assert post.cases()[0].kind in (CaseKind.DEVIATION, CaseKind.RISK)
    receipts = [m for m in post.sent_to(address) if "SYN" in m["Subject"] or "AVV" in m["Subject"]]
    assert any("/rapportera?form=deviation" in body_of(mail) for mail in receipts)


def test_a_forged_staff_address_is_nobody_of_ours(post: Post):
    post.comes(
        "Ingen kom till henne i går kväll.",
        From=f"{MARIA}@lotskoping.example",
        Authentication_Results="mx.lotskoping.example; dmarc=fail; spf=fail",
    )
    assert role_of_first_letter(post) == SenderRole.UNKNOWN


def test_an_authority_goes_to_registrator_and_mas_with_a_kind_of_its_own(post: Post):
    post.comes(
        "Ni ska senast den 31 mars yttra er över bifogat klagomål på Björkgården.",
        From="Inspektionen för vård och omsorg <registrator@myndighet.example>",
        Subject="Begäran om yttrande",
        Authentication_Results="mx.lotskoping.example; dmarc=pass",
    )
    [case] = post.cases()
    assert case.kind == CaseKind.AUTHORITY
    assert case.unit_id == ""
    for person in (BENGT, INGER):
        subjects = [str(m["Subject"]) for m in post.sent_to(f"{person}@lotskoping.example")]
        assert any(case.number in subject for subject in subjects), person
    [receipt] = post.sent_to("registrator@myndighet.example")
    assert "Patientnämnden" not in body_of(receipt)


def test_a_name_like_an_authoritys_alone_makes_no_authority(post: Post):
    post.comes("Ingen kom till mamma.", From="Patientnämnden <bo@mail.example>")
    assert post.cases()[0].kind != CaseKind.AUTHORITY


def test_a_regions_deviation_waits_for_our_answer(post: Post):
    post.comes(
        "Vi på vårdcentralen saknar läkemedelslista efter att patienten kom hem.",
        From="avvikelser@regionnorr.se",
    )
    [case] = post.cases()
    assert case.kind in (CaseKind.DEVIATION, CaseKind.RISK)
    with post.lotskoping.unit_of_work() as uow:
        [exchange] = uow.work.exchanges.where(case_id=case.id)
    assert exchange.direction == Direction.IN
    assert exchange.address == "avvikelser@regionnorr.se"


def test_what_comes_from_outside_has_a_register_row_with_the_sender_apart(post: Post):
    post.comes("Ingen kom till mamma i går kväll.")
    post.comes("Maten var kall.", From="bo@other.example")
    cases = post.cases()
    with post.lotskoping.unit_of_work() as uow:
        rows = [uow.work.register.where(case_id=case.id)[0] for case in cases]
        senders = uow.work.senders.where(case_id=cases[0].id)
    assert [row.diary_number for row in rows] == ["VO 2026/0001", "VO 2026/0002"]
    assert [sender.address for sender in senders] == ["anna@mail.example"]
    assert "anna" not in rows[0].matter.lower()
