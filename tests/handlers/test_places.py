"""Which unit a story names, as tired people on phones write it, and what is no unit at all."""

import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.demo import loading
from handlers.dialogue import places

READER = places.PlaceReader(
    tomllib.loads(Path(places.__file__).with_name("story.toml").read_text("utf-8"))["units"]
)
DEMO = tomllib.loads(Path(loading.__file__).with_name("lotskoping.toml").read_text("utf-8"))
UNITS = tuple((str(unit["id"]), str(unit["name"])) for unit in DEMO["unit"])
CORPUS = Path(__file__).parents[2] / "nlp/corpus/train"


def unit_in(text: str, units: tuple[tuple[str, str], ...] = UNITS) -> str:
    return READER.read(text, units)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("på björkgården föll en boende igår", "bjorkgarden"),
        ("på solrosen fick hon fel tablett igår kväll", "solrosen"),
        ("Hon föll på solrosens demensboende", "solrosen"),
        ("jag jobbar på eken, han ramlade nyss", "gruppbostad-eken"),
        ("han föll hos oss på demensboendet solrosen", "solrosen"),
        ("i havsbrisen svarade ingen på larmet", "havsbrisen"),
        ("PÅ HAVSBRISEN SVARADE INGEN", "havsbrisen"),
        ("pa bjorkgarden foll en boende", "bjorkgarden"),
        ("på björk gården föll en boende", "bjorkgarden"),
        ("gruppbostaden eken hade strömavbrott", "gruppbostad-eken"),
    ],
)
def test_a_name_is_read_in_lower_case_inflected_and_dictated(text: str, unit: str):
    assert unit_in(text) == unit


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("hemtjänsten i norr missade besöket i morse", "hemtjanst-norr"),
        ("hemtjänsten norr kom en timme för sent", "hemtjanst-norr"),
        ("vi på hemtjänst söder hann inte", "hemtjanst-soder"),
        ("nattpatrullen kom inte i natt", "nattpatrullen"),
        ("Nattpatrullen kom aldrig", "nattpatrullen"),
        ("hon väntade men hemsjukvården glömde henne", "hemsjukvarden"),
        ("det är från nattpatrullen vi körde vilse", "nattpatrullen"),
        ("jag arbetar i boendestödet och fick inget veta", "boendestodet"),
    ],
)
def test_a_service_is_read_where_people_work_in_it_or_it_failed(text: str, unit: str):
    assert unit_in(text) == unit


@pytest.mark.parametrize(
    "text",
    [
        "Under eken i parken",
        "Eken i parken föll",
        "vi gick en promenad i hamnen",
        "rullstolen är på verkstan",
        "Vi ringde nattpatrullen",
        "vi väntade på nattpatrullen",
        "sköterskan från hemsjukvården kom",
        "Lampan var på. Nattpatrullen gjorde ett fint jobb",
        "nattpatrull väst kom inte",
        "Nattpatrullen Väst kom inte",
        "Vårdcentralen Eken har inte svarat",
        "matsalen ligger åt norr",
        "hemtjänsten missade besöket",
        "Larmet på gruppbostaden tjöt",
        "på solrosen och på björkgården",
        "",
    ],
)
def test_what_only_sounds_like_a_unit_is_left_to_be_asked(text: str):
    assert unit_in(text) == ""


def test_an_everyday_word_tells_its_unit_beside_the_kind_or_as_a_name():
    assert unit_in("deltagaren på Verkstan fick ont") == "verkstan"
    assert unit_in("daglig verksamhet på verkstan hade stängt") == "verkstan"


def test_the_training_texts_of_other_municipalities_are_hardly_ever_taken_for_ours():
    texts = [
        json.loads(line)["text"]
        for path in sorted(CORPUS.glob("*.jsonl"))
        for line in path.read_text("utf-8").splitlines()[::3]
    ]
    for spoken in (texts, [text.lower() for text in texts]):
        guessed = [text for text in spoken if unit_in(text)]
        assert len(guessed) <= len(texts) / 200, len(guessed)


@given(st.text(max_size=200), st.lists(st.tuples(st.uuids().map(str), st.text(max_size=40))))
def test_no_text_and_no_name_breaks_the_reader(text: str, units: list[tuple[str, str]]):
    assert unit_in(text, tuple(units)) in {"", *(unit_id for unit_id, _ in units)}


@pytest.mark.parametrize("form", [str.lower, str.upper, str])
@pytest.mark.parametrize(("unit_id", "name"), UNITS)
def test_whoever_works_in_a_unit_is_understood_by_its_whole_name(unit_id: str, name: str, form):
    assert unit_in(form(f"vi på {name} såg det i natt")) == unit_id
