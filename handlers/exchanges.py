"""Deviations between organisations: to and from the region, other units, providers, suppliers.

Every one has a clock of its own. Who asks is chased for by Lotsen, and who asked us always gets an
answer: a case does not close before. A unit of ours reads and writes in Lotsen, by its manager.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta

from handlers import notices, team, work_notices
from handlers.access import access_of, allowed
from handlers.case_records import AnswerQuality, Direction, Exchange, PartyKind
from handlers.desk import Desk, note, open_case, open_for_work, require, required
from handlers.domain.case import Case
from handlers.domain.deadline import local_date, may_send
from handlers.domain.people import Person
from handlers.domain.text import clean
from handlers.errors import UserFault
from handlers.municipality import Municipality
from handlers.permissions import Action as Right
from handlers.ports import UnitOfWork
from handlers.references import is_number
from handlers.reporting import receiver_of


def ask(
    desk: Desk, *, party_kind: PartyKind, party: str, address: str = "", reference: str = ""
) -> Case:
    """Note that the deviation has been sent to somebody else, who owes us an answer.

    The manager of a unit of ours is let in and told with a link; others are sent the deviation by
    the way that holds for them, because no mail of ours carries anything about a person.
    """
    case = _begin(desk, Direction.OUT, party_kind, party, address, reference)
    if party_kind == PartyKind.UNIT:
        chain = desk.uow.organisation.unit_chain(party, desk.today)
        asked = next((one for one in chain if one.id not in case.manager_involved_ids), None)
        if asked is not None and asked.id != desk.person_id:
            team.invite(desk, person_id=asked.id)
    return case


def was_asked(
    desk: Desk, *, party_kind: PartyKind, party: str, address: str = "", reference: str = ""
) -> Case:
    """Note that somebody else has sent us this deviation and waits for our answer."""
    return _begin(desk, Direction.IN, party_kind, party, address, reference)


def answered(
    desk: Desk,
    *,
    exchange_id: str,
    answer: str,
    quality: AnswerQuality | None = None,
    told_otherwise: bool = False,
) -> Case:
    """Keep the answer: theirs to us, with how much it helps, or ours to them.

    Also when our own case is closed. Ours is sent where there is an address, and read by the
    manager of a unit of ours, unless it has been told otherwise; what says anything about a person
    never goes by mail.
    """
    case = require(desk, open_for_work(desk), Right.WORK)
    found = desk.uow.work.exchanges.find_locked(exchange_id)
    if found is None or found.case_id != case.id:
        raise UserFault("fault.bad_input")
    if found.answered_at is not None:
        return case
    text, ours = required(answer), found.direction == Direction.IN
    mailed = ours and bool(found.address) and not told_otherwise
    if mailed and desk.municipality.about_person(text):
        raise UserFault("fault.exchange_names")
    done = replace(
        found,
        answered_at=desk.now,
        answered_by=desk.person_id,
        answer=text,
        quality=quality if found.direction == Direction.OUT else None,
    )
    desk.uow.work.exchanges.save(done)
    if mailed:
        desk.uow.outbox.add(work_notices.our_answer(case, done, desk.municipality), desk.now)
    if ours and not told_otherwise:
        _let_read(desk, case, done)
    note(desk, case, "exchange_answered", direction=found.direction)
    return case


def reader_of(desk: Desk, case: Case, found: Exchange) -> Person | None:
    """Return who of a unit that has asked us reads our answer in the case; None: nobody else."""
    if found.party_kind != PartyKind.UNIT:
        return None
    person = _manager_of(desk.uow, case, found.party, desk.today)
    if person is None or person.id == desk.person_id:
        return None
    return person if team.can_be_let_in(desk, case, person) else None


def _let_read(desk: Desk, case: Case, answered: Exchange) -> None:
    person = reader_of(desk, case, answered)
    if person is not None:
        team.let_owner_in(desk, case, person)
        message = work_notices.unit_answered(case, answered, person, desk.municipality)
        notices.queue(desk.uow, message, desk.now)


def _manager_of(uow: UnitOfWork, case: Case, unit_id: str, day: date) -> Person | None:
    """Return who answers for a unit today and can have something to do in the case."""
    chain = uow.organisation.unit_chain(unit_id, day)
    able = (one for one in chain if team.can_have(uow.organisation, case, one.id, day))
    return next(able, None)


def of_case(uow: UnitOfWork, case_id: str) -> tuple[Exchange, ...]:
    return tuple(uow.work.exchanges.where(case_id=case_id))


def queue_due_chasers(uow: UnitOfWork, now: datetime, municipality: Municipality) -> int:
    """Chase every late answer, again and again at its interval, inside the sending hours.

    The other side is written to when there is an address; our own person is told in every case.
    """
    if not may_send(now, municipality.is_working_day):
        return 0
    today = local_date(now)
    chased = 0
    for found in uow.work.exchanges.where(answered_at=None):
        case = uow.cases.find(found.case_id)
        if case is None or not _is_due(found, today, municipality):
            continue
        if uow.work.exchanges.find_locked(found.id) != found:
            continue  # answered just now
        _chase(uow, found, case, now, municipality)
        chased += 1
    return chased


def _begin(
    desk: Desk,
    direction: Direction,
    party_kind: PartyKind,
    party: str,
    address: str,
    reference: str,
) -> Case:
    case = require(desk, open_case(desk), Right.WORK)
    if not clean(party):
        raise UserFault("fault.party_missing")
    if party_kind == PartyKind.UNIT and desk.uow.organisation.unit(party) is None:
        raise UserFault("fault.bad_input")
    if address and address.count("@") != 1:
        raise UserFault("fault.bad_address")
    if not is_number(clean(reference), desk.municipality):
        raise UserFault("fault.reference")
    begun = Exchange(
        id=desk.municipality.new_id(),
        case_id=case.id,
        direction=direction,
        party_kind=party_kind,
        party=clean(party),
        address=clean(address),
        reference=clean(reference),
        sent_on=desk.today,
        due_on=desk.municipality.clocks.exchange_due_on(party_kind, desk.today),
        created_by=desk.person_id,
    )
    desk.uow.work.exchanges.add(begun)
    note(desk, case, "exchange_begun", direction=direction)
    return open_for_work(desk.at(case.id))


def _is_due(found: Exchange, today: date, municipality: Municipality) -> bool:
    every = municipality.clocks.exchanges[found.party_kind].chase_every_days
    if today < found.due_on:
        return False
    if found.chased_on is None or found.chased_on > today:
        return True  # never, or by a clock that was ahead
    return today >= found.chased_on + timedelta(days=every)


def _chase(
    uow: UnitOfWork, found: Exchange, case: Case, now: datetime, municipality: Municipality
) -> None:
    times = found.chased_times + 1
    uow.work.exchanges.save(replace(found, chased_on=local_date(now), chased_times=times))
    if found.direction == Direction.OUT and found.address:
        message = work_notices.chaser(case, found, times, municipality)
        uow.outbox.add(message, now)
    if found.direction == Direction.OUT and found.party_kind == PartyKind.UNIT:
        _remind_unit(uow, replace(found, chased_times=times), case, now, municipality)
    person = receiver_of(uow, case, now)
    notices.queue(uow, work_notices.late_exchange(case, found, times, person, municipality), now)


def _remind_unit(
    uow: UnitOfWork, found: Exchange, case: Case, now: datetime, municipality: Municipality
) -> None:
    """Remind the manager of a unit of ours that was asked, if the case is open to her."""
    person = _manager_of(uow, case, found.party, local_date(now))
    if person is None:
        return
    access = access_of(uow, municipality, person.id, now)
    if allowed(uow, access, Right.OPEN, case, now):
        notices.queue(uow, work_notices.unit_reminded(case, found, person, municipality), now)
