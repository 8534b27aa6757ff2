"""What a person has chosen to see of the list.

Codes, days and a number stand in the address, so that the choice can be kept and shared. Words that
are looked for may name somebody: they come in a form that is sent, and stand in an address only
sealed (bot/web/searching.py).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from handlers.domain.case import Case, CaseStatus

MOST_WORDS, LONGEST = 6, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    number: str = ""  # any part of a case number
    status: str = ""
    unit_id: str = ""
    category: str = ""
    law: str = ""
    late: bool = False
    since: date | None = None  # of the day when it came in
    until: date | None = None
    words: tuple[str, ...] = ()

    @property
    def is_used(self) -> bool:
        return self != CaseFilter()

    @property
    def address(self) -> str:
        """The choice as it may stand in an address: all but the words."""
        asked = {
            "nummer": self.number,
            "lage": self.status,
            "enhet": self.unit_id,
            "handlar-om": self.category,
            "lag": self.law,
            "sena": "1" if self.late else "",
            "fran": str(self.since or ""),
            "till": str(self.until or ""),
        }
        return urlencode({name: value for name, value in asked.items() if value})

    def chosen(self, cases: Iterable[Case], today: date) -> list[Case]:
        """Return what fits; the words are not looked at, since they stand beyond the case."""
        return [case for case in cases if self._fits(case, today)]

    def _fits(self, case: Case, today: date) -> bool:
        checks = (
            self.number.lower() in case.number.lower(),
            self.status in ("", case.status),
            self.unit_id in ("", case.unit_id),
            self.category in ("", case.category),
            not self.law or self.law in case.event_laws,
            not self.late or (case.is_open and case.due_on < today),
            self.since is None or case.received_on >= self.since,
            self.until is None or case.received_on <= self.until,
        )
        return all(checks)


def filter_of(entered: Mapping[str, str], *, words: str = "") -> CaseFilter:
    """Read the choice; what is too long to be a code or a number is no choice."""
    asked = {name: value.strip() for name, value in entered.items()}
    short = {name: value for name, value in asked.items() if len(value) <= 64}
    status = short.get("lage", "")
    return CaseFilter(
        number=short.get("nummer", "")[:30],
        status=status if status in set(CaseStatus) else "",
        unit_id=short.get("enhet", ""),
        category=short.get("handlar-om", ""),
        law=short.get("lag", ""),
        late=bool(short.get("sena")),
        since=_day(short.get("fran", "")),
        until=_day(short.get("till", "")),
        words=tuple(words[:LONGEST].split()[:MOST_WORDS]),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
