"""Working days in Sweden: public holidays, the eves that are free in practice, local closures."""

from collections.abc import Callable
from datetime import date

from holidays import country_holidays
from holidays.constants import DE_FACTO, PUBLIC

SATURDAY = 5


def swedish_working_days(closures: frozenset[date] = frozenset()) -> Callable[[date], bool]:
    """Return whether a day is worked; midsummer's, Christmas and New Year's eves are not."""
    free = country_holidays("SE", categories=(PUBLIC, DE_FACTO))

    def is_working_day(day: date) -> bool:
        return day.weekday() < SATURDAY and day not in free and day not in closures

    return is_working_day
