"""A line of a case's history in words: who did what, and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.app import Services
from handlers.domain.deadline import STOCKHOLM
from handlers.domain.people import FALLBACK, Organisation
from handlers.records import CaseEvent

# Which group of the texts names a value: (kind of event, value) -> group.
_GROUPS: Mapping[tuple[str, str], str] = {
    ("moved", "to"): "status",
    ("kind_changed", "to"): "kind",
    ("kind_changed", "before"): "kind",
    ("risk_assessed", "severity"): "severity",
    ("risk_assessed", "likelihood"): "likelihood",
    ("alert_raised", "role"): "role",
    ("alert_judged", "verdict"): "verdict",
    ("track_started", "track"): "track",
    ("effect_checked", "helped"): "effect",
    ("person_told", "told"): "told",
    ("answer_sent", "way"): "answer_way",
    ("answer_renewed", "way"): "answer_way",
    ("police_answered", "answer"): "police",
}
_READ = "read"
_TRACK_STEPS = {"lex_maria": "maria", "lex_sarah": "sarah", "lex_sarah_provider": "provider_sarah"}


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine:
    at: str
    who: str
    text: str


def event_line(
    services: Services,
    organisation: Organisation,
    event: CaseEvent,
    names: Mapping[str, str],
    language: str,
) -> EventLine:
    say = services.municipality.catalogue.get
    who = {
        "reporter": say("case.by_reporter", language),
        "system": say("page.product", language),
        FALLBACK: say("case.by_fallback", language),
    }.get(event.actor_id)
    values = _values(services, organisation, event, language)
    return EventLine(
        at=local_time(event.at),
        who=who or names.get(event.actor_id, "–"),
        text=say(f"event.{event.kind}", language, **values),
    )


def folded_lines(
    services: Services,
    organisation: Organisation,
    events: Sequence[CaseEvent],
    names: Mapping[str, str],
    language: str,
) -> tuple[EventLine, ...]:
    """Return the history with all readings as one line, where the last of them stands.

    Every single reading stands in the access log.
    """
    reads = [index for index, event in enumerate(events) if event.kind == _READ]
    folded = frozenset(reads[:-1])
    lines = [
        event_line(services, organisation, event, names, language)
        for index, event in enumerate(events)
        if index not in folded
    ]
    if not folded:
        return tuple(lines)
    place = reads[-1] - len(folded)
    who = dict.fromkeys(names.get(events[index].actor_id, "–") for index in reads)
    text = services.municipality.catalogue.get("event.read_times", language, count=str(len(reads)))
    lines[place] = replace(lines[place], who=", ".join(who), text=text)
    return tuple(lines)


def _values(
    services: Services, organisation: Organisation, event: CaseEvent, language: str
) -> dict[str, str]:
    say = services.municipality.catalogue.get
    values = dict(event.values)
    for name, code in event.values.items():
        group = _GROUPS.get((event.kind, name))
        if group:
            values[name] = say(f"{group}.{code}", language)
    if event.kind in ("track_moved", "track_taken_back"):
        steps = _TRACK_STEPS[event.values["track"]]
        values["to"] = say(f"{steps}.{event.values['to']}", language)
        values["track"] = say(f"track.{event.values['track']}", language)
    if event.kind == "category_changed":
        values["category"] = category_label(services, values["category"], language)
    if event.kind == "unit_changed":
        unit = organisation.unit(values["unit"])
        values["unit"] = unit.name if unit else "–"
    return values


def category_label(services: Services, code: str, language: str) -> str:
    found = services.taxonomy.find_category(code)
    if found is None:
        return "–"
    return found.label if language == "sv" else found.label_en


def local_time(moment: datetime) -> str:
    return moment.astimezone(STOCKHOLM).strftime("%Y-%m-%d %H:%M")
