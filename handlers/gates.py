"""What keeps a case open beyond what the case itself says: merged reports and side tracks.

A merged report keeps its duties: its sender is answered, whoever sent it hears from us, and what is
serious in it is for MAS to close. A lex Sarah or lex Maria track takes closing, lowering and moving
out of the manager's hands.
"""

from collections.abc import Iterable
from datetime import date

from handlers.case_records import Track
from handlers.domain.case import Case
from handlers.domain.injury import MisconductDegree
from handlers.domain.moves import Machine, MariaStep, SarahStep
from handlers.ports import UnitOfWork

TRACK, OPEN_TRACK = "gate.track", "gate.open_track"
CARE_INJURY, HARMED = "gate.care_injury", "gate.harmed"


def beyond_the_case(
    uow: UnitOfWork, case: Case, *, by_mas: bool, today: date | None = None
) -> tuple[str, ...]:
    """Return the text keys of gates that are not met because of merged reports or a track.

    `today` asks too for actions whose day has passed, as in Case.missing_for_closing.
    """
    parts = uow.cases.merged_into(case.id)
    injured = any(one.must_inform for one in parts)
    serious = any(one.risk is not None and one.risk.needs_mas_to_close for one in parts)
    checks = (
        ("gate.class", case.is_classed or not any(one.needed_care for one in parts)),
        ("gate.informed", case.is_informed or all(p.is_informed for p in parts) or not injured),
        ("gate.part_answer", all(one.answered or not one.must_be_answered for one in parts)),
        ("gate.part_action", today is None or not any(p.has_late_action(today) for p in parts)),
        ("gate.feedback", _all_told(case, parts)),
        ("gate.part_senders", not any(one.senders_waiting for one in parts)),
        ("gate.mas", by_mas or not serious),
        (TRACK, by_mas or not _binds(uow, (case, *parts))),
    )
    return tuple(key for key, met in checks if not met)


def before_dismissal(uow: UnitOfWork, case: Case) -> tuple[str, ...]:
    """Return what keeps everybody from ending a case without an investigation."""
    parts = uow.cases.merged_into(case.id)
    under_way = any(has_open_track(uow, one) for one in (case, *parts))
    return (OPEN_TRACK,) if under_way else ()


def before_handing_on(uow: UnitOfWork, case: Case, *, by_mas: bool) -> tuple[str, ...]:
    """Return what keeps a case here that is said to be about the staff's own work environment.

    When somebody needed care it is for MAS or SAS to say that this was one of the staff.
    """
    events = (case, *uow.cases.merged_into(case.id))
    checks = (
        (CARE_INJURY, not any(one.must_inform for one in events)),
        (HARMED, by_mas or not any(one.needed_care for one in events)),
    )
    return tuple(key for key, met in checks if not met)


def is_low(uow: UnitOfWork, case: Case) -> bool:
    """Whether the case may take the short way, merged reports and tracks included."""
    parts = uow.cases.merged_into(case.id)
    harmed = any(one.needed_care or one.must_inform for one in parts)
    graver = any(one.risk is not None and not one.risk.is_low for one in parts)
    return case.is_low and not (harmed or graver) and not _binds(uow, (case, *parts))


def _all_told(case: Case, parts: Iterable[Case]) -> bool:
    """Whether everybody who sent a merged report hears how it went: all get the same feedback."""
    if case.feedback or case.must_be_answered:
        return True
    return all(one.answered or not one.reporter_reachable for one in parts)


def is_bound(uow: UnitOfWork, case: Case) -> bool:
    """Whether lex Sarah or lex Maria has taken the case out of its manager's hands."""
    return _binds(uow, (case, *uow.cases.merged_into(case.id)))


def has_open_track(uow: UnitOfWork, case: Case) -> bool:
    return bool(uow.work.tracks.where(case_id=case.id, ended_at=None))


def _binds(uow: UnitOfWork, cases: Iterable[Case]) -> bool:
    tracks = ((case, one) for case in cases for one in uow.work.tracks.where(case_id=case.id))
    return any(one.ended_at is None or _has_found(case, one) for case, one in tracks)


def _has_found(case: Case, track: Track) -> bool:
    """Whether a track that has been walked to its end still says that the case was grave."""
    if track.machine == Machine.LEX_MARIA:
        return track.step == MariaStep.DONE
    return track.step == SarahStep.DONE and case.misconduct != MisconductDegree.NONE
