"""A long list, so many rows at a time; which rows, stands in the address."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from fastapi import Request

ROWS = 20
NAME = "sida"

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paged(Generic[Row]):
    rows: Sequence[Row]  # of this page
    total: int
    number: int  # of this page, from 1
    query: str = ""  # what else the address says

    @property
    def count(self) -> int:
        return _pages_for(self.total)

    @property
    def first(self) -> int:
        return (self.number - 1) * ROWS + 1

    def address(self, number: int) -> str:
        """Return the query of another page of the same list; the first needs no number."""
        asked = f"{NAME}={number}" if number > 1 else ""
        return f"?{'&'.join(filter(None, (self.query, asked)))}"


def paged(request: Request, rows: Sequence[Row], query: str = "") -> Paged[Row]:
    """Return the page that the address asks for; beyond the last one, the last."""
    asked = request.query_params.get(NAME, "")
    last = _pages_for(len(rows))
    number = min(int(asked), last) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1
    number = max(1, number)
    shown = rows[(number - 1) * ROWS : number * ROWS]
    return Paged(rows=shown, total=len(rows), number=number, query=query)


def _pages_for(total: int) -> int:
    return max(1, -(-total // ROWS))
