"""*Att göra* of only one kind of step, as a link of a digest or the reader asks for it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request

from handlers.municipality import STEP
from handlers.todo import Todo

MANY = 10  # rows; fewer are seen at once


@dataclass(frozen=True, slots=True, kw_only=True)
class StepChoice:
    chosen: str  # a step that the list is narrowed to, or nothing
    steps: tuple[tuple[Todo, int], ...]  # the first row of each step, and how many there are

    @property
    def query(self) -> str:
        return f"{STEP}={self.chosen}" if self.chosen else ""

    @property
    def is_offered(self) -> bool:
        return len(self.steps) > 1 and sum(count for _, count in self.steps) > MANY


def narrowed(request: Request, rows: Sequence[Todo]) -> tuple[Sequence[Todo], StepChoice]:
    """Return the rows that the address asks for, and what there is to choose among.

    A step that nothing waits for any more narrows to nothing; one that is none is not asked for.
    """
    asked = request.query_params.get(STEP, "")
    chosen = asked if asked.replace("_", "").replace(".", "").isalnum() and asked.isascii() else ""
    counted = Counter(row.step for row in rows)
    firsts = {row.step: row for row in reversed(rows)}
    steps = tuple((firsts[step], count) for step, count in counted.items())
    shown = [row for row in rows if row.step == chosen] if chosen else rows
    return shown, StepChoice(chosen=chosen, steps=steps)
