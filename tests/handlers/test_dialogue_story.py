"""A story is read for what it tells already; guesses stay guesses until the summary is sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.dialogue.engine import step
from handlers.dialogue.guessing import MOST_QUESTIONS, with_guesses
from handlers.dialogue.prompts import is_asked
from handlers.dialogue.state import (
    SUMMARY,
    Command,
    DialogueContext,
    DialogueState,
    DraftStatus,
    EffectKind,
    Mention,
    Option,
    Prompt,
    PromptKind,
    UserInput,
)
from handlers.dialogue.story import WORK_ENVIRONMENT, load_story_reader
from handlers.domain.report import SKIPPED, Answer
from handlers.forms.form import QuestionType, load_forms
from handlers.texts import load_catalogue
from tests.clock import T0

READER = load_story_reader()
FORMS = load_forms()
UNITS = (
    ("bjork", "Björkgårdens äldreboende"),
    ("norr", "Hemtjänst Norr"),
    ("soder", "Hemtjänst Söder"),
    ("natt", "Nattpatrullen"),
    ("eken", "Gruppbostaden Eken"),
)
CONTEXT = DialogueContext(
    catalogue=load_catalogue(),
    units=tuple(Option(value=unit_id, label=name) for unit_id, name in UNITS),
    categories=(Option(value="fall", label="Fall"), Option(value="other", label="Annat")),
    reader=READER,
    now=T0,
)
STORY = "I går kväll föll en boende på Björkgården. Ingen synlig skada. Vi ringde sjuksköterskan."


def found(text: str):
    return READER.read(text, UNITS, T0, "sv")


# T0 is Monday 1 June 2026, 09.00 in Sweden.
@pytest.mark.parametrize(
    ("text", "bucket", "said"),
    [
        ("Hon föll nyss", "now", ""),
        ("Det var 20 minuter sedan", "now", ""),
        ("tre timmar sedan", "today", "Måndag 1 juni kl. 06.00"),
        ("I morse fick hon fel dos", "today", "Måndag 1 juni, på morgonen"),
        ("halv åtta i morse", "today", "Måndag 1 juni kl. 07.30"),
        ("kl 7 kom ingen", "today", "Måndag 1 juni kl. 07.00"),
        ("klockan 22.15 larmade hon", "yesterday", "Söndag 31 maj kl. 22.15"),
        ("vid tretiden i natt", "last_night", "Måndag 1 juni kl. 03.00"),
        ("i går kväll", "yesterday", "Söndag 31 maj, på kvällen"),
        ("igår kväll kl 7", "yesterday", "Söndag 31 maj kl. 19.00"),
        ("i förrgår", "earlier", "Lördag 30 maj"),
        ("natten till lördag", "earlier", "Lördag 30 maj, på natten"),
        ("natten till måndag", "last_night", "Måndag 1 juni, på natten"),
        ("i måndags kl. 19.30", "earlier", "Måndag 25 maj kl. 19.30"),
        ("lördag kväll", "earlier", "Lördag 30 maj, på kvällen"),
        ("den 3 maj på morgonen", "earlier", "Söndag 3 maj, på morgonen"),
        ("den 24/12", "earlier", "Onsdag 24 december"),
        ("2026-05-30", "earlier", "Lördag 30 maj"),
        ("förra veckan", "earlier", "förra veckan"),
        ("two hours ago", "today", "Måndag 1 juni kl. 07.00"),
        ("yesterday evening at 7 pm", "yesterday", "Söndag 31 maj kl. 19.00"),
    ],
)
def test_when_is_read_from_the_text_relative_to_the_clock(text: str, bucket: str, said: str):
    assert found(text).when == (bucket, said)


@pytest.mark.parametrize(
    "text",
    [
        "Personen fick fel dos",
        "2.30 mg gavs",
        "vid 3 tillfällen",
        "kl 25",
        "den 31 februari",
        "i morgon ska hon till läkaren",
        "Varje måndag missas städningen",
        "kvällsdosen missades",
        "i kväll kl 23 ska vi följa upp",
    ],
)
def test_what_is_no_moment_or_lies_ahead_is_left_to_be_asked(text: str):
    assert found(text).when is None


@pytest.mark.parametrize(
    ("text", "harm"),
    [
        ("Personen hittades död", "death"),
        ("Ambulans till sjukhus", "hospital"),
        ("Hon fick sy fem stygn", "care"),
        ("Ett litet blåmärke på armen", "mild"),
        ("Ingen synlig skada", "nobody"),
        ("Hon fick inte ont", ""),
        ("Personen behövde inte åka till sjukhus", ""),
        ("Det kunde ha slutat med en fraktur", ""),
        ("Matvagnen var sen", ""),
    ],
)
def test_harm_is_read_and_what_is_denied_or_only_feared_is_not(text: str, harm: str):
    assert found(text).harm == harm


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Vi ringde sjuksköterskan", "nurse"),
        ("Dottern är informerad", "relative"),
        ("Ringde ssk. Pratade med maken.", "both"),
        ("Sjuksköterskan svarade inte när vi ringde", ""),
        ("Sjuksköterskan gav fel dos", ""),
    ],
)
def test_who_was_told_needs_a_word_of_telling(text: str, told: str):
    assert found(text).told == told


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Hon föll på Björkgården", "bjork"),
        ("Björkgårdens larm var trasigt", "bjork"),
        ("Vi på hemtjänst norr kom sent", "norr"),
        ("Larmet på Eken", "eken"),
        ("Under eken i parken", ""),
        ("Vi ringde Nattpatrullen", ""),
        ("Det hände i Nattpatrullen", "natt"),
        ("Hemtjänst Norr och Hemtjänst Söder", ""),
    ],
)
def test_a_unit_is_read_when_the_text_names_just_one(text: str, unit: str):
    assert found(text).unit == unit


@pytest.mark.parametrize(
    "text", ["Jag halkade på isen", "En boende slog mig", "Skyddsombudet vet", "En stickskada"]
)
def test_matters_of_the_work_environment_are_recognised(text: str):
    assert WORK_ENVIRONMENT in found(text).flags


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text: str):
    moment = found(text).when
    assert moment is None or moment[0] in ("now", "today", "yesterday", "last_night", "earlier")


def test_the_reader_is_told_the_time():
    later = READER.read("i går", UNITS, T0.replace(month=12, day=24), "sv")
    assert later.when == ("yesterday", "Onsdag 23 december")
    assert READER.read("i går", UNITS, T0, "en").when == ("yesterday", "Sunday 31 May")


class Talk:
    def __init__(self, form_id: str = "deviation", *, certain: bool = False) -> None:
        self.form = FORMS[form_id]
        self.state = DialogueState(draft_id="d", form_id=form_id, form_version=1, language="sv")
        self.certain = certain
        self.prompts: tuple[Prompt, ...] = ()
        self.effects: list[EffectKind] = []

    def say(self, text: str = "", **more) -> Prompt:
        said = UserInput(text=text, **more)
        self.prompts, self.effects = (), []
        while True:
            taken = step(self.form, self.state, said, CONTEXT)
            self.state = taken.state
            self.prompts += taken.prompts
            self.effects += [effect.kind for effect in taken.effects]
            if EffectKind.SUGGEST_CATEGORY not in [effect.kind for effect in taken.effects]:
                return self.prompts[-1] if self.prompts else Prompt(kind=PromptKind.NOTICE, text="")
            said = UserInput(
                command=Command.SUGGESTED, suggestions=("fall", "other"), certain=self.certain
            )

    def noticed(self) -> dict[str, str]:
        return {
            line.question_id: line.answer
            for prompt in self.prompts
            if prompt.kind == PromptKind.NOTICE
            for line in prompt.lines
        }


def told(**more) -> Talk:
    talk = Talk(**more)
    talk.say("hej")
    talk.say("nej")
    talk.say(STORY)
    return talk


def test_what_was_understood_is_shown_once_and_marked_as_a_guess():
    talk = told()
    assert talk.noticed() == {
        "when": "I går. Söndag 31 maj, på kvällen (jag gissar)",
        "where": "Björkgårdens äldreboende (jag gissar)",
        "harm": "Ingen blev påverkad (jag gissar)",
        "done": "Sjuksköterska fick veta (jag gissar)",
    }


def test_only_what_is_missing_is_asked():
    talk = told(certain=True)
    assert talk.prompts[-1].question_id == "background"
    assert talk.say("nej").question_id == "prevent"
    assert talk.say("hoppa över").kind == PromptKind.SUMMARY


def test_a_guess_is_no_answer_before_the_summary_is_sent():
    talk = told(certain=True)
    assert set(talk.state.answers) == {"danger", "what"}
    talk.say("nej")
    talk.say("hoppa över")
    assert "when" not in talk.state.answers
    talk.say("ja")
    assert talk.effects == [EffectKind.SUBMIT_REPORT]
    assert talk.state.answers["harm"] == Answer(value="nobody")
    assert talk.state.answers["category"].value == "fall"
    assert list(talk.state.answers) == [
        q.id for q in talk.form.questions if q.id not in ("matter", "manager_involved")
    ]


def test_sending_before_the_guesses_were_shown_in_the_summary_shows_it_first():
    talk = told(certain=True)
    talk.say("nej")
    talk.say("hoppa över")
    talk.say(command=Command.CHANGE, choice="when")
    assert talk.say("skicka").kind == PromptKind.SUMMARY
    assert talk.state.status == DraftStatus.ACTIVE


@pytest.mark.parametrize("word", ["ändra när", "Ändra När."])
def test_a_wrong_guess_is_changed_with_one_line_before_the_summary(word: str):
    talk = told()
    assert talk.say(word).question_id == "when"
    assert talk.say("nyss").question_id == "background"
    assert talk.state.answers["when"].value == "now"
    assert "when" not in talk.state.guesses


def test_a_wish_to_change_never_takes_the_place_of_the_story():
    talk = Talk("deviation")
    talk.say("hej")
    talk.say("nej")
    talk.say("Hon satt på golvet bredvid stolen. Vi ringde sjuksköterskan.")
    talk.say("tillbaka")
    assert talk.say("ändra när").question_id == "when"
    assert talk.state.answers["what"].text.startswith("Hon satt på golvet")


@pytest.mark.parametrize(
    "words",
    [
        "imorgon kl 12",
        "nästa vecka",
        "30 februari",
        "2031-01-01",
        "den 31 april",
        "kl 25",
        "tomorrow",
    ],
)
def test_a_time_that_cannot_have_been_is_asked_again_once(words: str):
    talk = asked_when()
    assert talk.say(words).question_id == "when"
    assert talk.prompts[0].kind == PromptKind.REJECTION
    assert talk.say(words).question_id != "when"
    assert talk.state.answers["when"].text == words


@pytest.mark.parametrize("words", ["i går kl 7", "31 maj", "2026-05-31", "på morgonen", "vid sju"])
def test_a_time_that_has_been_is_taken_at_once(words: str):
    talk = asked_when()
    assert talk.say(words).question_id != "when"


def asked_when() -> Talk:
    talk = Talk("deviation")
    talk.say("hej")
    talk.say("nej")
    assert talk.say("Hon satt på golvet bredvid stolen.").question_id == "when"
    return talk


def test_a_wrong_guess_is_changed_with_one_tap():
    talk = told()
    prompt = talk.say(command=Command.CHANGE, choice="where")
    assert [choice.label for choice in prompt.choices if choice.selected] == [
        "Björkgårdens äldreboende"
    ]
    assert talk.say(choice="norr").question_id == "background"


def test_words_that_only_begin_like_a_change_are_an_answer():
    talk = told()
    talk.say("nej")
    talk.say("ändra rutinen så att två läser")
    assert talk.state.answers["prevent"].text == "ändra rutinen så att två läser"


def test_going_back_passes_what_was_never_asked():
    talk = told()
    assert talk.say("tillbaka").question_id == "what"
    assert talk.say("tillbaka").question_id == "danger"


def test_another_story_forgets_what_was_guessed_from_the_first():
    talk = told()
    talk.say(command=Command.CHANGE, choice="what")
    talk.say("Larmet på Eken var trasigt")
    assert set(talk.state.guesses) == {"where"}


def test_a_person_may_begin_with_the_whole_story():
    talk = Talk()
    prompt = talk.say(STORY)
    assert prompt.question_id == "danger"
    assert talk.state.answers["what"].text == STORY
    assert talk.say("nej").question_id == "background"


def test_a_story_told_at_the_first_question_is_kept():
    talk = Talk()
    talk.say("hej")
    assert talk.say(STORY).question_id == "danger"
    assert talk.say("nej").question_id == "background"


def test_a_short_wrong_answer_is_no_story():
    talk = Talk()
    talk.say("hej")
    assert talk.say("kanske lite").question_id == "danger"
    assert "what" not in talk.state.answers


def test_the_persons_own_unit_is_guessed_when_the_text_names_none():
    talk = Talk()
    own = CONTEXT.__class__(
        catalogue=CONTEXT.catalogue,
        units=CONTEXT.units,
        categories=CONTEXT.categories,
        reader=READER,
        now=T0,
        own_unit="norr",
    )
    state = DialogueState(
        draft_id="d",
        form_id="deviation",
        form_version=1,
        language="sv",
        current="what",
        answers={"danger": Answer(value="no"), "what": Answer(text="Fel dos gavs")},
    )
    taken = step(talk.form, state, UserInput(command=Command.SUGGESTED), own)
    assert taken.state.guesses["where"].value == "norr"


def named(text: str, name: str, label: str) -> Talk:
    talk = Talk()
    talk.say("hej")
    talk.say("nej")
    talk.say(text, mentions=(Mention(name=name, label=label),))
    return talk


@pytest.mark.parametrize(
    ("text", "name", "label", "after"),
    [
        ("Sköterskan Berit gav fel dos", "Berit", "colleague", "Sköterskan gav fel dos"),
        ("Då sa Berit nej till oss", "Berit", "colleague", "Då sa kollegan nej till oss"),
        (
            "Anna föll i natt. Anna har ont.",
            "Anna",
            "name",
            "Personen föll i natt. Personen har ont.",
        ),
        ("Vi tog Annas tablett i dag", "Annas", "name", "Vi tog personens tablett i dag"),
        ("Sen kom Lars och såg det", "Lars", "colleague", "Sen kom kollegan och såg det"),
    ],
)
def test_one_tap_writes_the_role_in_the_place_of_a_name(
    text: str, name: str, label: str, after: str
):
    talk = named(text, name, label)
    assert any("rollen" in prompt.text for prompt in talk.prompts)
    assert Command.USE_ROLES in [choice.command for choice in talk.prompts[-1].commands]
    talk.say(command=Command.USE_ROLES)
    assert talk.state.answers["what"].text == after
    assert Command.USE_ROLES not in [choice.command for choice in talk.prompts[-1].commands]


def test_several_people_of_one_role_stay_apart():
    talk = Talk("deviation")
    talk.say("hej")
    talk.say("nej")
    names = tuple(Mention(name=name, label="name") for name in ("Greta", "Anna", "Annas"))
    talk.say("Anna glömde larmet och Greta ramlade. Annas jacka låg där.", mentions=names)
    talk.say(command=Command.USE_ROLES)
    assert talk.state.answers["what"].text == (
        "Person A glömde larmet och person B ramlade. Person A:s jacka låg där."
    )
    asked = talk.prompts[-1].question_id
    talk.say("Karin såg det.", mentions=(Mention(name="Karin", label="name"),))
    talk.say(command=Command.USE_ROLES)
    assert talk.state.answers[asked].text == "Person C såg det."


def test_a_form_for_views_of_others_leaves_names_alone():
    talk = Talk("passed_on")
    talk.say("hej")
    talk.say("nej")
    talk.say("Anna vill ha varm mat varje dag", mentions=(Mention(name="Anna", label="name"),))
    assert talk.state.mentions == ()


def test_the_language_changes_at_any_question():
    talk = Talk()
    talk.say("hej")
    assert talk.say("English").text == "Is anybody in danger right now?"
    assert talk.say("svenska").text == "Är någon i fara just nu?"


def test_the_question_of_whom_it_concerns_is_asked_only_of_work_environment():
    talk = Talk()
    talk.say("hej")
    talk.say("nej")
    assert talk.say("En boende slog mig i går på Eken").question_id == "matter"
    assert told().prompts[-1].question_id == "background"


def test_only_our_own_environment_goes_on_in_the_other_form():
    talk = Talk()
    talk.say("hej")
    talk.say("nej")
    talk.say("Jag halkade på isen i går")
    talk.say(choice="work")
    assert talk.effects == [EffectKind.SWITCH_FORM]


WORDS = st.one_of(
    st.sampled_from([STORY, "ja", "nej", "1", "2", "vet inte", "ändra när", "ändra 2", "tillbaka"]),
    st.text(max_size=30),
)
INPUTS = st.builds(
    UserInput,
    text=WORDS,
    choice=st.sampled_from(["", "", "", "yes", "no", "unknown", "bjork", "fall", "work", "more"]),
    command=st.sampled_from(list(Command)),
    suggestions=st.sampled_from([(), ("fall",)]),
    certain=st.booleans(),
    mentions=st.sampled_from([(), (Mention(name="Berit", label="colleague"),)]),
)


@pytest.mark.parametrize("form_id", sorted(FORMS))
@given(inputs=st.lists(INPUTS, max_size=25))
def test_no_sequence_of_inputs_confirms_a_guess_that_was_not_shown(form_id, inputs):
    form = FORMS[form_id]
    state = DialogueState(draft_id="d", form_id=form_id, form_version=1, language="sv")
    for said in inputs:
        before = state
        taken = step(form, state, said, CONTEXT)
        state = taken.state
        assert taken.prompts or taken.effects
        assert not set(state.answers) & set(state.guesses)
        if any(effect.kind == EffectKind.SUBMIT_REPORT for effect in taken.effects):
            assert before.current == SUMMARY or not before.guesses
            assert not state.guesses


@pytest.mark.parametrize("form_id", [name for name, form in FORMS.items() if form.story])
@pytest.mark.parametrize("flags", [(), (WORK_ENVIRONMENT,)])
def test_an_unsure_suggestion_is_never_a_guess_however_much_is_left_to_ask(form_id, flags):
    """Nothing is told, so all questions are open; what it is about is asked all the same."""
    form = FORMS[form_id]
    assert form.story is not None
    story = "Jag och en kollega fick en arbetsskada" if flags else "Nålen"
    state = DialogueState(
        draft_id="draft-1",
        form_id=form_id,
        form_version=form.version,
        language="sv",
        answers={form.story.id: Answer(text=story)},
        suggestions=("fall", "other"),
        certain=False,
    )
    guessed = with_guesses(form, state, CONTEXT)

    categories = [q.id for q in form.questions if q.type == QuestionType.CATEGORY]
    assert not set(categories) & set(guessed.guesses)
    waiting = [q for q in form.questions if q.id in guessed.guesses]
    assert all(q.optional for q in waiting if guessed.guesses[q.id].value == SKIPPED)
    asked = [q for q in form.questions if q.id not in guessed.guesses and is_asked(q, guessed)]
    assert len(asked) <= MOST_QUESTIONS
