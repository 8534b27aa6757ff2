"""The lines of a digest: what waits, with its one next step, its day and how it is done.

A mail is read away from the page, so that it says the step and the how-to in the page's own words.
A chat has a button for each thing, with few words on it, and the how-to beside. Nothing of a
person stands in either.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from handlers import gates
from handlers.duties import DueTask
from handlers.held_mail import HeldMail
from handlers.municipality import Municipality
from handlers.nobody_there import NobodyThere
from handlers.notices import DigestLine
from handlers.ports import UnitOfWork
from handlers.records import DueCase
from handlers.reminder_rules import OTHERS_DUTIES
from handlers.todo import LOOK, how_to, next_step
from handlers.work_items import WorkItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What waits about a case or a place: in the page's words, and in a chat's few."""

    key: str  # of the texts
    about: str  # a case's number or a place
    words: str
    on: date
    short: str
    short_on: date
    how: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Makes the lines of one sweep in the language of one person."""

    uow: UnitOfWork
    municipality: Municipality
    today: date
    waited_for: frozenset[str]  # ids of cases that MAS or SAS have not looked at yet
    language: str

    def of_case(self, due: DueCase, duty: str) -> Step:
        """Return the step of a case; `duty` is what the rung of the ladder asks for."""
        step, step_on = self._step(due, duty)
        short = "look" if due.is_held else duty
        return Step(
            key=step,
            about=due.number,
            words=self._say(step).rstrip("."),
            on=step_on,
            short=self._say(f"duty.{short}"),
            short_on=due.due_on,
            how=self._say(how_to(step)),
            link=self.municipality.case_link(due.case_id),
        )

    def of_work(self, item: WorkItem) -> Step:
        step = f"todo.{item.kind}"
        link = self.municipality.case_link(item.case.id) + item.place
        return self._plain(step, item.case.number, item.due_on, link)

    def of_task(self, due: DueTask) -> Step:
        unit = self.uow.organisation.unit(due.task.scope)
        place = unit.name if unit else self.municipality.name
        step, link = f"duty_task.{due.rule.id}", self.municipality.task_link(due.task.id)
        return self._plain(step, place, due.task.due_on, link, how=f"{step}_how")

    def of_letters(self, letters: HeldMail) -> Step:
        link = self.municipality.mailroom_link()
        return self._plain(
            "todo.letters", self.municipality.name, letters.due_on, link, count=letters.count
        )

    def of_nobody(self, waiting: NobodyThere) -> Step:
        link = self.municipality.staff_link()
        return self._plain(
            "todo.nobody_there", self.municipality.name, self.today, link, count=waiting.count
        )

    def alone(self, step: Step) -> DigestLine:
        named = self._words(step.about, step.words, step.on)
        text = self._say("notice.digest_line", named=named, how=step.how, link=step.link)
        words = self._words(step.about, step.short, step.short_on)
        return DigestLine(text=text, words=words, link=step.link, how=step.how, about=step.about)

    def together(self, steps: Iterable[Step], link: str = "") -> list[DigestLine]:
        """Return a line for each next step, with the number and the day of all that wait for it.

        `link` is where they all stand, when that is not on the page of what there is to do.
        """
        alike: dict[str, list[Step]] = {}
        for step in steps:
            alike.setdefault(step.key, []).append(step)
        return [
            self._alike(same, link or self.municipality.todo_link(key))
            for key, same in alike.items()
        ]

    def _alike(self, same: list[Step], link: str) -> DigestLine:
        named = ", ".join(
            self._say("notice.digest_named", about=one.about, due_on=one.on.isoformat())
            for one in sorted(same, key=lambda one: (one.on, one.about))
        )
        words, how = same[0].words, same[0].how
        return DigestLine(
            text=self._say("notice.digest_also", step=words, named=named, how=how, link=link),
            words=self._say("notice.digest_also_words", step=words, count=len(same)),
            link=link,
            how=how,
            about=words,
            named=named,
        )

    def of_the_rest(self, *, own: int, others: int) -> list[DigestLine]:
        """Return how many there was no room for, and where they stand."""
        lines = []
        if own:
            words = self._say("notice.digest_more", count=own)
            lines.append(DigestLine(text=words, words=words, link=self.municipality.todo_link()))
        if others:
            words, link = (
                self._say("notice.digest_late", count=others),
                self.municipality.late_link(),
            )
            lines.append(DigestLine(text=f"{words}\n{link}", words=words, link=link))
        return lines

    def _step(self, due: DueCase, duty: str) -> tuple[str, date]:
        """Return what the page says; who is told of others' delay has a step of her own."""
        case = self.uow.cases.find(due.case_id)
        if due.is_held:
            return LOOK, due.due_on if case is None else case.look_on or due.due_on
        if case is None or duty in OTHERS_DUTIES:
            return f"duty.{duty}", due.due_on
        beyond = gates.beyond_the_case(self.uow, case, by_mas=True, today=self.today)
        return next_step(
            case,
            self.municipality,
            waited_for=self.waited_for,
            today=self.today,
            beyond=beyond,
        )

    def _plain(
        self, key: str, about: str, due_on: date, link: str, how: str = "", count: int = 0
    ) -> Step:
        words = self._say(key, count=count)
        return Step(
            key=key,
            about=about,
            words=words.rstrip("."),
            on=due_on,
            short=words,
            short_on=due_on,
            how=self._say(how or how_to(key)),
            link=link,
        )

    def _words(self, about: str, duty: str, due_on: date) -> str:
        values = {"number": about, "duty": duty, "due_on": due_on.isoformat()}
        return self._say("notice.digest_words", **values)

    def _say(self, key: str, **values: object) -> str:
        return self.municipality.catalogue.get(key, self.language, **values)
