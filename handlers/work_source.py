"""One piece of work that waits for somebody, and who does it now."""

from dataclasses import dataclass
from datetime import date, datetime

from handlers.access import access_of, allowed
from handlers.case_records import Task, Track
from handlers.chairs import organisation_of_track
from handlers.domain.case import Case, CaseStatus
from handlers.domain.deadline import local_date
from handlers.domain.people import Person
from handlers.municipality import Municipality
from handlers.permissions import Action as Right
from handlers.ports import UnitOfWork
from handlers.reporting import receiver_of
from handlers.standing_in import is_at_work, stand_in
from handlers.track_leads import leader

GONE = frozenset({CaseStatus.DISMISSED, CaseStatus.HANDED_ON})  # nothing is done any more


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkItem:
    """`kind` is a key of the texts' [todo] and of the rules; `key` names it for ever."""

    kind: str
    key: str
    person: Person  # who does it now
    case: Case
    due_on: date
    place: str  # on the case page
    text: str = ""  # on the page only, never in a message
    tell_at_once: bool = False  # nobody has told the person yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    uow: UnitOfWork
    municipality: Municipality
    now: datetime

    @property
    def today(self) -> date:
        return local_date(self.now)

    def case(self, case_id: str) -> Case | None:
        found = self.uow.cases.find(case_id)
        return None if found is None or found.status in GONE else found

    def case_of_task(self, task: Task) -> Case | None:
        """Return the case of a task; what was asked after its end is still to be done."""
        found = self.uow.cases.find(task.case_id)
        if found is None or found.status not in GONE:
            return found
        ended = found.closed_at
        return found if ended is not None and task.created_at >= ended else None

    def doer(self, case: Case, person_id: str) -> Person:
        """Return who does somebody's work in a case today: nobody who cannot open it."""
        return self._able(case, person_id) or receiver_of(self.uow, case, self.now)

    def asked(self, case: Case, person_id: str) -> Person | None:
        """Return who is to say what somebody was asked in for; None: nobody is now.

        Whom a hidden case is shut to is asked no more, and nobody else in her place: whoever has
        the case now was not asked for what another profession sees, and would not know why.
        """
        able = self._able(case, person_id)
        if able is None and case.manager_involved:
            return None
        return able or receiver_of(self.uow, case, self.now)

    def _able(self, case: Case, person_id: str) -> Person | None:
        """Return the person, or who stands in for her, if the case is open to them."""
        organisation = self.uow.organisation
        person = organisation.person(person_id)
        if not is_at_work(organisation, person_id, self.today):
            person = stand_in(organisation, case, person_id, self.today)
        return person if person is not None and self._may_open(person, case) else None

    def _may_open(self, person: Person, case: Case) -> bool:
        access = access_of(self.uow, self.municipality, person.id, self.now)
        return allowed(self.uow, access, Right.OPEN, case, self.now)

    def leader(self, case: Case, track: Track) -> Person:
        organisation = organisation_of_track(self.uow, case, self.today)
        return leader(organisation, case, track.machine, track.lead_id, self.today)
