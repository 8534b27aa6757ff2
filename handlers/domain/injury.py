"""How grave an event is in the words of the laws, and what a person hurt by care has to be told.

Sources: patient safety act (2010:659) 1:5, 3:5 and 3:8; social services act (2025:400) 27:2-6.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

LEGAL_AREAS = ("HSL", "SoL", "LSS")
SOCIAL_LAWS = frozenset({"SoL", "LSS"})


class InjuryClass(StrEnum):
    """The track of health care (HSL)."""

    RISK = "risk"
    NEAR_MISS = "near_miss"
    NO_INJURY = "no_injury"
    CARE_INJURY = "care_injury"
    SERIOUS_INJURY = "serious_injury"

    @property
    def must_be_told(self) -> bool:
        """Whether the person has to be informed: every care injury, not only the serious ones."""
        return self in (InjuryClass.CARE_INJURY, InjuryClass.SERIOUS_INJURY)


# What a reporter answers to "was anybody hurt?" from which care was needed. Whoever needed care is
# told of it, and the event is classed and investigated (patient safety act 3:3 and 3:8).
CARE_WAS_NEEDED = frozenset({"care", "hospital", "death"})


class PersonTold(StrEnum):
    """Whether the person knows what has happened, as said with the first assessment."""

    YES = "yes"
    NOT_YET = "not_yet"


class MisconductDegree(StrEnum):
    """The track of social services (SoL, LSS)."""

    NONE = "none"
    RISK = "risk"
    MISCONDUCT = "misconduct"
    SERIOUS_RISK = "serious_risk"
    SERIOUS = "serious"


class InformPoint(StrEnum):
    """The six points of the patient safety act 3:8, in the order of the act."""

    EVENT = "event"
    MEASURES = "measures"
    COMPLAINT = "complaint"
    PATIENTS_BOARD = "patients_board"
    IVO = "ivo"
    COMPENSATION = "compensation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Informing:
    """What the person, or relatives, have been told; `impossible` says why it cannot be done."""

    told_at: Mapping[InformPoint, datetime] = field(default_factory=dict)
    told_whom: str = ""  # patient, relative, both
    noted_in_record: bool = False
    impossible: str = ""

    @property
    def missing(self) -> tuple[InformPoint, ...]:
        if self.impossible:
            return ()
        return tuple(point for point in InformPoint if point not in self.told_at)

    @property
    def is_done(self) -> bool:
        return bool(self.impossible) or (not self.missing and self.noted_in_record)
