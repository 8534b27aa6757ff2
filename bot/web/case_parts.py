"""The parts of the case page: which one is open, and what each still lacks.

Everything but the next step is folded, so that a phone shows that first.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.domain.case import Case

# Where on the page each gate before closing, and each next step, is met.
WAYS: Mapping[str, str] = {
    "duty.acknowledge": "risk",  # assessing receives the case too
    "todo.look": "skydda",
    "gate.look": "skydda",
    "todo.confirm": "svara",
    "gate.risk": "risk",
    "gate.risk_again": "risk",
    "gate.risk_law": "risk",
    "gate.class": "lag",
    "gate.cause": "orsak",
    "gate.system_cause": "varfor",
    "gate.action": "atgard",
    "gate.action_late": "atgard",
    "gate.part_answer": "samma",
    "gate.part_action": "samma",
    "gate.part_senders": "samma",
    "gate.track": "spar",
    "gate.open_track": "spar",
    "gate.care_injury": "lag",
    "gate.informed": "informera",
    "gate.answer": "svara",
    "gate.feedback": "svar",
    "gate.senders": "mellan",
    "gate.alert": "larm",
    "duty.finish": "avsluta",
    # Of whoever is asked in.
    "todo.comment": "team",
    "todo.task": "team",
    "todo.investigate": "orsak",
    "todo.action": "atgard",
    "todo.effect": "hjalpte",
    "todo.advice": "rad",
}

# Places that lie within a folded part.
_INSIDE: Mapping[str, str] = {
    "atgard-klar": "atgard",
    "atgard-senare": "atgard",
    "ingen-atgard": "atgard",
    "avsluta-utan-utredning": "avsluta",
    "handlar-om": "andra",
    "enhet": "andra",
    "samma-annat": "andra",
    "slag": "andra",
    "skjut-upp": "mer",
    "skriv-av": "mer",
    "arbetsmiljo": "mer",
}

# Where on the page a person was working, for the deeds that have no section of their own.
PLACES: Mapping[str, str] = {
    "ta-emot": "risk",
    "atgard-senare": "atgard",
    "oppna-igen": "risk",
    "slapp": "skydda",
    "haev-skydd": "skydda",
    "inte-inblandad": "skydda",
    "lagar": "lag",
    "rad-svar": "rad",
    "gar-inte-informera": "informera",
    "spar-borja": "spar",
    "spar-angra": "spar",
    "spar-utredare": "spar",
    "bekrafta": "svara",
    "ny-kod": "svara",
    "framme": "svara",
    "skriv-av-ja": "skriv-av",
    "skriv-av-nej": "skriv-av",
    "inte-samma": "samma",
    "angra-samma": "samma",
    "inte-samma-person": "samma-person",
    "bjud-in": "team",
    "ur-teamet": "team",
    "kommentar": "team",
    "uppgift": "team",
    "uppgift-klar": "team",
    "mote": "team",
    "mote-klart": "team",
    "mellan-svar": "mellan",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    ways: Mapping[str, str]
    now: frozenset[str]  # the part of the next step, and of what could not be saved
    lacking: frozenset[str]
    done: frozenset[str]


def parts_of(case: Case, next_step: str, missing: tuple[str, ...], deed: str) -> Parts:
    done = {
        "risk": case.risk is not None,
        "lag": case.injury is not None or case.misconduct is not None,
        "orsak": bool(case.causes),
        "atgard": bool(case.actions) or bool(case.no_action_reason),
        "informera": case.is_informed,
        "svara": case.answered,
        "svar": bool(case.feedback),
    }
    lacking = frozenset(WAYS[key] for key in missing if key in WAYS)
    place = PLACES.get(deed, deed)
    return Parts(
        ways=WAYS,
        now=frozenset({WAYS.get(next_step, ""), _INSIDE.get(place, place)}),
        lacking=lacking,
        done=frozenset(part for part, is_done in done.items() if is_done) - lacking,
    )
