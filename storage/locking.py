"""Rows that a transaction holds against others until it ends."""

from sqlalchemy import Connection, Table, select

from storage import tables


def hold_case_of(connection: Connection, table: Table, record_id: str) -> None:
    """Hold the case that a record belongs to, if any, before the record itself is held.

    Whoever changes a case holds it first and what lies beside it afterwards. In the same order
    everywhere two writers wait for each other and never in a ring.
    """
    case = tables.cases
    owning = select(case.c.id).join(table, table.c.case_id == case.c.id)
    connection.execute(owning.where(table.c.id == record_id).with_for_update(of=case))
