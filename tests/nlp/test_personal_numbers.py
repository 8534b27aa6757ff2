"""Identity numbers, telephones, mails and addresses in every spelling; other numbers left alone."""

import pytest

from nlp.personal_data import PersonalDataFinder
from tests.nlp.finding import found_in


@pytest.mark.parametrize(
    "number",
    [
        "400317 12 35", "40 03 17 12 35", "400317-1 235", "40031 7-1235", "40031-1235",
        "400317_1235", "400317:1235", "400317=1235", "400317 - 1235", "40 0317 1235",
        "400317-T235", "400317-l235", "4OO317-1235", "400317-xx35", "400317-****",
        "1940 03 17 1235", "1940 0317-1235", "40.03.17.1235", "40/03/17-1235",
        "400317‑1235", "400317−1235", "1940-0317-1235", "194003-171235", "40 03 17-1235",
        "1940 03 17 12 35", "20030415-2387", "400377 12 35", "19400317=1235",
        "400317, sista fyra 1235", "400317 sista fyra 1235", "17 mars 1940 och har 1235",
        "400317, de fyra sista är 1235", "400317 (slutsiffror 1235",
        "17 mars 1940, sista siffrorna 1235",
        "１９４００３１７-１２３５", "400317－1235", "400317\u00a01235",
    ],
)  # fmt: skip
def test_an_identity_number_is_found_however_it_is_parted_or_told(
    finder: PersonalDataFinder, number: str
) -> None:
    assert found_in(finder, f"Det gäller {number} sist i listan.") == [(number, "person_number")]


@pytest.mark.parametrize("after", ["som slut", "på slutet", "sist", "som de sista", "till sist"])
def test_the_last_four_are_found_when_they_are_called_so_afterwards(
    finder: PersonalDataFinder, after: str
) -> None:
    assert found_in(finder, f"Hon är 400317 med 1235 {after}.") == [
        ("400317 med 1235", "person_number")
    ]


@pytest.mark.parametrize("before", ["pnr", "Pnr", "personnr", "personnummer", "pnr:", "(", "nr."])
def test_an_identity_number_is_found_when_it_is_glued_to_the_word_before(
    finder: PersonalDataFinder, before: str
) -> None:
    assert found_in(finder, f"{before}400317-1235") == [("400317-1235", "person_number")]


def test_an_identity_number_is_found_where_it_is_called_the_number_of_a_case(
    finder: PersonalDataFinder,
) -> None:
    text = "Mitt ärende: 19400317-1235. Dnr: 400317-1235."

    assert [label for _, label in found_in(finder, text)] == ["person_number"] * 2


def test_the_last_four_alone_are_found_when_they_are_called_so(finder: PersonalDataFinder) -> None:
    text = "Hennes fyra sista siffror är 1235, skriv in dem."

    assert found_in(finder, text) == [("1235", "person_number")]


@pytest.mark.parametrize(
    "number",
    [
        "(070) 174 06 05", "070.174.06.05", "46701740605", "070-17 40 60 5", "0 7 0 1 7 4 0 6 0 5",
        "(0)70-1740605", "+46 (0)70 174 06 05", "0046 70 174 06 05", "070 1740605", "08/46500412",
        "070–1740605", "07 01 74 06 05", "070 174 0605", "070-1 740 605", "46 70 174 06 05",
        "(08) 465 004 12", "(0155) 24 80 00", "+4670-174 06 05", "076-174.06.05",
        "nollsjuttio 174 06 05", "０７０-１７４０６０５",
    ],
)  # fmt: skip
def test_a_telephone_number_is_found_however_it_is_parted(
    finder: PersonalDataFinder, number: str
) -> None:
    assert found_in(finder, f"Ring {number} i kväll.") == [(number, "phone")]


def test_a_telephone_number_is_found_when_it_is_glued_to_the_word_before(
    finder: PersonalDataFinder,
) -> None:
    assert found_in(finder, "tel070-1740605") == [("070-1740605", "phone")]


@pytest.mark.parametrize(
    "mail",
    [
        "anna.berg (at) example.se", "anna.berg[at]example.se", "anna.berg @ example.se",
        "anna.berg@example. se", "anna.berg@example .se", "anna.berg(a)example.se",
        "anna.berg {at} example.se", "anna.berg (snabel-a) example.se", "anna.berg@example",
        "anna berg snabel-a example punkt se", "anna.berg snabela example.se",
        "åsa.öberg@example.se", "anna_berg+vard@mail.example.se", "anna.berg＠example.se",
    ],
)  # fmt: skip
def test_a_mail_address_is_found_however_the_sign_is_written(
    finder: PersonalDataFinder, mail: str
) -> None:
    assert found_in(finder, f"Svara: {mail}, tack.") == [(mail, "email")]


@pytest.mark.parametrize(
    "address",
    [
        "Storg. 12", "Tegelv. 5 B", "Karl Johans gata 5", "Dr Kristinas väg 9", "61132 Nyköping",
        "Box 44, 611 22 Nyköping", "Nygatan 14 1tr", "Nygatan 14, 2 tr", "Västra Kvarngatan 62",
        "Näckrosvägen 101, lgh 1102", "Kungsgatan 4, 61132 Nyköping", "Erik Dahlbergs gata 41 C",
    ],
)  # fmt: skip
def test_an_address_is_found_when_it_is_shortened_or_has_several_words(
    finder: PersonalDataFinder, address: str
) -> None:
    assert found_in(finder, f"Post till {address}, tack.") == [(address, "address")]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Hennes adress är Solhem 212.", "Solhem 212"),
        ("Adress: Norra Ekeby 4, 610 75 Västerljung", "Norra Ekeby 4, 610 75 Västerljung"),
        ("Min adress Box 44 stämmer.", "Box 44"),
        ("adressen är Lilla Torp 3", "Lilla Torp 3"),
    ],
)
def test_a_farm_or_a_box_is_an_address_where_the_text_says_so(
    finder: PersonalDataFinder, text: str, address: str
) -> None:
    assert found_in(finder, text) == [(address, "address")]


@pytest.mark.parametrize(
    "text",
    [
        "Personalen sov kl 0703-0735.",
        "Arbetade 07.30-16.00 15 dagar i rad.",
        "Passet 07.00 - 07.15, sedan 20 minuter till.",
        "Rullstol id 0098123 är trasig.",
        "Lift nr 4402 serienr 201903171235.",
        "OCR 194003171235 och fakturanummer 4003171235.",
        "Artikelnr 12345-6789 är slut.",
        "Org.nr 212000-1234 och bankgiro 5050-1055.",
        "Hände 2026-03-17 kl 1430 och 2026-03-17 14:30.",
        "Det var 2026-03-17 100 ml saft.",
        "Notan 2026-03-17 1200 kr.",
        "Box 2 i kylskåpet är tom, box 14 saknas.",
        "Natten var Ledig. 12 personer fick vänta.",
        "Ledig. 12 timmar utan tillsyn.",
        "Varje Måndag. 3 gånger.",
        "De sista fyra veckorna 2025 var tunga.",
        "Sista fyra 1200 kr räkningarna.",
        "Den 17 mars 2026 kom 1200 brev.",
        "Hon fick 40 mg 03.17 och 12 E 35 minuter senare.",
        "Larm 11542 Kvitterat och 10000 Kronor borta.",
        "Väntade kl. 20 06 minuter, 2@3 st.",
        "Pat avliden 3/5, delegering utgången 2 dgr, på plats 08.40.",
        "Ärendenr 2026-01234, dnr VON 2025/00456-3.",
        "Hon fick 1+0+1 och 2 4 6 8 10 12 droppar.",
    ],
)
def test_hours_devices_invoices_and_amounts_are_left_alone(
    finder: PersonalDataFinder, text: str
) -> None:
    assert found_in(finder, text) == []


@pytest.mark.parametrize(
    "sign",
    [
        "1", "12 ", "1-", "07 ", "07.30-", "a@", "anna snabel-a ", "400317 ", "40031 7-", "A. ",
        "Storg. ", "17 mars 1940 ", "sista fyra ", "Karl Johans ", "gatan", "adress Box ", "[at] ",
        "Fru ", "K. ", "andersson, ", "INGA ",
    ],
)  # fmt: skip
def test_a_very_long_text_is_read_to_its_end(finder: PersonalDataFinder, sign: str) -> None:
    text = f"{sign * (100_000 // len(sign))}\n\nRing 070-1740605."

    assert found_in(finder, text)[-1] == ("070-1740605", "phone")
