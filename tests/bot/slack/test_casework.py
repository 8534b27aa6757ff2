"""Managers, MAS and SAS act on what they are told without leaving Slack."""

import pytest

from handlers import case_handling
from handlers.domain.case import Case, CaseStatus
from handlers.domain.injury import PersonTold
from handlers.domain.people import Role
from handlers.domain.risk import Likelihood, Severity
from handlers.records import CaseEvent
from tests.bot.slack.fake_slack import Json
from tests.bot.slack.slack_user import SlackUser
from tests.bot.slack.stage import Stage
from tests.handlers.test_office_over import leave
from tests.handlers.test_reminders import change
from tests.lotskoping import ERIK, INGER, MARIA, MONIKA


def of_no_law(stage: Stage, *, harm: str) -> Case:
    """Return a new case whose text does not say which laws it is about."""
    case = stage.lotskoping.report("Något lugnt skrivet.", harm=harm)
    change(stage.lotskoping, case, legal_areas=())
    return case


def window(someone: SlackUser) -> Json:
    found = someone.window()
    assert found is not None
    return found


def history(stage: Stage, case: Case, kind: str) -> list[CaseEvent]:
    with stage.lotskoping.unit_of_work() as uow:
        return [e for e in uow.cases.events(case.id) if e.kind == kind]


def test_a_manager_receives_a_case_from_the_notice(stage: Stage) -> None:
    maria = stage.staff(MARIA)
    case = stage.lotskoping.report()
    stage.deliver()
    notice = maria.last_message()
    assert case.number in str(notice["blocks"])
    assert "golvet" not in str(notice)
    assert MARIA not in {queued.message.person_id for queued in stage.post.sent}

    maria.tap("Ta emot ärendet")

    maria.waits_to_read(f"Ärende {case.number} är mottaget av Maria Lindqvall")
    assert stage.lotskoping.case(case.id).status == CaseStatus.ACKNOWLEDGED
    assert stage.lotskoping.case(case.id).responsible_id == MARIA
    assert "Ta emot ärendet" not in maria.reads()


def test_receiving_twice_leaves_one_line_in_the_history(stage: Stage) -> None:
    maria = stage.staff(MARIA)
    case = stage.lotskoping.report()
    stage.deliver()
    first, second = maria.tap_payload("Ta emot ärendet"), maria.tap_payload("Ta emot ärendet")
    maria.send(first, "payload")
    maria.send(second, "payload")
    stage.settled()
    assert len(history(stage, case, "moved")) == 1


def test_a_manager_assesses_the_risk_in_a_window(stage: Stage) -> None:
    maria = stage.staff(MARIA)
    case = stage.lotskoping.report()
    stage.deliver()
    maria.tap("Bedöm risken")
    maria.waits_for("Hur allvarligt är det?")
    first = maria.submission(severity="2", likelihood="3")
    second = maria.submission(severity="2", likelihood="3")
    maria.send(first, "payload")
    maria.send(second, "payload")
    maria.waits_for("Bedömd risk: Måttlig, Varje vecka")
    stage.settled()
    risk = stage.lotskoping.case(case.id).risk
    assert risk is not None
    assert risk.score == 6
    assert len(history(stage, case, "risk_assessed")) == 1
    assert any("Bedömd risk" in text for text in maria.reads())


@pytest.mark.parametrize("told", list(PersonTold))
def test_where_somebody_was_hurt_the_window_asks_for_the_laws_and_whether_the_person_knows(
    stage: Stage, told: PersonTold
) -> None:
    maria = stage.staff(MARIA)
    case = of_no_law(stage, harm="care")
    stage.deliver()
    maria.tap("Bedöm risken")
    maria.waits_for("Vet personen vad som har hänt?")
    [laws] = [b["element"] for b in window(maria)["blocks"] if b.get("block_id") == "laws"]
    with stage.lotskoping.unit_of_work() as uow:
        unit = uow.organisation.unit(case.unit_id)
    assert unit is not None
    assert [one["value"] for one in laws["initial_options"]] == list(unit.legal_areas)
    first, second = (
        maria.submission(severity="2", likelihood="1", told=told, laws="HSL") for _ in range(2)
    )
    maria.send(first, "payload")
    maria.send(second, "payload")
    maria.waits_for("Bedömd risk: Måttlig, Sällan")
    stage.settled()
    stored = stage.lotskoping.case(case.id)
    assert (stored.legal_areas, stored.person_told) == (("HSL",), told)
    assert len(history(stage, case, "risk_assessed")) == 1
    assert len(history(stage, case, "person_told")) == 1


def test_an_old_window_without_those_questions_is_told_what_is_missing(stage: Stage) -> None:
    maria = stage.staff(MARIA)
    case = of_no_law(stage, harm="care")
    stage.deliver()
    maria.tap("Bedöm risken")
    maria.waits_for("Hur allvarligt är det?")
    old = maria.submission(severity="2", likelihood="1", told="yes")
    for asked in ("laws", "told"):
        del old["view"]["state"]["values"][asked]
    maria.send(old, "payload")
    maria.waits_for("Svara på om personen har fått veta")
    assert stage.lotskoping.case(case.id).risk is None


def test_a_window_with_no_law_ticked_is_told_to_choose_one(stage: Stage) -> None:
    maria = stage.staff(MARIA)
    case = of_no_law(stage, harm="nobody")
    stage.deliver()
    maria.tap("Bedöm risken")
    maria.waits_for("Vilka lagar gäller det?")
    assert "Vet personen" not in str(window(maria))
    maria.submit(severity="2", likelihood="1", laws="")
    maria.waits_for("Välj minst en lag")
    assert stage.lotskoping.case(case.id).risk is None


def test_a_risk_assessed_meanwhile_by_somebody_else_is_not_overwritten(stage: Stage) -> None:
    maria = stage.staff(MARIA)
    case = stage.lotskoping.report()
    stage.deliver()
    maria.tap("Bedöm risken")
    maria.waits_for("Hur allvarligt är det?")
    with stage.lotskoping.unit_of_work() as uow:
        desk = stage.lotskoping.desk(uow, case, INGER)
        case_handling.assess_risk(desk, severity=Severity.MINOR, likelihood=Likelihood.RARE)
        uow.commit()
    maria.submit(severity="3", likelihood="3")
    maria.waits_for("Någon annan har ändrat ärendet")
    risk = stage.lotskoping.case(case.id).risk
    assert risk is not None
    assert risk.score == 1


def test_a_manager_puts_reminders_off_with_a_reason_and_a_double_press_is_one(
    stage: Stage,
) -> None:
    maria = stage.staff(MARIA)
    case = stage.lotskoping.report()
    stage.deliver()
    maria.tap("Påminn mig senare")
    maria.waits_for("När ska jag påminna dig?")
    first = maria.submission(until="3", reason="waiting")
    second = maria.submission(until="3", reason="waiting")
    maria.send(first, "payload")
    maria.send(second, "payload")
    maria.waits_for("Påminnelserna vilar till 2026-06-04")
    stage.settled()
    with stage.lotskoping.unit_of_work() as uow:
        (put_off,) = uow.work.snoozes.where(case_id=case.id)
    assert (put_off.by, put_off.reason) == (MARIA, "Väntar på svar från någon annan")


def test_reminders_of_a_serious_case_cannot_be_put_off(stage: Stage) -> None:
    maria = stage.staff(MARIA)
    case = stage.lotskoping.report()
    with stage.lotskoping.unit_of_work() as uow:
        desk = stage.lotskoping.desk(uow, case, MARIA)
        case_handling.assess_risk(desk, severity=Severity.CATASTROPHIC, likelihood=Likelihood.RARE)
        uow.commit()
    stage.deliver()
    maria.tap("Påminn mig senare")
    maria.waits_for("När ska jag påminna dig?")
    maria.submit(until="1", reason="workload")
    maria.waits_for("Då går det inte att skjuta upp")


def test_buttons_give_no_rights(stage: Stage) -> None:
    maria, erik = stage.staff(MARIA), stage.staff(ERIK)
    case = stage.lotskoping.report()
    stage.deliver()
    stolen = maria.tap_payload("Ta emot ärendet")
    stolen["user"]["id"] = erik.id
    erik.send(stolen, "payload")
    erik.waits_to_read("inte rätt att se det")
    assert stage.lotskoping.case(case.id).status == CaseStatus.RECEIVED


def test_a_care_worker_cannot_take_an_alert(stage: Stage) -> None:
    inger, anna = stage.staff(INGER), stage.user()
    stage.lotskoping.report(danger="yes")
    stage.deliver()
    stolen = inger.tap_payload("Bekräfta larmet")
    stolen["user"]["id"] = anna.id
    anna.send(stolen, "payload")
    anna.waits_to_read("inte rätt att se det")
    with stage.lotskoping.unit_of_work() as uow:
        assert uow.alerts.unacknowledged()


def test_an_alert_goes_by_mail_and_slack_and_is_taken_once(stage: Stage) -> None:
    inger, monika = stage.staff(INGER), stage.staff(MONIKA)
    stage.lotskoping.report("Något lugnt skrivet.", harm="death")
    stage.deliver()
    addresses = {queued.message.person_id for queued in stage.post.sent}
    assert {INGER, MONIKA} <= addresses
    first, second = inger.tap_payload("Bekräfta larmet"), inger.tap_payload("Bekräfta larmet")
    as_monika = {**second, "user": {**second["user"], "id": monika.id}}
    as_monika["actions"] = [{**second["actions"][0], "action_ts": "1.9"}]

    inger.send(first, "payload")
    inger.waits_to_read("Larmet är bekräftat av Inger Strandlycke")
    stage.lotskoping.clock.advance(minutes=5)
    inger.send(second, "payload")
    monika.send(as_monika, "payload")
    stage.settled()

    with stage.lotskoping.unit_of_work() as uow:
        taken = [a for a in uow.alerts.all() if a.acknowledged_at is not None]
    assert [(a.acknowledged_by, a.acknowledged_at) for a in taken] == [
        (INGER, stage.lotskoping.clock.now.replace(minute=0))
    ]
    assert sum("bekräftat av Inger" in t for t in inger.reads()) >= 1
    assert not any("bekräftat av Monika" in t for t in monika.reads())


def test_the_home_tab_lists_alerts_and_cases_of_the_own_units(stage: Stage) -> None:
    maria, erik, inger = stage.staff(MARIA), stage.staff(ERIK), stage.staff(INGER)
    case = stage.lotskoping.report("Något lugnt skrivet.", harm="death")
    line = f"{case.number}: Ta emot ärendet (senast 2026-07-01)"
    assert line in maria.go_home()
    assert "Inget väntar på dig." in erik.go_home()
    named = "Larm som ingen har bekräftat: " + case.number
    assert {f"{named}, MAS, 09:00", f"{named}, SAS, 09:00"} <= set(inger.go_home())


def test_only_a_verified_address_of_a_colleague_gives_a_role(stage: Stage) -> None:
    outsiders: tuple[dict[str, object], ...] = (
        {"is_email_confirmed": False},
        {"team_id": "T0OTHER"},
        {"is_stranger": True},
        {"is_restricted": True},
        {"deleted": True},
    )
    for number, outside in enumerate(outsiders):
        user = f"U0OUT{number}"
        stage.slack.add_user(user, "maria.lindqvall@lotskoping.example", **outside)
        someone = stage.user(user)
        assert "Det här väntar på dig" not in str(someone.go_home())


def test_a_former_mas_who_taps_an_old_alert_is_told_that_it_is_hers_no_more(stage: Stage) -> None:
    inger = stage.staff(INGER)
    stage.lotskoping.report("Något lugnt skrivet.", harm="death")
    stage.deliver()
    leave(stage.lotskoping, INGER, Role.MAS)
    inger.tap("Bekräfta larmet")
    inger.waits_to_read("Larmet är inte längre ditt.")
    with stage.lotskoping.unit_of_work() as uow:
        assert all(one.acknowledged_at is None for one in uow.alerts.all())
