"""When a case should be handled: months, working days and sending hours, all as plain dates."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
SEND_FROM = time(8)
SEND_UNTIL = time(17)

CLOCK_SKEW = timedelta(minutes=2)  # between the clocks of two machines of ours
_SAID_EARLY = timedelta(days=14)

IsWorkingDay = Callable[[date], bool]


def add_months(day: date, months: int) -> date:
    """Return the same day of a later month, or that month's last day.

    31 January plus one month gives 28 or 29 February. Source: ADR 0004.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def local_date(moment: datetime) -> date:
    """Return the day in Stockholm at an aware moment; 22:30 UTC is often the next day."""
    return moment.astimezone(STOCKHOLM).date()


def midnight(day: date) -> datetime:
    """Return the moment, in UTC, when a day begins in Stockholm."""
    return datetime.combine(day, time(0), tzinfo=STOCKHOLM).astimezone(UTC)


def lies_ahead(stamp: datetime, now: datetime) -> bool:
    """Whether something that has been lies in the future: the clock was ahead when it was stamped.

    What such a stamp would hold back is due now, and is stamped anew; else one wrong hour of a
    clock would keep an alert silent for as long as the clock was ahead.
    """
    return stamp > now + CLOCK_SKEW


def told_until(today: date) -> date:
    """Return the last day of which a reminder counts as given, though the clock was ahead then.

    Up to a fortnight early, somebody has been told and is not told twice; from further ahead it
    would only be silence, and the reminder is given again on its own day.
    """
    return today + _SAID_EARLY


def target_on(received_on: date, *, months: int = 1) -> date:
    """Return the last day within the target, counted from the day of receipt."""
    return add_months(received_on, months)


def add_working_days(day: date, count: int, is_working_day: IsWorkingDay) -> date:
    """Return the working day that lies `count` working days after `day`."""
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def last_working_day(day: date, is_working_day: IsWorkingDay) -> date:
    """Return the day itself when it is worked, else the nearest working day before it."""
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def before_working_days(day: date, count: int, is_working_day: IsWorkingDay) -> date:
    """Return the last day from which `count` working days have passed at the end of `day`.

    The counterpart of add_working_days: a start on or before the answer gives `day` or earlier.
    """
    while count:
        count -= is_working_day(day)
        day -= timedelta(days=1)
    return day


@dataclass(frozen=True, slots=True)
class Daytime:
    """The hours of every day, in Stockholm, in which somebody can be asked to hurry."""

    first: time
    until: time

    def holds(self, moment: datetime) -> bool:
        return self.first <= moment.astimezone(STOCKHOLM).time() < self.until

    def passed(self, since: datetime, now: datetime) -> timedelta:
        """Return how much daytime lies between two moments."""
        total, day, last = timedelta(0), local_date(since), local_date(now)
        while day <= last:
            begins = datetime.combine(day, self.first, tzinfo=STOCKHOLM).astimezone(UTC)
            ends = datetime.combine(day, self.until, tzinfo=STOCKHOLM).astimezone(UTC)
            total += max(timedelta(0), min(ends, now) - max(begins, since))
            day += timedelta(days=1)
        return total


def may_send(moment: datetime, is_working_day: IsWorkingDay) -> bool:
    """Whether reminders go out now: working days from 08 until 17 in Stockholm."""
    local = moment.astimezone(STOCKHOLM)
    return SEND_FROM <= local.time() < SEND_UNTIL and is_working_day(local.date())


def next_sending_moment(moment: datetime, is_working_day: IsWorkingDay) -> datetime:
    """Return `moment` itself inside the sending hours, else the start of the next ones, in UTC."""
    if may_send(moment, is_working_day):
        return moment
    local = moment.astimezone(STOCKHOLM)
    day = local.date()
    if local.time() >= SEND_FROM:
        day += timedelta(days=1)
    while not is_working_day(day):
        day += timedelta(days=1)
    return datetime.combine(day, SEND_FROM, tzinfo=STOCKHOLM).astimezone(UTC)
