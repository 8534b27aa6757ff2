"""A case that its manager is involved in, seen from the manager's chair.

Two municipalities live through the same weeks. In one the reporter has said that the manager is
involved; in the other the same thing has happened at a unit of somebody else. The manager's pages,
messages and downloads must be the same in both, letter for letter.
"""

import io
import itertools
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from starlette.routing import BaseRoute

from bot.schedule import sweep
from bot.web.app import create_app
from bot.web.cases import _DEEDS as ORDINARY_DEEDS
from bot.web.casework import DEEDS
from handlers import alert_watch, case_handling, duplicates, team
from handlers.access import access_of
from handlers.case_records import Forum
from handlers.domain.case import Case, CauseArea
from handlers.domain.risk import Likelihood, Severity
from handlers.errors import UserFault
from handlers.records import CaseEvent
from tests.handlers.test_involved_manager import shielded
from tests.lotskoping import AGNETA, BENGT, INGER, JONAS, MARIA, MONIKA, Lotskoping, open_lotskoping

FALL = "Personen föll vid sängen i morse. Larmmattan var inte påslagen."
MARKER = "Zebramärket"
INVOLVED = (MARIA, JONAS)
_ID = re.compile(r"(?<![\w-])[\w-]{24}(?![\w-])")
_CODE = re.compile(r"\b\d{8}\b")  # one-time codes to tell by phone


def plain(text: str) -> str:
    """Return a text without what is drawn by lot."""
    return _CODE.sub("CODE", _ID.sub("ID", text))


def handled(lotskoping: Lotskoping, case: Case, person: str) -> None:
    """Do a bit of everything to a case, so that there is much to leak."""
    with lotskoping.unit_of_work() as uow:
        desk = lotskoping.desk(uow, case, person)
        case_handling.change_category(desk, category="fall")
        case_handling.assess_risk(
            desk, severity=Severity.CATASTROPHIC, likelihood=Likelihood.RARE, rationale=MARKER
        )
        cause = case_handling.add_cause(desk, area=CauseArea.ROUTINES, text=MARKER).causes[0]
        case_handling.add_action(
            desk, cause_id=cause.id, text=MARKER, owner_id=person, due_on=desk.today
        )
        team.comment(desk, text=MARKER)
        team.add_task(desk, text=MARKER, owner_id=INGER, due_on=desk.today)
        team.put_on_agenda(desk, forum=Forum.WORKPLACE)
        uow.commit()


def with_ids_in_order(lotskoping: Lotskoping) -> Lotskoping:
    """Ids decide the order of what has come at the same moment; drawn by lot it would differ."""
    numbers = itertools.count()
    services = lotskoping.services
    municipality = replace(services.municipality, new_id=lambda: f"{next(numbers):024}")
    return Lotskoping(replace(services, municipality=municipality), lotskoping.clock)


def lived(folder: Path, *, hidden: bool) -> tuple[Lotskoping, Case]:
    lotskoping = with_ids_in_order(open_lotskoping(folder))
    lotskoping.report(FALL)
    lotskoping.report(FALL)
    if hidden:
        case = shielded(lotskoping)
        handled(lotskoping, case, AGNETA)
    else:
        case = lotskoping.report(FALL, unit="hemtjanst-norr")
        handled(lotskoping, case, INGER)
    mine = lotskoping.report(FALL)
    with lotskoping.unit_of_work() as uow:  # a letter that may belong to both
        for number in (case.number, "AVV-2026-00001"):
            event = CaseEvent(
                case_id=mine.id,
                at=lotskoping.clock(),
                actor_id="system",
                kind="may_belong",
                values={"number": number},
            )
            if hidden or number != case.number:
                uow.cases.add_event(event)
        uow.commit()
    return lotskoping, case


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[tuple[Lotskoping, Case], tuple[Lotskoping, Case]]]:
    both = (lived(tmp_path / "one", hidden=True), lived(tmp_path / "two", hidden=False))
    yield both
    for lotskoping, _ in both:
        lotskoping.services.database.close()


def browser(lotskoping: Lotskoping, person: str) -> TestClient:
    client = TestClient(create_app(lotskoping.services), follow_redirects=False)
    assert client.post("/logga-in", data={"person_id": person}).status_code == 303
    return client


def routes_of(client: TestClient) -> Iterator[tuple[str, str]]:
    def walk(routes: list[BaseRoute]) -> Iterator[tuple[str, str]]:
        for route in routes:
            if isinstance(route, APIRoute):
                for method in sorted(route.methods or ()):
                    yield method, route.path
            else:
                yield from walk(list(getattr(route, "routes", None) or ()))
                original = getattr(route, "original_router", None)
                yield from walk(list(original.routes) if original else [])

    yield from walk(list(client.app.routes))  # type: ignore[attr-defined]


def unzipped(content: bytes) -> str:
    """Return the texts of a package; the check sums are those of the ids in them."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = [name for name in sorted(package.namelist()) if "KONTROLL" not in name]
        return "".join(name + package.read(name).decode() for name in names)


def pages_of(client: TestClient) -> dict[str, str]:
    """Return every page that has no parameter, and those of the person's own cases and tasks."""
    paths = [path for method, path in routes_of(client) if method == "GET" and "{" not in path]
    paths.remove("/health/ready")  # counts of the whole municipality, for machines
    listed = client.get("/arenden?alla=true").text
    own = re.findall(r'href="(/arenden/[^"?#]+)"', listed)
    tasks = re.findall(r'href="(/uppgifter/[^"]+)"', client.get("/uppgifter").text)
    paths += ["/arenden?alla=true", "/arenden?sena=1", "/arenden?nummer=0000", *own]
    paths += [*tasks, *(f"{task}/underlag" for task in tasks), *(f"{one}/paket" for one in own)]
    assert len(own) == 3
    assert len(tasks) >= 2
    found = {}
    for number, path in enumerate(paths):
        answer = client.get(path)
        body = plain(unzipped(answer.content) if path.endswith("/paket") else answer.text)
        found[f"{number} {plain(path)}"] = f"{answer.status_code} {body}"
    return found


def months_pass(lotskoping: Lotskoping) -> dict[str, list[str]]:
    """Return what each of the involved is told in forty days."""
    told: dict[str, list[str]] = {person: [] for person in INVOLVED}
    for _ in range(40):
        lotskoping.clock.advance(days=1)
        sweep(lotskoping.services)
        for queued in lotskoping.outbox():
            message = queued.message
            if message.person_id in told:
                told[message.person_id].append(plain(f"{message.subject}\n{message.text}"))
    return told


def test_every_page_and_message_is_as_if_it_had_happened_at_somebody_elses_unit(pair):
    (one, hidden), (two, _) = pair
    assert months_pass(one) == months_pass(two)
    for person in INVOLVED:
        here, there = browser(one, person), browser(two, person)
        seen, expected = pages_of(here), pages_of(there)
        assert seen.keys() == expected.keys()
        for path, page in seen.items():
            assert page.splitlines() == expected[path].splitlines(), path
        everything = "".join(seen.values())
        assert MARKER not in everything
        assert hidden.number not in everything
        assert hidden.id not in everything


def test_every_address_with_its_id_answers_as_an_id_that_is_nobodys(pair):
    (lotskoping, hidden), _ = pair
    with lotskoping.unit_of_work() as uow:
        [alert, *_] = uow.alerts.of_case(hidden.id)
    unknown = "x" * len(hidden.id)
    deeds = [*ORDINARY_DEEDS, *DEEDS]
    for person in INVOLVED:
        client = browser(lotskoping, person)
        for method, route in routes_of(client):
            for own, id_ in (("case_id", hidden.id), ("alert_id", alert.id)):
                if f"{{{own}}}" not in route:
                    continue
                for deed in deeds if "{deed}" in route else [""]:
                    filled = [
                        re.sub(
                            r"\{[^}]*\}",
                            "1",
                            route.replace(f"{{{own}}}", i).replace("{deed}", deed),
                        )
                        for i in (id_, unknown)
                    ]
                    form = {"version": "1", "verdict": "right"} if method == "POST" else None
                    answers = [client.request(method, path, data=form) for path in filled]
                    assert [a.status_code for a in answers] == [404, 404], (method, filled)
                    assert plain(answers[0].text) == plain(answers[1].text)


def test_others_who_may_do_see_it(pair):
    (lotskoping, hidden), _ = pair
    for person in (AGNETA, MONIKA, INGER):
        assert MARKER in browser(lotskoping, person).get(f"/arenden/{hidden.id}").text


def test_a_case_is_joined_neither_to_a_hidden_one_nor_a_hidden_one_to_it(pair):
    (lotskoping, hidden), _ = pair
    with lotskoping.unit_of_work() as uow:
        [mine, *_] = uow.cases.listed(frozenset({"bjorkgarden"}), open_only=True)
        for first, second in ((mine, hidden), (hidden, mine)):
            desk = lotskoping.desk(uow, first, AGNETA)
            with pytest.raises(UserFault, match="merge_hidden"):
                duplicates.merge(desk, into_id=second.id)


def test_an_involved_mas_sees_no_pattern_that_the_hidden_case_makes(lotskoping: Lotskoping):
    cases = [lotskoping.report(FALL) for _ in range(3)]
    with lotskoping.unit_of_work() as uow:
        uow.cases.save(replace(cases[0], manager_involved=True, manager_involved_ids=(INGER,)))
        municipality = lotskoping.services.municipality
        seen = {
            person: alert_watch.patterns_for(
                uow, access_of(uow, municipality, person, lotskoping.clock()), municipality
            )
            for person in (INGER, MONIKA)
        }
    assert not seen[INGER]
    assert [pattern.count for pattern in seen[MONIKA]] == [3]


def test_nobody_sees_a_pattern_of_cases_that_she_does_not_list(lotskoping: Lotskoping):
    cases = [lotskoping.report(FALL) for _ in range(6)]
    with lotskoping.unit_of_work() as uow:
        for case in cases[:4]:
            uow.cases.save(replace(case, manager_involved=True, manager_involved_ids=INVOLVED))
        uow.commit()
    for person in (BENGT, "ulla-brittmark", MARIA, "gunvor-ljungmo"):
        with lotskoping.unit_of_work() as uow:
            municipality = lotskoping.services.municipality
            access = access_of(uow, municipality, person, lotskoping.clock())
            assert alert_watch.patterns_for(uow, access, municipality) == (), person
        page = browser(lotskoping, person).get("/monster")
        assert "Björkgården" not in page.text


def test_numbers_run_through_the_whole_municipality(lotskoping: Lotskoping):
    """A gap tells that somebody somewhere has reported something, and no more."""
    units = ("bjorkgarden", "hemtjanst-norr", "solrosen")
    numbers = [lotskoping.report(FALL, unit=unit).number for unit in units]
    assert [number[-1] for number in numbers] == ["1", "2", "3"]
