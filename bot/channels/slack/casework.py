"""What managers, MAS and SAS do from a notice: receive a case, assess its risk, take an alert."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.app import Services
from bot.channels.slack import blocks, rendering, turns
from bot.channels.slack.blocks import Block, Message
from bot.channels.slack.deliveries import Delivery
from bot.channels.slack.people import Visitor
from bot.channels.slack.reactions import Reaction
from bot.channels.slack.rendering import Face, Say
from handlers import alerts, case_handling
from handlers.case_handling import Desk
from handlers.domain.case import Case, CaseStatus
from handlers.domain.deadline import STOCKHOLM
from handlers.domain.risk import Likelihood, Severity
from handlers.errors import NotAllowed, UserFault
from handlers.records import Alert
from storage.unit_of_work import SqlUnitOfWork

SEVERITY, LIKELIHOOD = "severity", "likelihood"


@dataclass(frozen=True, slots=True)
class CaseDesk:
    services: Services
    face: Callable[[Visitor], Face]

    def receive(self, delivery: Delivery, visitor: Visitor) -> Reaction:
        return self._with_case(delivery, visitor, delivery.value, case_handling.acknowledge)

    def ask_risk(self, delivery: Delivery, visitor: Visitor) -> Reaction:
        """Show the two questions in a modal that remembers which version was looked at."""
        face = self.face(visitor)
        try:
            with self.services.unit_of_work(read_only=True) as uow:
                case = case_handling.open_for_work(self._desk(uow, visitor, delivery.value))
        except NotAllowed:
            return _refused(face)
        metadata = f"{case.id}|{case.version}|{delivery.channel}|{delivery.message}"
        view = blocks.modal(
            face.say("slack.title_risk"),
            [
                blocks.paragraph(case.number),
                _scale(face, SEVERITY, [int(one) for one in Severity]),
                _scale(face, LIKELIHOOD, [int(one) for one in Likelihood]),
            ],
            close=face.say("slack.close"),
            callback_id=turns.RISK_VIEW,
            submit=face.say("slack.save"),
            metadata=metadata,
        )
        again = blocks.button(face.say("slack.assess"), turns.RISK, value=case.id)
        text = face.say("slack.reopen")
        way = Message(text=text, blocks=(blocks.paragraph(text), *blocks.rows([again])))
        return Reaction(view=view, without_view=way)

    def assess(self, delivery: Delivery, visitor: Visitor) -> Reaction:
        case_id, version, channel, message = (*delivery.metadata.split("|"), "", "", "", "")[:4]
        face = self.face(visitor)
        answers = tuple(delivery.answers.get(name, "") for name in (SEVERITY, LIKELIHOOD))

        def do(desk: Desk) -> Case:
            if not (all(answer.isdigit() for answer in answers) and version.isdigit()):
                raise UserFault("fault.risk_incomplete")
            severity, likelihood = (int(answer) for answer in answers)
            case = case_handling.open_for_work(desk)
            if _is_assessed(case, desk.person_id, severity, likelihood):  # a second press
                return case
            return case_handling.assess_risk(
                replace(desk, version=int(version)),
                severity=Severity(severity),
                likelihood=Likelihood(likelihood),
            )

        done = self._with_case(delivery, visitor, case_id, do)
        told = done.replacement or done.without_view or Message(text="")
        view = rendering.note_view(face, face.say("slack.title_risk"), told.text)
        return Reaction(
            view=view,
            without_view=told,
            replacement=done.replacement if message else None,
            place=(channel, message),
        )

    def take_alert(self, delivery: Delivery, visitor: Visitor) -> Reaction:
        """Acknowledge; whoever taps after that sees who was first."""
        face = self.face(visitor)
        try:
            with self.services.unit_of_work() as uow:
                now = self.services.clock()
                taken = alerts.acknowledge(uow, delivery.value, visitor.person_id, now)
                who = uow.organisation.person(taken.acknowledged_by)
                case = uow.cases.find(taken.case_id) if taken.case_id else None
                uow.commit()
        except NotAllowed:
            return _refused(face)
        link = self.services.municipality.alert_link(taken.id)
        text = _alert_text(face.say, taken, who.name if who else "", case.number if case else "")
        way = blocks.button(face.say("slack.open_alert"), turns.LINK, url=link)
        shown = Message(text=text, blocks=(blocks.paragraph(text), *blocks.rows([way])))
        return Reaction(replacement=shown)

    def _with_case(
        self, delivery: Delivery, visitor: Visitor, case_id: str, do: Callable[[Desk], Case]
    ) -> Reaction:
        """Do something to a case and tell how it stands; faults in the person's own words."""
        face = self.face(visitor)
        try:
            with self.services.unit_of_work() as uow:
                case = do(self._desk(uow, visitor, case_id))
                responsible = uow.organisation.person(case.responsible_id)
                uow.commit()
        except NotAllowed:
            return _refused(face)
        except UserFault as fault:
            text = face.say(fault.key, **fault.values)
            return Reaction(replacement=self._with_link(face, text, case_id))
        name = responsible.name if responsible else "–"
        text = case_line(face.say, case, name)
        found = (blocks.paragraph(text), *case_buttons(face.say, case, self._link(case.id)))
        return Reaction(replacement=Message(text=text, blocks=found))

    def _desk(self, uow: SqlUnitOfWork, visitor: Visitor, case_id: str) -> Desk:
        return Desk(
            uow=uow,
            municipality=self.services.municipality,
            person_id=visitor.person_id,
            now=self.services.clock(),
            case_id=case_id,
        )

    def _link(self, case_id: str) -> str:
        return self.services.municipality.case_link(case_id)

    def _with_link(self, face: Face, text: str, case_id: str) -> Message:
        way = blocks.button(face.say("slack.open_case"), turns.LINK, url=self._link(case_id))
        return Message(text=text, blocks=(blocks.paragraph(text), *blocks.rows([way])))


def case_buttons(say: Say, case: Case, link: str) -> list[Block]:
    """Return what can be done to a case from here, as it stands."""
    ways = [blocks.button(say("slack.open_case"), turns.LINK, url=link)]
    if case.status == CaseStatus.RECEIVED:
        label = say("slack.receive")
        ways.append(blocks.button(label, turns.RECEIVE, value=case.id, style="primary"))
    if case.is_open and case.risk is None:
        ways.append(blocks.button(say("slack.assess"), turns.RISK, value=case.id))
    return blocks.rows(ways)


def case_line(say: Say, case: Case, responsible: str) -> str:
    """Return how a case stands: number, state, date, nothing about a person in care."""
    lines = [
        say(
            "slack.case_received",
            number=case.number,
            name=responsible,
            target_on=case.target_on.isoformat(),
        )
    ]
    if case.risk is not None:
        severity = say(f"severity.{int(case.risk.severity)}")
        likelihood = say(f"likelihood.{int(case.risk.likelihood)}")
        lines.append(say("slack.case_assessed", severity=severity, likelihood=likelihood))
    return " ".join(lines)


def _alert_text(say: Say, taken: Alert, name: str, number: str) -> str:
    at = taken.acknowledged_at
    local = at.astimezone(STOCKHOLM).strftime("%Y-%m-%d %H:%M") if at else ""
    return say("slack.alert_taken", name=name, at=local, number=number).strip()


def _scale(face: Face, name: str, steps: list[int]) -> Block:
    options = [
        {
            **blocks.option(face.say(f"{name}.{step}"), str(step)),
            "description": blocks.plain(face.say(f"{name}.{step}_help"), blocks.LONGEST_OPTION),
        }
        for step in steps
    ]
    return blocks.choice_input(face.say(f"slack.{name}"), name, options)


def _is_assessed(case: Case, person_id: str, severity: int, likelihood: int) -> bool:
    risk = case.risk
    return risk is not None and (risk.assessed_by, int(risk.severity), int(risk.likelihood)) == (
        person_id,
        severity,
        likelihood,
    )


def _refused(face: Face) -> Reaction:
    text = face.say("slack.not_allowed")
    told = Message(text=text, blocks=(blocks.paragraph(text),))
    view = rendering.note_view(face, face.say("slack.title_note"), text)
    return Reaction(view=view, without_view=told)
