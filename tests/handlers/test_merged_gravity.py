"""A serious report that is merged into a light one stays serious for whoever watches."""

from handlers import case_handling, duplicates, investigation
from handlers.alert_watch import uninformed
from handlers.desk import Desk
from handlers.domain.case import Case
from handlers.domain.deadline import local_date
from handlers.domain.injury import InjuryClass, PersonTold
from handlers.domain.risk import Likelihood, Severity
from handlers.gravity import Gravity, gravity_of
from handlers.todo import todos_of
from tests.handlers.test_investigation import do
from tests.lotskoping import INGER, MARIA, Lotskoping


def assessed(desk: Desk) -> Case:
    return case_handling.assess_risk(
        desk,
        severity=Severity.SIGNIFICANT,
        likelihood=Likelihood.MONTHLY,
        told=PersonTold.NOT_YET,
    )


def untold(lotskoping: Lotskoping) -> list[str]:
    today = local_date(lotskoping.clock())
    with lotskoping.unit_of_work() as uow:
        return [one.number for one in uninformed(uow, today, lotskoping.services.municipality)]


def test_a_serious_injury_is_asked_after_daily_also_when_its_report_is_merged(
    lotskoping: Lotskoping,
):
    part, main = lotskoping.report(harm="care"), lotskoping.report(conversation="webchat:2")
    do(lotskoping, part, assessed)
    do(
        lotskoping,
        part,
        lambda desk: investigation.classify(desk, injury=InjuryClass.SERIOUS_INJURY),
        INGER,
    )
    lotskoping.acknowledge_alerts(part)
    lotskoping.clock.advance(days=7)
    assert untold(lotskoping) == [part.number]
    do(lotskoping, part, lambda desk: duplicates.merge(desk, into_id=main.id, reason="Samma fall"))
    assert untold(lotskoping) == [main.number]
    joined = lotskoping.case(main.id)
    with lotskoping.unit_of_work() as uow:
        assert gravity_of(uow, joined) == Gravity.GRAVE
        todos = todos_of(uow, lotskoping.services.municipality, MARIA, lotskoping.clock())
    assert {one.gravity for one in todos if one.number == main.number} == {Gravity.GRAVE}
    do(
        lotskoping,
        main,
        lambda desk: investigation.cannot_inform(desk, reason="Vill inte bli kontaktad"),
    )
    assert untold(lotskoping) == []
