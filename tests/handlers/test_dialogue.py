"""The dialogue engine: order, changes of mind, wrong answers, and any sequence of inputs."""

from hypothesis import given
from hypothesis import strategies as st

from handlers.dialogue.engine import next_question, step
from handlers.dialogue.state import (
    SUMMARY,
    Command,
    DialogueContext,
    DialogueState,
    DraftStatus,
    EffectKind,
    Option,
    PromptKind,
    Step,
    UserInput,
)
from handlers.forms.form import load_forms
from handlers.texts import load_catalogue

FORM = load_forms()["deviation"]
CONTEXT = DialogueContext(
    catalogue=load_catalogue(),
    units=(
        Option(value="u1", label="Björkgården"),
        Option(value="u2", label="Hemtjänst Norr"),
        Option(value="u3", label="Hemtjänst Söder"),
    ),
    categories=(
        Option(value="fall", label="Fall"),
        Option(value="medication", label="Läkemedel"),
        Option(value="alarm", label="Larm"),
        Option(value="other", label="Annat"),
    ),
)
SUGGESTION = UserInput(
    command=Command.SUGGESTED, suggestions=("medication", "fall", "alarm"), certain=True
)


def a_state(**changes: object) -> DialogueState:
    values = {"draft_id": "d", "form_id": FORM.id, "form_version": FORM.version, "language": "sv"}
    return DialogueState(**(values | changes))  # type: ignore[arg-type]


class Talk:
    """Drives a dialogue and hands over a suggestion when it asks for one."""

    def __init__(self) -> None:
        self.state = a_state()
        self.last = Step(state=self.state)

    def say(self, text: str = "", *, choice: str = "", command: Command = Command.NONE) -> Step:
        taken = step(
            FORM, self.state, UserInput(text=text, choice=choice, command=command), CONTEXT
        )
        prompts, effects = taken.prompts, taken.effects
        if any(effect.kind == EffectKind.SUGGEST_CATEGORY for effect in effects):
            taken = step(FORM, taken.state, SUGGESTION, CONTEXT)
            prompts += taken.prompts
        self.state = taken.state
        self.last = Step(state=taken.state, prompts=prompts, effects=effects)
        return self.last

    def to_summary(self) -> "Talk":
        self.say("hej")
        for words in (
            "nej",
            "Fel dos gavs",
            "nyss",
            "björk",
            "nej",
            "1",
            "ringde",
            "vet inte",
            "1",
        ):
            self.say(words)
        assert self.state.current == SUMMARY
        return self


def test_danger_is_asked_before_anything_else():
    talk = Talk()
    assert talk.say("hej").prompts[-1].question_id == "danger"


def test_danger_now_shows_the_advice_and_raises_the_alarm_at_once():
    talk = Talk()
    talk.say("hej")
    taken = talk.say("ja")
    assert taken.prompts[0].kind == PromptKind.ADVICE
    assert "112" in taken.prompts[0].text
    assert [effect.kind for effect in taken.effects] == [EffectKind.RAISE_DANGER]


def test_the_script_follows_sbar_and_ends_in_the_summary():
    talk = Talk()
    asked = [talk.say("hej").prompts[-1].question_id]
    for words in ("nej", "Fel dos", "nyss", "norr", "nej", "1", "ringde", "rutin", "1"):
        asked.append(talk.say(words).prompts[-1].question_id)
    expected = [
        "danger",
        "what",
        "when",
        "where",
        "background",
        "harm",
        "done",
        "prevent",
        "category",
    ]
    assert asked[:-1] == expected
    assert talk.last.prompts[-1].kind == PromptKind.SUMMARY


def test_the_suggested_category_is_confirmed_with_one_tap():
    talk = Talk()
    talk.say("hej")
    for words in ("nej", "Fel dos", "nyss", "norr", "nej", "1", "ringde", "rutin"):
        talk.say(words)
    first = talk.last.prompts[-1].choices[0]
    assert first.label == "Läkemedel (förslag)"
    assert talk.say(choice=first.choice).prompts[-1].kind == PromptKind.SUMMARY


def test_other_categories_are_one_tap_away():
    talk = Talk()
    talk.say("hej")
    for words in ("nej", "Fel dos", "nyss", "norr", "nej", "1", "ringde", "rutin", "något annat"):
        talk.say(words)
    assert [c.choice for c in talk.last.prompts[-1].choices] == [
        "fall", "medication", "alarm", "other",
    ]  # fmt: skip


def test_back_returns_to_the_question_before_and_keeps_its_answer():
    talk = Talk()
    talk.say("hej")
    talk.say("nej")
    talk.say("Personen fick fel dos")
    prompt = talk.say("tillbaka").prompts[-1]
    assert prompt.question_id == "what"
    assert prompt.earlier_text == "Personen fick fel dos"


def test_back_at_the_first_question_says_so():
    talk = Talk()
    talk.say("hej")
    assert talk.say("tillbaka").prompts[-1].question_id == "danger"


def test_an_answer_changed_from_the_summary_returns_to_the_summary():
    talk = Talk().to_summary()
    assert talk.say("ändra 3").prompts[-1].question_id == "when"
    assert talk.say("i går kväll").prompts[-1].kind == PromptKind.SUMMARY
    assert talk.state.answers["when"].text == "i går kväll"


def test_a_changed_story_asks_for_the_category_again():
    talk = Talk().to_summary()
    talk.say("ändra vad hände")
    assert talk.say("Larmet gick inte fram").prompts[-1].question_id == "category"


def test_dont_know_and_skip_are_answers():
    talk = Talk()
    talk.say("hej")
    for words in ("vet inte", "Något hände", "vet inte", "vet inte", "hoppa över", "vet inte"):
        talk.say(words)
    assert talk.last.prompts[-1].question_id == "done"


def test_skipping_a_needed_question_is_refused_with_the_reason():
    talk = Talk()
    talk.say("hej")
    talk.say("nej")
    taken = talk.say("hoppa över")
    assert taken.prompts[0].kind == PromptKind.REJECTION
    assert taken.prompts[1].question_id == "what"


def test_the_third_wrong_answer_offers_a_way_out():
    talk = Talk()
    talk.say("hej")
    first, second, third = (talk.say("blå").prompts[0].text for _ in range(3))
    assert first == second
    assert third != first
    assert "vet inte" in third


def test_a_good_answer_after_wrong_ones_starts_the_count_anew():
    talk = Talk()
    talk.say("hej")
    for words in ("blå", "blå", "nej", ""):
        talk.say(words)
    assert talk.state.rejected == 1


def test_own_words_are_taken_where_a_choice_was_expected():
    talk = Talk()
    talk.say("hej")
    talk.say("nej")
    talk.say("Fel dos")
    talk.say("natten till lördag vid tretiden")
    assert talk.state.answers["when"].text == "natten till lördag vid tretiden"


def test_a_unit_name_that_fits_several_asks_which_and_numbers_only_those():
    talk = Talk()
    for words in ("hej", "nej", "Fel dos", "nyss"):
        talk.say(words)
    prompt = talk.say("hemtjänst").prompts[-1]
    assert [choice.label for choice in prompt.choices] == ["Hemtjänst Norr", "Hemtjänst Söder"]
    talk.say("2")
    assert talk.state.answers["where"].value == "u3"


def test_pause_and_resume_stand_at_the_same_question():
    talk = Talk()
    talk.say("hej")
    talk.say("nej")
    assert talk.say("paus").state.status == DraftStatus.PAUSED
    resumed = talk.say("fortsätt")
    assert resumed.prompts[-1].question_id == "what"


def test_an_answer_after_a_pause_is_taken_as_an_answer():
    talk = Talk()
    for words in ("hej", "nej", "paus", "Personen fick fel dos"):
        talk.say(words)
    assert talk.state.answers["what"].text == "Personen fick fel dos"


def test_a_cancelled_report_can_be_regretted_and_has_kept_its_answers():
    talk = Talk().to_summary()
    assert talk.say("avbryt").state.status == DraftStatus.CANCELLED
    talk.say("ångra")
    assert talk.state.status == DraftStatus.ACTIVE
    assert talk.state.current == SUMMARY


def test_yes_at_the_summary_submits_once():
    talk = Talk().to_summary()
    taken = talk.say("ja")
    assert [effect.kind for effect in taken.effects] == [EffectKind.SUBMIT_REPORT]
    assert talk.say("ja").effects == ()


def test_submitting_too_early_leads_to_the_first_open_question():
    talk = Talk()
    talk.say("hej")
    assert talk.say("skicka").prompts[-1].question_id == "danger"


def test_a_question_taken_out_of_the_form_does_not_break_the_dialogue():
    state = a_state(current="no-longer-there")
    taken = step(FORM, state, UserInput(text="något"), CONTEXT)
    assert taken.prompts[-1].question_id == "danger"


AWKWARD = st.sampled_from(
    ["", "   ", "x" * 50_000, "🙂🙂", "שלום עולם", "a\x00b", "<b onclick=x>", "²", "٣", "-1"]
)
WORDS = st.one_of(
    AWKWARD,
    st.text(max_size=40),
    st.sampled_from(["ja", "nej", "1", "2", "99", "vet inte", "tillbaka", "ändra 2", "paus"]),
)
INPUTS = st.builds(
    UserInput,
    text=WORDS,
    choice=st.sampled_from(["", "", "", "yes", "no", "unknown", "u1", "fall", "more", "nonsense"]),
    command=st.sampled_from(list(Command)),
)


@given(st.lists(INPUTS, max_size=30))
def test_no_sequence_of_inputs_breaks_the_dialogue_or_submits_an_unfinished_report(inputs):
    state = a_state()
    for user_input in inputs:
        taken = step(FORM, state, user_input, CONTEXT)
        if any(effect.kind == EffectKind.SUBMIT_REPORT for effect in taken.effects):
            assert next_question(FORM, state) is None
        assert taken.prompts or taken.effects
        state = taken.state


@given(AWKWARD)
def test_awkward_text_is_kept_as_text_without_what_no_store_can_hold(text):
    talk = Talk()
    talk.say("hej")
    talk.say("nej")
    talk.say(text)
    kept = talk.state.answers.get("what")
    if kept is None:
        assert not text.strip()
    else:
        assert "\x00" not in kept.text
        assert kept.text == text.replace("\x00", "").strip()
