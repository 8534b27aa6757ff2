"""Every link and button of a list says in its own words what it is about (WCAG 2.4.4 and 2.4.9)."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser

from starlette.testclient import TestClient

from bot.schedule import sweep
from bot.web.app import create_app
from handlers import case_handling, team
from handlers.case_records import Forum
from handlers.dialogue.state import Command
from handlers.domain.case import CauseArea
from handlers.domain.injury import PersonTold
from handlers.domain.risk import Likelihood, Severity
from tests.lotskoping import INGER, JONAS, MARIA, Lotskoping

BASE = "http://127.0.0.1:8000"
WAYS = ("a", "button", "summary")


@dataclass(slots=True)
class Ways(HTMLParser):
    """The names of a page's links, buttons and folded parts, with where each of them leads."""

    html: str
    found: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    _form: str = ""
    _open: list[tuple[str, str, list[str]]] = field(default_factory=list)
    _count: int = 0

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._count += 1
            self._form = f"{self._count} {given.get('action', '')}"
        if tag in WAYS:
            self._count += tag == "summary"
            leads = {
                "a": given.get("href", ""),
                "button": f"{self._form} {given.get('name', '')}={given.get('value', '')}",
                "summary": str(self._count),
            }
            self._open.append((tag, leads[tag], []))

    def handle_data(self, data: str) -> None:
        for _, _, words in self._open:
            words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in WAYS and self._open:
            kind, leads, words = self._open.pop()
            self.found[kind, " ".join("".join(words).split())].add(leads)

    def shared(self, kinds: tuple[str, ...]) -> dict[str, int]:
        """Return the names that several ways with different ends have, and how many."""
        return {
            name: len(ends)
            for (kind, name), ends in self.found.items()
            if len(ends) > 1 and kind in kinds
        }


@contextmanager
def at(lotskoping: Lotskoping, person_id: str) -> Iterator[TestClient]:
    with TestClient(create_app(lotskoping.services), base_url=BASE) as client:
        client.post("/logga-in", data={"person_id": person_id})
        yield client


def shared_names(client: TestClient, address: str, kinds: tuple[str, ...] = WAYS) -> dict[str, int]:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return Ways(answer.text).shared(kinds)


def test_no_two_ways_of_a_list_have_one_name(lotskoping: Lotskoping) -> None:
    for number in range(2):
        case = lotskoping.report(
            "Något lugnt skrivet.", harm="death", conversation=f"webchat:{number}"
        )
        with lotskoping.unit_of_work() as uow:
            desk = lotskoping.desk(uow, case, MARIA)
            case_handling.acknowledge(desk)
            case_handling.assess_risk(
                desk,
                severity=Severity.MINOR,
                likelihood=Likelihood.MONTHLY,
                legal_area="HSL",
                told=PersonTold.NOT_YET,
            )
            cause = case_handling.add_cause(desk, area=CauseArea.ROUTINES, text="Rutin")
            for text in ("Ny rutin", "Ny lista"):
                case_handling.add_action(
                    desk,
                    cause_id=cause.causes[0].id,
                    text=text,
                    owner_id=MARIA,
                    due_on=desk.today + timedelta(days=3),
                )
                team.add_task(desk, text=text, owner_id=JONAS, due_on=desk.today)
            team.put_on_agenda(desk, forum=Forum.WORKPLACE)
            uow.commit()
    lotskoping.say(command=Command.RESUME, conversation="webchat:9")
    lotskoping.clock.advance(days=12)
    sweep(lotskoping.services)
    lists = {
        MARIA: ("/att-gora", "/arenden", "/uppgifter", "/moten", "/enheter"),
        INGER: ("/att-gora", "/larm"),
    }
    for person_id, addresses in lists.items():
        with at(lotskoping, person_id) as client:
            for address in addresses:
                assert shared_names(client, address) == {}, (person_id, address)
            # A button that saves a form of the page stands under the form's own heading.
            assert shared_names(client, f"/arenden/{case.id}", ("a", "summary")) == {}


def test_drafts_and_sent_reports_of_one_person_have_ways_of_their_own(
    lotskoping: Lotskoping,
) -> None:
    for number in range(2):
        lotskoping.report(conversation=f"webchat:{number}")
    with at(lotskoping, MARIA) as client:
        for _ in range(2):
            client.post("/rapportera", data={"message_id": "", "command": "resume"})
        assert shared_names(client, "/mina-rapporter") == {}
