"""What kind a case is can be changed by a person: praise that is a complaint becomes one.

What is from an authority, or not, is for those to say who may excuse a duty: it has other clocks.

The clocks of the new kind count from the day that it came in, or was opened again, since whoever
wrote has waited since then. What is owed to a sender is not taken away by whoever owes it, and who
reported stays as unknown as before.
"""

from dataclasses import replace

from handlers import alerts, notices
from handlers.concerns import concerns_of_rules
from handlers.desk import Desk, may, note, open_case, required, saved
from handlers.dismissing import without_proposal
from handlers.domain.case import FROM_OUTSIDE, Case, CaseKind
from handlers.domain.mail import SenderRole
from handlers.domain.rounds import begun_on
from handlers.domain.text import clean
from handlers.errors import UserFault
from handlers.permissions import Action as Right
from handlers.ports import UnitOfWork
from handlers.registering import Outsider, entry_of, register
from handlers.team import keep_comment

# What a kind gives its sender a right to; other kinds give none.
_OWED = {CaseKind.COMPLAINT: 3, CaseKind.AUTHORITY: 2, CaseKind.SUGGESTION: 1}
_VOUCHED = "vouched"  # of an event: somebody who stands free has said that it is no staff's


def change_kind(desk: Desk, *, kind: CaseKind, reason: str = "") -> Case:
    """Say what a case is, with the clocks, the row in the register and the history of that kind.

    Less than the sender has a right to takes a reason and somebody who stands free of the unit.
    That it is not from our staff opens it to others: whoever does not stand free says why.
    A hidden case keeps to the staff or to what comes from outside, as others may open it there.
    """
    case = open_case(desk, _right(desk))
    if kind == case.kind:
        return case
    _require_free(desk, case, kind)
    leaves, free = _leaves_staff(case.kind, kind), may(desk, Right.EXCUSE, case)
    why = clean(reason)
    if owes_less(case.kind, kind) or (leaves and not free):
        why = required(reason)
    before = without_proposal(desk, case)
    began, municipality = begun_on(case), desk.municipality
    changed = replace(
        before,
        kind=kind,
        confirm_on=municipality.confirm_for(kind, began),
        answer_on=municipality.answer_clock(kind, began),
    )
    values = {"before": str(case.kind), "to": str(kind), "model": case.model_version}
    if leaves and free:
        values[_VOUCHED] = "yes"
    stored = saved(desk, changed, "kind_changed", **values)
    if why:
        keep_comment(desk, stored, why)
    _register(desk, stored, before=case)
    if kind == CaseKind.COMPLAINT:
        return _taken_as_complaint(desk, stored, before=case)
    return stored


def kinds_for(desk: Desk, case: Case) -> tuple[CaseKind, ...]:
    """Return what this person may say that a case is; nothing but what it is, if nothing else."""
    if not case.is_open or not may(desk, _right(desk), case):
        return ()
    return tuple(kind for kind in CaseKind if kind == case.kind or _may(desk, case, kind))


def owes_less(before: CaseKind, kind: CaseKind) -> bool:
    return _OWED.get(kind, 0) < _OWED.get(before, 0)


def may_see_reporter(desk: Desk, case: Case) -> bool:
    """Whether somebody may know who wrote: as the case is, and as it was when staff had sent it.

    What it is called afterwards shows nobody a colleague's name.
    """
    if not may(desk, Right.SEE_REPORTER, case):
        return False
    if case.kind not in FROM_OUTSIDE or not _is_of_staff(desk.uow, case):
        return True
    return may(desk, Right.SEE_REPORTER, replace(case, kind=CaseKind.DEVIATION))


def _is_of_staff(uow: UnitOfWork, case: Case) -> bool:
    """Whether what is called a view from outside came as a report of staff.

    Somebody who stands free may say that it never was; not of whom we know as a colleague.
    """
    changes = [one.values for one in uow.cases.events(case.id) if one.kind == "kind_changed"]
    left = [one for one in changes if _leaves_staff(CaseKind(one["before"]), CaseKind(one["to"]))]
    if not left:
        return False
    reporter = uow.reports.reporter_of(case.id)
    letters = uow.letters.of_case(case.id)
    known = reporter is not None and bool(reporter.person_id)
    known = known or any(one.sender_role == SenderRole.STAFF for one in letters)
    return known or _VOUCHED not in left[-1]


def _leaves_staff(before: CaseKind, kind: CaseKind) -> bool:
    return before not in FROM_OUTSIDE and kind in FROM_OUTSIDE


def _right(desk: Desk) -> Right:
    """Return what opens the deed: the registrator, who keeps the register, does not work in it."""
    case = desk.uow.cases.find(desk.case_id)
    return Right.WORK if case is None or may(desk, Right.WORK, case) else Right.MOVE


def _may(desk: Desk, case: Case, kind: CaseKind) -> bool:
    try:
        _require_free(desk, case, kind)
    except UserFault:
        return False
    return True


def _require_free(desk: Desk, case: Case, kind: CaseKind) -> None:
    crosses = (case.kind in FROM_OUTSIDE) != (kind in FROM_OUTSIDE)
    if crosses and case.manager_involved:
        raise UserFault("fault.kind_hidden")
    if may(desk, Right.EXCUSE, case):
        return
    if crosses and case.possible_misconduct:
        raise UserFault("fault.kind_grave")
    if CaseKind.AUTHORITY in (case.kind, kind):
        raise UserFault("fault.kind_authority")
    if owes_less(case.kind, kind):
        raise UserFault("fault.kind_owed")


def _register(desk: Desk, case: Case, *, before: Case) -> None:
    """Let the register say what it is; a complaint that had no row gets one (OSL 5:1)."""
    say, entry = desk.municipality.catalogue.get, entry_of(desk.uow, case.id)
    if entry is None and case.kind == CaseKind.COMPLAINT:
        register(desk.uow, case, Outsider(), desk.now, desk.municipality)
        note(desk, case, "register_changed")
    elif entry is not None and entry.matter == say(f"kind.{before.kind}", "sv"):
        desk.uow.work.register.save(replace(entry, matter=say(f"kind.{case.kind}", "sv")))


def _taken_as_complaint(desk: Desk, case: Case, *, before: Case) -> Case:
    """Tell the sender that an answer comes, and the registrator when it may be serious (A15)."""
    uow, municipality = desk.uow, desk.municipality
    serious = case.possible_medical_harm or case.possible_misconduct
    if before.kind not in FROM_OUTSIDE and serious:
        reasons = (municipality.catalogue.get("alarm.complaint", "sv"),)
        found = concerns_of_rules(["A15"], reasons, case.legal_areas, municipality)
        alerts.raise_for_case(uow, case, found, "kind", desk.now, municipality, by=desk.person_id)
    reporter = uow.reports.reporter_of(case.id)
    if reporter is None or not reporter.address or not case.reporter_reachable:
        return case
    key = f"taken-as-complaint/{case.version}"
    message = notices.to_reporter(case, reporter, municipality, "complaint_own", key=key)
    uow.outbox.add(message, desk.now)
    return saved(desk, replace(case, confirmed_at=case.confirmed_at or desk.now))
