"""Reminders: which rung, to whom, when, how often; and what a stop or an absence does to them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.schedule import sweep
from bot.simulation.invariants import gone_silent
from handlers.case_records import Snooze
from handlers.domain.case import Case, CaseKind, CaseStatus
from handlers.domain.people import Absence, Validity
from handlers.errors import ConfigurationFault
from handlers.records import OutboxMessage, Purpose
from handlers.reminder_rules import load_reminder_rules
from handlers.reminders import Sweep, due_reminders
from storage.organisation import replace_organisation
from tests.clock import T0
from tests.lotskoping import AGNETA, BENGT, INGER, JONAS, MARIA, MONIKA, Lotskoping


def at_local(lotskoping: Lotskoping, day: date, hour: int = 9) -> Sweep:
    """Sweep at an hour of a day in Stockholm, in summer time."""
    lotskoping.clock.now = datetime(day.year, day.month, day.day, hour - 2, tzinfo=UTC)
    return sweep(lotskoping.services)


def digests(lotskoping: Lotskoping) -> list[OutboxMessage]:
    return [q.message for q in lotskoping.outbox() if q.message.purpose == Purpose.DIGEST]


def about(lotskoping: Lotskoping, case: Case) -> list[tuple[str, str]]:
    """Return (rule, person) of every reminder of a case, in order."""
    with lotskoping.unit_of_work() as uow:
        events = uow.cases.events(case.id)
    return [(e.values["rule"], e.values["to"]) for e in events if e.kind == "reminded"]


def change(lotskoping: Lotskoping, case: Case, **changes: object) -> None:
    with lotskoping.unit_of_work() as uow:
        stored = uow.cases.find(case.id)
        assert stored is not None
        uow.cases.save(replace(stored, **changes))  # type: ignore[arg-type]
        uow.commit()


def absent(lotskoping: Lotskoping, person: str, first: date, last: date | None = None) -> None:
    with lotskoping.unit_of_work() as uow:
        away = Absence(person_id=person, valid=Validity(first_on=first, last_on=last))
        organisation = uow.organisation
        replace_organisation(
            uow.connection, replace(organisation, absences=(*organisation.absences, away))
        )
        uow.commit()


def live(lotskoping: Lotskoping, days: int, hour: int = 9) -> None:
    first = lotskoping.clock().date()
    for number in range(1, days + 1):
        at_local(lotskoping, first + timedelta(days=number), hour)


DAY = T0.date()  # a Monday


def test_the_whole_ladder_of_a_deviation_that_nobody_touches(lotskoping: Lotskoping):
    case = lotskoping.report()
    live(lotskoping, 75)
    assert about(lotskoping, case) == [
        ("not_acknowledged", MARIA),
        ("not_assessed", MARIA),
        ("nine_days_left", MARIA),
        ("target_day", MARIA),
        ("late_week", AGNETA),
        ("late_fortnight", INGER),
        ("late_month", AGNETA),
    ]


def test_a_complaint_has_the_ladder_of_the_answer_that_was_promised(lotskoping: Lotskoping):
    case = lotskoping.report()
    answer_on = lotskoping.services.municipality.answer_clock(CaseKind.COMPLAINT, DAY)
    change(lotskoping, case, kind=CaseKind.COMPLAINT, answer_on=answer_on)
    live(lotskoping, 26)
    assert about(lotskoping, case) == [
        ("not_acknowledged", MARIA),
        ("answer_soon", MARIA),
        ("answer_day", MARIA),
        ("answer_late", AGNETA),
    ]


def test_nobody_gets_more_than_one_digest_a_day_and_every_case_stands_in_it(
    lotskoping: Lotskoping,
):
    cases = [lotskoping.report() for _ in range(3)]
    lotskoping.clock.advance(days=1)
    counts = [sweep(lotskoping.services).digests for _ in range(5)]
    people = [digest.person_id for digest in digests(lotskoping)]
    assert counts == [len(people), 0, 0, 0, 0]
    assert len(people) == len(set(people))
    [mine] = [d for d in digests(lotskoping) if d.person_id == MARIA]
    assert all(case.number in mine.text for case in cases)


def test_nothing_goes_out_at_night_at_weekends_on_eves_or_when_the_town_hall_is_closed(
    lotskoping: Lotskoping,
):
    lotskoping.report()
    friday, saturday = DAY + timedelta(days=4), DAY + timedelta(days=5)
    for day, hour in ((friday, 7), (friday, 17), (friday, 22), (saturday, 10)):
        assert at_local(lotskoping, day, hour).digests == 0
    assert at_local(lotskoping, date(2026, 6, 19), 10).digests == 0  # midsummer's eve
    assert at_local(lotskoping, date(2026, 6, 22), 10).digests > 0


def test_after_a_stop_only_the_newest_rung_is_sent(lotskoping: Lotskoping):
    case = lotskoping.report()
    at_local(lotskoping, DAY + timedelta(days=50))
    at_local(lotskoping, DAY + timedelta(days=51))
    assert about(lotskoping, case) == [("late_fortnight", INGER)]


def test_a_rung_that_may_not_be_sent_moves_and_is_not_spent(lotskoping: Lotskoping):
    case = lotskoping.report()
    at_local(lotskoping, DAY + timedelta(days=1), 18)
    assert about(lotskoping, case) == []
    at_local(lotskoping, DAY + timedelta(days=2), 8)
    assert about(lotskoping, case) == [("not_acknowledged", MARIA)]


def test_a_case_that_falls_due_after_todays_digest_is_in_tomorrows(lotskoping: Lotskoping):
    lotskoping.report()
    at_local(lotskoping, DAY + timedelta(days=1), 9)
    late = lotskoping.report()
    change(lotskoping, late, received_on=DAY)
    at_local(lotskoping, DAY + timedelta(days=1), 15)
    assert about(lotskoping, late) == []
    at_local(lotskoping, DAY + timedelta(days=2), 9)
    assert about(lotskoping, late) == [("not_acknowledged", MARIA)]


def test_a_closed_case_is_never_reminded_of(lotskoping: Lotskoping):
    case = lotskoping.report()
    change(lotskoping, case, status=CaseStatus.CLOSED)
    live(lotskoping, 40)
    assert about(lotskoping, case) == []


def test_an_absent_managers_reminder_goes_to_the_deputy(lotskoping: Lotskoping):
    case = lotskoping.report()
    absent(lotskoping, MARIA, DAY, DAY + timedelta(days=3))
    live(lotskoping, 8)
    assert about(lotskoping, case) == [("not_acknowledged", JONAS), ("not_assessed", MARIA)]


def test_with_manager_and_deputy_away_the_area_manager_is_told(lotskoping: Lotskoping):
    case = lotskoping.report()
    absent(lotskoping, MARIA, DAY)
    absent(lotskoping, JONAS, DAY)
    live(lotskoping, 1)
    assert about(lotskoping, case) == [("not_acknowledged", AGNETA)]


def test_a_case_without_a_unit_is_the_registrators_to_receive(lotskoping: Lotskoping):
    case = lotskoping.report(unit="unknown")
    live(lotskoping, 1)
    assert about(lotskoping, case) == [("not_acknowledged", BENGT)]


def test_a_snoozed_reminder_waits_for_its_day_but_escalation_does_not(lotskoping: Lotskoping):
    case = lotskoping.report()
    until = DAY + timedelta(days=14)
    with lotskoping.unit_of_work() as uow:
        uow.work.snoozes.add(
            Snooze(id="s", case_id=case.id, until_on=until, reason="x", by=MARIA, created_at=T0)
        )
        uow.commit()
    live(lotskoping, 13)
    assert about(lotskoping, case) == [("not_acknowledged", MARIA)]
    live(lotskoping, 1)
    assert about(lotskoping, case)[1:] == [("not_assessed", MARIA)]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('[[rule]]\nid = "x"\nstates = []\nto = "unit"\nduty = "a"', "precis en"),
        ('[[rule]]\nid = "x"\nafter_receipt_days = 1\nstates = ["lost"]\nto = "unit"', "lost"),
        ('[[rule]]\nid = "x"\nafter_receipt_days = 1\nto = "unit"', "states"),
    ],
)
def test_a_fault_in_the_ladder_names_its_place(tmp_path, text: str, fault: str):
    (tmp_path / "reminder_rules.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationFault, match=fault):
        load_reminder_rules(tmp_path)


def test_the_last_day_of_receipt_and_the_day_due_say_the_same(lotskoping: Lotskoping):
    case = lotskoping.report()
    municipality = lotskoping.services.municipality
    for day in (DAY + timedelta(days=n) for n in range(80)):
        with lotskoping.unit_of_work() as uow:
            for due in due_reminders(uow, day, municipality):
                assert due.rule.due_on(due.case, municipality.is_working_day) <= day
                assert due.case.case_id == case.id


def test_a_case_that_is_opened_again_gets_the_ladder_anew(lotskoping: Lotskoping):
    case = lotskoping.report()
    live(lotskoping, 75)
    change(lotskoping, case, status=CaseStatus.CLOSED)
    live(lotskoping, 20)
    before = about(lotskoping, case)
    opened_at = lotskoping.clock() + timedelta(hours=1)
    change(lotskoping, case, status=CaseStatus.INVESTIGATING, reopened_at=opened_at)
    live(lotskoping, 5)
    assert about(lotskoping, case)[len(before) :] == [("late_month", AGNETA)]


def test_a_case_opened_again_before_its_target_is_reminded_of_as_if_it_were_new(
    lotskoping: Lotskoping,
):
    case = lotskoping.report()
    live(lotskoping, 24)
    assert about(lotskoping, case)[-1] == ("nine_days_left", MARIA)
    opened_at = lotskoping.clock() + timedelta(hours=8)
    change(lotskoping, case, status=CaseStatus.INVESTIGATING, reopened_at=opened_at)
    live(lotskoping, 9)
    assert about(lotskoping, case)[-2:] == [("nine_days_left", MARIA), ("target_day", MARIA)]


def test_what_is_very_late_is_said_again_every_month_and_never_goes_silent(
    lotskoping: Lotskoping,
):
    case = lotskoping.report()
    live(lotskoping, 185)
    rungs = [rule for rule, _ in about(lotskoping, case)]
    assert rungs.count("late_month") == 5
    assert rungs[-4:] == ["late_month"] * 4


def test_what_is_of_social_law_only_goes_to_sas_when_it_is_late(lotskoping: Lotskoping):
    case = lotskoping.report()
    change(lotskoping, case, legal_areas=("LSS",), status=CaseStatus.INVESTIGATING)
    live(lotskoping, 50)
    assert about(lotskoping, case)[-1] == ("late_fortnight", MONIKA)


def silent(lotskoping: Lotskoping) -> int:
    with lotskoping.unit_of_work() as uow:
        cases = uow.cases.listed(None, open_only=False)
        today = lotskoping.clock().date()
        return gone_silent(uow, cases, today, lotskoping.services.municipality)


def test_the_simulation_sees_a_case_that_has_gone_silent(lotskoping: Lotskoping):
    case = lotskoping.report()
    live(lotskoping, 75)
    assert silent(lotskoping) == 0
    lotskoping.clock.advance(days=40)  # nobody sweeps
    assert silent(lotskoping) == 1
    live(lotskoping, 3)
    assert silent(lotskoping) == 0
    opened_at = lotskoping.clock() + timedelta(hours=1)
    change(lotskoping, case, status=CaseStatus.INVESTIGATING, reopened_at=opened_at)
    lotskoping.clock.advance(days=8)
    assert silent(lotskoping) == 1
