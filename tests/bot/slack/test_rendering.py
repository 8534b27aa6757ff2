"""Whatever stands in forms, units and texts, Slack takes what is shown."""

import tomllib
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.slack import rendering
from bot.channels.slack.rendering import Face
from bot.channels.slack.turns import Turn
from bot.config import ChatPolicy
from handlers.dialogue.state import Command, Prompt, PromptChoice, PromptKind, SummaryLine
from handlers.forms.form import LANGUAGES
from handlers.texts import load_catalogue
from tests.bot.slack.limits import check_blocks, check_view

CATALOGUE = load_catalogue()
TURN = Turn(draft_id="d" * 24, question_id="q" * 20, nonce="n" * 24)
TEXT = st.text(max_size=4000)
LABEL = st.text(min_size=1, max_size=300)

CHOICES = st.lists(
    st.builds(
        lambda label, number, selected: PromptChoice(
            label=label, choice=f"unit-{number}", selected=selected
        ),
        LABEL,
        st.integers(0, 10**6),
        st.booleans(),
    ),
    max_size=250,
    unique_by=lambda choice: choice.choice,
).map(tuple)
COMMANDS = st.lists(
    st.sampled_from([Command.BACK, Command.SKIP, Command.UNKNOWN, Command.PAUSE, Command.CANCEL]),
    unique=True,
).map(lambda found: tuple(PromptChoice(label=str(c), command=c) for c in found))
LINES = st.lists(
    st.builds(lambda a, b: SummaryLine(question_id="q", label=a, answer=b), LABEL, TEXT),
    max_size=20,
).map(tuple)
PROMPTS = st.builds(
    Prompt,
    kind=st.sampled_from(PromptKind),
    text=st.text(min_size=1, max_size=4000),
    help=TEXT,
    choices=CHOICES,
    commands=COMMANDS,
    free_text=st.booleans(),
    long_text=st.booleans(),
    earlier_text=TEXT,
    lines=LINES,
    position=st.integers(0, 20),
    total=st.just(20),
)


def a_face(language: str, policy: ChatPolicy) -> Face:
    def say(key: str, **values: object) -> str:
        return CATALOGUE.get(key, language, **values)

    return Face(say=say, policy=policy, page=lambda: "http://127.0.0.1/rapportera")


@settings(max_examples=40, deadline=None)
@given(
    prompts=st.lists(PROMPTS, min_size=1, max_size=4).map(tuple),
    language=st.sampled_from(LANGUAGES),
    policy=st.sampled_from(ChatPolicy),
)
def test_every_prompt_is_a_view_and_a_message_that_slack_takes(
    prompts: tuple[Prompt, ...], language: str, policy: ChatPolicy
) -> None:
    face = a_face(language, policy)
    check_view(rendering.report_view(face, prompts, TURN, "deviation"))
    message = rendering.report_message(face, prompts, TURN)
    check_blocks(list(message.blocks), "message")
    assert message.text


def test_three_hundred_units_can_all_be_chosen() -> None:
    choices = tuple(PromptChoice(label=f"Enhet {n}", choice=f"u{n}") for n in range(300))
    prompt = Prompt(kind=PromptKind.QUESTION, text="Vilken enhet?", choices=choices)
    view = rendering.report_view(a_face("sv", ChatPolicy.DIALOG), (prompt,), TURN, "deviation")
    check_view(view)
    (menu,) = [
        element
        for block in view["blocks"]
        for element in block.get("elements", [])
        if element["type"] == "static_select"
    ]
    offered = [o["value"] for group in menu["option_groups"] for o in group["options"]]
    assert offered == [f"choice:u{n}" for n in range(300)]


def test_titles_and_buttons_fit_in_both_languages() -> None:
    for language in LANGUAGES:
        titles = ("report", "complaint", "receipt", "risk", "note")
        slack = (*(f"title_{title}" for title in titles), "close", "next", "save", "write")
        for key in ("put_off.title", *(f"slack.{name}" for name in slack)):
            assert len(CATALOGUE.get(key, language)) <= 24
        for scale in ("severity", "likelihood"):
            for step in range(1, 5):
                assert len(CATALOGUE.get(f"{scale}.{step}", language)) <= 75
                assert len(CATALOGUE.get(f"{scale}.{step}_help", language)) <= 75


def test_the_texts_of_slack_are_plain() -> None:
    path = Path(__file__).parents[3] / "handlers" / "texts_sv.toml"
    texts = tomllib.loads(path.read_text(encoding="utf-8"))["slack"]
    for key, text in texts.items():
        if len(text.split()) > 8:  # LIX says nothing of a label
            assert lix(text) <= 35, key


def lix(text: str) -> float:
    words = [word.strip(".,!?…:;()”") for word in text.split()]
    sentences = max(1, sum(text.count(mark) for mark in ".!?"))
    long_words = sum(len(word) > 6 for word in words)
    return len(words) / sentences + 100 * long_words / len(words)
