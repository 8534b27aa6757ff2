"""The stores of what is kept beside a case, as protocols."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol, TypeVar

from handlers import case_records
from handlers.records import DutyTask

Record = TypeVar("Record")


class Records(Protocol[Record]):
    """Plain records by the names of their fields; every one has an id."""

    def add(self, record: Record) -> bool:
        """Store a record; False when one that excludes it is there already."""
        ...

    def save(self, record: Record) -> None:
        """Store the whole of a record; what anybody else may change was read with find_locked."""
        ...

    def remove(self, record_id: str) -> None:
        """Take a record away, if it is there; history says that it was."""
        ...

    def find(self, record_id: str) -> Record | None: ...
    def find_locked(self, record_id: str) -> Record | None:
        """Return a record that nobody else reads so, or changes, before this transaction ends."""
        ...

    def where(self, **equals: object) -> Sequence[Record]:
        """Return the records whose fields have these values, oldest first."""
        ...


class Duties(Records[DutyTask], Protocol):
    def newest(self, before: datetime) -> Sequence[DutyTask]:
        """Return of every duty and place the task with the latest day, made before a moment."""
        ...


class WaitingWork(Protocol):
    def members(self) -> Sequence[case_records.TeamMember]:
        """Return who is asked into an open case and has not said anything in it."""
        ...

    def told_on(self, until: date) -> Mapping[str, date]:
        """Return for each piece of work the last day, up to one, on which somebody was reminded."""
        ...

    def note_told(self, item: str, person_id: str, sent_on: date) -> bool:
        """Note a reminder; False when it stands there already for the day."""
        ...


class CaseWork(Protocol):
    """What is kept beside a case."""

    @property
    def tracks(self) -> Records[case_records.Track]: ...
    @property
    def track_steps(self) -> Records[case_records.TrackStep]: ...
    @property
    def snoozes(self) -> Records[case_records.Snooze]: ...
    @property
    def team(self) -> Records[case_records.TeamMember]: ...
    @property
    def comments(self) -> Records[case_records.Comment]: ...
    @property
    def tasks(self) -> Records[case_records.Task]: ...
    @property
    def advice(self) -> Records[case_records.AdviceRequest]: ...
    @property
    def agenda(self) -> Records[case_records.AgendaItem]: ...
    @property
    def exchanges(self) -> Records[case_records.Exchange]: ...
    @property
    def answers(self) -> Records[case_records.ComplaintAnswer]: ...
    @property
    def register(self) -> Records[case_records.RegisterEntry]: ...
    @property
    def senders(self) -> Records[case_records.RegisterSender]: ...
    @property
    def verdicts(self) -> Records[case_records.AlertVerdict]: ...
    @property
    def not_the_same(self) -> Records[case_records.NotTheSame]: ...
    @property
    def same_person(self) -> Records[case_records.SamePerson]: ...
