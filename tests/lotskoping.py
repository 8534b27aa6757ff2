"""A whole Lotsen on a temporary folder, and short ways to do what people do with it."""

from dataclasses import replace
from pathlib import Path

from bot.app import Services, build_services
from bot.config import ChatPolicy, Settings
from bot.conversation import InboundMessage, receive
from bot.demo.loading import load_demo
from bot.preparing import open_migrated
from handlers import alerts
from handlers.case_handling import Desk
from handlers.dialogue.state import Command, Prompt, PromptKind, UserInput
from handlers.domain.case import Case
from handlers.records import QueuedMessage
from storage.unit_of_work import SqlUnitOfWork
from tests.clock import SetClock

MARIA = "maria-lindqvall"  # manager of Björkgården
JONAS = "jonas-ekbratt"  # her deputy, manager of Solrosen
AGNETA = "agneta-holmlid"  # area manager
ERIK = "erik-vasterlund"  # manager of Hemtjänst Norr
INGER = "inger-strandlycke"  # MAS
DAVID = "david-alnemo"  # deputy MAS
MONIKA = "monika-hedlunda"  # SAS
BENGT = "bengt-orrfelt"  # registrator

CONVERSATION = "webchat:test"
SKIP = UserInput(command=Command.SKIP)


class Lotskoping:
    def __init__(self, services: Services, clock: SetClock) -> None:
        self.services = services
        self.clock = clock
        self._turns = 0

    def unit_of_work(self) -> SqlUnitOfWork:
        return self.services.unit_of_work()

    def say(
        self,
        text: str = "",
        *,
        choice: str = "",
        command: Command = Command.NONE,
        conversation: str = CONVERSATION,
        message_id: str = "",
        form: str = "deviation",
        new_report: bool = False,
        person_id: str = "",
    ) -> tuple[Prompt, ...]:
        self._turns += 1
        return receive(
            self.services,
            InboundMessage(
                channel=conversation.partition(":")[0],
                conversation_id=conversation,
                message_id=message_id or f"turn-{self._turns}",
                user_input=UserInput(text=text, choice=choice, command=command),
                form_id=form,
                new_report=new_report,
                person_id=person_id,
            ),
        )

    def report(
        self,
        what: str = "Vi hittade personen på golvet vid sängen i morse. Ingen synlig skada.",
        *,
        danger: str = "no",
        unit: str = "bjorkgarden",
        harm: str = "nobody",
        conversation: str = CONVERSATION,
    ) -> Case:
        """Go through the whole dialogue as a care worker and return the case.

        What the story has answered by itself, and differently, is changed at the summary.
        """
        answers = {
            "danger": UserInput(choice=danger),
            "what": UserInput(text=what),
            "when": UserInput(choice="today"),
            "where": UserInput(choice=unit),
            "background": UserInput(choice="no"),
            "harm": UserInput(choice=harm),
            "done": UserInput(text="Hjälpte upp och ringde sjuksköterskan."),
            "category": UserInput(text="1"),
        }
        prompt = self.say(command=Command.RESUME, conversation=conversation, new_report=True)[-1]
        while prompt.kind != PromptKind.SUMMARY:
            prompt = self._answer(answers.get(prompt.question_id, SKIP), conversation)
        for question_id in ("where", "harm"):
            self.say(command=Command.CHANGE, choice=question_id, conversation=conversation)
            self._answer(answers[question_id], conversation)
        receipt = self.say(command=Command.SUBMIT, conversation=conversation)[-1]
        with self.unit_of_work() as uow:
            case = uow.cases.find_number(receipt.case_number)
        assert case is not None
        return case

    def _answer(self, answer: UserInput, conversation: str) -> Prompt:
        return self.say(
            answer.text, choice=answer.choice, command=answer.command, conversation=conversation
        )[-1]

    def case(self, case_id: str) -> Case:
        with self.unit_of_work() as uow:
            case = uow.cases.find(case_id)
        assert case is not None
        return case

    def acknowledge_alerts(self, case: Case) -> None:
        """Let everybody who was alerted of a case take the alert."""
        with self.unit_of_work() as uow:
            for found in uow.alerts.of_case(case.id):
                alerts.acknowledge(uow, found.id, found.recipient_id, self.clock())
            uow.commit()

    def desk(self, uow: SqlUnitOfWork, case: Case, person_id: str) -> Desk:
        return Desk(
            uow=uow,
            municipality=self.services.municipality,
            person_id=person_id,
            now=self.clock(),
            case_id=case.id,
        )

    def outbox(self) -> list[QueuedMessage]:
        """Everything that waits to be sent, in order."""
        with self.unit_of_work() as uow:
            return list(uow.outbox.claim(self.clock(), 10_000))


def with_policy(lotskoping: Lotskoping, policy: ChatPolicy) -> Lotskoping:
    """Let the chats of this Lotsen hold another policy for free text."""
    settings = lotskoping.services.settings.model_copy(update={"chat_policy": policy})
    lotskoping.services = replace(lotskoping.services, settings=settings)
    return lotskoping


def open_lotskoping(folder: Path, *, database_url: str = "") -> Lotskoping:
    settings = Settings(_env_file=None, data_dir=folder, database_url=database_url)
    open_migrated(settings).close()
    clock = SetClock()
    services = build_services(settings, clock)
    load_demo(services)
    return Lotskoping(services, clock)
