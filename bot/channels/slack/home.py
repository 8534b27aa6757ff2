"""The Home tab: begin or go on with a report, my reports, my duties."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.app import Services
from bot.channels.slack import blocks, turns
from bot.channels.slack.blocks import Block, View
from bot.channels.slack.people import Visitor
from bot.channels.slack.rendering import Face, Say
from bot.conversation import current
from handlers import alerts
from handlers.access import access_of, cases_for
from handlers.dialogue.state import DraftStatus
from handlers.domain.case import Case, CaseStatus
from handlers.domain.deadline import local_date
from handlers.records import Alert
from storage.unit_of_work import SqlUnitOfWork

SHOWN = 10  # of each list; the pages have them all


@dataclass(frozen=True, slots=True)
class HomeDesk:
    services: Services

    def view(self, visitor: Visitor, face: Face) -> View:
        with self.services.unit_of_work(read_only=True) as uow:
            reports = uow.reports.cases_of_conversation(visitor.address)[:SHOWN]
            duties = self._duties(uow, visitor, face.say)
        return blocks.home(
            [
                *self._beginning(visitor, face.say),
                blocks.divider(),
                *duties,
                blocks.strong(face.say("slack.home_reports")),
                *_reports(face.say, reports),
                *blocks.rows(
                    [blocks.button(face.say("slack.other_language"), turns.LANGUAGE, value="x")]
                ),
            ]
        )

    def _beginning(self, visitor: Visitor, say: Say) -> list[Block]:
        draft = current(self.services, visitor.address)
        waiting = (DraftStatus.ACTIVE, DraftStatus.PAUSED)
        if draft is not None and draft.state.status in waiting:
            way = blocks.button(say("slack.go_on"), turns.OPEN, value="open", style="primary")
            return [blocks.paragraph(say("slack.home_draft")), *blocks.rows([way])]
        ways = [
            blocks.button(say("slack.report"), turns.OPEN, value="open", style="primary"),
            blocks.button(say("slack.complaint"), turns.OPEN_COMPLAINT, value="open"),
        ]
        return [blocks.paragraph(say("slack.home_start")), *blocks.rows(ways)]

    def _duties(self, uow: SqlUnitOfWork, visitor: Visitor, say: Say) -> list[Block]:
        """Return alerts that nobody has taken and open cases of the own units, first due first."""
        if not visitor.person_id:
            return []
        now = self.services.clock()
        units = uow.organisation.managed_units(visitor.person_id, local_date(now))
        access = access_of(uow, self.services.municipality, visitor.person_id, now)
        cases = [one for one in cases_for(uow, access, open_only=True) if one.unit_id in units]
        cases.sort(key=lambda case: (case.target_on, case.number))
        waiting = [
            found
            for found in uow.alerts.unacknowledged()
            if alerts.may_see(uow, found, visitor.person_id, now)
        ]
        found = [self._alert(one, say) for one in waiting[:SHOWN]]
        found += [self._case(one, say) for one in cases[:SHOWN]]
        if not found:
            found = [blocks.paragraph(say("slack.home_no_duties"))]
        return [blocks.strong(say("slack.home_duties")), *found, blocks.divider()]

    def _alert(self, found: Alert, say: Say) -> Block:
        link = self.services.municipality.alert_link(found.id)
        way = blocks.button(say("slack.open"), turns.LINK, url=link, style="danger")
        return blocks.paragraph(say("slack.home_alert"), accessory=way)

    def _case(self, case: Case, say: Say) -> Block:
        link = self.services.municipality.case_link(case.id)
        way = blocks.button(say("slack.open"), turns.LINK, url=link)
        line = say(
            "slack.home_duty",
            number=case.number,
            duty=say(_duty_of(case)),
            due_on=case.target_on.isoformat(),
        )
        return blocks.paragraph(line, accessory=way)


def _duty_of(case: Case) -> str:
    if case.status == CaseStatus.RECEIVED:
        return "duty.acknowledge"
    return "duty.assess" if case.risk is None else "duty.finish"


def _reports(say: Say, reports: Sequence[Case]) -> list[Block]:
    if not reports:
        return [blocks.paragraph(say("slack.home_no_reports"))]
    lines = [
        say("slack.home_report", number=case.number, status=say(f"status.{case.status}"))
        for case in reports
    ]
    return [blocks.paragraph("\n".join(lines))]
