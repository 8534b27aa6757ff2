"""The register of what comes in from outside (OSL 5:1-2): a row, and the sender apart from it.

Rows are made in one place only: where a case is opened, whatever door it came through.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from handlers.case_records import RegisterEntry, RegisterSender, SecrecyMark
from handlers.desk import Desk, note, open_for_work, require
from handlers.domain.case import Case
from handlers.domain.text import clean
from handlers.errors import UserFault
from handlers.municipality import Municipality
from handlers.permissions import Action
from handlers.ports import UnitOfWork

_COUNTER = "DIARY"
_LONGEST_MATTER = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Outsider:
    """Who turned to the municipality, as far as that is known."""

    name: str = ""
    address: str = ""


def register(
    uow: UnitOfWork, case: Case, sender: Outsider, now: datetime, municipality: Municipality
) -> RegisterEntry:
    """Give the case its row. What it is about stands as a code word.

    The secrecy mark follows the law that the case falls under; a registrator can change it.
    """
    entry = RegisterEntry(
        id=municipality.new_id(),
        case_id=case.id,
        diary_number=_next_number(uow, case, municipality),
        received_on=case.received_on,
        secrecy=_secrecy(case),
        matter=municipality.catalogue.get(f"kind.{case.kind}", "sv"),
        registered_by="system",
        registered_at=now,
    )
    uow.work.register.add(entry)
    if sender.name or sender.address:
        who = RegisterSender(
            id=municipality.new_id(), case_id=case.id, name=sender.name, address=sender.address
        )
        uow.work.senders.add(who)
    return entry


def entry_of(uow: UnitOfWork, case_id: str) -> RegisterEntry | None:
    return next(iter(uow.work.register.where(case_id=case_id)), None)


def sender_of(uow: UnitOfWork, case_id: str) -> RegisterSender | None:
    return next(iter(uow.work.senders.where(case_id=case_id)), None)


def change_entry(desk: Desk, *, matter: str, secrecy: str) -> Case:
    """Let a registrator say what it is about and how secret it is."""
    case = require(desk, open_for_work(desk), Action.MOVE)
    entry = entry_of(desk.uow, case.id)
    text = clean(matter)
    if entry is None or secrecy not in set(SecrecyMark) or not text:
        raise UserFault("fault.bad_input")
    changed = replace(entry, matter=text[:_LONGEST_MATTER], secrecy=SecrecyMark(secrecy))
    desk.uow.work.register.save(changed)
    note(desk, case, "register_changed")
    return case


def _next_number(uow: UnitOfWork, case: Case, municipality: Municipality) -> str:
    year = case.received_on.year
    counted = uow.cases.next_number(_COUNTER, year)
    number = int(counted.rpartition("-")[2])
    return municipality.diary_pattern.format(year=year, number=number)


def _secrecy(case: Case) -> SecrecyMark:
    only_care = case.legal_areas == ("HSL",)
    return SecrecyMark.HEALTH_CARE if only_care else SecrecyMark.SOCIAL_SERVICES
