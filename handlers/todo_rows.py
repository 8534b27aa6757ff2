"""One row of what waits for somebody: the step, its day, where it is done and what it is about."""

from dataclasses import dataclass
from datetime import date

from handlers.gravity import Gravity

LOOK = "todo.look"  # whether the unit may know


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """`step` is a key of the texts; `path` is where it is done."""

    step: str
    due_on: date
    path: str
    case_id: str = ""
    number: str = ""
    unit: str = ""  # its name
    urgent: bool = False  # of an alert that goes on to the next person soonest
    reasons: tuple[str, ...] = ()  # of an alert; never the reporter's text
    count: int = 0  # of held letters
    category: str = ""  # its code
    gravity: Gravity = Gravity.ORDINARY
    text: str = ""  # of a task or an action, on the page only, never in a message
    raised: str = ""  # when an alert was: a case can have several

    @property
    def name(self) -> str:
        """Return what the row is about, to stand in the name of every link of it."""
        return ", ".join(part for part in (self.number or self.unit, self.raised) if part)

    @property
    def how(self) -> str:
        """Return the text key of how it is done, at most a screen of a phone."""
        if self.step.startswith("duty_task."):
            return f"{self.step}_how"
        return how_to(self.step)

    def is_late(self, today: date) -> bool:
        return self.due_on < today


def how_to(step: str) -> str:
    return f"how.{step.replace('.', '_')}"
