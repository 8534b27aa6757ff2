"""Which organisation stands in the database, so that one that is read already is not read again.

Whatever changes a table of the organisation gives it a new name in the same commit; a transaction
asks for the name before it trusts what the process has kept. So a right that is taken away in one
process holds in the next transaction of every other. The name is random: a change that was rolled
back and the one made after it can never share one.
"""

import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, Table, event, select, update
from sqlalchemy.sql.dml import UpdateBase

from handlers.domain.people import Organisation, Person
from storage.organisation import load_organisation
from storage.organisation_tables import (
    absences,
    areas,
    assignments,
    chat_addresses,
    organisation_revision,
    people,
    units,
)

_TABLES = frozenset(t.name for t in (absences, areas, assignments, chat_addresses, people, units))
_CHANGED = "lotsen_organisation_changed"  # of a connection whose transaction has written there


@dataclass(slots=True)
class KeptOrganisation:
    """The newest organisation that this process has read, with its name in the database."""

    _kept: tuple[str, Person, Organisation] | None = None

    def read(self, connection: Connection, fallback: Person) -> Organisation:
        """Return the organisation as it stands in this transaction.

        The name is asked for first: what another process changes while the tables are read can
        only make the kept one newer than its name, and then it is read once more.
        """
        name = connection.execute(select(organisation_revision.c.name)).scalar()
        if name is None or connection.info.get(_CHANGED):
            return load_organisation(connection, fallback)
        kept = self._kept
        if kept is not None and kept[:2] == (name, fallback):
            return kept[2]
        found = load_organisation(connection, fallback)
        self._kept = (name, fallback, found)
        return found


def watch_changes(engine: Engine) -> None:
    """Let every commit that has changed the organisation give it a new name.

    It is given last of all, when the transaction waits for no other row any more, so that two
    writers wait for each other and never in a ring.
    """

    @event.listens_for(engine, "after_execute")
    def on_execute(connection: Connection, statement: object, *_: object) -> None:
        table = statement.table if isinstance(statement, UpdateBase) else None
        if isinstance(table, Table) and table.name in _TABLES:
            connection.info[_CHANGED] = True

    @event.listens_for(engine, "commit")
    def on_commit(connection: Connection) -> None:
        if connection.info.pop(_CHANGED, False):
            name = secrets.token_hex(16)
            connection.execute(update(organisation_revision).values(name=name))

    @event.listens_for(engine, "rollback")
    def on_rollback(connection: Connection) -> None:
        connection.info.pop(_CHANGED, None)
