"""Simulated reporters, relatives, managers and MAS. Their habits are assumptions, named here."""

from datetime import date, timedelta
from email.message import EmailMessage
from random import Random
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.conversation import InboundMessage, receive
from bot.mail.maildir import deliver
from bot.simulation.behaviour import Habits
from bot.simulation.profiles import Profile
from handlers import actions, alerts, case_handling, complaints, gates, investigation, shielding
from handlers.access import access_of
from handlers.alarm_gate import unanswered_alerts
from handlers.alert_chain import may_see
from handlers.case_handling import Desk
from handlers.case_records import AnswerWay
from handlers.dialogue.state import Command, Prompt, PromptKind, UserInput
from handlers.domain.case import Case, CaseKind, CaseStatus, CauseArea
from handlers.domain.deadline import local_date
from handlers.domain.injury import InjuryClass, PersonTold
from handlers.domain.people import Role, Unit
from handlers.domain.risk import Likelihood, Severity
from handlers.handing_over import WORK_PREFIX
from handlers.permissions import Action as Right
from handlers.reporting import receiver_of
from nlp.corpus_file import CorpusText
from storage import tables
from storage.unit_of_work import SqlUnitOfWork

if TYPE_CHECKING:
    from bot.simulation.world import World

SENT_AGAIN = 0.1  # turns and mails that arrive twice
LEAVES = 0.05  # reporters who close the page midway
ACKNOWLEDGES = 0.8  # alerts that are taken before anybody else is asked
REOPENED = 0.05  # closed cases of which more is known later
STAYS_HIDDEN = 0.3  # cases held for their text that are about the manager indeed
HARMS = ("nobody",) * 55 + ("mild",) * 30 + ("care",) * 10 + ("hospital",) * 2 + ("unknown",) * 3
SEVERITIES = (1,) * 50 + (2,) * 38 + (3,) * 11 + (4,)
_UNASSESSED = (CaseStatus.RECEIVED, CaseStatus.ACKNOWLEDGED)
_OUTSIDE = {CaseKind.COMPLAINT, CaseKind.SUGGESTION, CaseKind.PRAISE}


class Reporters:
    """Care workers and relatives, who say what the hand-written texts say."""

    def __init__(self, texts: list[CorpusText], random: Random, profile: Profile) -> None:
        self._random = random
        self._profile = profile
        self._of_staff = [t for t in texts if t.kind in ("deviation", "risk")]
        self._from_outside = [t for t in texts if t.kind in _OUTSIDE and t.voice != "usk"]
        self._by_category: dict[str, list[CorpusText]] = {}
        for text in self._of_staff:
            self._by_category.setdefault(text.category or "", []).append(text)
        self.reports_a_day = profile.reports_a_day
        self.mails_a_day = profile.mails_a_day
        self._number = 0

    def report(self, world: "World") -> None:
        self._number += 1
        conversation = f"webchat:simulated-{self._number}"
        with world.services.unit_of_work(read_only=True) as uow:
            units = uow.organisation.current_units(local_date(world.clock()))
        answers = {
            "danger": UserInput(choice="no"),
            "what": UserInput(text=self._text().text),
            "when": UserInput(choice=self._random.choice(("now", "today", "yesterday", "unknown"))),
            "where": UserInput(choice=self._unit(units).id),
            "background": UserInput(choice=self._random.choice(("no", "sometimes", "unknown"))),
            "harm": UserInput(choice=self._random.choice(HARMS)),
            "category": UserInput(text="1"),
        }
        stops_at = self._random.randrange(1, len(answers)) if self._leaves() else None
        prompt = self._say(world, conversation, 0, UserInput(command=Command.RESUME))
        turn = 0
        while prompt.kind != PromptKind.RECEIPT:
            turn += 1
            if turn == stops_at:
                return
            answer = answers.get(prompt.question_id) or _easiest(prompt)
            prompt = self._say(world, conversation, turn, answer)
        if prompt.case_number.startswith(f"{WORK_PREFIX}-"):
            world.tally.routed_on += 1
        else:
            world.tally.receipts.append(prompt.case_number)

    def _leaves(self) -> bool:
        return self._random.random() < LEAVES

    def _text(self) -> CorpusText:
        weights = self._profile.weights
        if not weights:
            return self._random.choice(self._of_staff)
        [category] = self._random.choices(list(weights), list(weights.values()))
        return self._random.choice(self._by_category[category])

    def _unit(self, units: tuple[Unit, ...]) -> Unit:
        areas = self._profile.areas
        if not areas:
            return self._random.choice(units)
        [area] = self._random.choices(areas, [area.share for area in areas])
        return self._random.choice([unit for unit in units if unit.area_id == area.id])

    def _say(self, world: "World", conversation: str, turn: int, user_input: UserInput) -> Prompt:
        message = InboundMessage(
            channel="webchat",
            conversation_id=conversation,
            message_id=f"turn-{turn}",
            user_input=user_input,
        )
        if self._random.random() < SENT_AGAIN:
            world.tally.repeated += 1
            receive(world.services, message)
        return receive(world.services, message)[-1]

    def mail(self, world: "World") -> None:
        self._number += 1
        text = self._random.choice(self._from_outside)
        mail = EmailMessage()
        mail["From"] = f"Anhörig {self._number} <anhorig{self._number}@mail.example>"
        mail["To"] = world.services.settings.mail_address
        mail["Subject"] = text.subject or "Hej"
        mail["Message-ID"] = f"<simulated-{self._number}@mail.example>"
        mail["Date"] = world.clock()
        mail.set_content(text.text)
        raw = mail.as_bytes()
        inbox = world.services.settings.inbox_maildir
        deliver(inbox, raw, name=f"simulated-{self._number}")
        world.tally.mails += 1
        if self._random.random() < SENT_AGAIN:
            world.tally.repeated += 1
            deliver(
                inbox, b"Received: by relay.example; again\r\n" + raw, name=f"again-{self._number}"
            )


class Managers:
    """Managers take one step at a time; MAS and SAS acknowledge alerts and close grave cases."""

    def __init__(self, random: Random, habits: Habits, after_reminder: float) -> None:
        self._random = random
        self._habits = habits
        self._after_reminder = after_reminder
        self._to_reopen: list[tuple[date, str]] = []

    def work(self, world: "World") -> None:
        with world.services.unit_of_work(read_only=True) as uow:
            open_cases = uow.cases.listed(None, open_only=True)
            ledger = tables.reminder_ledger
            reminded = set(uow.connection.execute(select(ledger.c.case_id)).scalars())
        self._reopen(world)
        for case in open_cases:
            chance = self._habits.chance_of(case.unit_id)
            chance *= self._after_reminder if case.id in reminded else 1
            if self._random.random() < chance:
                self._step(world, case)

    def _reopen(self, world: "World") -> None:
        today = local_date(world.clock())
        due = [case_id for day, case_id in self._to_reopen if day <= today]
        self._to_reopen = [one for one in self._to_reopen if one[0] > today]
        for case_id in due:
            with world.services.unit_of_work() as uow:
                case = uow.cases.find(case_id)
                person_id = _worker(uow, case, world) if case else ""
                if case is not None and case.status == CaseStatus.CLOSED and person_id:
                    desk = Desk(
                        uow=uow,
                        municipality=world.services.municipality,
                        person_id=person_id,
                        now=world.clock(),
                        case_id=case.id,
                    )
                    case_handling.reopen(desk, reason="Det har kommit fram mer.")
                    uow.commit()

    def answer_alerts(self, world: "World") -> None:
        with world.services.unit_of_work() as uow:
            for found in uow.alerts.unacknowledged():
                answers = self._random.random() < ACKNOWLEDGES
                if answers and may_see(uow, found, found.recipient_id, world.clock()):
                    alerts.acknowledge(uow, found.id, found.recipient_id, world.clock())
            uow.commit()

    def _step(self, world: "World", case: Case) -> None:
        with world.services.unit_of_work() as uow:
            person_id = _worker(uow, case, world)
            if not person_id:
                return  # nobody who may is at work today; the case waits
            desk = Desk(
                uow=uow,
                municipality=world.services.municipality,
                person_id=person_id,
                now=world.clock(),
                case_id=case.id,
            )
            if case.is_held:
                self._look(desk)
            elif not case.unit_id:
                units = uow.organisation.current_units(desk.today)
                case_handling.move_to_unit(desk, unit_id=self._random.choice(units).id)
            elif case.status in _UNASSESSED or case.wants_new_assessment:
                self._assess(desk, case)
            elif not case.causes:
                self._investigate(desk)
            else:
                self._close(desk, case)
            uow.commit()

    def _look(self, desk: Desk) -> None:
        if self._random.random() < STAYS_HIDDEN:
            shielding.shield(desk)
        else:
            shielding.release(desk)

    def _assess(self, desk: Desk, case: Case) -> None:
        severity = Severity(self._random.choice(SEVERITIES))
        likelihood = Likelihood(self._random.choice((1, 1, 2, 2, 3, 4)))
        told = self._random.choice(list(PersonTold)) if case.needed_care else None
        case_handling.assess_risk(desk, severity=severity, likelihood=likelihood, told=told)

    def _investigate(self, desk: Desk) -> None:
        area = self._random.choice(list(CauseArea))
        case = case_handling.add_cause(desk, area=area, text="Rutinen var otydlig.")
        case_handling.add_action(
            desk,
            cause_id=case.causes[-1].id,
            text="Gå igenom rutinen på nästa möte.",
            owner_id=desk.person_id,
            due_on=desk.today + timedelta(days=14),
        )

    def _sender_reads(self, desk: Desk) -> None:
        """The sender opens the page the same day."""
        found = desk.uow.work.answers.where(case_id=desk.case_id)[-1]
        code = "12345678"
        complaints.send_code(desk.uow, found.id, code, desk.now, desk.municipality)
        complaints.open_answer(desk.uow, found.id, code, desk.now, desk.municipality)

    def _close(self, desk: Desk, case: Case) -> None:
        if unanswered_alerts(desk.uow, case):
            return  # MAS or SAS looks first
        for action in case.actions:
            if action.done_at is None and action.due_on < desk.today:
                actions.finish(desk, action_id=action.id, effect="")
        if case.needed_care and not case.is_classed:
            investigation.classify(desk, injury=InjuryClass.NO_INJURY)
        if case.must_be_answered:
            given = complaints.Answer(
                explanation="Rutinen var otydlig.",
                measures="Vi har ändrat rutinen.",
                about_person=True,
                way=AnswerWay.CODE_BY_MAIL,
            )
            complaints.answer(desk, given)
            self._sender_reads(desk)
        else:
            case_handling.write_feedback(desk, text="Tack. Vi har ändrat rutinen.")
        case_handling.close_case(desk)
        if self._random.random() < REOPENED:
            after = timedelta(days=self._random.randrange(1, 40))
            self._to_reopen.append((desk.today + after, case.id))


def _easiest(prompt: Prompt) -> UserInput:
    """Return what somebody in a hurry taps: send, skip, or the first choice."""
    if any(offered.command == Command.SKIP for offered in prompt.commands):
        return UserInput(command=Command.SKIP)
    first = prompt.choices[0]
    return UserInput(choice=first.choice, command=first.command)


def _worker(uow: SqlUnitOfWork, case: Case, world: "World") -> str:
    """Return who takes the step: the nearest person at work with the right to it; or nobody."""
    organisation, now = uow.organisation, world.clock()
    day = local_date(now)
    if case.is_held:
        return receiver_of(uow, case, now).id
    if not case.unit_id:
        return next((p.id for p in organisation.holders(Role.REGISTRATOR, "", day)), "")
    special = [p for role in (Role.MAS, Role.SAS) for p in organisation.holders(role, "", day)]
    grave = case.risk is not None and case.risk.needs_mas_to_close
    grave = grave or gates.is_bound(uow, case)
    closing = Right.CLOSE_SERIOUS if grave else Right.CLOSE
    for person in (*organisation.unit_chain(case.unit_id, day), *special):
        rights = access_of(uow, world.services.municipality, person.id, now)
        if rights.may(Right.WORK, case) and rights.may(closing, case):
            return person.id
    return ""
