"""Who the people of an organisation file are: everybody has one id and one address, for good.

Cases, alerts, the history and who is involved all point at a person's id. So no file gives a known
person a second id, or somebody new the id of another; what could be either is a fault to look at.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from handlers.domain.people import FALLBACK, Organisation, Person
from handlers.organisation_cells import RowFault

# They sign in the history, and none of them is a person.
RESERVED_IDS = frozenset({FALLBACK, "reporter", "rule", "system"})
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")  # stands in addresses of pages
_PART = r"[^\s@<>()\[\],:;\"\\]+"
_ADDRESS = re.compile(f"{_PART}@{_PART}")
_PLAIN = str.maketrans("åäöéü", "aaoeu")


def require_person(name: str, email: str) -> None:
    """Raise RowFault unless these can be a name and one address."""
    if not _ADDRESS.fullmatch(email):
        raise RowFault(f"epost: {email} är ingen e-postadress")
    if "<" in name or ">" in name:
        raise RowFault(f"namn: {name} har tecken som inte hör till ett namn")


def id_of(given: str, email: str, ids: Mapping[str, str], known: Mapping[str, Person]) -> str:
    """Return the id of a row's person: as given, of the known address, or made of the address.

    `ids` are those of the addresses known and above, in lower case.
    """
    person_id = given or ids.get(email.casefold()) or _made_of(email)
    if person_id.casefold() in RESERVED_IDS:
        raise RowFault(f"person_id: {person_id} är upptaget. Ange ett annat person_id.")
    if person_id in known and not given and ids.get(email.casefold()) != person_id:
        raise RowFault(
            f"epost: person_id {person_id} finns redan, med adressen {known[person_id].email}. "
            "Ange person_id: samma om det är samma person, annars ett nytt."
        )
    if person_id not in known and not _ID.fullmatch(person_id):
        wanted = "Ange ett av a-z, 0-9, punkt och streck, högst 64 tecken."
        raise RowFault(f"person_id: {person_id or 'saknas'}. {wanted}")
    return person_id


def doubled(people: Iterable[Person], known: Mapping[str, Person]) -> Iterator[tuple[str, str]]:
    """Yield the id of each person whose address a file makes two people's, with what is wrong.

    Who has it already does not count when the same file gives them another address.
    """
    after = dict(known) | {person.id: person for person in people}
    holders: dict[str, list[str]] = {}
    for person in after.values():
        holders.setdefault(person.email.casefold(), []).append(person.id)
    for person in people:
        address, before = person.email.casefold(), known.get(person.id)
        others = [one for one in holders[address] if one != person.id]
        if others and (before is None or before.email.casefold() != address):
            yield (
                person.id,
                f"epost: {person.email} tillhör redan personen {others[0]}. "
                "Ange det person_id, eller lämna det tomt.",
            )


def mistaken(before: Organisation, after: Organisation) -> Iterator[str]:
    """Yield a line for everybody who may be somebody else, or known under another id."""
    names = {person.name.casefold(): person.id for person in before.people}
    for person in after.people:
        known = before.person(person.id)
        namesake = names.get(person.name.casefold())
        if known is None and namesake:
            yield f"! {person.name} är ny, men namnet har också {namesake}. Samma person?"
        elif known and known.name != person.name and known.email != person.email:
            yield f"! {known.name} blir {person.name} och har kvar ärenden och larm. Samma person?"


def _made_of(email: str) -> str:
    local = email.casefold().rpartition("@")[0].translate(_PLAIN)
    return re.sub(r"[^a-z0-9._-]+", "-", local).strip("-._")[:64]
