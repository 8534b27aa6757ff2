"""Certain only of what says enough, in Swedish; one word never is, nor raises the model's alarm."""

import pytest

from handlers.domain.category import load_taxonomy
from nlp.analyst import Analyst
from nlp.corpus_file import TRAINING_CORPUS, read_corpus
from nlp.enough import can_alarm, says_enough
from nlp.text import model_text

ONE_WORD = (
    *("ärende", "larm", "LARM", "larmet!", "insulin", "föll", "Hej", "lift", "pengar", "hot"),
    *("våld", "dusch", "mat", "städning", "medicin", "chef", "faktura", "rutin", "personal"),
    *("vikarie", "sår", "OK", "tack", "nej", "ja", "hjälp", "akut", "Oj larmet!", "asdfgh"),
    *("slagen", "trycksår", "hon föll", "larm larm larm", "fall. Fall! FALL?", "insulin 12 14 16"),
    *("Hon är ledsen", "Det var larmet", "hon har sår", "ärende " + "x " * 45_000, "larm 1 2 3"),
)
OTHER_LANGUAGES = {
    "Norwegian": "Moren min falt på badet og brakk hoften, ingen svarte på alarmen på to timer",
    "Danish": "Min mor faldt på badeværelset og brækkede hoften, ingen svarede på alarmen",
    "Danish mail": "Hej, min far fik ikke sin medicin i går, og ingen ringede til mig om det.",
    "Norwegian mail": "Hei, pappa fikk ikke medisinen sin i går og ingen ringte meg etterpå.",
    "Dutch": "Mijn moeder is gevallen en heeft haar heup gebroken, niemand kwam op het alarm",
    "German": "Meine Mutter ist im Bad gestürzt und niemand hat auf den Alarm reagiert",
    "Finnish": "Äitini kaatui kylpyhuoneessa ja mursi lonkkansa. Kukaan ei vastannut hälytykseen",
    "English": "My mother has not received her insulin for three days and is now in hospital",
    "English, short": "The carer slapped my father in the face and called him stupid",
    "English, plain": "The cleaning has not been done for three weeks",
    "Spanish": "Mi madre se cayó en el baño y nadie respondió a la alarma durante dos horas",
    "French": "Ma mère est tombée dans la salle de bains et personne n'a répondu à l'alarme",
    "Italian": "Mia madre è caduta in bagno e nessuno ha risposto all'allarme per due ore",
    "Somali": "Hooyaday waxay ku dhacday musqusha cidna kama jawaabin digniinta",
    "Turkish": "Annem banyoda düştü ve kimse alarma cevap vermedi",
    "Turkish, one word known": "Annem düştü, alarm çaldı, alarm alarm, kimse gelmedi, alarm",
    "Polish": "Moja mama upadła w łazience i nikt nie odpowiedział na alarm",
    "Bosnian": "Moja majka je pala u kupatilu i niko nije odgovorio na alarm",
    "Estonian": "Minu ema kukkus vannitoas",
    "Arabic": "سقطت أمي في الحمام ولم يرد أحد على الإنذار لمدة ساعتين",
    "Russian": "Моя мама упала в ванной, никто не ответил на сигнал",
    "Latin": "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod",
    "half Arabic": "Hon föll سقطت أمي في الحمام ولم يرد أحد",
}
PLAIN_REPORTS = (
    "Larmet fungerade inte",
    "Hon ramlade i duschen.",
    "KUNDEN FICK INGEN MAT IDAG",
    "hon har ramlat på golvet i badrumet å slagit i huvet",
    "Pat fick ej Waran 2,5 mg kl 20, ssk kontaktad.",
    "mamma har inte fatt duscha pa tre veckor",
    "Jag hitta tanten på golv, hon säga ont i höft",
    "Tack för att ni svarade, men ingen har städat hos pappa sedan dess.",
    "Hemtjänsten kom inte till lunch",
)


@pytest.mark.parametrize("text", ONE_WORD, ids=lambda text: text[:20])
def test_one_word_is_never_certain(analyst: Analyst, keyword_analyst: Analyst, text: str) -> None:
    assert not analyst.analyse(text).certain
    assert not keyword_analyst.analyse(text, subject=text[:20]).certain


@pytest.mark.parametrize("text", OTHER_LANGUAGES.values(), ids=OTHER_LANGUAGES.keys())
def test_another_language_is_never_certain(
    analyst: Analyst, keyword_analyst: Analyst, text: str
) -> None:
    assert not analyst.analyse(text).certain
    assert not keyword_analyst.analyse(text).certain
    assert not says_enough(text * 50)


@pytest.mark.parametrize("text", PLAIN_REPORTS)
def test_a_plain_report_says_enough(text: str) -> None:
    assert says_enough(text)


@pytest.mark.parametrize("word", ["insulin", "sår", "vikarie", "personal", "akut", "akut akut", ""])
def test_one_word_raises_no_alarm_of_the_model(analyst: Analyst, word: str) -> None:
    assert not can_alarm(model_text(word))
    assert not can_alarm(model_text(word, word))

    found = analyst.analyse(word, subject=word)

    assert (found.possible_medical_harm, found.possible_misconduct) == (False, False)


def test_a_word_of_the_rules_still_raises_their_alarm(analyst: Analyst) -> None:
    assert analyst.analyse("självmordsförsök").rule_ids


def test_nearly_all_swedish_texts_of_the_corpus_say_enough() -> None:
    texts = read_corpus(TRAINING_CORPUS, load_taxonomy())[::10]
    swedish = [t for t in texts if t.voice != "english" and t.kind != "irrelevant"]

    enough = sum(says_enough(model_text(text.text, text.subject)) for text in swedish)

    assert enough >= 0.98 * len(swedish)


def test_english_texts_of_the_corpus_are_asked_about() -> None:
    texts = read_corpus(TRAINING_CORPUS, load_taxonomy())
    english = [text for text in texts if text.voice == "english"]

    assert len(english) > 100
    assert sum(says_enough(model_text(text.text, text.subject)) for text in english) <= 3
