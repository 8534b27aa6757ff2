"""The table of moves: drawn as it is, and never left by any deed."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.domain.case import Case, CaseKind, CaseStatus
from handlers.domain.moves import (
    ENDED,
    MOVES,
    OPEN,
    Machine,
    MariaStep,
    ProviderStep,
    SarahStep,
    find_move,
)
from handlers.errors import IllegalTransition
from tests.clock import T0

DRAWINGS = Path(__file__).parents[2] / "docs" / "states.md"
_ARROW = re.compile(r"^\s*(\w+) --> (\w+) : (.+)$", re.MULTILINE)


def drawn(heading: str) -> set[tuple[str, str, str]]:
    section = DRAWINGS.read_text(encoding="utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    found = set()
    for source, to, guard in _ARROW.findall(section):
        sources = [str(s) for s in OPEN] if source == "open" else [source]
        targets = [str(s) for s in OPEN] if to == "open" else [to]
        found |= {(one, other, guard) for one in sources for other in targets}
    return found


@pytest.mark.parametrize(
    ("heading", "machine"),
    [
        ("The case", Machine.CASE),
        ("Lex Maria", Machine.LEX_MARIA),
        ("Lex Sarah", Machine.LEX_SARAH),
        ("Lex Sarah of a private provider", Machine.LEX_SARAH_PROVIDER),
    ],
)
def test_the_drawing_is_the_table(heading: str, machine: Machine):
    table = {(str(m.source), str(m.to), str(m.guard)) for m in MOVES if m.machine == machine}
    assert drawn(heading) == table


@pytest.mark.parametrize(
    ("machine", "states", "first"),
    [
        (Machine.CASE, CaseStatus, CaseStatus.RECEIVED),
        (Machine.LEX_MARIA, MariaStep, MariaStep.ASSESSING),
        (Machine.LEX_SARAH, SarahStep, SarahStep.RECEIVED),
        (Machine.LEX_SARAH_PROVIDER, ProviderStep, ProviderStep.RECEIVED),
    ],
)
def test_every_state_can_be_reached_and_every_way_leads_to_an_end(machine, states, first):
    moves = {(m.source, m.to) for m in MOVES if m.machine == machine}
    ends = ENDED if machine == Machine.CASE else {"done", "not_reported"}

    def reachable(start):
        seen, waiting = {start}, [start]
        while waiting:
            here = waiting.pop()
            for source, to in moves:
                if source == here and to not in seen:
                    seen.add(to)
                    waiting.append(to)
        return seen

    assert reachable(first) == set(states)
    assert all(reachable(state) & set(ends) for state in states)


def a_case(status: CaseStatus) -> Case:
    return Case(
        id="c",
        number="AVV-2026-00001",
        kind=CaseKind.DEVIATION,
        status=status,
        category="fall",
        category_source="reporter",
        unit_id="bjorkgarden",
        received_at=T0,
        received_on=T0.date(),
        target_on=T0.date(),
    )


@given(st.sampled_from(CaseStatus), st.sampled_from(CaseStatus))
def test_a_move_outside_the_table_is_refused_and_one_inside_is_made(source, to):
    case = a_case(source)
    if find_move(Machine.CASE, source, to) is None:
        with pytest.raises(IllegalTransition):
            case.moved(to)
    else:
        assert case.moved(to).status == to


@given(st.sampled_from(CaseStatus), st.sampled_from(OPEN[:6]))
def test_the_main_path_is_walked_along_the_table(source, to):
    case = a_case(source)
    for status in case.path_to(to):
        case = case.moved(status)
    assert case.status in (source, to)
