"""Personal data is found whole, ordinary words and numbers are left alone."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.ports import PersonalDataSpan
from nlp.personal_data import PersonalDataFinder, load_personal_data_finder, mask
from tests.nlp.finding import found_in


@pytest.mark.parametrize(
    "number",
    [
        "450231-1234", "19450231-1234", "194502311234", "4502311234", "450231+1234",
        "450231 1234", "450231–1234", "19 450231-1234", "1945-02-31-1234", "450291-1234",
        "19450291-1234", "451331-1234", "19450231-123", "450231-XXXX",
    ],
)  # fmt: skip
def test_identity_numbers_are_found_in_every_spelling(
    finder: PersonalDataFinder, number: str
) -> None:
    assert found_in(finder, f"Det gäller {number} på plan 2.") == [(number, "person_number")]


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("Ring 070-1740605 i kväll.", ("070-1740605", "phone")),
        ("Ring 070-174 06 05 i kväll.", ("070-174 06 05", "phone")),
        ("Ring 0701740605 i kväll.", ("0701740605", "phone")),
        ("Ring +46701740605 i kväll.", ("+46701740605", "phone")),
        ("Nås på 08-465 004 00.", ("08-465 004 00", "phone")),
        ("Skriv till a.b@example.se tack.", ("a.b@example.se", "email")),
        ("Hon bor på Storgatan 4 B.", ("Storgatan 4 B", "address")),
        ("Hon bor på Norra Kvarngatan 12.", ("Norra Kvarngatan 12", "address")),
        ("I går föll Gun-Britt Hallin.", ("Gun-Britt Hallin", "name")),
        ("då sa berit att hon hade ont", ("berit", "name")),
        ("Vi såg hur Fatima grät.", ("Fatima", "name")),
        ("Jag frågade kollegan Anders.", ("Anders", "colleague")),
        ("Sjuksköterskan Ekholm kom sent.", ("Ekholm", "colleague")),
        ("Hon ringde Stig i kväll.", ("Stig", "name")),
        ("Hälsa Fatima och tack för allt.", ("Fatima", "colleague")),
        ("Vi fick höra av Lovisa på vårdcentralen.", ("Lovisa", "colleague")),
        ("Min syster Lovisa ringde er.", ("Lovisa", "name")),
    ],
)
def test_other_personal_data_isfound_in(
    finder: PersonalDataFinder, text: str, span: tuple[str, str]
) -> None:
    assert found_in(finder, text) == [span]


def test_a_colleague_is_one_throughout_the_text(finder: PersonalDataFinder) -> None:
    text = "Jag sa det till kollegan Anders. Senare sa Anders att Berit sov."

    assert found_in(finder, text) == [
        ("Anders", "colleague"), ("Anders", "colleague"), ("Berit", "name"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Gav 20 mg Furix kl 08.00 och 1+0+1 Alvedon.",
        "Ärendet AVV-2026-00123 är inte besvarat.",
        "Blodtryck 140/80, puls 72, temp 38,4.",
        "Hände 2026-03-14 mellan 07.30 och 16.00.",
        "Rum 12 på Björken, plan 3.",
        "Hans rullstol var trasig. Stig upp, sa hon.",
        "Enligt lex Sarah och lex Maria ska det utredas.",
        "Fredag den 13 mars kom ingen.",
        "Parkinson och Alzheimer är sjukdomar.",
    ],
)
def test_doses_times_rooms_and_laws_are_left_alone(finder: PersonalDataFinder, text: str) -> None:
    assert found_in(finder, text) == []


def test_masking_covers_every_span(finder: PersonalDataFinder) -> None:
    text = "Berit, 450231-1234, nås på 070-1740605."

    assert mask(text, finder.spans(text)) == "[namn], [personnummer], nås på [telefon]."


def test_overlapping_spans_are_masked_once() -> None:
    spans = (
        PersonalDataSpan(start=0, end=5, label="name"),
        PersonalDataSpan(start=3, end=8, label="name"),
    )

    assert mask("Berit Ek.", spans) == "[namn] Ek."


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_spans_lie_in_the_text_and_never_overlap(text: str) -> None:
    spans = _loaded().spans(text)

    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))


def _loaded(cache: list[PersonalDataFinder] = []) -> PersonalDataFinder:  # noqa: B006
    if not cache:
        cache.append(load_personal_data_finder())
    return cache[0]
