"""Small numbers in tables are hidden, and so is what would give them away by subtraction."""

from collections.abc import Mapping, Sequence

SMALLEST_CELL = 5  # one to four people can be known from a number

Key = tuple[str, str]
Grid = dict[Key, int | None]  # None: hidden


def suppress(
    counts: Mapping[Key, int], sums: Sequence[Sequence[Key]], *, smallest: int = SMALLEST_CELL
) -> Grid:
    """Return the counts with every small one hidden.

    Each of `sums` is a line of cells whose last is the sum of the others. A line with one hidden
    cell gives it away, so another cell of it is hidden too: the smallest that is not zero.
    """
    shown: Grid = {key: None if 0 < count < smallest else count for key, count in counts.items()}
    changed = True
    while changed:
        changed = False
        for line in sums:
            hidden = [key for key in line if shown[key] is None]
            if len(hidden) == 1:
                changed |= _hide_one_more(shown, counts, line)
    return shown


def _hide_one_more(shown: Grid, counts: Mapping[Key, int], line: Sequence[Key]) -> bool:
    """Hide the smallest cell that tells something; zeros last, for they hide nothing."""
    known = [key for key in line if shown[key] is not None]
    if not known:
        return False
    chosen = min(known, key=lambda key: (counts[key] == 0, counts[key], key))
    shown[chosen] = None
    return True


def share(part: int, whole: int, *, smallest: int = SMALLEST_CELL) -> float | None:
    """Return a share in percent; None when part, rest or whole is a small number."""
    if whole == 0 or 0 < part < smallest or 0 < whole - part < smallest:
        return None
    return round(100 * part / whole, 1)
