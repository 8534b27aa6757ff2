"""The hash chain over the history: a changed line shows, and so does one that is cut off."""

from storage.history import broken_chains, head_of_all
from tests.lotskoping import Lotskoping


def test_a_changed_line_of_history_is_found_and_a_cut_one_changes_the_checksum(
    lotskoping: Lotskoping,
):
    case, other = lotskoping.report(), lotskoping.report()
    with lotskoping.unit_of_work() as uow:
        assert list(broken_chains(uow.connection)) == []
        before = head_of_all(uow.connection)
        for trigger in ("case_events_no_update", "case_events_no_delete"):
            uow.connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
        change = "UPDATE case_events SET actor_id = 'somebody' WHERE case_id = ?"
        uow.connection.exec_driver_sql(change, (case.id,))
        assert list(broken_chains(uow.connection)) == [case.id]
        uow.connection.exec_driver_sql("DELETE FROM case_events WHERE case_id = ?", (other.id,))
        assert head_of_all(uow.connection) != before
