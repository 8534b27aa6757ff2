"""Time in tests: one T0, and moments told from it."""

from datetime import UTC, datetime, timedelta

# A Monday morning in Lotsköping, 09:00 local time, in summer.
T0 = datetime(2026, 6, 1, 7, 0, tzinfo=UTC)


def at(*, days: float = 0, hours: float = 0, minutes: float = 0) -> datetime:
    return T0 + timedelta(days=days, hours=hours, minutes=minutes)


class SetClock:
    """A clock that stands until a test moves it."""

    def __init__(self, now: datetime = T0) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, *, days: float = 0, hours: float = 0, minutes: float = 0) -> None:
        self.now += timedelta(days=days, hours=hours, minutes=minutes)
