"""Whether a form that comes once more, from a double tap or the back button, is saved already."""

from collections.abc import Callable, Mapping

from handlers.desk import Desk
from handlers.domain.case import Case, CaseStatus
from handlers.domain.text import clean

Entered = Mapping[str, str]

# Readings and what Lotsen does by itself do not change what the person saw.
_QUIET = frozenset({"read", "file_read", "exported"})


def _text(entered: Entered, name: str) -> str:
    return clean(entered.get(name, ""))


def _risk(case: Case, entered: Entered) -> bool:
    last = case.assessments[-1] if case.assessments else None
    return last is not None and (
        str(int(last.severity)),
        str(int(last.likelihood)),
        last.rationale,
        last.legal_area,
        str(int(last.potential)) if last.potential else "",
    ) == (
        entered.get("severity"),
        entered.get("likelihood"),
        _text(entered, "rationale"),
        entered.get("legal_area", ""),
        entered.get("potential", ""),
    )


def _cause(case: Case, entered: Entered) -> bool:
    wanted = (entered.get("area"), _text(entered, "text"))
    return wanted in [(cause.area, cause.text) for cause in case.causes]


def _action(case: Case, entered: Entered) -> bool:
    wanted = (_text(entered, "text"), entered.get("owner_id"), entered.get("due_on"))
    return wanted in [(a.text, a.owner_id, a.due_on.isoformat()) for a in case.actions]


def _is_closed(case: Case, _: Entered) -> bool:
    return case.status == CaseStatus.CLOSED


# Only deeds whose trace in the case says that these very words were kept.
_DONE: Mapping[str, Callable[[Case, Entered], bool]] = {
    "ta-emot": lambda case, _: case.status != CaseStatus.RECEIVED,
    "risk": _risk,
    "orsak": _cause,
    "atgard": _action,
    "ingen-atgard": lambda case, e: case.no_action_reason == _text(e, "reason"),
    "svar": lambda case, e: case.feedback == _text(e, "feedback"),
    "handlar-om": lambda case, e: case.category == e.get("category"),
    "avsluta": _is_closed,
    "avsluta-utan-utredning": lambda case, e: (
        _is_closed(case, e) and case.closed_without_investigation_reason == _text(e, "reason")
    ),
    "skydda": lambda case, e: (
        case.manager_involved
        and not case.is_held
        and {e.get("involved", "")} - {""} <= {*case.manager_involved_ids}
    ),
    "inte-inblandad": lambda case, e: e.get("involved") not in case.manager_involved_ids,
    "slapp": lambda case, _: not case.manager_involved,
    "haev-skydd": lambda case, _: not case.manager_involved,
}


def is_saved_already(desk: Desk, case: Case, deed: str, entered: Entered) -> bool:
    """Whether this person was the last to change the case, and with this very form."""
    changes = [
        one
        for one in desk.uow.cases.events(case.id)
        if one.kind not in _QUIET and one.actor_id != "system"
    ]
    own = bool(changes) and changes[-1].actor_id == desk.person_id
    done = _DONE.get(deed)
    return own and done is not None and done(case, entered)
