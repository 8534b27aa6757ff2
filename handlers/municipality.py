"""What the use cases need to know of the municipality that they work for."""

from dataclasses import dataclass
from datetime import date

from handlers.domain.case import CaseKind
from handlers.domain.deadline import IsWorkingDay, add_working_days, target_on
from handlers.permissions import Permissions
from handlers.ports import NewId
from handlers.reminder_rules import ReminderRule
from handlers.texts import Catalogue

ANSWERED_TO_THE_PUBLIC = frozenset({CaseKind.COMPLAINT, CaseKind.SUGGESTION})


@dataclass(frozen=True, slots=True, kw_only=True)
class Municipality:
    name: str
    contact: str  # whom to ask for on the phone
    base_url: str  # no slash at the end
    catalogue: Catalogue
    is_working_day: IsWorkingDay
    reminder_rules: tuple[ReminderRule, ...]
    permissions: Permissions
    new_id: NewId
    target_months: int = 1
    answer_working_days: int = 10  # complaints

    def target_for(self, received_on: date) -> date:
        return target_on(received_on, months=self.target_months)

    def answer_for(self, kind: CaseKind, received_on: date) -> date:
        """Return the day by which somebody outside has been promised an answer."""
        if kind in ANSWERED_TO_THE_PUBLIC:
            return add_working_days(received_on, self.answer_working_days, self.is_working_day)
        return self.target_for(received_on)

    def case_link(self, case_id: str) -> str:
        return f"{self.base_url}/arenden/{case_id}"

    def alert_link(self, alert_id: str) -> str:
        return f"{self.base_url}/larm/{alert_id}"

    def list_link(self) -> str:
        return f"{self.base_url}/arenden"
