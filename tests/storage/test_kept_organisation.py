"""An organisation is read once in each process, and again when anybody has changed it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import event, select

from bot.app import build_services
from handlers.domain.deadline import local_date
from handlers.domain.people import Absence, Assignment, Role, Validity
from storage.chat_addresses import KnownChat
from storage.organisation import load_organisation, replace_organisation
from storage.organisation_tables import organisation_revision
from storage.unit_of_work import SqlUnitOfWork
from tests.clock import T0
from tests.lotskoping import INGER, MARIA, Lotskoping

TODAY = local_date(T0)
AWAY = Absence(person_id=MARIA, valid=Validity(first_on=TODAY, last_on=TODAY))
CHAT = KnownChat(channel="teams", address="19:x", person_id=MARIA, reference={})


@contextmanager
def several(lotskoping: Lotskoping, count: int) -> Iterator[list[Lotskoping]]:
    """As many processes on one database, each with what it has kept for itself."""
    settings, clock = lotskoping.services.settings, lotskoping.clock
    others = [Lotskoping(build_services(settings, clock), clock) for _ in range(count - 1)]
    yield [lotskoping, *others]
    for one in others:
        one.services.database.close()


@contextmanager
def tables_read(lotskoping: Lotskoping) -> Iterator[list[str]]:
    engine, found = lotskoping.services.database.engine, list[str]()

    def note(*given: object) -> None:
        found.append(str(given[2]))

    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


def is_seen_as_it_stands(lotskoping: Lotskoping) -> bool:
    with lotskoping.services.unit_of_work(read_only=True) as uow:
        return uow.organisation == load_organisation(uow.connection, lotskoping.services.fallback)


def of_maria(uow: SqlUnitOfWork) -> Assignment:
    return next(a for a in uow.organisation.assignments if a.person_id == MARIA)


def smaller(uow: SqlUnitOfWork) -> None:
    found = uow.organisation
    kept = tuple(one for one in found.assignments if one.person_id != INGER)
    replace_organisation(uow.connection, replace(found, assignments=kept))


CHANGES: dict[str, Callable[[SqlUnitOfWork], object]] = {
    "an absence": lambda uow: uow.staff.add_absence(AWAY),
    "a deputy": lambda uow: uow.staff.add_assignment(
        replace(of_maria(uow), role=Role.SAS, scope="", deputy=True)
    ),
    "an office that ends": lambda uow: uow.staff.end_assignment(
        of_maria(uow),
        Validity(first_on=TODAY, last_on=TODAY - timedelta(days=1)),
    ),
    "an office that never was": lambda uow: uow.staff.remove_assignment(of_maria(uow)),
    "a chat": lambda uow: uow.chat_addresses.save(CHAT, T0),
    "another language in a chat": lambda uow: uow.chat_addresses.save(
        replace(CHAT, reference={"language": "en"}), T0
    ),
    "a chat that is left": lambda uow: uow.chat_addresses.forget("teams", "19:x"),
    "the file": smaller,
}


def test_every_kind_of_change_is_seen_at_once_in_all_three_processes(stored: Lotskoping) -> None:
    with several(stored, 3) as processes:
        for number, (name, change) in enumerate(CHANGES.items()):
            assert all(map(is_seen_as_it_stands, processes))
            with processes[number % 3].unit_of_work() as uow:
                change(uow)
                uow.commit()
            assert all(map(is_seen_as_it_stands, processes)), name


def test_a_right_that_is_taken_away_holds_in_the_next_transaction_of_another_process(
    stored: Lotskoping,
) -> None:
    def is_mas(lotskoping: Lotskoping) -> bool:
        with lotskoping.services.unit_of_work(read_only=True) as uow:
            return uow.organisation.has_role(INGER, Role.MAS, TODAY)

    with several(stored, 2) as (here, there):
        assert is_mas(here)
        assert is_mas(there)
        with there.unit_of_work() as uow:
            smaller(uow)
            assert is_mas(here)
            uow.commit()
        assert not is_mas(here)
        assert not is_mas(there)


def test_what_was_never_committed_is_kept_by_nobody(stored: Lotskoping) -> None:
    with stored.unit_of_work() as uow:
        uow.staff.add_absence(AWAY)
        assert uow.organisation.is_absent(MARIA, TODAY)
    with stored.unit_of_work() as uow:
        assert not uow.organisation.is_absent(MARIA, TODAY)


def test_a_transaction_sees_its_own_change(stored: Lotskoping) -> None:
    assert is_seen_as_it_stands(stored)
    with stored.unit_of_work() as uow:
        uow.staff.add_absence(AWAY)
        assert uow.organisation.is_absent(MARIA, TODAY)


def test_an_organisation_that_nobody_has_changed_is_not_read_again(stored: Lotskoping) -> None:
    assert is_seen_as_it_stands(stored)
    with tables_read(stored) as statements, stored.services.unit_of_work(read_only=True) as uow:
        assert uow.organisation.people
    named = [one for one in statements if "organisation_revision" in one]
    others = ("people", "units", "areas", "assignments", "absences", "chat_addresses")
    assert len(named) == 1
    assert not any(f"FROM {table}" in one for one in statements for table in others)


def test_what_is_no_part_of_the_organisation_leaves_its_name(stored: Lotskoping) -> None:
    def name_now() -> object:
        with stored.services.unit_of_work(read_only=True) as uow:
            return uow.connection.execute(select(organisation_revision.c.name)).scalar_one()

    before = name_now()
    stored.report()
    assert name_now() == before
