"""A calendar invitation as a few readable lines."""

import re

_FOLD = re.compile(r"\r?\n[ \t]")
_LINE = re.compile(
    r"^(SUMMARY|LOCATION|DTSTART|DTEND|DESCRIPTION)(?:;[^:\n]*)?:(.*)$", re.MULTILINE
)
_STAMP = re.compile(r"^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d).*)?$")
_ESCAPES = {"\\n": "\n", "\\N": "\n", "\\,": ",", "\\;": ";", "\\\\": "\\"}
_ESCAPE = re.compile(r"\\[nN,;\\]")


def calendar_to_text(calendar: str) -> str:
    """Return summary, place, times and description of the first event, one a line."""
    event = _FOLD.sub("", calendar[:200_000]).partition("BEGIN:VEVENT")[2]
    event = event.partition("END:VEVENT")[0]
    values = {name: value.strip() for name, value in reversed(_LINE.findall(event))}
    times = " - ".join(_readable(values[key]) for key in ("DTSTART", "DTEND") if values.get(key))
    lines = (
        values.get("SUMMARY", ""),
        times,
        values.get("LOCATION", ""),
        values.get("DESCRIPTION", ""),
    )
    return "\n".join(
        _ESCAPE.sub(lambda found: _ESCAPES[found.group()], line) for line in lines if line
    )


def _readable(stamp: str) -> str:
    found = _STAMP.match(stamp)
    if found is None:
        return stamp
    day = f"{found[1]}-{found[2]}-{found[3]}"
    return f"{day} {found[4]}:{found[5]}" if found[4] else day
