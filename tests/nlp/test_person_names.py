"""Names are found by what stands around them, and told apart by whose they are."""

import pytest

from nlp.personal_data import PersonalDataFinder, mask


@pytest.mark.parametrize(
    ("name", "rest"),
    [
        ("Karlsson", " ramlade"), ("Andersson", " har inte fått sin medicin"),
        ("Lindgren", " fick inte sin medicin"), ("svensson", " ramlade igen"),
        ("Lindgren", " föll i trappan"), ("Ek", " ramlade"), ("Falk", " skrek hela natten"),
        ("K. Andersson", " ramlade"), ("B. Ek", " ramlade"), ("Å. Öberg", " har fallit"),
        ("A.K. Lindgren", " ramlade"), ("R Sjögren", " utan t o m 24/9"),
        ("Svensson, Karin", " vill ha hjälp"), ("INGA GUSTAFSSON", " föll"),
        ("inga gustafsson", " föll"), ("GUSTAFSSON", " föll"), ("gustafsson", ", vill ha hjälp"),
        ("Bo", " ramlade"), ("Bo", " slog en annan boende"), ("Rosa", " skriker varje natt"),
        ("Stig", " tappade balansen"), ("Sten", " trillade"), ("Hans", " ramlade"),
        ("Björn", " ramlade"), ("Rut", " bröt höften"), ("Dag", " slog i huvudet"),
        ("Stig", " hittades på golvet"), ("Rosa", " slog mig"), ("Klara", " fördes till akuten"),
        ("May", " fick fel medicin"), ("Maj", " ramlade i hallen"), ("Bo", ", 84 år, ramlade"),
        ("Bo", " (84) ramlade"), ("Ek", ", 84 år, ramlade"), ("Rut", ", född 1940, ramlade"),
        ("Stig L", ", KAD sedan stroke"), ("Mio", " är 14 år"), ("Xhevahire", " föll i hallen"),
    ],
)  # fmt: skip
def test_a_name_is_found_first_in_the_sentence(
    finder: PersonalDataFinder, name: str, rest: str
) -> None:
    assert mask(f"{name}{rest}", finder.spans(f"{name}{rest}")) == f"[namn]{rest}"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Liv och Love bråkade", "[namn] och [namn] bråkade"),
        ("Bo och Inga bråkade", "[namn] och [namn] bråkade"),
        ("Fru Ek klagar", "Fru [namn] klagar"),
        ("fru ek klagar", "fru [namn] klagar"),
        ("Jag var hos fru nilsson i går", "Jag var hos fru [namn] i går"),
        ("Herr A. Karlsson sov", "Herr [namn] sov"),
        ("Ring Berit i kväll", "Ring [namn] i kväll"),
        ("Lindgren Svea ramlade", "[namn] ramlade"),
        ("Fru E Nilsson sov", "Fru [namn] sov"),
        ("Låg på golvet när K. Andersson kom. Bo ramlade också.",
         "Låg på golvet när [namn] kom. [namn] ramlade också."),
    ],
)  # fmt: skip
def test_a_name_is_found_beside_another_or_after_a_style(
    finder: PersonalDataFinder, text: str, masked: str
) -> None:
    assert mask(text, finder.spans(text)) == masked


@pytest.mark.parametrize(
    "text",
    [
        "Lilja på bordet", "Hemtjänst Väster", "Madopar Quick mite", "Kung Karl den tolftes torg",
        "Gren föll på bilen", "Kvist föll på bilen", "Ström saknades i två timmar",
        "Hans rullstol är trasig", "Bo i egen lägenhet är viktigt", "Stig på bussen sa chauffören",
        "Dag och natt satt hon ensam", "Dag efter dag utan mat", "Sten och grus på gången",
        "Rosa tvättades med vita kläder", "Rosa tröja och rosa strumpor", "Ljus i fönstret",
        "May I help you", "In May we had no staff", "Inga missade doser", "Inga larm gick",
        "I Lund var det kallt", "Provlarm fungerade", "Hälskydd har legat framme",
        "Nattssk hittade lappen", "Elva signerade insatser", "Hon gick i klass 3",
        "Janssons frestelse var slut", "Intuberad. Ligger på intensiven", "Ben domnade på honom",
        "Jag är hans brorsdotter", "Behandling fick avbrytas", "Samling blev inställd",
        "Kvinna, 84 år, föll", "Pat, 84 år, föll", "Swedish lessons started",
    ],
)  # fmt: skip
def test_words_that_look_like_names_are_left_alone(finder: PersonalDataFinder, text: str) -> None:
    assert mask(text, finder.spans(text)).replace("janssons", "Janssons") == text


@pytest.mark.parametrize(
    "text",
    [
        "Badlift skulle provas i dag.",
        "Larmmatta låg på fel sida.",
        "Munvård var inte gjord.",
        "Rehabavd hade inte skrivit något.",
        "Reservtub hämtades i förrådet.",
        "Besok skulle vara 45 minuter.",
        "Jag satt på ett Teamsmöte hela dagen.",
        "Skrivet av undertecknad. Bidragande: två blanketter.",
    ],
)
def test_a_thing_with_a_capital_letter_is_no_name(finder: PersonalDataFinder, text: str) -> None:
    assert finder.spans(text) == ()


def test_an_unknown_name_is_still_found_first_in_the_sentence(finder: PersonalDataFinder) -> None:
    text = "Hilmer ramlade i hallen."

    assert [text[span.start : span.end] for span in finder.spans(text)] == ["Hilmer"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ola, vikarie, var otrevlig", "Ola"),
        ("Jag ringde Eva Lund, arbetsterapeut", "Eva Lund"),
        ("Amir glömde signera insulinet", "Amir"),
        ("Malin som jobbar natt gav fel dos", "Malin"),
        ("Tack till Lena på kvällspasset", "Lena"),
        ("jag och Samira lyfte henne", "Samira"),
        ("Lena tog emot mig i dörren", "Lena"),
        ("jag sa till Lena att vänta", "Lena"),
        ("Nina (undersköterska) larmade", "Nina"),
    ],
)
def test_a_colleague_is_told_by_title_and_work(
    finder: PersonalDataFinder, text: str, name: str
) -> None:
    found = [(text[span.start : span.end], span.label) for span in finder.spans(text)]

    assert found == [(name, "colleague")]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Hans son Per som jobbar på Volvo", "Per"),
        ("Sonen Per, som jobbar natt, ringde i dag", "Per"),
        ("Tack, Birgit mår bättre nu", "Birgit"),
        ("Hej, Birgit fick ingen mat i går", "Birgit"),
        ("jag och Birgit är gifta sedan 1960", "Birgit"),
        ("sköterskan sa till Birgit att vara tyst", "Birgit"),
        ("Astrid tog emot personalen i hallen", "Astrid"),
        ("Hemtjänst Astrid fick vänta två timmar", "Astrid"),
        ("Dottern Malin, undersköterska, ringde", "Malin"),
    ],
)
def test_a_relative_or_a_resident_is_no_colleague(
    finder: PersonalDataFinder, text: str, name: str
) -> None:
    found = [(text[span.start : span.end], span.label) for span in finder.spans(text)]

    assert found == [(name, "name")]
