"""Who is told, how fast, what happens when it does not arrive, and how often it was right."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.delivery import deliver_outbox
from bot.schedule import sweep
from handlers import alert_feedback, alerts, case_handling, tracks
from handlers.alert_rules import EVERY_ID, load_alert_rules
from handlers.case_records import Verdict
from handlers.domain.moves import Machine
from handlers.domain.risk import Likelihood, Severity
from handlers.errors import ConfigurationFault, NotAllowed, PermanentDeliveryError
from handlers.records import Alert, Purpose, QueuedMessage
from tests.lotskoping import DAVID, ERIK, INGER, MARIA, MONIKA, Lotskoping

GRAVE = "Personen föll, bröt höften, svimmade och åkte till sjukhus med ambulans."


class DeadLine:
    """A channel that never gets through to some addresses."""

    def __init__(self, *lost: str) -> None:
        self.lost = lost
        self.delivered: list[str] = []

    def send(self, queued: QueuedMessage) -> None:
        if queued.message.person_id in self.lost:
            raise PermanentDeliveryError("no such mailbox")
        self.delivered.append(queued.message.person_id)


def the_alert(lotskoping: Lotskoping, role: str = "mas") -> Alert:
    with lotskoping.unit_of_work() as uow:
        return next(found for found in uow.alerts.all() if found.role == role)


def test_the_list_has_every_rule_once_with_receivers_and_minutes():
    rules = load_alert_rules()
    assert sorted(rules.rules) == sorted(EVERY_ID)
    assert rules.patience(["A12"], urgent=False) == timedelta(minutes=15)
    assert rules.patience(["A9"], urgent=False) == timedelta(minutes=60)
    assert rules.patience([], urgent=True) == timedelta(minutes=15)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('id = "A19"', 'id = "A18"', "A19"),
        ("severity = 4", "severity = 5", "A1"),
        ("severity = 4\nfloor = true", "severity = 4\nenabled = false", "A1"),
        ("every_time = true\nescalate_minutes = 15", "escalate_minutes = 15", "A1"),
        ("working_days = 3", "workdays = 3", "A19"),
        ('to = ["registrator"]', 'to = ["nobody"]', "A15"),
    ],
)
def test_a_faulty_list_is_refused_with_file_and_rule(tmp_path: Path, old, new, told):
    text = (Path(alerts.__file__).parent / "alert_rules.toml").read_text(encoding="utf-8")
    (tmp_path / "alert_rules.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigurationFault, match=rf"alert_rules.toml.*{told}"):
        load_alert_rules(tmp_path)


def test_an_alert_that_cannot_be_delivered_goes_to_the_next_at_once(lotskoping: Lotskoping):
    lotskoping.report(GRAVE)
    line = DeadLine(INGER)
    deliver_outbox(lotskoping.services, {"mail": line})
    found = the_alert(lotskoping)
    assert found.recipient_id == DAVID
    assert DAVID in line.delivered
    with lotskoping.unit_of_work() as uow:
        kinds = [event.kind for event in uow.cases.events(found.case_id)]
    assert "alert_undelivered" in kinds


def test_with_every_address_dead_the_alert_stops_at_the_end_of_its_chain(
    lotskoping: Lotskoping,
):
    lotskoping.report(GRAVE)
    with lotskoping.unit_of_work() as uow:
        everybody = [person.id for person in uow.organisation.people]
    deliver_outbox(lotskoping.services, {"mail": DeadLine(*everybody, "fallback")})
    assert the_alert(lotskoping).recipient_id == "fallback"


def test_a_taken_alert_does_not_go_on_when_a_second_way_fails(lotskoping: Lotskoping):
    lotskoping.report(GRAVE)
    found = the_alert(lotskoping)
    with lotskoping.unit_of_work() as uow:
        alerts.acknowledge(uow, found.id, INGER, lotskoping.clock())
        went_on = alerts.undelivered(
            uow, found.id, INGER, lotskoping.clock(), lotskoping.services.municipality
        )
    assert not went_on


def test_who_works_on_the_case_has_taken_its_alert(lotskoping: Lotskoping):
    case = lotskoping.report(GRAVE)
    with lotskoping.unit_of_work() as uow:
        case_handling.acknowledge(lotskoping.desk(uow, case, MARIA))
        uow.commit()
    assert the_alert(lotskoping).acknowledged_at is None  # the manager's work takes nothing
    with lotskoping.unit_of_work() as uow:
        tracks.start(lotskoping.desk(uow, case, INGER), Machine.LEX_MARIA, reason="Höften bröts.")
        uow.commit()
    assert the_alert(lotskoping).acknowledged_by == INGER


def test_verdicts_give_the_measured_precision(lotskoping: Lotskoping):
    lotskoping.report(GRAVE)
    lotskoping.report(GRAVE)
    municipality = lotskoping.services.municipality
    with lotskoping.unit_of_work() as uow:
        of_mas = [found for found in uow.alerts.all() if found.role == "mas"]
        for found, verdict in zip(of_mas, (Verdict.UNNECESSARY, Verdict.RIGHT), strict=True):
            args = (uow, found.id, INGER)
            alert_feedback.judge(*args, Verdict.RIGHT, lotskoping.clock(), municipality)
            alert_feedback.judge(*args, verdict, lotskoping.clock(), municipality)
        every = alert_feedback.precision(uow, MARIA)[0]
    assert (every.judged, every.right, every.share) == (2, 1, 0.5)


def test_who_was_not_told_cannot_judge(lotskoping: Lotskoping):
    lotskoping.report(GRAVE)
    found = the_alert(lotskoping)
    with lotskoping.unit_of_work() as uow, pytest.raises(NotAllowed):
        alert_feedback.judge(
            uow, found.id, ERIK, Verdict.RIGHT, lotskoping.clock(), lotskoping.services.municipality
        )


def told(lotskoping: Lotskoping, subject: str) -> list[str]:
    return [q.message.person_id for q in lotskoping.outbox() if q.message.subject == subject]


def test_three_alike_in_a_unit_are_told_to_manager_mas_and_sas_once_a_week(
    lotskoping: Lotskoping,
):
    for _ in range(3):
        lotskoping.report()
    for _ in range(5):
        sweep(lotskoping.services)
        lotskoping.clock.advance(hours=1)
    assert sorted(told(lotskoping, "Något händer flera gånger")) == sorted([MARIA, INGER, MONIKA])


def test_two_alike_are_no_pattern(lotskoping: Lotskoping):
    lotskoping.report()
    lotskoping.report()
    sweep(lotskoping.services)
    assert told(lotskoping, "Något händer flera gånger") == []


def test_the_involved_manager_is_not_told_of_a_pattern_that_the_hidden_case_makes(
    lotskoping: Lotskoping,
):
    cases = [lotskoping.report() for _ in range(3)]
    with lotskoping.unit_of_work() as uow:
        uow.cases.save(replace(cases[0], manager_involved=True, manager_involved_ids=(MARIA,)))
        uow.commit()
    sweep(lotskoping.services)
    assert sorted(told(lotskoping, "Något händer flera gånger")) == sorted([INGER, MONIKA])


def test_mas_is_asked_every_day_until_the_person_has_been_told(lotskoping: Lotskoping):
    case = lotskoping.report()
    with lotskoping.unit_of_work() as uow:
        case_handling.assess_risk(
            lotskoping.desk(uow, case, MARIA),
            severity=Severity.SIGNIFICANT,
            likelihood=Likelihood.RARE,
        )
        uow.commit()
    asked = []
    for _ in range(5):  # Monday to Friday
        sweep(lotskoping.services)
        asked.append(len(told(lotskoping, "Har personen fått veta?")))
        lotskoping.clock.advance(days=1)
    assert asked == [0, 0, 0, 1, 2]


def test_every_alert_rule_that_is_told_by_mail_says_nothing_of_the_report(lotskoping: Lotskoping):
    lotskoping.report(GRAVE + " XNAMNX")
    messages = [q.message for q in lotskoping.outbox()]
    assert any(message.purpose == Purpose.ALERT for message in messages)
    assert all("XNAMNX" not in m.text + m.subject and "höft" not in m.text for m in messages)
