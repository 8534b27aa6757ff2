"""The Home tab: begin or go on with a report, my reports, my duties."""

from dataclasses import dataclass

from bot.app import Services
from bot.channels.slack import blocks, turns
from bot.channels.slack.blocks import Block, View
from bot.channels.slack.people import Visitor
from bot.channels.slack.rendering import Face, Say, own_buttons
from bot.waiting import SHOWN, duty_of, waiting_for
from handlers import own_reports
from handlers.dialogue.state import Command
from handlers.domain.case import Case
from handlers.merged import where_it_lives
from handlers.own_reports import Owner
from handlers.records import Alert
from storage.unit_of_work import SqlUnitOfWork


@dataclass(frozen=True, slots=True)
class HomeDesk:
    services: Services

    def view(self, visitor: Visitor, face: Face) -> View:
        with self.services.unit_of_work(read_only=True) as uow:
            reports = self._reports(uow, visitor, face.say)
            drafts = len(own_reports.drafts_of(uow, _owner(visitor)))
            cancelled = len(own_reports.cancelled_of(uow, _owner(visitor)))
            duties = self._duties(uow, visitor, face.say)
        return blocks.home(
            [
                *_beginning(drafts, cancelled, face.say),
                blocks.divider(),
                *duties,
                blocks.strong(face.say("slack.home_reports")),
                *reports,
                *blocks.rows(
                    [blocks.button(face.say("slack.other_language"), turns.LANGUAGE, value="x")]
                ),
            ]
        )

    def _reports(self, uow: SqlUnitOfWork, visitor: Visitor, say: Say) -> list[Block]:
        """Return the sent reports with status and answer, and what can be done with each."""
        municipality = self.services.municipality
        found: list[Block] = []
        for sent in uow.reports.sent_by(visitor.address, visitor.person_id)[:SHOWN]:
            shown = where_it_lives(uow, sent.case)
            language = visitor.language
            line = own_reports.status_line(sent.case, shown, language, municipality)
            choices = own_reports.report_choices(sent.case, shown, language, municipality)
            found += [blocks.paragraph(line), *own_buttons(choices)]
        return found or [blocks.paragraph(say("slack.home_no_reports"))]

    def _duties(self, uow: SqlUnitOfWork, visitor: Visitor, say: Say) -> list[Block]:
        """Return alerts that nobody has taken and open cases of the own units, first due first."""
        if not visitor.person_id:
            return []
        municipality = self.services.municipality
        waiting = waiting_for(uow, visitor.person_id, self.services.clock(), municipality)
        names = waiting.alert_names(say)
        alerts = zip(waiting.alerts, names, strict=True)
        found = [self._alert(one, name, say) for one, name in alerts]
        found += [self._case(one, say) for one in waiting.cases]
        if not found:
            found = [blocks.paragraph(say("slack.home_no_duties"))]
        return [blocks.strong(say("slack.home_duties")), *found, blocks.divider()]

    def _alert(self, found: Alert, name: str, say: Say) -> Block:
        link = self.services.municipality.alert_link(found.id)
        spoken = say("slack.open_alert_of", what=name)
        way = blocks.button(say("slack.open"), turns.LINK, url=link, style="danger", spoken=spoken)
        return blocks.paragraph(f"{say('slack.home_alert')}: {name}", accessory=way)

    def _case(self, case: Case, say: Say) -> Block:
        link = self.services.municipality.case_link(case.id)
        spoken = say("slack.open_what", what=case.number)
        way = blocks.button(say("slack.open"), turns.LINK, url=link, spoken=spoken)
        line = say(
            "slack.home_duty",
            number=case.number,
            duty=say(duty_of(case)),
            due_on=case.due_on.isoformat(),
        )
        return blocks.paragraph(line, accessory=way)


def _beginning(drafts: int, cancelled: int, say: Say) -> list[Block]:
    """Return the way to a new report, or to the one that is being written."""
    value = f"{turns.COMMANDED}{Command.DRAFTS}"
    to_drafts = blocks.button(say("choice.drafts"), turns.OWN_WINDOW, value=value)
    listed = [to_drafts] if drafts > 1 or cancelled else []
    if drafts:
        go_on = blocks.button(say("slack.go_on"), turns.OPEN, value="open", style="primary")
        ways = [go_on, *listed]
        return [blocks.paragraph(say("slack.home_draft")), *blocks.rows(ways)]
    ways = [
        blocks.button(say("slack.report"), turns.OPEN, value="open", style="primary"),
        blocks.button(say("slack.complaint"), turns.OPEN_COMPLAINT, value="open"),
        *listed,
    ]
    return [blocks.paragraph(say("slack.home_start")), *blocks.rows(ways)]


def _owner(visitor: Visitor) -> Owner:
    return Owner(
        conversation_id=visitor.address, person_id=visitor.person_id, language=visitor.language
    )
