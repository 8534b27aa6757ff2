"""Small numbers in tables are hidden, and so is what would give them away.

A reader knows every number that is shown, which of them are sums of which, and that a hidden one is
at least 1. What follows from that alone must be no small number: not by one subtraction, not by
several together, and not because a sum leaves no room. Cells that no table shows, such as the rest
beside a share, stand among the counts too when they can be worked out. That a part is no more than
its whole is known too: under one law there is no more than in all.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

SMALLEST_CELL = 5  # one to four people can be known from a number
BESIDE = "beside"  # begins the key of what no table shows and may be 0: a whole less a part
_ROUNDS = 40  # of narrowing the bounds; tables are small

Key = tuple[str, ...]
Grid = dict[Key, int | None]  # None: hidden
Sums = Sequence[Sequence[Key]]
_Equation = tuple[dict[Key, Fraction], Fraction]  # coefficients of the hidden cells, and their sum


def suppress(
    counts: Mapping[Key, int], sums: Sums, beside: Sums = (), *, smallest: int = SMALLEST_CELL
) -> Grid:
    """Return the counts with every small one hidden, and as many others as that needs.

    Each of `sums` is a line of cells whose last is the sum of the others. So is each of `beside`,
    where cells that begin with BESIDE stand in no table and need no hiding.
    """
    shown: Grid = {key: None if 0 < count < smallest else count for key, count in counts.items()}
    changed = True
    while changed:
        changed = False
        for line in sums:
            hidden = [key for key in line if shown[key] is None]
            if len(hidden) == 1:
                changed |= _hide_one_more(shown, counts, line)
        if not changed:
            changed = _hide_what_tells(shown, counts, sums, beside, smallest)
    return shown


def worked_out(shown: Grid, sums: Sums, beside: Sums = (), *, least: int = 1) -> dict[Key, int]:
    """Return the hidden cells that have one value only for whoever sees the rest.

    `least` is what the reader takes a hidden cell to be at least.
    """
    equations = [_equation(shown, line) for line in sums]
    reduced = _reduced([one for one in equations if one[0]])
    single = {next(iter(terms)): total for terms, total in reduced if len(terms) == 1}
    found = {key: int(value) for key, value in single.items()}
    rests = [_equation(shown, line) for line in beside]
    known = found | _pinned([*equations, *reduced, *rests], least)
    return {key: value for key, value in known.items() if key in shown}


def _hide_what_tells(
    shown: Grid, counts: Mapping[Key, int], sums: Sums, beside: Sums, smallest: int
) -> bool:
    known = worked_out(shown, sums, beside)
    if any(value is None and counts[key] == 0 for key, value in shown.items()):
        known |= worked_out(shown, sums, beside, least=0)  # a reader may know that of some zeros
    told = [key for key in known if 0 < counts[key] < smallest]
    changed = False
    for key in told:
        near = [line for line in sums if key in line]
        around = [line for line in sums if any(one in known for one in line)]
        changed |= any(_hide_one_more(shown, counts, line) for line in (*near, *around))
    return changed


def _hide_one_more(shown: Grid, counts: Mapping[Key, int], line: Sequence[Key]) -> bool:
    """Hide the smallest cell that tells something; zeros last, for they hide nothing."""
    known = [key for key in line if shown[key] is not None]
    if not known:
        return False
    chosen = min(known, key=lambda key: (counts[key] == 0, counts[key], key))
    shown[chosen] = None
    return True


def _equation(shown: Grid, line: Sequence[Key]) -> _Equation:
    """Return parts - sum = 0 as coefficients of the hidden cells and what is known."""
    signs = [(key, 1) for key in line[:-1]] + [(line[-1], -1)]
    terms: dict[Key, Fraction] = {}
    total = Fraction(0)
    for key, sign in signs:
        value = shown.get(key)
        if value is None:
            terms[key] = Fraction(sign)
        else:
            total -= sign * value
    return terms, total


def _reduced(equations: list[_Equation]) -> list[_Equation]:
    """Solve as far as it goes: every equation has a cell that stands in no other."""
    done: list[tuple[Key, _Equation]] = []
    for equation in equations:
        terms, total = dict(equation[0]), equation[1]
        for pivot, other in done:
            terms, total = _without(pivot, (terms, total), other)
        if not terms:
            continue
        pivot = next(iter(terms))
        scale = terms[pivot]
        fresh = ({key: c / scale for key, c in terms.items()}, total / scale)
        done = [(old, _without(pivot, one, fresh)) for old, one in done]
        done.append((pivot, fresh))
    return [equation for _, equation in done]


def _without(pivot: Key, equation: _Equation, by: _Equation) -> _Equation:
    factor = equation[0].get(pivot)
    if not factor:
        return equation
    terms = dict(equation[0])
    for key, coefficient in by[0].items():
        left = terms.get(key, Fraction(0)) - factor * coefficient
        if left:
            terms[key] = left
        else:
            terms.pop(key, None)
    return terms, equation[1] - factor * by[1]


def _pinned(equations: Sequence[_Equation], at_least: int) -> dict[Key, int]:
    """Return the cells whose least and greatest possible value are the same."""
    keys = {key for terms, _ in equations for key in terms}
    least = {key: Fraction(0 if key[0] == BESIDE else at_least) for key in keys}
    most: dict[Key, Fraction] = {}
    for _ in range(_ROUNDS):
        before = (dict(least), dict(most))
        for equation in equations:
            _narrow(equation, least, most)
        if before == (least, most):
            break
    return {key: int(least[key]) for key in most if most[key] == least[key]}


def _narrow(equation: _Equation, least: dict[Key, Fraction], most: dict[Key, Fraction]) -> None:
    terms, total = equation
    for key, coefficient in terms.items():
        others = [(other, c) for other, c in terms.items() if other != key]
        lows = [c * least[o] if c > 0 else c * most[o] for o, c in others if c > 0 or o in most]
        highs = [c * least[o] if c < 0 else c * most[o] for o, c in others if c < 0 or o in most]
        limits = []
        if len(lows) == len(others):
            limits.append((coefficient > 0, (total - sum(lows)) / coefficient))
        if len(highs) == len(others):
            limits.append((coefficient < 0, (total - sum(highs)) / coefficient))
        for is_upper, limit in limits:
            if is_upper:
                most[key] = min(most.get(key, limit), limit)
            else:
                least[key] = max(least[key], limit)


def share(part: int, whole: int, *, smallest: int = SMALLEST_CELL) -> float | None:
    """Return a share in percent; None when part, rest or whole is a small number."""
    if whole == 0 or 0 < part < smallest or 0 < whole - part < smallest:
        return None
    return round(100 * part / whole, 1)
