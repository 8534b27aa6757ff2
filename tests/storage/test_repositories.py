"""What goes into the store comes out the same, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from handlers.domain.case import Action, Cause, CauseArea
from handlers.domain.people import Absence, ChatAddress, Validity
from handlers.domain.report import Answer
from handlers.domain.risk import Likelihood, RiskAssessment, Severity
from handlers.errors import StaleVersion
from handlers.records import Alert, Letter, OutboxMessage, Purpose, StoredAttachment
from storage import tables
from storage.chat_addresses import KnownChat
from storage.organisation import replace_organisation
from tests.clock import T0, at
from tests.lotskoping import MARIA, Lotskoping


def a_message(key: str = "k1", recipient: str = "anna@mail.example") -> OutboxMessage:
    return OutboxMessage(
        dedupe_key=key,
        channel="mail",
        recipient=recipient,
        subject="Hej",
        text="Text med å ä ö – €",
        purpose=Purpose.NOTICE,
    )


def test_a_case_with_all_its_parts_comes_back_as_it_was(stored: Lotskoping):
    case = stored.report()
    full = replace(
        case,
        assessments=(
            RiskAssessment(
                severity=Severity.SIGNIFICANT,
                likelihood=Likelihood.WEEKLY,
                assessed_by=MARIA,
                assessed_at=at(hours=1),
                rationale="Kan hända igen",
                potential=Severity.CATASTROPHIC,
                legal_area="HSL",
            ),
        ),
        causes=(
            Cause(id="c1", area=CauseArea.ROUTINES, text="Ingen rutin"),
            Cause(id="c2", area=CauseArea.EQUIPMENT, text="Trasig"),
        ),
        actions=(
            Action(id="a1", cause_id="c2", text="Byt", owner_id=MARIA, due_on=T0.date()),
            Action(id="a2", cause_id="c1", text="Skriv", owner_id=MARIA, due_on=T0.date()),
        ),
        feedback="Tack – vi har bytt selen.",
        legal_areas=("HSL", "SoL"),
    )
    with stored.unit_of_work() as uow:
        saved = uow.cases.save(full)
        uow.commit()
    assert saved == replace(full, version=case.version + 1)
    assert stored.case(case.id) == saved


def test_answers_keep_their_order_choice_and_words(stored: Lotskoping):
    case = stored.report("Två rader\noch 🙂 samt שלום")
    with stored.unit_of_work() as uow:
        report = uow.reports.of_case(case.id)
    assert report is not None
    assert list(report.answers)[:3] == ["danger", "what", "when"]
    assert report.answers["what"] == Answer(text="Två rader\noch 🙂 samt שלום")
    assert report.answers["where"].value == "bjorkgarden"


def test_of_two_changes_on_the_same_version_the_second_is_refused(stored: Lotskoping):
    case = stored.report()
    with stored.unit_of_work() as uow:
        uow.cases.save(replace(case, feedback="först"))
        uow.commit()
    with stored.unit_of_work() as uow, pytest.raises(StaleVersion):
        uow.cases.save(replace(case, feedback="sedan"))
    assert stored.case(case.id).feedback == "först"


def test_an_outbox_key_is_taken_once(stored: Lotskoping):
    with stored.unit_of_work() as uow:
        assert uow.outbox.add(a_message(), T0)
        assert not uow.outbox.add(a_message(recipient="other@mail.example"), T0)
        uow.commit()
    assert [q.message for q in stored.outbox()] == [a_message()]


def test_a_claimed_message_is_hidden_until_its_lease_runs_out(stored: Lotskoping):
    with stored.unit_of_work() as uow:
        uow.outbox.add(a_message(), T0)
        first = uow.outbox.claim(T0, 10)
        during = uow.outbox.claim(at(minutes=4), 10)
        after = uow.outbox.claim(at(minutes=6), 10)
    assert [len(first), len(during), len(after)] == [1, 0, 1]
    assert after[0].attempts == 2


def test_waits_double_and_the_last_attempt_makes_a_dead_letter(stored: Lotskoping):
    now, waits = T0, []
    with stored.unit_of_work() as uow:
        uow.outbox.add(a_message(), now)
        for _ in range(20):
            claimed = uow.outbox.claim(now, 1)
            if not claimed:
                break
            dead = uow.outbox.postpone(claimed[0], now, "Temporary", None)
            if dead:
                break
            before = now
            while not uow.outbox.claim(now, 1):
                now += timedelta(minutes=1)
            waits.append(now - before)
            uow.outbox.postpone(claimed[0], before, "Temporary", now - before)
        assert [m.message.dedupe_key for m in uow.outbox.dead()] == ["k1"]
    assert waits[:3] == [timedelta(minutes=1), timedelta(minutes=4), timedelta(minutes=16)]


def test_a_wait_that_the_other_side_asked_for_is_kept(stored: Lotskoping):
    with stored.unit_of_work() as uow:
        uow.outbox.add(a_message(), T0)
        [queued] = uow.outbox.claim(T0, 1)
        uow.outbox.postpone(queued, T0, "Temporary", timedelta(minutes=30))
        assert not uow.outbox.claim(at(minutes=29), 1)
        assert uow.outbox.claim(at(minutes=30), 1)


def test_the_inbox_takes_a_key_of_a_source_once(stored: Lotskoping):
    with stored.unit_of_work() as uow:
        first = uow.inbox.add(source="mail:a", key="1", raw=b"\x00\xff", now=T0)
        again = uow.inbox.add(source="mail:a", key="1", raw=b"other", now=T0)
        elsewhere = uow.inbox.add(source="mail:b", key="1", raw=b"other", now=T0)
        found = uow.inbox.find(source="mail:a", key="1")
    assert first is not None
    assert again is None
    assert elsewhere is not None
    assert found is not None
    assert found.raw == b"\x00\xff"


def test_inbox_rows_are_claimed_oldest_first_and_only_of_the_asked_kind(stored: Lotskoping):
    with stored.unit_of_work() as uow:
        for key in ("1", "2"):
            uow.inbox.add(source="mail:a", key=key, raw=b"", now=T0)
        uow.inbox.add(source="slack", key="3", raw=b"", now=T0)
        claimed = [uow.inbox.claim(T0, source_prefix="mail:") for _ in range(3)]
    assert [item.key if item else None for item in claimed] == ["1", "2", None]


def test_an_inbox_row_that_fails_five_times_is_for_a_person(stored: Lotskoping):
    now = T0
    with stored.unit_of_work() as uow:
        uow.inbox.add(source="mail:a", key="1", raw=b"x", now=now)
        last = False
        while not last:
            item = uow.inbox.claim(now, source_prefix="mail:")
            assert item is not None
            last = uow.inbox.fail(item, now, "ValueError")
            now += timedelta(hours=1)
        [failed] = uow.inbox.in_state("failed")
    assert failed.attempts == 5
    assert failed.fault == "ValueError"


def test_the_ledger_takes_a_case_and_rung_once(stored: Lotskoping):
    case = stored.report()
    with stored.unit_of_work() as uow:
        row = {"case_id": case.id, "rule_id": "r", "person_id": MARIA, "sent_on": T0.date()}
        assert uow.ledger.add(**row)  # type: ignore[arg-type]
        assert not uow.ledger.add(**row)  # type: ignore[arg-type]
        assert uow.ledger.has_digest(MARIA, T0.date())
        assert not uow.ledger.has_digest(MARIA, at(days=1).date())


def test_an_alert_key_is_taken_once_and_changes_are_kept(stored: Lotskoping):
    alert = Alert(id="al1", key="k", role="mas", reasons=("Å",), rule_ids=("A1",), raised_at=T0)
    with stored.unit_of_work() as uow:
        assert uow.alerts.add(alert)
        assert not uow.alerts.add(replace(alert, id="al2"))
        taken = replace(alert, acknowledged_at=at(minutes=3), acknowledged_by=MARIA, step=1)
        uow.alerts.save(taken)
        assert uow.alerts.find("al1") == taken
        assert uow.alerts.unacknowledged() == []


def test_a_letter_and_its_attachments_come_back_byte_for_byte(stored: Lotskoping):
    case = stored.report()
    with stored.unit_of_work() as uow:
        inbox_id = uow.inbox.add(source="mail:a", key="1", raw=b"raw", now=T0)
        assert inbox_id is not None
        letter = Letter(
            id="l1",
            case_id=case.id,
            inbox_id=inbox_id,
            message_id="m",
            sender_address="anna@mail.example",
            sender_name="Anna",
            subject="Ämne",
            text="ny",
            folded_text="> gammal",
            received_at=T0,
            faults=("no_date",),
        )
        attachment = StoredAttachment(
            letter_id="l1", name="bild.png", media_type="image/png", size=3, sha256="ab" * 32,
            content=b"\x00\x01\x02",
        )  # fmt: skip
        uow.letters.add(letter, [attachment])
        assert uow.letters.of_case(case.id) == [letter]
        [listed] = uow.letters.attachments_of(case.id)
        assert listed == replace(attachment, id=listed.id, content=b"")
        assert uow.letters.attachment(case.id, listed.id) == replace(attachment, id=listed.id)
        assert uow.letters.attachment("another", listed.id) is None
        assert uow.letters.case_with_participant(case.id, "anna@mail.example")
        assert not uow.letters.case_with_participant(case.id, "")


def test_the_organisation_comes_back_with_absences_and_chats(stored: Lotskoping):
    with stored.unit_of_work() as uow:
        away = Absence(person_id=MARIA, valid=Validity(first_on=T0.date()))
        replace_organisation(uow.connection, replace(uow.organisation, absences=(away,)))
        chat = KnownChat(channel="slack", address="D1", person_id=MARIA, reference={"a": 1})
        uow.chat_addresses.save(chat, T0)
        uow.chat_addresses.save(replace(chat, reference={"a": 2}), T0)
        assert uow.chat_addresses.find("slack", "D1") == replace(chat, reference={"a": 2})
        uow.commit()
    with stored.unit_of_work() as uow:
        assert uow.organisation.absences == (away,)
        maria = uow.organisation.person(MARIA)
        assert maria is not None
        assert maria.chats == (ChatAddress(channel="slack", address="D1"),)


def test_leaving_a_unit_of_work_without_commit_leaves_nothing(stored: Lotskoping):
    with stored.unit_of_work() as uow:
        uow.outbox.add(a_message(), T0)
    with stored.unit_of_work() as uow:
        assert uow.connection.execute(select(tables.outbox)).all() == []


def test_a_draft_comes_back_as_it_stood(stored: Lotskoping):
    stored.say("hej")
    stored.say("nej")
    with stored.unit_of_work() as uow:
        draft = uow.drafts.latest("webchat:test")
        assert draft is not None
        assert uow.drafts.find(draft.id) == draft


def test_a_process_claims_only_what_it_has_a_channel_for(stored: Lotskoping):
    with stored.unit_of_work() as uow:
        uow.outbox.add(a_message("k1"), T0)
        uow.outbox.add(replace(a_message("k2"), channel="slack"), T0)
        mine = uow.outbox.claim(T0, 10, {"mail"})
        others = uow.outbox.claim(T0, 10, {"slack", "mail"})
    assert [queued.message.dedupe_key for queued in mine] == ["k1"]
    assert [queued.message.dedupe_key for queued in others] == ["k2"]
