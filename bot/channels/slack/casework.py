"""What managers, MAS and SAS do from a notice: receive a case, assess its risk, take an alert."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.app import Services
from bot.assessing import Answers, AskedFirst, assess, levels_of
from bot.channels.slack import blocks, rendering, turns
from bot.channels.slack.blocks import Block, Message
from bot.channels.slack.deliveries import Delivery
from bot.channels.slack.people import Visitor
from bot.channels.slack.reactions import Reaction
from bot.channels.slack.rendering import Face, Say
from bot.putting_off import DAYS, REASONS, put_off, rests_until
from handlers import alerts, case_handling
from handlers.case_handling import Desk
from handlers.domain.case import Case, CaseStatus
from handlers.domain.deadline import STOCKHOLM, local_date
from handlers.domain.injury import LEGAL_AREAS, PersonTold
from handlers.domain.risk import Likelihood, Severity
from handlers.errors import NotAllowed, OfficeOver, UserFault
from handlers.records import Alert
from storage.unit_of_work import SqlUnitOfWork

SEVERITY, LIKELIHOOD = "severity", "likelihood"
LAWS, TOLD = "laws", "told"
UNTIL, REASON = "until", "reason"


@dataclass(frozen=True, slots=True)
class CaseDesk:
    services: Services
    face: Callable[[Visitor], Face]

    def receive(self, delivery: Delivery, visitor: Visitor) -> Reaction:
        return self._with_case(delivery, visitor, delivery.value, case_handling.acknowledge)

    def ask_risk(self, delivery: Delivery, visitor: Visitor) -> Reaction:
        def inputs(face: Face, uow: SqlUnitOfWork, case: Case) -> list[Block]:
            severities, likelihoods = [int(one) for one in Severity], [int(x) for x in Likelihood]
            return [
                *_asked_first(face, AskedFirst.of(uow.organisation, case)),
                _scale(face, SEVERITY, severities),
                _scale(face, LIKELIHOOD, likelihoods),
            ]

        return self._ask(delivery, visitor, "slack.title_risk", turns.RISK_VIEW, inputs)

    def assess(self, delivery: Delivery, visitor: Visitor) -> Reaction:
        given = delivery.answers
        answers = Answers(
            severity=given.get(SEVERITY, ""),
            likelihood=given.get(LIKELIHOOD, ""),
            laws=tuple(filter(None, given[LAWS].split(","))) if LAWS in given else None,
            told=given.get(TOLD, ""),
        )

        def do(desk: Desk) -> Case:
            levels = levels_of(answers.severity, answers.likelihood)
            case = case_handling.open_for_work(replace(desk, version=None))
            if _is_assessed(case, desk.person_id, *levels):  # a second press
                return case
            return assess(desk, answers)

        return self._answered(delivery, visitor, "slack.title_risk", do)

    def ask_snooze(self, delivery: Delivery, visitor: Visitor) -> Reaction:
        def inputs(face: Face, uow: SqlUnitOfWork, case: Case) -> list[Block]:
            del uow, case
            say = face.say
            days = [blocks.option(say(f"put_off.in_{n}_days"), str(n)) for n in DAYS]
            reasons = [blocks.option(say(f"put_off.because_{r}"), r) for r in REASONS]
            return [
                blocks.choice_input(say("put_off.until"), UNTIL, days),
                blocks.choice_input(say("put_off.reason"), REASON, reasons),
            ]

        return self._ask(delivery, visitor, "put_off.title", turns.SNOOZE_VIEW, inputs)

    def snooze(self, delivery: Delivery, visitor: Visitor) -> Reaction:
        """Put the reminders off; the reason is one of a few, so that no text is asked for here."""
        days, reason = delivery.answers.get(UNTIL, ""), delivery.answers.get(REASON, "")

        def do(desk: Desk) -> Case:
            return put_off(desk, days=days, reason=reason, language=visitor.language)

        return self._answered(delivery, visitor, "put_off.title", do)

    def _ask(
        self,
        delivery: Delivery,
        visitor: Visitor,
        title: str,
        callback_id: str,
        inputs: Callable[[Face, SqlUnitOfWork, Case], list[Block]],
    ) -> Reaction:
        """Show a modal that remembers which version of the case was looked at, and from where."""
        face = self.face(visitor)
        try:
            with self.services.unit_of_work(read_only=True) as uow:
                case = case_handling.open_for_work(self._desk(uow, visitor, delivery.value))
                asked = inputs(face, uow, case)
        except NotAllowed:
            return _refused(face)
        view = blocks.modal(
            face.say(title),
            [blocks.paragraph(case.number), *asked],
            close=face.say("slack.close"),
            callback_id=callback_id,
            submit=face.say("slack.save"),
            metadata=f"{case.id}|{case.version}|{delivery.channel}|{delivery.message}",
        )
        again = blocks.button(face.say(title), delivery.action, value=case.id)
        text = face.say("slack.reopen")
        way = Message(text=text, blocks=(blocks.paragraph(text), *blocks.rows([again])))
        return Reaction(view=view, without_view=way)

    def _answered(
        self, delivery: Delivery, visitor: Visitor, title: str, do: Callable[[Desk], Case]
    ) -> Reaction:
        """Do what the modal asked to the version that it showed, and tell how it went."""
        case_id, version, channel, message = (*delivery.metadata.split("|"), "", "", "", "")[:4]
        face = self.face(visitor)

        def do_to_shown(desk: Desk) -> Case:
            return do(replace(desk, version=int(version) if version.isdigit() else -1))

        done = self._with_case(delivery, visitor, case_id, do_to_shown)
        told = done.replacement or done.without_view or Message(text="")
        return Reaction(
            view=rendering.note_view(face, face.say(title), told.text),
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
        except OfficeOver:
            return _refused(face, "fault.office_over")
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
                until = rests_until(uow, case.id, local_date(self.services.clock()))
                uow.commit()
        except NotAllowed:
            return _refused(face)
        except UserFault as fault:
            text = face.say(fault.key, **fault.values)
            return Reaction(replacement=self._with_link(face, text, case_id))
        name = responsible.name if responsible else "–"
        text = case_line(face.say, case, name)
        if until:
            text = f"{text} {face.say('put_off.rests', until_on=until)}"
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
    if case.is_open:
        ways.append(blocks.button(say("put_off.title"), turns.SNOOZE, value=case.id))
    return blocks.rows(ways)


def case_line(say: Say, case: Case, responsible: str) -> str:
    """Return how a case stands: number, state, date, nothing about a person in care."""
    key = "slack.case_waiting" if case.status == CaseStatus.RECEIVED else "slack.case_received"
    target_on = case.target_on.isoformat()
    lines = [say(key, number=case.number, name=responsible, target_on=target_on)]
    if case.is_open and case.awaited_on is not None:
        lines.append(say("cases.promised_by", day=case.awaited_on.isoformat()))
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


def _asked_first(face: Face, asked: AskedFirst) -> list[Block]:
    """Return what a first assessment asks before the scales, the same as the page does."""
    say, made = face.say, list[Block]()
    if asked.asks_laws:
        laws = [blocks.option(f"{say(f'law.{law}')} ({law})", law) for law in LEGAL_AREAS]
        made.append(blocks.several_input(say("law.which"), LAWS, laws, asked.laws))
    if asked.asks_told:
        options = [blocks.option(say(f"told.{one}"), one) for one in PersonTold]
        known, hint = asked.told or "", say("case.told_help")
        made.append(blocks.choice_input(say("case.told"), TOLD, options, initial=known, hint=hint))
    return made


def _is_assessed(case: Case, person_id: str, severity: int, likelihood: int) -> bool:
    risk = case.risk
    return risk is not None and (risk.assessed_by, int(risk.severity), int(risk.likelihood)) == (
        person_id,
        severity,
        likelihood,
    )


def _refused(face: Face, key: str = "slack.not_allowed") -> Reaction:
    text = face.say(key)
    told = Message(text=text, blocks=(blocks.paragraph(text),))
    view = rendering.note_view(face, face.say("slack.title_note"), text)
    return Reaction(view=view, without_view=told)
