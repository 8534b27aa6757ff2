"""What the use cases need to know of the municipality that they work for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from handlers.about_person import AboutPerson
from handlers.alert_rules import AlertRules
from handlers.clocks import Clocks
from handlers.domain.case import CaseKind
from handlers.domain.deadline import IsWorkingDay, target_on
from handlers.duty_rules import DutyRule
from handlers.permissions import Permissions
from handlers.ports import NewId
from handlers.reminder_rules import ReminderRule
from handlers.senders import NO_RULES, SenderRules
from handlers.team_rules import TeamRules
from handlers.texts import Catalogue
from handlers.work_rules import WorkRule

STEP = "steg"  # in the address of what there is to do: of one step only


@dataclass(frozen=True, slots=True, kw_only=True)
class Municipality:
    name: str
    contact: str  # whom to ask for on the phone
    base_url: str  # no slash at the end
    catalogue: Catalogue
    is_working_day: IsWorkingDay
    reminder_rules: tuple[ReminderRule, ...]
    work_rules: Mapping[str, WorkRule]
    permissions: Permissions
    duty_rules: tuple[DutyRule, ...]
    alert_rules: AlertRules
    clocks: Clocks
    about_person: AboutPerson
    team_rules: TeamRules
    categories: frozenset[str]  # the codes that a case may get
    new_id: NewId
    target_months: int = 1
    draft_days: int = 14  # a report that is not sent is kept for so long
    handover_hours: int = 12  # SBAR to the nurse
    work_days: int = 30  # a matter of the work environment, for the manager
    work_system: str = ""  # its name; empty: in general words
    nurse_email: str = ""  # where the nurse on duty gets the link; empty: read aloud only
    reopen_days: int = 90  # a reply to a case closed for longer makes a new, linked one
    diary_pattern: str = "VO {year}/{number:04d}"
    staff_domains: tuple[str, ...] = ()  # mail domains of our own staff, lower case
    mail_address: str = ""  # where people write to
    senders: SenderRules = NO_RULES

    def target_for(self, received_on: date) -> date:
        return target_on(received_on, months=self.target_months)

    def answer_for(self, kind: CaseKind, received_on: date) -> date:
        """Return the day by which somebody outside has been promised an answer."""
        return self.answer_clock(kind, received_on) or self.target_for(received_on)

    def answer_clock(self, kind: CaseKind, received_on: date) -> date | None:
        return self.clocks.answer_on(kind, received_on, self.is_working_day)

    def confirm_for(self, kind: CaseKind, received_on: date) -> date | None:
        return self.clocks.confirm_on(kind, received_on, self.is_working_day)

    def work_system_in(self, language: str) -> str:
        return self.work_system or self.catalogue.get("work.system", language)

    def case_link(self, case_id: str) -> str:
        return f"{self.base_url}/arenden/{case_id}"

    def alert_link(self, alert_id: str) -> str:
        return f"{self.base_url}/larm/{alert_id}"

    def handover_link(self, handover_id: str) -> str:
        return f"{self.base_url}/overlamning/{handover_id}"

    def task_link(self, task_id: str) -> str:
        return f"{self.base_url}/uppgifter/{task_id}"

    def answer_link(self, answer_id: str) -> str:
        return f"{self.base_url}/svar/{answer_id}"

    def patterns_link(self) -> str:
        return f"{self.base_url}/monster"

    def report_link(self, form_id: str) -> str:
        return f"{self.base_url}/rapportera?form={form_id}"

    def mailroom_link(self) -> str:
        return f"{self.base_url}/brev"

    def staff_link(self) -> str:
        return f"{self.base_url}/organisation"

    def todo_link(self, step: str = "") -> str:
        """Return the way to what waits, or to what waits for one step only."""
        return f"{self.base_url}/att-gora{f'?{STEP}={step}' if step else ''}"

    def list_link(self) -> str:
        return f"{self.base_url}/arenden"

    def late_link(self) -> str:
        return f"{self.list_link()}?sena=1"
