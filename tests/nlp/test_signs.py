"""What a text tells of that is counted over cases, or that it is about the manager."""

from pathlib import Path

import pytest

from handlers.errors import ConfigurationFault
from nlp.signs import SignFinder, load_sign_finder


@pytest.fixture(scope="module")
def finder() -> SignFinder:
    return load_sign_finder()


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Kunden fick inte sina mediciner på morgonen.", "missed_dose"),
        ("Kvällsdosen låg kvar i dosetten.", "missed_dose"),
        ("Vi glömde ge insulinet till lunch.", "missed_dose"),
        ("Insulin ej given kl 8.", "missed_dose"),
        ("Två boende har magsjuka sedan i går.", "infection"),
        ("Provet visade calicivirus.", "infection"),
        ("En boende slog en annan boende i matsalen.", "violence"),
        ("Brukaren hotade personalen med en kniv.", "violence"),
        ("Chefen skrek åt mamma och knuffade henne.", "manager"),
        ("Jag vill klaga på enhetschefen som alltid är otrevlig.", "manager"),
        ("Föreståndaren ljuger för oss anhöriga.", "manager"),
        ("Chefen har tagit pengar av en boende.", "manager"),
        ("Verksamhetschefen slog en boende i matsalen.", "manager_above"),
        ("Områdeschefen hotade en boende.", "manager_above"),
        ("The manager was rude and shouted at my father.", "manager"),
    ],
)
def test_a_sign_is_found(finder: SignFinder, text: str, sign: str):
    assert sign in finder.signs(text)


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Fick fel dos av sin medicin, dubbelt så mycket.", "missed_dose"),
        ("Hon fick inte åka hem i dag.", "missed_dose"),
        ("Ingen smitta på avdelningen.", "infection"),
        ("Maten är kall varje dag.", "violence"),
        ("Jag ringde chefen och hon lyssnade och var vänlig.", "manager"),
        ("Städningen är dålig. Tack till er chef.", "manager"),
        ("Personalen var otrevlig mot pappa.", "manager"),
    ],
)
def test_what_is_something_else_has_no_sign(finder: SignFinder, text: str, sign: str):
    assert sign not in finder.signs(text)


def test_a_faulty_list_is_refused_with_file_and_rule(tmp_path: Path):
    faulty = tmp_path / "signs.toml"
    faulty.write_text('[[rule]]\nid = "wet_floor"\ngroups = [["vått"]]\n', encoding="utf-8")
    with pytest.raises(ConfigurationFault, match=r"signs.toml: rule 1: id must be one of"):
        load_sign_finder(faulty)


@pytest.mark.parametrize(
    "text",
    [
        "Jag begär ut alla handlingar om min mor.",
        "Jag vill få en kopia på journalen.",
        "I want a copy of the medical records.",
    ],
)
def test_a_request_for_documents_is_recognised(finder: SignFinder, text: str):
    assert "documents" in finder.signs(text)


@pytest.mark.parametrize(
    "text",
    ["Personalen skrev inte i journalen.", "Ingen tog med hennes handling till affären."],
)
def test_a_word_about_records_is_no_request(finder: SignFinder, text: str):
    assert "documents" not in finder.signs(text)
