"""The cells of the table of the organisation: what people and spreadsheets write, as a value."""

from collections.abc import Iterable, Mapping

from handlers.domain.text import composed, is_storable

_LONGEST = 200
_YES, _NO = {"ja", "j", "x", "1", "yes"}, {"", "nej", "n", "0", "no"}
_OWN = {"", "egen regi", "kommunen"}  # the municipality runs it itself
_TABLE_CODES = {"own", "total"}  # what the tables of the figures call something else
FORMULA_SIGNS = ("=", "+", "-", "@")  # a spreadsheet takes a cell that begins so for a formula


class RowFault(ValueError):
    """What a row says cannot be used; the text is for whoever made the file."""


def require_cells(values: Mapping[str, str], needed: Iterable[str]) -> None:
    """Raise RowFault unless the needed cells are there and all can be stored and shown."""
    for name in needed:
        if not values[name]:
            raise RowFault(f"{name} saknas")
    for name, value in values.items():
        if len(value) > _LONGEST:
            raise RowFault(f"{name} är längre än {_LONGEST} tecken")
        if not is_storable(value):
            raise RowFault(f"{name} har tecken som inte syns")


def provider_in(word: str) -> str:
    if word.casefold() in _TABLE_CODES:
        raise RowFault(f"utförare: {word} går inte att heta")
    return "" if word.casefold() in _OWN else word


def yes_or_no(text: str, name: str = "ersättare") -> bool:
    if text.casefold() in _YES:
        return True
    if text.casefold() in _NO:
        return False
    raise RowFault(f"{name}: {text} är varken ja eller nej")


def cell_of(text: str) -> str:
    """Return a cell without stray blanks and the mark that keeps it from being a formula."""
    plain = composed(" ".join(text.split()))
    return plain[1:] if plain[:1] == "'" and plain[1:2] in FORMULA_SIGNS else plain


def slug_of(name: str) -> str:
    letters = name.casefold().translate(str.maketrans("åäöé", "aaoe"))
    return "-".join("".join(c if c.isalnum() else " " for c in letters).split())[:64]
