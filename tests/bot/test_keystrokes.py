"""How much work a report is: steps, typed answers and characters over ten everyday events.

A municipal form for deviations has 18 fields. A step is one turn of the person's, from the first
question until the receipt, the sending included.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest

from handlers.dialogue.state import Command, Prompt, PromptKind, UserInput
from tests.lotskoping import CONVERSATION, open_lotskoping

FIELDS_OF_A_FORM = 18
MOST_STEPS = 9
MOST_TYPED = 2

STORIES = (
    "I går kväll föll en boende på Björkgården på väg till toaletten. Ingen synlig skada. "
    "Vi ringde sjuksköterskan.",
    "Fel dos insulin i morse på Solrosen. Hon mår bra. Ringde ssk och pratade med dottern.",
    "Larmet på Havsbrisen svarades inte i natt kl 3. Hon hade ont i höften.",
    "Hemtjänst Norr kom inte i går kl 19. Han fick ingen mat. Sonen är informerad.",
    "Liften på Eken stannade nyss. Ingen kom till skada. Det har hänt förut.",
    "En boende på Solrosen slog en annan boende i lördags. Ett blåmärke på armen.",
    "Plåstret byttes inte i fredags på Gruppbostaden Eken. Inga skador.",
    "Hon skrevs ut från sjukhuset i går eftermiddag utan läkemedelslista, till Hemtjänst Söder.",
    "Matvagnen på Björkgården var två timmar sen i dag, det händer ofta. Ingen påverkades.",
    "Dörren på Havsbrisen stod olåst natten till lördag och en boende gick ut. Hon mår bra.",
)
# What a person taps when it was not in the story.
TAPS = {
    "danger": UserInput(choice="no"),
    "matter": UserInput(choice="care"),
    "when": UserInput(choice="today"),
    "where": UserInput(choice="bjorkgarden"),
    "background": UserInput(choice="no"),
    "harm": UserInput(choice="mild"),
    "done": UserInput(choice="nurse"),
    "prevent": UserInput(command=Command.SKIP),
}


@dataclass(frozen=True, slots=True)
class Effort:
    steps: int
    typed: int
    characters: int


def effort_of(folder: Path, story: str) -> Effort:
    """Report as somebody who tells it all at once and then taps the shortest way."""
    lotskoping = open_lotskoping(folder)
    steps = typed = characters = 0
    prompt: Prompt = lotskoping.say(command=Command.RESUME)[-1]
    while prompt.kind != PromptKind.RECEIPT:
        said = UserInput(command=Command.SUBMIT)
        if prompt.question_id == "what":
            said, typed, characters = UserInput(text=story), typed + 1, characters + len(story)
        elif prompt.question_id:
            said = TAPS.get(prompt.question_id) or UserInput(choice=prompt.choices[0].choice)
        prompt = lotskoping.say(
            said.text, choice=said.choice, command=said.command, conversation=CONVERSATION
        )[-1]
        steps += 1
    lotskoping.services.database.close()
    return Effort(steps, typed, characters)


@pytest.mark.parametrize("story", STORIES)
def test_a_report_takes_at_most_nine_steps_and_two_typed_answers(story: str, tmp_path: Path):
    effort = effort_of(tmp_path, story)
    assert effort.steps <= MOST_STEPS
    assert effort.steps <= FIELDS_OF_A_FORM / 2
    assert effort.typed <= MOST_TYPED
    assert effort.characters == len(story)


def test_in_the_middle_it_takes_seven_steps(tmp_path: Path):
    efforts = [effort_of(tmp_path / str(n), story) for n, story in enumerate(STORIES)]
    steps = sorted(effort.steps for effort in efforts)
    assert steps[len(steps) // 2] <= 7, steps


@pytest.mark.parametrize(
    "story", ["Fel dos gavs", "hon ramlade", "En kollega och jag fick en arbetsskada", "Larmet"]
)
def test_even_a_story_that_tells_nothing_takes_at_most_nine_steps(story: str, tmp_path: Path):
    assert effort_of(tmp_path, story).steps <= MOST_STEPS
