"""Where somebody is led: no page that would be empty or shut to them by what they are."""

from dataclasses import dataclass

from handlers.access import Access
from handlers.in_office import offices_in_cases
from handlers.permissions import Action, Thing

Link = tuple[str, str]  # an address and the key of its name


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    main: tuple[Link, ...] = ()
    beside: tuple[Link, ...] = ()  # under the list of what to do


def menu_of(access: Access) -> Menu:
    """Return the addresses that this person's offices of today lead to."""
    in_cases = bool(offices_in_cases(access.organisation, access.person_id, access.day))
    opens = {thing: access.may_with(Action.OPEN, thing) for thing in Thing}
    main = {
        ("/att-gora", "todo.title"): True,
        ("/arenden", "page.cases"): in_cases,
        ("/larm", "page.alerts"): in_cases,
        ("/uppgifter", "page.tasks"): access.may_with(Action.LIST, Thing.DUTIES),
        ("/brev", "page.mailroom"): opens[Thing.MAILROOM],
        ("/siffror", "todo.to_figures"): opens[Thing.FIGURES] and not in_cases,
        ("/logg", "todo.to_log"): opens[Thing.ACCESS_LOG] and not in_cases,
        ("/organisation", "page.organisation"): access.may_with(Action.EDIT, Thing.ORGANISATION),
    }
    beside = {
        ("/moten", "todo.to_agenda"): in_cases,
        ("/monster", "todo.to_patterns"): in_cases,
        ("/siffror", "todo.to_figures"): opens[Thing.FIGURES],
        ("/logg", "todo.to_log"): opens[Thing.ACCESS_LOG],
    }
    return Menu(
        main=tuple(link for link, leads in main.items() if leads),
        beside=tuple(link for link, leads in beside.items() if leads),
    )
