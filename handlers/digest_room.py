"""What a digest has room for: the gravest, and some room for what has waited longest.

A message with a hundred things in it is read by nobody. Ten stand in it each by itself; more are
named together, by number under the step that they share. What there is no room for even so is
counted and has not been told: it is due again in the next digest (ADR 0005).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from handlers.gravity import Gravity

MOST = 10
TOGETHER = 40
_FOR_THE_LONGEST = 5  # of them, so that what is grave every day shuts nothing out for good

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting(Generic[Thing]):
    thing: Thing
    gravity: Gravity
    due_on: date
    key: str
    since: date  # it has not been told: the day when it was told last, or was first to be

    @property
    def _longest(self) -> tuple[date, date, str]:
        return self.since, self.due_on, self.key

    @property
    def _by_gravity(self) -> tuple[int, date, date, str]:
        return -self.gravity, *self._longest

    @property
    def order(self) -> tuple[int, date, str]:
        """Where it stands among the others: as on the page of what there is to do."""
        return -self.gravity, self.due_on, self.key


def fitting(
    waiting: Iterable[Waiting[Thing]], room: int
) -> tuple[list[Waiting[Thing]], list[Waiting[Thing]]]:
    """Return what has a line of its own, the gravest first, and what is named with others.

    `room` is for lines of their own. What was told lately steps back.
    """
    ordered = sorted(waiting, key=lambda one: one._by_gravity)
    if len(ordered) > room:
        gravest, others = ordered[: room - _FOR_THE_LONGEST], ordered[room - _FOR_THE_LONGEST :]
        others.sort(key=lambda one: one._longest)
        ordered = gravest + others
    alone, together = ordered[:room], ordered[room : room + TOGETHER]
    return _in_order(alone), _in_order(together)


def _in_order(waiting: Iterable[Waiting[Thing]]) -> list[Waiting[Thing]]:
    return sorted(waiting, key=lambda one: one.order)
