"""What the tables of figures say, in the reader's language: on the page and in the file."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.app import Services
from bot.exporting import HIDDEN, Sheet
from bot.web.viewmodels import category_label
from handlers.sketches import LAWS, TOTAL, Cell, Table
from handlers.statistics import OWN

_PACK = {
    "pack": "duty_task.unit_pack",
    "pack_categories": "tasks.categories",
    "pack_causes": "tasks.causes",
}
_ROWS = {
    "kinds": "kind.",
    "risk_matrix": "severity.",
    "pack": "tasks.",
    "pack_causes": "cause.",
    "operators": "figures.",
}
_CATEGORIES = ("categories", "pack_categories")
_AS_IT_IS = ("inflow", "operators")  # months and names
_NO_SHARE = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureWords:
    """Names for the codes of tables; `language` also decides how a decimal is written."""

    services: Services
    language: str

    def _say(self, key: str, **values: object) -> str:
        return self.services.municipality.catalogue.get(key, self.language, **values)

    @property
    def hidden(self) -> str:
        """What the two points mean."""
        return self._say("figures.hidden")

    def title(self, table: Table) -> str:
        return self._say(_PACK.get(table.id, f"figures.{table.id}"))

    def column(self, column: str) -> str:
        if column in LAWS:
            return column
        kind, _, value = column.partition("_")
        if kind == "likelihood":
            return self._say(f"likelihood.{value}")
        return self._say(f"figures.column_{column}")

    def row(self, table_id: str, code: Cell) -> str:
        code = str(code or "")
        if code == TOTAL:
            return self._say("figures.column_total")
        if table_id in _CATEGORIES:
            return self._category(code)
        if table_id in _AS_IT_IS and code != OWN:
            return code
        if table_id == "in_law" and "." in code:
            return self._say(code)
        return self._say(f"{_ROWS.get(table_id, 'figures.row_')}{code}")

    def cell(self, column: str, value: Cell) -> str:
        """Return a number as it is read: "12", "0,5 %", ".." for one that is hidden."""
        if value is None:
            return _NO_SHARE if column == "percent" else HIDDEN
        return f"{self.number(value)}\N{NO-BREAK SPACE}%" if column == "percent" else str(value)

    def number(self, value: Cell) -> str:
        written = str(value)
        return written.replace(".", ",") if self.language == "sv" else written

    def sheet(self, table: Table) -> Sheet:
        """Return a table as a spreadsheet in this language opens it: shares in per cent."""
        share = "percent"
        columns = tuple(
            f"{self.column(one)} (%)" if one == share else self.column(one) for one in table.columns
        )
        rows = tuple(
            (self.row(table.id, row[0]), *self._in_file(table.columns[1:], row[1:]))
            for row in table.rows
        )
        return Sheet(name=self.title(table), columns=columns, rows=rows)

    def _in_file(self, columns: Iterable[str], values: Iterable[Cell]) -> Iterable[str]:
        for column, value in zip(columns, values, strict=True):
            yield self.cell(column, value) if value is None else self.number(value)

    def _category(self, code: str) -> str:
        known = {one.code for one in self.services.taxonomy.categories}
        if code not in known:
            return self._say("figures.unknown")
        return category_label(self.services, code, self.language)
