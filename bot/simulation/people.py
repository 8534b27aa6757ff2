"""Simulated reporters and relatives. Their habits are assumptions, named here."""

from email.message import EmailMessage
from random import Random
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.conversation import InboundMessage, receive
from bot.mail.maildir import deliver
from bot.mail.tokens import make_token
from bot.simulation.profiles import Profile
from handlers.dialogue.state import Command, Prompt, PromptKind, UserInput
from handlers.domain.case import CaseKind
from handlers.domain.deadline import local_date
from handlers.domain.people import Unit
from handlers.handing_over import WORK_PREFIX
from handlers.letters import MAIL_FORM
from nlp.corpus_file import CorpusText
from storage import tables

if TYPE_CHECKING:
    from bot.simulation.world import World

SENT_AGAIN = 0.1  # turns and mails that arrive twice
LEAVES = 0.05  # reporters who close the page midway
THANKS = 0.3  # of the later letters; the others say something new
TO_AN_ENDED = 0.7  # of the later letters, when any case from a letter has ended
HARMS = ("nobody",) * 55 + ("mild",) * 30 + ("care",) * 10 + ("hospital",) * 2 + ("unknown",) * 3
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
        self.letters_a_day = profile.letters_a_day
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
        text = self._random.choice(self._from_outside)
        number = self._number + 1
        sender = f"Anhörig {number} <anhorig{number}@mail.example>"
        self._send(world, sender, text.subject or "Hej", text.text)

    def letter(self, world: "World") -> None:
        """Whoever has written before writes once more, in the thread of what they were sent."""
        with world.services.unit_of_work(read_only=True) as uow:
            ours, cases = tables.reports.c, tables.cases.c
            mine = select(cases.id, cases.closed_at).where(
                ours.case_id == cases.id, ours.form_id == MAIL_FORM
            )
            rows = list(uow.connection.execute(mine.order_by(cases.number).distinct()))
            ended = [row.id for row in rows if row.closed_at is not None]
            to_ended = bool(ended) and self._random.random() < TO_AN_ENDED
            found = ended if to_ended else [row.id for row in rows]
            case_id = self._random.choice(found) if found else ""
            reporter = uow.reports.reporter_of(case_id) if case_id else None
        if reporter is None or not reporter.address:
            return
        thanks = self._random.random() < THANKS
        text = "Tack för svaret!" if thanks else self._random.choice(self._from_outside).text
        token = make_token(case_id, world.services.secret)
        self._send(world, reporter.address, "Sv: Hej", text, In_Reply_To=f"<lotsen.{token}@x>")

    def _send(self, world: "World", sender: str, subject: str, text: str, **headers: str) -> None:
        self._number += 1
        mail = EmailMessage()
        mail["From"] = sender
        mail["To"] = world.services.settings.mail_address
        mail["Subject"] = subject
        mail["Message-ID"] = f"<simulated-{self._number}@mail.example>"
        mail["Date"] = world.clock()
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(text)
        raw = mail.as_bytes()
        inbox = world.services.settings.inbox_maildir
        deliver(inbox, raw, name=f"simulated-{self._number}")
        world.tally.mails += 1
        if self._random.random() < SENT_AGAIN:
            world.tally.repeated += 1
            deliver(
                inbox, b"Received: by relay.example; again\r\n" + raw, name=f"again-{self._number}"
            )


def _easiest(prompt: Prompt) -> UserInput:
    """Return what somebody in a hurry taps: send, skip, or the first choice."""
    if any(offered.command == Command.SKIP for offered in prompt.commands):
        return UserInput(command=Command.SKIP)
    first = prompt.choices[0]
    return UserInput(choice=first.choice, command=first.command)
