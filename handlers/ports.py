"""What the core needs from the outside, as protocols and plain records."""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from types import TracebackType
from typing import Protocol, Self

from handlers.case_ports import CaseWork, Duties, Records, WaitingWork
from handlers.domain.case import Case, CaseKind, CaseStatus
from handlers.domain.people import Absence, Assignment, Organisation, Validity
from handlers.domain.report import Report, Reporter
from handlers.message_ports import ChatMessages, Letters, Outbox
from handlers.records import (
    Alert,
    AuditEvent,
    BoardFigures,
    CaseEvent,
    Draft,
    DueCase,
    EmergencyAccess,
    Handover,
    SentReport,
)
from handlers.text_ports import CategorySuggestion as CategorySuggestion
from handlers.text_ports import PersonalDataSpan as PersonalDataSpan
from handlers.text_ports import TextAnalysis as TextAnalysis
from handlers.text_ports import TextAnalyst as TextAnalyst

Clock = Callable[[], datetime]  # an aware moment in UTC
NewId = Callable[[], str]  # opaque and unguessable, at least 128 bits


class Drafts(Protocol):
    def find(self, draft_id: str) -> Draft | None: ...
    def latest(self, conversation_id: str) -> Draft | None:
        """Return the draft of a conversation that was touched last, sent or not."""
        ...

    def of_owner(self, conversation_id: str, person_id: str) -> Sequence[Draft]:
        """Return the drafts of a conversation and of its person elsewhere, newest first."""
        ...

    def save(self, draft: Draft) -> None: ...
    def remove(self, draft_id: str) -> None: ...


class Cases(Protocol):
    def next_number(self, prefix: str, year: int) -> str:
        """Return the next number of the year, without gaps: a rollback gives it back."""
        ...

    def add(self, case: Case) -> None: ...
    def find(self, case_id: str) -> Case | None: ...
    def find_number(self, number: str) -> Case | None: ...
    def save(self, case: Case) -> Case:
        """Store a changed case with its parts; raise StaleVersion when another was faster."""
        ...

    def listed(
        self, unit_ids: frozenset[str] | None, *, open_only: bool, since: date | None = None
    ) -> Sequence[Case]:
        """Return cases that came from `since` on, oldest first; None: of every unit, or none."""
        ...

    def misconduct_at(self, unit_ids: frozenset[str]) -> Sequence[Case]:
        """Return the open cases of units that may be misconduct, oldest first."""
        ...

    def due(
        self,
        *,
        statuses: frozenset[CaseStatus],
        received_until: date | None,
        target_until: date | None,
        rule_ids: tuple[str, ...],
        today: date,
        kinds: frozenset[CaseKind] | None = None,
        again_after: date | None = None,
        promised: bool | None = None,
    ) -> Sequence[DueCase]:
        """Return cases in a state and old enough that have no ledger row for any of the rules.

        Rows from before a case was reopened do not count, nor those up to `again_after`. A case is
        as old as the oldest report merged into it. `promised`: whose sender waits for an answer,
        counted from its own receipt though moved or merged; False: whose does not. Of a clock that
        was ahead are rows past `told_until`, which do not count, and cases received after `today`,
        which are old enough. Ordered by number.
        """
        ...

    def put_off(self, today: date) -> Sequence[Case]:
        """Return cases with a snooze to a later day."""
        ...

    def with_proposals(self) -> Sequence[Case]:
        """Return open cases that somebody has asked to end, or to hand on."""
        ...

    def sent_on(self) -> Sequence[Case]:
        """Return open cases that have been moved from one unit to another."""
        ...

    def with_actions_of(self, person_id: str) -> Sequence[Case]:
        """Return cases with an action of a person that is not done, or not yet asked of."""
        ...

    def with_due_actions(
        self, *, due_until: date, done_until: datetime, told_since: date, today: date
    ) -> Sequence[Case]:
        """Return cases with an action to remind of.

        Of which nobody was told after `told_since`, up to `today`.

        Due by a day or never told; or done by a moment and not asked of whether it helped.
        """
        ...

    def received(self, unit_id: str, since: datetime, until: datetime) -> Sequence[Case]:
        """Return a unit's cases that came in between two moments."""
        ...

    def counted(
        self, since: date, *, shielded: bool, reader_id: str = ""
    ) -> Sequence[tuple[str, str, int]]:
        """Return unit, category and number; `shielded`: with hidden ones, but the reader's own."""
        ...

    def of_one_person(
        self, since: date, *, shielded: bool, reader_id: str = ""
    ) -> Sequence[tuple[str, str, str]]:
        """Return event, unit and group of what is tied; merged reports as what they went into."""
        ...

    def with_signs(self, since: date) -> Sequence[Case]:
        """Return events of a unit with a sign in their text, hidden ones too, oldest first."""
        ...

    def serious(self, *, received_until: date) -> Sequence[Case]:
        """Return open cases where a report of the event has a care injury or a serious score."""
        ...

    def merged_into(self, case_id: str) -> Sequence[Case]:
        """Return the other reports of the same event."""
        ...

    def add_event(self, event: CaseEvent) -> None: ...
    def events(self, case_id: str) -> Sequence[CaseEvent]: ...
    def reads_between(self, first: datetime, last: datetime) -> Sequence[CaseEvent]:
        """Return every reading of a case from a moment up to another, oldest first."""
        ...


class Reports(Protocol):
    def add(self, report: Report, case_id: str) -> None: ...
    def of_case(self, case_id: str) -> Report | None:
        """Return the first report of a case, without who a confidential reporter is."""
        ...

    def all_of_case(self, case_id: str) -> Sequence[Report]:
        """Return a case's report and what was added to it later, oldest first."""
        ...

    def reporter_of(self, case_id: str) -> Reporter | None:
        """Return who to answer, confidential reporters too; nothing that a page may show."""
        ...

    def sent_by(self, conversation_id: str, person_id: str) -> Sequence[SentReport]:
        """Return what was sent in a conversation, or by its person elsewhere, newest first."""
        ...

    def sent_with_code(self, code_hash: str) -> Sequence[SentReport]:
        """Return what an anonymous reporter has sent, each case once, oldest first."""
        ...

    def vote(self, report_id: str, *, useful: bool, now: datetime) -> None: ...
    def vote_of(self, report_id: str) -> bool | None: ...
    def votes(self, first: datetime, last: datetime) -> tuple[int, int]:
        """Return how many found an answer useful, and how many did not, from first until last."""
        ...

    def case_number_of_draft(self, draft_id: str) -> str | None: ...
    def cases_of_conversation(self, conversation_id: str) -> Sequence[Case]: ...


class ReminderLedger(Protocol):
    def add(self, *, case_id: str, rule_id: str, person_id: str, sent_on: date) -> bool:
        """Note that a person was reminded; False when it stands there already."""
        ...

    def has_digest(self, person_id: str, sent_on: date) -> bool: ...
    def take_turn(self) -> bool:
        """Whether no other process is sweeping; holds the turn until the transaction ends."""
        ...


class Alerts(Protocol):
    def add(self, alert: Alert) -> bool:
        """Store an alert; False when one with its key is there already."""
        ...

    def find(self, alert_id: str) -> Alert | None: ...
    def find_locked(self, alert_id: str) -> Alert | None:
        """Return an alert that nobody else reads so, or changes, before this transaction ends."""
        ...

    def save(self, alert: Alert) -> None:
        """Store the whole of an alert, read with find_locked or after its case was saved."""
        ...

    def unacknowledged(self) -> Sequence[Alert]: ...
    def not_looked_at(self, roles: Collection[str]) -> Sequence[Alert]:
        """Return the alerts to some roles that MAS or SAS have not looked at, taken or not."""
        ...

    def of_case(self, case_id: str) -> Sequence[Alert]: ...
    def all(self) -> Sequence[Alert]: ...
    def of_series(self, since: datetime) -> Sequence[Alert]:
        """Return the alerts of several events together that were raised since a moment."""
        ...

    def attach_draft(self, draft_id: str, case_id: str) -> None:
        """Tie the alerts of a draft to the case that it has become."""
        ...


class Emergencies(Protocol):
    def add(self, access: EmergencyAccess) -> None: ...
    def is_open(self, case_id: str, person_id: str, now: datetime) -> bool: ...
    def all(self) -> Sequence[EmergencyAccess]:
        """Return every one there has been, newest first."""
        ...


class AuditLog(Protocol):
    def add(self, event: AuditEvent) -> None: ...
    def between(self, first: datetime, last: datetime) -> Sequence[AuditEvent]: ...


class Staff(Protocol):
    def add_absence(self, absence: Absence) -> None:
        """Store an absence; one of the same person with the same first day is replaced."""
        ...

    def remove_absence(self, person_id: str, first_on: date) -> None: ...
    def add_assignment(self, one: Assignment) -> None: ...
    def end_assignment(self, one: Assignment, valid: Validity) -> None: ...
    def remove_assignment(self, one: Assignment) -> None: ...


class UnitOfWork(Protocol):
    """One transaction. Leaving it without commit() rolls back."""

    @property
    def drafts(self) -> Drafts: ...
    @property
    def cases(self) -> Cases: ...
    @property
    def reports(self) -> Reports: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def ledger(self) -> ReminderLedger: ...
    @property
    def alerts(self) -> Alerts: ...
    @property
    def letters(self) -> Letters: ...
    @property
    def chat(self) -> ChatMessages: ...
    @property
    def emergencies(self) -> Emergencies: ...
    @property
    def audit(self) -> AuditLog: ...
    @property
    def duties(self) -> Duties: ...
    @property
    def waiting(self) -> WaitingWork: ...
    @property
    def staff(self) -> Staff: ...
    @property
    def handovers(self) -> Records[Handover]: ...
    @property
    def board_figures(self) -> Records[BoardFigures]: ...
    @property
    def work(self) -> CaseWork: ...
    @property
    def organisation(self) -> Organisation: ...
    def erase_due(self, now: datetime) -> int:
        """Erase what is kept for a set time only; return how many things."""
        ...

    def commit(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
