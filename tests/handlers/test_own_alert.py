"""An alert says who has judged, and nobody is alerted of what he or she has just done."""

from dataclasses import replace

import pytest

from handlers import case_handling
from handlers.domain.case import Case
from handlers.domain.people import Role
from handlers.domain.risk import Likelihood, Severity
from handlers.records import Alert, Purpose
from storage.organisation import replace_organisation
from tests.lotskoping import AGNETA, INGER, MARIA, MONIKA, Lotskoping


def catastrophe(lotskoping: Lotskoping, person: str, laws: tuple[str, ...] = ()) -> list[Alert]:
    """Let somebody assess severity 4; return the alerts of it."""
    case: Case = lotskoping.report()
    with lotskoping.unit_of_work() as uow:
        uow.cases.save(replace(case, legal_areas=laws or case.legal_areas))
        case_handling.assess_risk(
            lotskoping.desk(uow, case, person),
            severity=Severity.CATASTROPHIC,
            likelihood=Likelihood.MONTHLY,
        )
        found = list(uow.alerts.of_case(case.id))
        uow.commit()
    return found


def told(lotskoping: Lotskoping) -> list[str]:
    queued = [q.message for q in lotskoping.outbox()]
    return sorted({one.person_id for one in queued if one.purpose == Purpose.ALERT})


@pytest.mark.parametrize(
    ("person", "who"),
    [(MARIA, "Chefen"), (AGNETA, "Chefen"), (INGER, "MAS"), (MONIKA, "SAS")],
)
def test_the_reason_names_who_has_assessed(lotskoping: Lotskoping, person: str, who: str):
    reasons = {reason for one in catastrophe(lotskoping, person) for reason in one.reasons}
    assert reasons == {f"{who} har bedömt allvarlighetsgraden som katastrofal."}


@pytest.mark.parametrize(
    ("person", "role", "law", "other"),
    [(MONIKA, Role.SAS, "SoL", INGER), (INGER, Role.MAS, "HSL", MONIKA)],
)
def test_neither_sas_nor_mas_is_asked_to_acknowledge_an_assessment_of_her_own(
    lotskoping: Lotskoping, person: str, role: Role, law: str, other: str
):
    found = catastrophe(lotskoping, person, (law,))
    [own] = [one for one in found if one.role == role]
    assert own.acknowledged_by == person
    assert told(lotskoping) == [other for one in found if one.role != role]


def test_with_both_chairs_empty_a_manager_is_passed_over_for_her_own_tap(
    lotskoping: Lotskoping,
):
    with lotskoping.unit_of_work() as uow:
        before = uow.organisation
        left = tuple(a for a in before.assignments if a.role not in (Role.MAS, Role.SAS))
        replace_organisation(uow.connection, replace(before, assignments=left))
        uow.commit()
    found = catastrophe(lotskoping, AGNETA)
    assert told(lotskoping) == ["fallback"]
    assert [one.acknowledged_at for one in found] == [None, None]
