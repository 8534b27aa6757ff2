"""What the buttons do: receive a case, assess its risk, put reminders off, take an alert.

A button that comes late does no harm: the core refuses a stale version, and the card shows what
holds now. Synchronous, because the core is; the door calls it in a thread.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.assessing import Answers, assess
from bot.channels.teams.activities import Tap
from bot.channels.teams.callers import Caller
from bot.channels.teams.cards import Card
from bot.channels.teams.duty_cards import ASKED_LAWS, DutyCards
from bot.channels.teams.waiting_card import waiting_card
from bot.putting_off import put_off
from bot.waiting import waiting_for
from handlers import alerts, case_handling
from handlers.desk import Desk
from handlers.domain.case import Case
from handlers.errors import NotAllowed, OfficeOver, StaleVersion, UserFault
from storage.unit_of_work import SqlUnitOfWork


@dataclass(frozen=True, slots=True)
class Duties:
    cards: DutyCards

    def receive(self, caller: Caller, tap: Tap) -> Card:
        """A named person receives the case; a second tap, by anybody, changes nothing."""
        with self._unit_of_work() as uow:
            try:
                case = case_handling.acknowledge(self.cards.desk(uow, caller.person_id, tap.case))
            except NotAllowed:
                return self.cards.not_yours(caller)
            except UserFault as fault:
                return self._refused(caller, tap, fault)
            uow.commit()
            return self.cards.case(uow, caller, tap.case, self._receiver(uow, case, caller))

    def assess(self, caller: Caller, tap: Tap) -> Card:
        """Set the risk, unless somebody has changed the case since the card was made."""
        laws = tuple(filter(None, tap.laws.split(",")))
        answers = Answers(
            severity=tap.severity,
            likelihood=tap.likelihood,
            laws=laws if tap.asked == ASKED_LAWS else laws or None,
            told=tap.told,
        )

        def do(desk: Desk) -> str:
            case = assess(desk, answers)
            unit = desk.uow.organisation.unit(case.unit_id)
            apart = unit is not None and unit.health_apart  # their own head is told
            told = case.risk is not None and case.risk.alerts_mas and not apart
            return self.cards.say("teams.mas_told", caller.language) if told else ""

        return self._done(caller, tap, do)

    def ask_risk(self, caller: Caller, tap: Tap) -> Card:
        """Show the case with the questions of a first assessment open."""
        with self._reading() as uow:
            return self.cards.case(uow, caller, tap.case, "", asking=True)

    def put_off(self, caller: Caller, tap: Tap) -> Card:
        """Let the case's reminders rest, for a reason that is chosen from a few."""

        def do(desk: Desk) -> str:
            put_off(desk, days=tap.until, reason=tap.because, language=caller.language)
            return ""

        return self._done(caller, tap, do)

    def show(self, caller: Caller, tap: Tap) -> Card:
        """Show a case as it stands."""
        with self._reading() as uow:
            return self.cards.case(uow, caller, tap.case, "")

    def waiting(self, caller: Caller, tap: Tap) -> Card:
        """Show everything that waits for somebody."""
        del tap
        services = self.cards.services
        with self._reading() as uow:
            now, municipality = services.clock(), services.municipality
            found = waiting_for(uow, caller.person_id, now, municipality)
        return waiting_card(found, caller, municipality)

    def take_alert(self, caller: Caller, tap: Tap) -> Card:
        """The first who taps takes it; the others see who and when."""
        now = self.cards.services.clock()
        with self._unit_of_work() as uow:
            try:
                found = alerts.acknowledge(uow, tap.alert, caller.person_id, now)
            except OfficeOver:
                return self.cards.not_yours(caller, "fault.office_over")
            except NotAllowed:
                return self.cards.not_yours(caller)
            uow.commit()
            return self.cards.alert(uow, caller, found)

    def _done(self, caller: Caller, tap: Tap, do: Callable[[Desk], str]) -> Card:
        """Do something to the case as the card showed it; `do` returns a note for the new card."""
        with self._unit_of_work() as uow:
            try:
                note = do(self.cards.desk(uow, caller.person_id, tap.case, tap.version))
            except NotAllowed:
                return self.cards.not_yours(caller)
            except StaleVersion:
                return self._refused(caller, tap, UserFault("teams.case_changed"))
            except UserFault as fault:
                return self._refused(caller, tap, fault)
            uow.commit()
            return self.cards.case(uow, caller, tap.case, note)

    def _refused(self, caller: Caller, tap: Tap, fault: UserFault) -> Card:
        with self._reading() as uow:
            note = self.cards.say(fault.key, caller.language, **fault.values)
            return self.cards.case(uow, caller, tap.case, note)

    def _receiver(self, uow: SqlUnitOfWork, case: Case, caller: Caller) -> str:
        if case.responsible_id == caller.person_id:
            return self.cards.say("teams.received_by_you", caller.language)
        person = uow.organisation.person(case.responsible_id)
        if person is None:
            return ""
        return self.cards.say("teams.received_by", caller.language, name=person.name)

    def _reading(self) -> SqlUnitOfWork:
        return self.cards.services.unit_of_work(read_only=True)

    def _unit_of_work(self) -> SqlUnitOfWork:
        return self.cards.services.unit_of_work()
