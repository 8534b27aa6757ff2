"""A case: what is known of it, its moves, and the gates before closing (ADR 0009)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from handlers.domain.deadline import local_date
from handlers.domain.injury import (
    CARE_WAS_NEEDED,
    LEGAL_AREAS,
    Informing,
    InjuryClass,
    MisconductDegree,
    PersonTold,
)
from handlers.domain.investigated import Action as Action
from handlers.domain.investigated import Cause as Cause
from handlers.domain.investigated import CauseArea as CauseArea
from handlers.domain.investigated import Effect as Effect
from handlers.domain.moves import ENDED, MAIN_PATH, Machine, find_move
from handlers.domain.moves import CaseStatus as CaseStatus
from handlers.domain.risk import RiskAssessment, current_risk, governing_risk, unassessed
from handlers.errors import GateNotMet, IllegalTransition

# What an investigation finds. All other gates hold however a case ends.
_INVESTIGATED = frozenset(
    f"gate.{name}"
    for name in ["risk", "risk_law", "risk_again", "cause", "system_cause", "action", "action_late"]
)


class CaseKind(StrEnum):
    DEVIATION = "deviation"
    RISK = "risk"
    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"
    PRAISE = "praise"
    AUTHORITY = "authority"  # IVO, Patientnämnden: they ask, and have a right to an answer


FROM_OUTSIDE = frozenset(
    {CaseKind.COMPLAINT, CaseKind.SUGGESTION, CaseKind.PRAISE, CaseKind.AUTHORITY}
)
_MUST_BE_ANSWERED = frozenset({CaseKind.COMPLAINT, CaseKind.AUTHORITY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismissal:
    """Somebody wants to end the case without an investigation: done when another person agrees."""

    reason: str
    code: str  # not_a_deviation, belongs_elsewhere, withdrawn, work_environment
    proposed_by: str
    proposed_at: datetime
    confirmed_by: str = ""
    reference: str = ""  # the number in the employer's own system, when it goes there


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """`version` grows with every stored change; a stale one is refused by the store."""

    id: str  # opaque, in links
    number: str  # what people say aloud: AVV-2026-00123
    kind: CaseKind
    status: CaseStatus
    category: str  # empty until somebody or something has chosen
    category_source: str  # reporter, model_accepted, manager, model
    unit_id: str  # empty when it is not known; then the fallback answers for it
    received_at: datetime
    received_on: date
    target_on: date  # the earliest of its own and of what is merged here
    known_on: date | None = None  # when a report that is merged here came in, if that was earlier
    title: str = ""  # of a mail, never in notices
    harm: str = "unknown"  # no, mild, care, hospital, death, unknown: as the reporter answered
    person_told: PersonTold | None = None  # as said with the first assessment
    legal_areas: tuple[str, ...] = ()
    possible_medical_harm: bool = False
    possible_misconduct: bool = False
    model_version: str = ""
    signs: tuple[str, ...] = ()  # what the text tells of, of handlers.domain.sign
    assessments: tuple[RiskAssessment, ...] = ()  # all of them, oldest first
    injury: InjuryClass | None = None
    misconduct: MisconductDegree | None = None
    informing: Informing | None = None
    dismissal: Dismissal | None = None
    causes: tuple[Cause, ...] = ()
    actions: tuple[Action, ...] = ()
    no_action_reason: str = ""
    feedback: str = ""
    reporter_reachable: bool = True
    responsible_id: str = ""  # the named person who has received it
    manager_involved: bool = False  # as the reporter said or somebody marked
    manager_involved_ids: tuple[str, ...] = ()  # they may not know that the case exists
    look_on: date | None = None  # by when somebody decides whether the hidden case stays hidden
    closed_at: datetime | None = None
    closed_without_investigation_reason: str = ""
    origin_unit_ids: tuple[str, ...] = ()  # units that sent it on; they still see its status
    merged_into_id: str = ""
    merged_from: CaseStatus | None = None  # where an undone merge goes back to
    confirm_on: date | None = None  # when a complaint has to be confirmed at the latest
    confirmed_at: datetime | None = None
    answer_on: date | None = None  # when somebody outside has been promised an answer
    reopened_at: datetime | None = None  # the last time
    late_before: bool = False  # it ended after its target, before it was opened again
    moved_at: datetime | None = None  # to another unit, the last time
    answered: bool = False  # with explanation and measures, since it was last opened
    answered_on: date | None = None  # when it first was
    senders_waiting: int = 0  # other organisations that have sent this and had no answer
    parts_laws: tuple[tuple[str, ...], ...] = ()  # `legal_areas` of each report that is merged here
    version: int = 1

    @property
    def is_open(self) -> bool:
        return self.status not in ENDED

    @property
    def is_held(self) -> bool:
        """Whether it is hidden because of its text only, until SAS or a registrator has looked."""
        return self.look_on is not None

    @property
    def reports_laws(self) -> tuple[tuple[str, ...], ...]:
        """What each report of the event says of its laws: this one, and all that is merged here."""
        return (self.legal_areas, *self.parts_laws)

    @property
    def event_laws(self) -> tuple[str, ...]:
        """Return every law that any report of the event says."""
        said = {law for laws in self.reports_laws for law in laws}
        return tuple(law for law in LEGAL_AREAS if law in said)

    @property
    def risk(self) -> RiskAssessment | None:
        """The assessment that decides what the case demands."""
        return governing_risk(self.assessments, self.event_laws)

    def held_for(self, legal_area: str) -> RiskAssessment | None:
        """Return what holds for one of its laws; for the whole event (empty) the gravest."""
        return current_risk(self.assessments, legal_area) if legal_area else self.risk

    @property
    def unassessed_laws(self) -> tuple[str, ...]:
        """Return the laws that the event is about and that no assessment covers."""
        return unassessed(self.assessments, self.event_laws)

    def moved(self, to: CaseStatus) -> "Case":
        """Return the case in its next state; any move outside the table is our mistake."""
        if find_move(Machine.CASE, self.status, to) is None:
            raise IllegalTransition(f"{self.number}: {self.status} -> {to}")
        return replace(self, status=to)

    @property
    def may_be_reopened(self) -> bool:
        """Whether it has ended by itself; a merged one lives on in the other."""
        return not self.is_open and self.status != CaseStatus.MERGED

    def path_to(self, to: CaseStatus) -> tuple[CaseStatus, ...]:
        """Return the states to pass on the main path up to `to`; none when it lies behind.

        Without a cause the way to a decision leads past the investigation (low risk only).
        """
        if self.status not in MAIN_PATH:
            return ()
        steps = MAIN_PATH[MAIN_PATH.index(self.status) + 1 : MAIN_PATH.index(to) + 1]
        if to == CaseStatus.DECIDED and not self.causes:
            steps = tuple(step for step in steps if step != CaseStatus.INVESTIGATING)
        return steps

    def missing_for_closing(self, *, by_mas: bool, today: date | None = None) -> tuple[str, ...]:
        """Return the text keys of every gate that is not met, in the order of the case page.

        `today` asks too for actions whose day has passed.
        """
        skips = self._may_skip_investigation
        needs_mas = self.risk is not None and self.risk.needs_mas_to_close
        checks = (
            ("gate.look", not self.is_held),
            ("gate.risk", self.risk is not None),
            ("gate.risk_law", self.risk is None or not self.unassessed_laws),
            ("gate.risk_again", self.risk is None or not self.wants_new_assessment),
            ("gate.class", self.is_classed or not self.needed_care),
            ("gate.cause", bool(self.causes) or skips),
            ("gate.system_cause", not self.causes or not self.blames_a_person or skips),
            ("gate.action", bool(self.actions) or bool(self.no_action_reason) or skips),
            ("gate.action_late", today is None or not self.has_late_action(today)),
            ("gate.informed", not self.must_inform or self.is_informed),
            ("gate.answer", self.answered or not self.must_be_answered),
            ("gate.feedback", self.must_be_answered or self._is_told),
            ("gate.senders", not self.senders_waiting),
            ("gate.mas", by_mas or not needs_mas),
        )
        return tuple(key for key, met in checks if not met)

    def missing_for_ending(self, *, by_mas: bool) -> tuple[str, ...]:
        """Return the text keys of what is owed to people whatever way the case ends."""
        missing = self.missing_for_closing(by_mas=by_mas)
        return tuple(key for key in missing if key not in _INVESTIGATED)

    def has_late_action(self, today: date) -> bool:
        """Whether an action should have been done by now. One that lies ahead outlives the case."""
        return any(one.done_at is None and one.due_on < today for one in self.actions)

    @property
    def wants_new_assessment(self) -> bool:
        """Whether nobody has assessed what became known when the case was opened again."""
        opened = self.reopened_at
        return opened is not None and all(one.assessed_at < opened for one in self.assessments)

    @property
    def blames_a_person(self) -> bool:
        """Whether no cause reaches further than what a person did or forgot."""
        return all(cause.is_person_only for cause in self.causes)

    @property
    def must_be_answered(self) -> bool:
        """Whether the law wants both explanation and measures (patient safety act 3:8 b)."""
        return self.kind in _MUST_BE_ANSWERED and self.reporter_reachable

    @property
    def awaited_on(self) -> date | None:
        """Return the day of an answer that somebody still waits for; None: nobody does."""
        waits = self.reporter_reachable and not self.answered
        return self.answer_on if waits else None

    @property
    def due_on(self) -> date:
        """Return the first day of its target and of an answer that somebody waits for."""
        return min(self.target_on, self.awaited_on or self.target_on)

    @property
    def answer_came_on(self) -> date | None:
        """Return when whoever was promised an answer got one: an answer, or that the case ended."""
        if self.answer_on is None or not self.reporter_reachable:
            return None
        return self.answered_on or (local_date(self.closed_at) if self.closed_at else None)

    def answer_days_late(self, today: date) -> int | None:
        """Return how many days after the promised one the answer came, or has not come by today.

        None while nobody was promised one, or can get one. Calendar days.
        """
        if self.answer_on is None or not self.reporter_reachable:
            return None
        if self.status == CaseStatus.MERGED and not self.must_be_answered and not self.answered:
            return None  # it is answered with the case that it was merged into
        return max(0, ((self.answer_came_on or today) - self.answer_on).days)

    @property
    def _is_told(self) -> bool:
        return bool(self.feedback) or not self.reporter_reachable

    @property
    def must_inform(self) -> bool:
        return self.injury is not None and self.injury.must_be_told

    @property
    def is_informed(self) -> bool:
        return self.informing is not None and self.informing.is_done

    @property
    def needed_care(self) -> bool:
        """Whether the reporter has said that somebody needed care because of it."""
        return self.harm in CARE_WAS_NEEDED

    @property
    def is_classed(self) -> bool:
        """Whether somebody has said how grave it is in the words of the law that it is about."""
        if self.injury is not None:
            return True
        social_only = bool(self.event_laws) and "HSL" not in self.event_laws
        return social_only and self.misconduct is not None

    @property
    def is_low(self) -> bool:
        """Whether it may close without an investigation: low risk, and nobody needed care."""
        low = self.risk is not None and self.risk.is_low
        harmed = self.needed_care or self.must_inform
        return low and not harmed and not self.unassessed_laws

    @property
    def _may_skip_investigation(self) -> bool:
        return self.is_low and bool(self.closed_without_investigation_reason)

    def closed(self, at: datetime, *, by_mas: bool) -> "Case":
        """Return the closed case, or raise GateNotMet with everything that is missing."""
        missing = self.missing_for_closing(by_mas=by_mas)
        if missing:
            raise GateNotMet(missing)
        case = self
        for status in self.path_to(CaseStatus.DECIDED):
            case = case.moved(status)
        return replace(case.moved(CaseStatus.CLOSED), closed_at=at)
