"""Every text is plain: LIX 35 or lower in Swedish, and there is the same in every language."""

import string
import tomllib
from pathlib import Path

import pytest

from handlers.dialogue.commands import FORM_OF_WAY
from handlers.dialogue.state import Command
from handlers.forms.form import LANGUAGES, Form, load_forms
from handlers.texts import load_catalogue
from tests.readability import lix, words_in

MOST = 35
RUNNING = 10  # words; in a shorter text one long word decides, so that it is measured in its group
HANDLERS = Path(__file__).resolve().parents[1] / "handlers"
GROUPS = tomllib.loads((HANDLERS / "texts_sv.toml").read_text(encoding="utf-8"))
# Groups of names: a title, a status, a label is no sentence and has no readability.
NAMES = 4  # words in the middle text of a group; fewer are names
TERMS_OF_LAW = {"misconduct"}  # the degrees of HSLF-FS and SOSFS, word by word
FORMS = load_forms()


def texts_of(form: Form, language: str) -> list[str]:
    found = [form.intro[language]]
    for question in form.questions:
        found += [question.texts[language], question.help.get(language, "")]
        found += [choice.texts[language] for choice in question.choices]
    return [text for text in found if text]


def running_groups() -> dict[str, list[str]]:
    groups = {name: [str(text) for text in entries.values()] for name, entries in GROUPS.items()}
    return {
        name: texts
        for name, texts in groups.items()
        if name not in TERMS_OF_LAW
        and sorted(words_in(text) for text in texts)[len(texts) // 2] >= NAMES
    }


def test_lix_is_counted_as_it_was_defined():
    assert lix("Katten sov. Hunden åt.") == 2.0
    assert lix("Katten sover på mattan i hallen") == 6.0
    assert lix("Verksamhetschefen dokumenterar") == 102.0
    assert lix("{number} {link}") == 2.0
    assert lix("") == 0.0


def test_every_running_text_has_a_lix_of_at_most_35():
    hard = {
        f"{group}.{key}": round(lix(str(text)))
        for group, entries in GROUPS.items()
        for key, text in entries.items()
        if words_in(str(text)) >= RUNNING and lix(str(text)) > MOST
    }
    assert hard == {}


@pytest.mark.parametrize("group", sorted(running_groups()))
def test_every_group_of_texts_has_a_lix_of_at_most_35(group: str):
    assert lix("\n".join(running_groups()[group])) <= MOST


@pytest.mark.parametrize("form", FORMS.values(), ids=sorted(FORMS))
def test_every_form_has_a_lix_of_at_most_35(form: Form):
    texts = texts_of(form, "sv")
    assert lix("\n".join(texts)) <= MOST
    hard = [text for text in texts if words_in(text) >= RUNNING and lix(text) > MOST]
    assert hard == []


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_text_takes_the_same_values_in_every_language():
    catalogue = load_catalogue()
    for key, text in catalogue.texts["sv"].items():
        for language in LANGUAGES:
            assert placeholders(catalogue.texts[language][key]) == placeholders(text), key


@pytest.mark.parametrize("form", FORMS.values(), ids=sorted(FORMS))
def test_every_question_and_form_has_a_name(form: Form):
    catalogue = load_catalogue()
    assert catalogue.has(f"form.{form.id}")
    for question in form.questions:
        assert catalogue.has(f"label.{question.id}")


def test_every_way_in_and_command_has_a_button():
    catalogue = load_catalogue()
    silent = {Command.NONE, Command.START, Command.SUGGESTED}
    silent |= {Command.TICK, Command.UNTICK}  # a box has the words of its form
    for command in set(Command) - silent:
        assert catalogue.has(f"choice.{command}"), command
    assert set(FORM_OF_WAY.values()) <= set(FORMS)
