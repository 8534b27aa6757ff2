"""However a program writes its letters, the same is found, in the places of what was written."""

import re
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.personal_data import PersonalDataFinder, mask
from nlp.readable import readable
from nlp.serious import SeriousRules
from nlp.signs import load_sign_finder
from nlp.text import model_text

EVENTS = [
    "I går kväll försökte hon hänga sig i garderoben.",
    "Hon hittades fastspänd i sängen.",
    "Trycksår grad 3 på hälen.",
    "Höftfraktur efter fall i badrummet.",
    "Han låstes in på toaletten av vikarien.",
    "Självmordsförsök med tabletter i natt.",
    "Fick dubbel dos av Eliquis, blodförtunnande.",
    "Brännskada på ryggen, kokhett vatten i duschen.",
]
PEOPLE = (
    "Åke Öberg ramlade, Björn och Märta såg det. Åsa bor på Ängsvägen 12, nås på 070-174 06 05 "
    "eller asa.oberg@exempel.example, 400317-1235."
)


def _with_soft_hyphens(text: str) -> str:
    return re.sub(r"([^\W\d_]{3})(?=[^\W\d_]{3})", "\\1\u00ad", text)


def _with_unseen_signs(text: str) -> str:
    return re.sub(r"([^\W\d_]{2})(?=[^\W\d_])", "\\1\u200b\u2060", text)


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def _cut_at_lines(text: str) -> str:
    return re.sub(r"([^\W\d_]{5})([a-zåäö]{4})", "\\1-\n\\2", text)


def _cut_in_quotes(text: str) -> str:
    return re.sub(r"([^\W\d_]{5})([a-zåäö]{4})", "\\1-\r\n> \\2", text)


WAYS = [_decomposed, _with_soft_hyphens, _with_unseen_signs]
EVERY_WAY = [*WAYS, _cut_at_lines, _cut_in_quotes]


@pytest.mark.parametrize("way", EVERY_WAY)
@pytest.mark.parametrize("text", EVENTS)
def test_an_event_is_found_however_its_letters_are_written(
    rules: SeriousRules, text: str, way: Callable[[str], str]
) -> None:
    assert rules.findings(text)
    assert rules.findings(way(text)) == rules.findings(text)


@pytest.mark.parametrize("way", EVERY_WAY)
def test_a_sign_is_found_however_its_letters_are_written(way: Callable[[str], str]) -> None:
    text = "Kvällsdosen låg kvar orörd i dosetten, medicinerna glömdes."
    assert load_sign_finder().signs(way(text)) == load_sign_finder().signs(text) != ()


@pytest.mark.parametrize("way", WAYS)
def test_personal_data_is_masked_however_its_letters_are_written(
    finder: PersonalDataFinder, way: Callable[[str], str]
) -> None:
    hidden = mask(way(PEOPLE), finder.spans(way(PEOPLE)))
    expected = mask(PEOPLE, finder.spans(PEOPLE))
    assert readable(hidden).text == expected
    assert not any(name in expected for name in ("Åke", "Öberg", "Märta", "Ängs", "174", "1235"))


@pytest.mark.parametrize("way", WAYS)
def test_a_span_covers_the_letters_with_all_that_belongs_to_them(
    finder: PersonalDataFinder, way: Callable[[str], str]
) -> None:
    written = way(PEOPLE)
    parts = [readable(written[s.start : s.end]).text for s in finder.spans(written)]
    assert parts == [PEOPLE[s.start : s.end] for s in finder.spans(PEOPLE)]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("fast-\nspa\u0308nd", "fastspänd"),
        ("natt-\noch kvällspersonal", "natt-\noch kvällspersonal"),
        ("kl 7-\n8", "kl 7-\n8"),
        ("MAS-\nAnna", "MAS-\nAnna"),
        ("- ost\n- smör", "- ost\n- smör"),
        ("A\u030ake", "Åke"),
        ("\u212bke", "Åke"),
        ("fraktu\u0337\u0301\u0306r", "fraktúr"),
        ("so\u00ad\u0308kt", "sökt"),
        ("\ufeffHej\u00ad", "Hej"),
        ("", ""),
    ],
)
def test_a_text_is_read_as_the_eye_reads_it(written: str, read: str) -> None:
    assert readable(written).text == read


def test_the_model_reads_the_same_whatever_the_program() -> None:
    for way in WAYS:
        assert model_text(way(EVENTS[0])) == EVENTS[0]


@given(st.text(alphabet="aoåö \n-\r>\u0308\u030a\u00ad\u200b\ufeffÅ\u212bx1", max_size=60))
def test_every_character_read_stands_where_it_is_said_to(text: str) -> None:
    read = readable(text)
    end = 0
    for place, character in enumerate(read.text):
        start, stop = read.written(place, place + 1)
        assert end <= start < stop <= len(text)
        assert readable(text[start:stop]).text == character
        end = stop


@pytest.mark.parametrize(
    "unit", ["a\u0315\u0300", "\u0315\u0300", "a\u00ad", "fast-\n", "a-   ", "\u200b", "a-\n > > "]
)
def test_a_hundred_thousand_odd_signs_are_read(rules: SeriousRules, unit: str) -> None:
    text = (unit * 100_000)[:100_000]
    assert len(readable(text).text) <= len(text)
    assert rules.findings(text) == ()
