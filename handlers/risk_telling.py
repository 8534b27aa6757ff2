"""Whoever watches over a law is told of what is assessed as grave under it (A1 to A3, A18)."""

from handlers import alerts
from handlers.chairs import organisation_of
from handlers.concerns import Concern, Told, concerns_of_gravity, concerns_of_risk
from handlers.desk import Desk
from handlers.domain.case import Case
from handlers.domain.people import Role
from handlers.domain.risk import RiskAssessment
from handlers.ports import UnitOfWork


def tell_of_risk(desk: Desk, before: Case, case: Case, risk: RiskAssessment) -> None:
    """Tell of a new assessment; `before` is the case without it."""
    assessor, told = _assessor(desk, case, risk), _told(desk.uow, case)
    found = concerns_of_risk(before, risk, assessor, desk.municipality, told=told)
    _raise(desk, case, found, str(len(case.assessments)))


def tell_of_added_laws(desk: Desk, before: Case, case: Case) -> None:
    """Tell of what is grave already under a law that somebody has added, or a merged report brings.

    An assessment of another law only says nothing of this one: it waits to be assessed.
    """
    for law in case.event_laws:
        risk = case.held_for(law)
        if law in before.event_laws or risk is None:
            continue
        assessor, told = _assessor(desk, case, risk), _told(desk.uow, case)
        found = concerns_of_gravity(risk, (law,), assessor, desk.municipality, told=told)
        _raise(desk, case, found, f"law{case.version}")


def _told(uow: UnitOfWork, case: Case) -> frozenset[Told]:
    """Return what alerts of a case have rested on, each with the role that it was raised to."""
    begins = f"case:{case.id}/"
    return frozenset(
        (one.key.removeprefix(begins).rpartition("/")[0].partition("#")[0], Role(one.role))
        for one in uow.alerts.of_case(case.id)
    )


def _raise(desk: Desk, case: Case, found: list[tuple[str, Concern]], occasion: str) -> None:
    for source, one in found:
        alerts.raise_for_case(
            desk.uow,
            case,
            [one],
            source,
            desk.now,
            desk.municipality,
            occasion=occasion,
            by=desk.person_id,
        )


def _assessor(desk: Desk, case: Case, risk: RiskAssessment) -> str:
    """Return the word for who assesses: MAS or SAS, the unit's manager, or somebody else."""
    say = desk.municipality.catalogue.get
    organisation = organisation_of(desk.uow, case, desk.today)
    for role in (Role.MAS, Role.SAS):
        if organisation.has_role(risk.assessed_by, role, desk.today):
            return say(f"role.{role}", "sv")
    manages = case.unit_id in organisation.managed_units(risk.assessed_by, desk.today)
    return say("alarm.manager" if manages else "alarm.colleague", "sv")
