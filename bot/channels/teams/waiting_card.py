"""The card of everything that waits for somebody: number, duty, date, and a tap to each."""

from bot.channels.teams import cards
from bot.channels.teams.callers import Caller
from bot.channels.teams.cards import Card, Element
from bot.waiting import Waiting, duty_of
from handlers.domain.case import Case
from handlers.municipality import Municipality
from handlers.records import Alert


def waiting_card(found: Waiting, caller: Caller, municipality: Municipality) -> Card:
    def say(key: str, **values: object) -> str:
        return municipality.catalogue.get(key, caller.language, **values)

    def of_alert(alert: Alert, name: str) -> Element:
        label = say("teams.take_alert")
        take = cards.button(f"{label}: {name}", "take_alert", {"alert": alert.id})
        return cards.tappable_row(
            f"{say('teams.alert_waiting')}: {name}", [cards.text(label)], take
        )

    def of_case(case: Case) -> Element:
        show = cards.button(case.number, "case", {"case": case.id})
        duty = f"{say(duty_of(case))}. {say('teams.target', target_on=case.due_on.isoformat())}"
        return cards.tappable_row(case.number, [cards.text(duty)], show)

    title = say("teams.waiting")
    body = [cards.heading(title)]
    names = found.alert_names(say)
    body += [of_alert(one, name) for one, name in zip(found.alerts, names, strict=True)]
    body += [of_case(case) for case in found.cases]
    if not found.alerts and not found.cases:
        body.append(cards.text(say("teams.nothing_waits")))
    list_link = cards.link(say("teams.open_list"), f"{municipality.base_url}/arenden")
    return cards.card(body, fallback=title, language=caller.language, actions=[list_link])
