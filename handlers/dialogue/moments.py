"""When something happened, picked out of a text: "i går kväll", "kl 7", "natten till lördag".

Everything is relative to a given moment. The result is a guess that the person gets to see.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from handlers.domain.deadline import STOCKHOLM

_AFTER_NOON = frozenset({"afternoon", "evening"})
_SPOKEN = frozenset({"hour_word", "half", "quarter_to", "quarter_past"})
_AFTER_WEEKEND = (1, 2, 3, 4)  # Tuesday to Friday
_NIGHT_ENDS = 6  # o'clock; an hour after it is no night


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """`words` stand in for a day that is not known more closely ("häromdagen")."""

    is_now: bool = False
    day: date | None = None
    part: str = ""  # of the day: morning, evening, night ...
    hour: int | None = None
    minute: int = 0
    words: str = ""
    is_unclear: bool = False  # it may be several days, or is none


@dataclass(frozen=True, slots=True, kw_only=True)
class _DayRule:
    pattern: re.Pattern[str]
    day: int | None
    part: str
    is_now: bool
    is_vague: bool
    is_weekend: bool
    is_beside_date: bool
    is_aside: bool  # when another day is named


class MomentReader:
    def __init__(self, data: Mapping[str, Any]) -> None:
        self._parts = _codes(data["parts"])
        self._numbers = {word: int(code) for word, code in _codes(data["numbers"]).items()}
        self._weekdays = {word: int(code) for word, code in _codes(data["weekdays"]).items()}
        self._months = {word: int(code) for word, code in _codes(data["months"]).items()}
        self._days = [self._day_rule(one) for one in data["day"]]
        self._clocks = [self._compiled(one["pattern"]) for one in data["clock"]]
        self._part_alone = self._compiled("(?:på|under|vid|kring|in the|at) (?P<part>{part})")
        self._hours = {part: (int(one[0]), int(one[1])) for part, one in data["hours"].items()}
        self._not_when = frozenset(data["not_when"]["words"])
        self._to_come = self._compiled(data["to_come"]["pattern"])
        self._names = data

    def read(self, text: str, now: datetime) -> Moment | None:
        """Return the moment that the text names.

        None: it names none, one to come, or several that do not go together.
        """
        local = now.astimezone(STOCKHOLM)
        found = self._days_in(text, local)
        if len({_same_day(one) for one in found}) > 1 or any(one.is_unclear for one in found):
            return None
        moment = next((one for one in found if one.hour is not None), None)
        moment = moment or next(iter(found), Moment())
        if moment.is_now or moment.words:
            return moment
        moment = self._with_clock(text, moment, local)
        if moment is None or (moment.day is None and moment.hour is None):
            return None
        if moment.day is None:
            moment = _latest(moment, local)
        at = (moment.day, moment.hour or 0, moment.minute)
        return None if at > (local.date(), local.hour, local.minute) else moment

    def is_doubtful(self, text: str, now: datetime) -> bool:
        """Return whether a text names a day or time that is to come or that there is none like."""
        today = now.astimezone(STOCKHOLM).date()
        dated = (rule.pattern.search(text) for rule in self._days)
        groups = [found.groupdict() for found in dated if found and "of_month" in found.groupdict()]
        days = [self._date({k: v.lower() for k, v in one.items() if v}, today) for one in groups]
        clocks = (found for pattern in self._clocks if (found := pattern.search(text)))
        return (
            self._to_come.search(text) is not None
            or any(day is None or day > today for day in days)
            or any(self._time(found, "") is None for found in clocks)
        )

    def said(self, moment: Moment, language: str) -> str:
        """Return the moment as people read it: "Söndag 31 maj, på kvällen"."""
        if moment.day is None:
            return moment.words
        return self._dated(moment, moment.day, language)

    def _dated(self, moment: Moment, on: date, language: str) -> str:
        names = self._names
        weekday = names["day_names"][language][on.weekday()].capitalize()
        month = names["month_names"][language][on.month - 1]
        day = f"{weekday} {on.day} {month}"
        if moment.hour is not None:
            clock = names["clock_words"][language]
            return f"{day} {clock} {moment.hour:02}.{moment.minute:02}"
        if moment.part:
            return f"{day}, {names['part_names'][language][moment.part]}"
        return day

    def _days_in(self, text: str, local: datetime) -> list[Moment]:
        """Return what every day expression says, in the text's order; dates alone if there are."""
        matches = [
            (match.start(), number, match, rule)
            for number, rule in enumerate(self._days)
            for match in rule.pattern.finditer(text)
        ]
        if any("of_month" in one[2].groupdict() for one in matches):
            matches = [one for one in matches if _is_date(one[2], one[3])]
        else:
            matches = [one for one in matches if not one[3].is_beside_date]
        found: list[Moment] = []
        asides: list[Moment] = []
        end = 0
        for start, _, match, rule in sorted(matches, key=lambda one: one[:2]):
            if start < end:
                continue
            is_aside = rule.is_aside or self._is_aside(text, start)
            kept = asides if is_aside else found
            kept.append(self._of_rule(match, rule, local))
            end = match.end()
        return found or asides

    def _is_aside(self, text: str, start: int) -> bool:
        """Whether a day is that of something else: "sedan i fredags", "också i måndags"."""
        return not self._not_when.isdisjoint(text[:start].lower().split()[-2:])

    def _of_rule(self, match: re.Match[str], rule: _DayRule, local: datetime) -> Moment:
        if rule.is_now:
            return Moment(is_now=True)
        if rule.is_beside_date:
            return Moment(is_unclear=True)
        if rule.is_vague or rule.is_weekend:
            # From Saturday to Monday it may be any of the days that have names of their own.
            is_clear = rule.is_vague or local.weekday() in _AFTER_WEEKEND
            return Moment(words=match.group().lower()) if is_clear else Moment(is_unclear=True)
        groups = {name: value.lower() for name, value in match.groupdict().items() if value}
        part = self._parts.get(groups.get("part", groups.get("part_en", "")), rule.part)
        if rule.day is not None:
            return Moment(day=local.date() + timedelta(days=rule.day), part=part)
        if "count" in groups:
            return self._ago(groups, local)
        if "of_month" in groups:
            day = self._date(groups, local.date())
        else:
            day = self._weekday(groups, local.date())
        return Moment(is_unclear=True) if day is None else Moment(day=day, part=part)

    def _ago(self, groups: Mapping[str, str], local: datetime) -> Moment:
        word = groups["count"]
        count = int(word) if word.isdigit() else self._numbers[word]
        unit = next(name for name in ("minutes", "hours", "days", "weeks") if name in groups)
        if unit == "minutes" and count <= 60:
            return Moment(is_now=True)
        then = local - timedelta(**{unit: count})
        exact = unit in ("minutes", "hours")
        return Moment(day=then.date(), hour=then.hour if exact else None)

    def _weekday(self, groups: Mapping[str, str], today: date) -> date:
        """Return the latest such day; "natten till" may end today, "i måndags" is never today."""
        night_to = groups.get("night_to") or groups.get("night_to_en")
        wanted = self._weekdays[night_to or groups["weekday"]]
        back = (today.weekday() - wanted) % 7
        return today - timedelta(days=back if night_to else back or 7)

    def _date(self, groups: Mapping[str, str], today: date) -> date | None:
        month = groups.get("month_number") or str(self._months.get(groups.get("month", ""), 0))
        year = int(groups.get("year", today.year))
        try:
            found = date(year, int(month), int(groups["of_month"]))
            return found if found <= today or "year" in groups else found.replace(year=year - 1)
        except ValueError:  # the 31st of a month without one
            return None

    def _with_clock(self, text: str, moment: Moment, local: datetime) -> Moment | None:
        """Return the moment with the time of day that the text gives; None: they do not agree."""
        match = next((found for one in self._clocks if (found := one.search(text))), None)
        part = moment.part or self._part_of(text)
        if moment.hour is not None:
            return moment
        if match is None or (time := self._time(match, part)) is None:
            return replace(moment, part=part)
        hour, minute = time
        if not self._fits(hour, part):
            return None
        if not part and _is_either_half(match, moment) and _may_be_evening(moment, hour, local):
            return None if moment.day is None else moment
        return replace(moment, part=part, hour=hour, minute=minute)

    def _part_of(self, text: str) -> str:
        match = self._part_alone.search(text)
        return self._parts[match["part"].lower()] if match else ""

    def _fits(self, hour: int, part: str) -> bool:
        if not part:
            return True
        first, last = self._hours[part]
        return first <= hour <= last if first < last else hour >= first or hour <= last

    def _time(self, match: re.Match[str], part: str) -> tuple[int, int] | None:
        groups = {name: value.lower() for name, value in match.groupdict().items() if value}
        minute = int(groups.get("minute", 0))
        if "half" in groups:  # halv åtta is half past seven
            hour, minute = self._number(groups["half"]) - 1, 30
        elif "quarter_to" in groups:
            hour, minute = self._number(groups["quarter_to"]) - 1, 45
        elif "quarter_past" in groups:
            hour, minute = self._number(groups["quarter_past"]), 15
        else:
            hour = self._number(groups.get("hour") or groups["hour_word"])
        late = groups.get("half_of_day") == "pm" or part in _AFTER_NOON
        if hour < 12 and (late or (part == "night" and hour > _NIGHT_ENDS)):
            hour += 12
        return (hour % 24, minute) if hour <= 24 and minute < 60 else None

    def _number(self, word: str) -> int:
        return int(word) if word.isdigit() else self._numbers[word]

    def _day_rule(self, data: Mapping[str, Any]) -> _DayRule:
        return _DayRule(
            pattern=self._compiled(data["pattern"]),
            day=data.get("day"),
            part=data.get("part", ""),
            is_now=data.get("now", False),
            is_vague=data.get("vague", False),
            is_weekend=data.get("weekend", False),
            is_beside_date=data.get("beside_date", False),
            is_aside=data.get("aside", False),
        )

    def _compiled(self, pattern: str) -> re.Pattern[str]:
        lists: tuple[tuple[str, Sequence[str]], ...] = (
            ("part", tuple(self._parts)),
            ("weekday", tuple(self._weekdays)),
            ("month", tuple(self._months)),
            ("number", (r"[0-9]{1,3}", *self._numbers)),
        )
        for name, words in lists:
            pattern = pattern.replace(f"{{{name}}}", "(?:" + "|".join(words) + ")")
        return whole_words(pattern)


def whole_words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)


def _codes(data: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return word -> code, longer words first, so that "natten" is not read as "natt"."""
    pairs = [(word, code) for code, words in data.items() for word in words]
    return dict(sorted(pairs, key=lambda pair: -len(pair[0])))


def _is_either_half(match: re.Match[str], moment: Moment) -> bool:
    """Whether an hour is said as people say it, which may be the morning's or the evening's."""
    groups = {name: value for name, value in match.groupdict().items() if value}
    bare = len(groups.get("hour", "00")) == 1 and "minute" not in groups and moment.day is None
    return bare or not _SPOKEN.isdisjoint(groups)


def _may_be_evening(moment: Moment, hour: int, local: datetime) -> bool:
    """Whether "klockan sju" may have been the evening's, as that has passed too."""
    passed_today = hour + 12 <= local.hour
    if moment.day is None:
        passed_today = passed_today or hour > local.hour
    return hour < 12 and (passed_today or moment.day not in (None, local.date()))


def _is_date(match: re.Match[str], rule: _DayRule) -> bool:
    return rule.is_beside_date or "of_month" in match.groupdict()


def _same_day(moment: Moment) -> tuple[object, ...]:
    """Return what two readings have to have in common to be the same."""
    return (moment.is_now, moment.words, moment.day, moment.part == "night")


def _latest(moment: Moment, local: datetime) -> Moment:
    """Return the latest time of that hour: today, or yesterday if it is still to come today."""
    today = (moment.hour or 0, moment.minute) <= (local.hour, local.minute)
    return replace(moment, day=local.date() - timedelta(days=0 if today else 1))
