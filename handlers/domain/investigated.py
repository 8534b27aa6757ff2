"""What an investigation finds: causes, and the actions that answer to them."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from handlers.domain.causes import is_person_only


class CauseArea(StrEnum):
    """The four areas of causes of the municipalities' own statistics."""

    ROUTINES = "routines"
    COMMUNICATION = "communication"
    EQUIPMENT = "equipment"
    COMPETENCE = "competence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    id: str
    area: CauseArea
    text: str
    whys: tuple[str, ...] = ()  # why, and why that: from the event down to the system

    @property
    def is_person_only(self) -> bool:
        """Whether it stops at a person: "the human factor" explains nothing by itself."""
        deepest = self.whys[-1] if self.whys else self.text
        return is_person_only(deepest)


class Effect(StrEnum):
    HELPED = "helped"
    PARTLY = "partly"
    NOT_HELPED = "not_helped"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    id: str
    cause_id: str  # an action answers to a cause
    text: str
    owner_id: str
    due_on: date
    done_at: datetime | None = None
    effect: str = ""
    helped: Effect | None = None
    checked_at: datetime | None = None
