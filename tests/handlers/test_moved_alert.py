"""An alert goes by where its case is today, not by where it was when the alert was raised."""

from handlers import alert_chain, alerts, moving
from handlers.domain.case import Case
from handlers.domain.people import Role
from handlers.records import Alert
from tests.handlers.test_asked_in import opens
from tests.handlers.test_investigation import do
from tests.handlers.test_office_over import take
from tests.lotskoping import AGNETA, BENGT, MARIA, Lotskoping

TOMAS = "tomas-ryvall"  # area manager of Hemtjänst Norr


def told_when_nobody_answers(lotskoping: Lotskoping, case: Case) -> tuple[str, ...]:
    for _ in range(6):
        lotskoping.clock.advance(minutes=16)
        with lotskoping.unit_of_work() as uow:
            alerts.escalate_due(uow, lotskoping.clock(), lotskoping.services.municipality)
            uow.commit()
    return of_mas(lotskoping, case).told_ids


def of_mas(lotskoping: Lotskoping, case: Case) -> Alert:
    with lotskoping.unit_of_work() as uow:
        [found] = [one for one in uow.alerts.of_case(case.id) if one.role == Role.MAS]
    return found


def moved(lotskoping: Lotskoping, case: Case, person_id: str, unit_id: str) -> None:
    do(lotskoping, case, lambda desk: moving.move_to_unit(desk, unit_id=unit_id), person_id)


def test_an_alert_of_a_moved_case_goes_to_the_area_manager_of_where_it_is(lotskoping: Lotskoping):
    case = lotskoping.report("Boende avled i natt efter fall.", harm="death")
    moved(lotskoping, case, MARIA, "hemtjanst-norr")
    told = told_when_nobody_answers(lotskoping, case)
    assert TOMAS in told
    assert AGNETA not in told
    assert take(lotskoping, case, TOMAS).acknowledged_by == TOMAS


def test_the_area_manager_of_where_it_was_opens_and_takes_it_no_more(lotskoping: Lotskoping):
    case = lotskoping.report("Boende avled i natt efter fall.", harm="death")
    assert AGNETA in told_when_nobody_answers(lotskoping, case)
    moved(lotskoping, case, MARIA, "hemtjanst-norr")
    assert not opens(lotskoping, case, AGNETA)
    found = of_mas(lotskoping, case)
    with lotskoping.unit_of_work() as uow:
        assert not alert_chain.may_see(uow, found, AGNETA, lotskoping.clock())


def test_an_alert_of_a_case_that_had_no_unit_goes_to_the_manager_above_the_one_it_got(
    lotskoping: Lotskoping,
):
    case = lotskoping.report("Boende avled i natt efter fall.", harm="death", unit="unknown")
    moved(lotskoping, case, BENGT, "bjorkgarden")
    assert AGNETA in told_when_nobody_answers(lotskoping, case)
