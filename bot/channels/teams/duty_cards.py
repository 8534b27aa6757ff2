"""The cards of managers, MAS and SAS: number, duty, date and link, and buttons that fit now."""

from dataclasses import dataclass

from bot.app import Services
from bot.assessing import AskedFirst
from bot.channels.teams import cards
from bot.channels.teams.callers import Caller
from bot.channels.teams.cards import Card, Element
from bot.chat_words import distinct
from bot.putting_off import DAYS, REASONS, rests_until
from handlers import case_handling, own_reports
from handlers.case_handling import Desk
from handlers.domain.case import Case, CaseStatus
from handlers.domain.deadline import STOCKHOLM
from handlers.domain.injury import LEGAL_AREAS, PersonTold
from handlers.merged import where_it_lives
from handlers.permissions import Action
from handlers.records import Alert, OutboxMessage, Purpose
from storage.unit_of_work import SqlUnitOfWork

MOST_LINES = 40  # of a digest; Teams refuses large cards
ROOM_FOR_HOW = 4_000  # characters of all how-tos together
ASKED_LAWS = "laws"
LEVELS = ("1", "2", "3", "4")  # of the risk matrix, both ways


@dataclass(frozen=True, slots=True)
class DutyCards:
    services: Services

    def notice(self, message: OutboxMessage) -> Card:
        """Return a message that goes out, with the buttons that fit it now."""
        actions: list[Element] = []
        with self.services.unit_of_work(read_only=True) as uow:
            alert = uow.alerts.find(message.alert_id) if message.alert_id else None
            case = uow.cases.find(message.case_id) if message.case_id else None
            if alert is not None and alert.acknowledged_at is None:
                label = self.say("teams.take_alert", message.language)
                data = {"alert": alert.id}
                actions.append(cards.button(label, "take_alert", data, style="positive"))
            elif case is not None and message.person_id and message.purpose == Purpose.NOTICE:
                desk = self.desk(uow, message.person_id, case.id)
                actions += self._case_buttons(desk, case, message.language, pushed=True)
            elif case is not None and message.purpose == Purpose.FEEDBACK:
                actions += self._own_actions(uow, case, message.language)
        if message.link:
            label = self.say(_open_label(message), message.language)
            actions.append(cards.link(label, message.link))
        is_alert = message.purpose == Purpose.ALERT
        title = cards.warning(message.subject) if is_alert else cards.heading(message.subject)
        body = [title, *(self._digest(message) if message.buttons else _lines(message))]
        return cards.card(
            body, fallback=message.subject, language=message.language, actions=actions
        )

    def case(
        self, uow: SqlUnitOfWork, caller: Caller, case_id: str, note: str, *, asking: bool = False
    ) -> Card:
        """Return the case as it stands now, with what is left to do from the chat.

        When `asking`, the questions of the first assessment are open already.
        """
        found = uow.cases.find(case_id)
        desk = self.desk(uow, caller.person_id, case_id)
        if found is None or not case_handling.may(desk, Action.OPEN, found):
            return self.not_yours(caller)
        language = caller.language
        body = [cards.heading(found.number)]
        if note:
            body.append(cards.note(note))
        body.append(cards.text(self.say(f"status.{found.status}", language), weight="Bolder"))
        if found.risk is not None:
            body.append(cards.text(self._risk_text(found, language)))
        if until := rests_until(uow, found.id, desk.today):
            body.append(cards.text(self.say("put_off.rests", language, until_on=until)))
        target = found.target_on.isoformat()
        body.append(cards.subtle(self.say("teams.target", language, target_on=target)))
        if found.is_open and found.awaited_on is not None:
            promised = self.say("cases.promised_by", language, day=found.awaited_on.isoformat())
            body.append(cards.subtle(promised))
        actions = self._case_buttons(desk, found, language)
        if asking and found.risk is None:
            body, actions = _opened(body, actions)
        link = self.services.municipality.case_link(found.id)
        actions.append(cards.link(self.say("teams.open_case", language), link))
        return cards.card(body, fallback=found.number, language=language, actions=actions)

    def alert(self, uow: SqlUnitOfWork, caller: Caller, found: Alert) -> Card:
        """Return an alert that somebody has taken."""
        language = caller.language
        case = uow.cases.find(found.case_id) if found.case_id else None
        subject = (
            self.say("notice.alert_subject", language, number=case.number)
            if case
            else self.say("notice.alert_draft_subject", language)
        )
        at = (found.acknowledged_at or self.services.clock()).astimezone(STOCKHOLM)
        person = uow.organisation.person(found.acknowledged_by)
        mine = found.acknowledged_by == caller.person_id
        taken = self.say(
            "teams.alert_taken_by_you" if mine else "teams.alert_taken",
            language,
            name=person.name if person else "",
            time=f"{at:%H:%M}",
        )
        link = self.services.municipality.alert_link(found.id)
        actions = [cards.link(self.say("teams.open_alert", language), link)]
        body = [cards.heading(subject), cards.note(taken)]
        return cards.card(body, fallback=taken, language=language, actions=actions)

    def not_yours(self, caller: Caller, key: str = "teams.not_yours") -> Card:
        words = self.say(key, caller.language)
        return cards.card([cards.text(words)], fallback=words, language=caller.language)

    def desk(
        self, uow: SqlUnitOfWork, person_id: str, case_id: str, version: int | None = None
    ) -> Desk:
        return Desk(
            uow=uow,
            municipality=self.services.municipality,
            person_id=person_id,
            now=self.services.clock(),
            case_id=case_id,
            version=version,
        )

    def say(self, key: str, language: str, **values: object) -> str:
        return self.services.municipality.catalogue.get(key, language, **values)

    def _case_buttons(
        self, desk: Desk, case: Case, language: str, *, pushed: bool = False
    ) -> list[Element]:
        """What can be done now.

        A card that comes by itself does not say that somebody was hurt: the questions that would
        are asked after a tap.
        """
        if not case.is_open or not case_handling.may(desk, Action.WORK, case):
            return []
        data = {"case": case.id, "version": case.version}
        made: list[Element] = []
        if case.status == CaseStatus.RECEIVED:
            label = self.say("duty.acknowledge", language)
            made.append(cards.button(label, "receive", data, style="positive"))
        if case.risk is None:
            asked = AskedFirst.of(desk.uow.organisation, case)
            hidden = pushed and asked.asks_told
            label = self.say("duty.assess", language)
            ask = cards.button(label, "ask_risk", data)
            made.append(ask if hidden else self._risk_form(data, asked, language))
        made.append(self._put_off_form(data, language))
        return made

    def _digest(self, message: OutboxMessage) -> list[Element]:
        """One button for each thing that waits; the card's own button opens the whole list.

        How it is done is unfolded beside the first of its kind, as far as a card has room.
        """
        shown, made, told = message.buttons[:MOST_LINES], list[Element](), set[str]()
        names = distinct([one.about for one in shown], [one.words for one in shown])
        for number, one in enumerate(shown):
            ways, named = [cards.link(one.words, one.link)], list[Element]()
            if one.named:
                named.append(cards.subtle(one.named))
            is_new = one.how and one.how not in told
            if not is_new or sum(map(len, told)) + len(one.how) > ROOM_FOR_HOW:
                made += [cards.choices_row(ways), *named]
                continue
            told.add(one.how)
            target = f"how{number}"
            label = self.say("teams.how", message.language, about=names[number])
            made += [cards.choices_row([*ways, cards.unfolding(label, target)]), *named]
            made.append(cards.folded(one.how, target))
        left = len(message.buttons) - len(shown)
        if left:
            more = self.say("notice.digest_more", message.language, count=left)
            made.append(cards.subtle(more))
        return made

    def _own_actions(self, uow: SqlUnitOfWork, case: Case, language: str) -> list[Element]:
        """What a reporter can do with the answer: say whether it helped, and add to the report."""
        shown = where_it_lives(uow, case)
        nonce = self.services.municipality.new_id()
        choices = own_reports.report_choices(case, shown, language, self.services.municipality)
        return [
            cards.button(one.label, "own", {"nonce": f"{nonce}{number}", "choice": one.choice})
            for number, one in enumerate(choices)
        ]

    def _risk_form(self, data: cards.Data, asked: AskedFirst, language: str) -> Element:
        """Questions that open under the card; words for every level, no colours alone."""
        body = self._asked_first(asked, language)
        body += [
            cards.choice_input(
                group,
                [(self._level(group, n, language), n) for n in LEVELS],
                label=self.say(f"teams.{group}_label", language),
                error=self.say("fault.risk_incomplete", language),
            )
            for group in ("severity", "likelihood")
        ]
        if asked.asks_laws:
            data = {**data, "asked": ASKED_LAWS}
        label = self.say("teams.save_risk", language)
        save = cards.button(label, "assess", data, style="positive", inputs=True)
        return cards.opening(self.say("duty.assess", language), body, save)

    def _asked_first(self, asked: AskedFirst, language: str) -> list[Element]:
        """What a first assessment asks before the scales, the same as the page does."""
        error, made = self.say("teams.pick_error", language), list[Element]()
        if asked.asks_laws:
            laws = [(f"{self.say(f'law.{law}', language)} ({law})", law) for law in LEGAL_AREAS]
            made.append(
                cards.choice_input(
                    "laws",
                    laws,
                    label=self.say("law.which", language),
                    error=self.say("fault.legal_areas", language),
                    value=",".join(asked.laws),
                    several=True,
                )
            )
        if asked.asks_told:
            options = [(self.say(f"told.{one}", language), str(one)) for one in PersonTold]
            told = self.say("case.told", language)
            made.append(cards.text(self.say("case.told_help", language)))
            made.append(
                cards.choice_input("told", options, label=told, error=error, value=asked.told or "")
            )
        return made

    def _put_off_form(self, data: cards.Data, language: str) -> Element:
        """When to remind again and why, each chosen from a few: nothing is typed."""
        days = [(self.say(f"put_off.in_{n}_days", language), str(n)) for n in DAYS]
        reasons = [(self.say(f"put_off.because_{one}", language), one) for one in REASONS]
        error = self.say("teams.pick_error", language)
        body = [
            cards.choice_input(
                "until", days, label=self.say("put_off.until", language), error=error
            ),
            cards.choice_input(
                "because", reasons, label=self.say("put_off.reason", language), error=error
            ),
        ]
        label = self.say("teams.save_put_off", language)
        save = cards.button(label, "put_off", data, style="positive", inputs=True)
        return cards.opening(self.say("put_off.title", language), body, save)

    def _level(self, group: str, level: str, language: str) -> str:
        name = self.say(f"{group}.{level}", language)
        return f"{name}. {self.say(f'{group}.{level}_help', language)}"

    def _risk_text(self, case: Case, language: str) -> str:
        if case.risk is None:
            return ""
        return self.say(
            "teams.risk_is",
            language,
            severity=self.say(f"severity.{int(case.risk.severity)}", language).lower(),
            likelihood=self.say(f"likelihood.{int(case.risk.likelihood)}", language).lower(),
        )


def _open_label(message: OutboxMessage) -> str:
    if message.alert_id:
        return "teams.open_alert"
    return "teams.open_case" if message.case_id else "teams.open_list"


def _opened(body: list[Element], actions: list[Element]) -> tuple[list[Element], list[Element]]:
    """Return a card with the first of its questions open, and the way to save them first."""
    form = next((one for one in actions if one["type"] == "Action.ShowCard"), None)
    if form is None:  # somebody may read the case and not assess it
        return body, actions
    rest = [one for one in actions if one is not form]
    return [*body, *form["card"]["body"]], [*form["card"]["actions"], *rest]


def _lines(message: OutboxMessage) -> list[Element]:
    """Return the message without the link that its button is, other links as words."""
    made: list[Element] = []
    for line in message.text.split("\n"):
        words = line.strip()
        if not words or (message.link and words.endswith(message.link)):
            continue
        if message.purpose == Purpose.FEEDBACK:
            made += cards.literal(words)
        elif words.startswith(("https://", "http://")) and made:
            made[-1] = {**made[-1], "text": f"[{made[-1]['text']}]({words})"}
        else:
            made.append(cards.text(words))
    return made
