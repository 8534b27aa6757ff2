"""What a person has chosen to see of the list: codes and a number, never words of a report.

The choice stands in the address so that it can be kept and shared; nothing about anybody does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from fastapi import Request

from handlers.domain.case import Case, CaseStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    number: str = ""  # any part of a case number
    status: str = ""
    unit_id: str = ""
    category: str = ""
    law: str = ""
    late: bool = False

    @property
    def is_used(self) -> bool:
        return self != CaseFilter()

    def chosen(self, cases: Iterable[Case], today: date) -> list[Case]:
        return [case for case in cases if self._fits(case, today)]

    def _fits(self, case: Case, today: date) -> bool:
        checks = (
            self.number.lower() in case.number.lower(),
            self.status in ("", case.status),
            self.unit_id in ("", case.unit_id),
            self.category in ("", case.category),
            not self.law or self.law in case.legal_areas,
            not self.late or (case.is_open and case.target_on < today),
        )
        return all(checks)


def filter_of(request: Request) -> CaseFilter:
    """Read the choice; what is too long to be a code or a number is no choice."""
    asked = {name: value.strip() for name, value in request.query_params.items()}
    short = {name: value for name, value in asked.items() if len(value) <= 64}
    status = short.get("lage", "")
    return CaseFilter(
        number=short.get("nummer", "")[:30],
        status=status if status in set(CaseStatus) else "",
        unit_id=short.get("enhet", ""),
        category=short.get("handlar-om", ""),
        law=short.get("lag", ""),
        late=bool(short.get("sena")),
    )
