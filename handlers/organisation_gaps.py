"""The chairs of an organisation's file that are empty, now or for some days to come."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from handlers.domain.people import Assignment, Role, Unit, Validity

_WANTED = ((Role.MAS, "MAS"), (Role.SAS, "SAS"), (Role.REGISTRATOR, "registrator"))
_ONE_DAY = timedelta(days=1)


def vacancies(units: Iterable[Unit], assignments: Collection[Assignment], today: date) -> list[str]:
    """Return what a municipality should not be without: those above and beside are told instead.

    A deputy is no holder of a chair. A chair that is empty for a while only is told with its days.
    """
    if not assignments:
        return []
    chairs = [
        (Role.UNIT_MANAGER, unit.id, f"enheten {unit.name} har ingen enhetschef")
        for unit in sorted(units, key=lambda unit: unit.name)
    ]
    chairs += [(role, "", f"ingen är {name}") for role, name in _WANTED]
    found = []
    for role, scope, text in chairs:
        held = [a.valid for a in assignments if (a.role, a.scope, a.deputy) == (role, scope, False)]
        days = _gap(held, today)
        if days is not None:
            found.append(f"{text}{_said(days, today)}")
    return found


def _gap(held: Collection[Validity], today: date) -> Validity | None:
    """Return the first days from today on that nobody sits there."""
    ends = {one.last_on + _ONE_DAY for one in held if one.last_on is not None}
    for day in sorted({today, *(end for end in ends if end > today)}):
        if not any(one.holds(day) for one in held):
            later = min((one.first_on for one in held if one.first_on > day), default=None)
            return Validity(first_on=day, last_on=later - _ONE_DAY if later else None)
    return None


def _said(days: Validity, today: date) -> str:
    begins = "" if days.first_on == today else f" från {days.first_on.isoformat()}"
    return begins if days.last_on is None else f"{begins} till {days.last_on.isoformat()}"
