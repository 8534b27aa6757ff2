"""What is sent to Slack, and what happens when Slack does not take it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from handlers import case_handling
from handlers.digest_room import TOGETHER
from handlers.domain.risk import Likelihood, Severity
from handlers.errors import TemporaryDeliveryError
from handlers.records import Button, OutboxMessage, Purpose, QueuedMessage
from tests.bot.slack.fake_slack import event_of
from tests.bot.slack.stage import ANNA, Stage
from tests.lotskoping import INGER, MARIA

ADDRESS = "slack:T0LOTSEN:UMARIALINDQVALL"


def a_digest(number: int = 1, attempts: int = 1) -> QueuedMessage:
    message = OutboxMessage(
        dedupe_key=f"digest:maria/{number}/slack",
        channel="slack",
        recipient=ADDRESS,
        subject="Ett ärende väntar på dig",
        text="God dag. <!channel> & Öppna din lista: http://127.0.0.1:8000/arenden",
        purpose=Purpose.DIGEST,
        person_id=MARIA,
        link="http://127.0.0.1:8000/arenden",
    )
    return QueuedMessage(id=number, message=message, attempts=attempts)


def mail_to_maria(stage: Stage) -> list[QueuedMessage]:
    return [q for q in stage.post.sent if q.message.person_id == MARIA]


def knows_maria(stage: Stage) -> bool:
    with stage.lotskoping.unit_of_work() as uow:
        return uow.chat_addresses.find("slack", ADDRESS) is not None


def test_a_digest_has_a_button_to_the_list_and_can_call_nobody_else(stage: Stage) -> None:
    maria = stage.staff(MARIA)
    stage.door.channel.send(a_digest())
    message = maria.last_message()
    assert "Öppna listan" in maria.reads()
    assert "<!channel>" not in message["text"]
    kinds = {b["text"]["type"] for b in message["blocks"] if "<!channel>" in str(b.get("text"))}
    assert kinds <= {"plain_text"}


@pytest.mark.parametrize(("person", "answers_for"), [(MARIA, True), ("olle-granfors", False)])
def test_only_whoever_answers_for_a_case_is_offered_to_receive_it(
    stage: Stage, person: str, answers_for: bool
) -> None:
    reader = stage.staff(person)
    case = stage.lotskoping.report("Personen föll i duschen och slog i armen.")
    link = f"http://127.0.0.1:8000/arenden/{case.id}"
    reopened = replace(
        a_digest().message,
        recipient=f"slack:T0LOTSEN:U{person.upper().replace('-', '')}",
        person_id=person,
        purpose=Purpose.NOTICE,
        case_id=case.id,
        link=link,
    )
    stage.door.channel.send(replace(a_digest(), message=reopened))
    assert ("Ta emot ärendet" in reader.reads()) == answers_for
    assert link in str(reader.last_message())


def test_slacks_own_waiting_time_is_kept(stage: Stage) -> None:
    stage.staff(MARIA)
    body = {"ok": False, "error": "ratelimited"}
    stage.slack.fail("chat.postMessage", body, status=429, headers={"Retry-After": "37"})
    with pytest.raises(TemporaryDeliveryError) as told:
        stage.door.channel.send(a_digest())
    assert told.value.retry_after == timedelta(seconds=37)
    assert len([m for m, _ in stage.slack.calls if m == "chat.postMessage"]) == 1


@pytest.mark.parametrize(
    "answer",
    [
        {"body": {"ok": False, "error": "internal_error"}},
        {"body": {"ok": False, "error": "service_unavailable"}, "status": 503},
        {"body": {}, "status": 502},
    ],
)
def test_trouble_that_passes_is_tried_again(stage: Stage, answer: dict[str, Any]) -> None:
    stage.staff(MARIA)
    stage.slack.fail("chat.postMessage", **answer)
    with pytest.raises(TemporaryDeliveryError):
        stage.door.channel.send(a_digest())
    assert knows_maria(stage)


def test_a_slack_that_cannot_be_reached_is_tried_again(stage: Stage) -> None:
    stage.staff(MARIA)
    stage.door.channel.api.base_url = "http://127.0.0.1:9/api/"
    with pytest.raises(TemporaryDeliveryError):
        stage.door.channel.send(a_digest())


def test_a_message_that_came_through_before_a_crash_is_not_sent_again(stage: Stage) -> None:
    stage.staff(MARIA)
    stage.door.channel.send(a_digest(number=7))
    stage.door.channel.send(a_digest(number=7, attempts=2))
    stage.door.channel.send(a_digest(number=8, attempts=2))
    assert len([m for m, _ in stage.slack.calls if m == "chat.postMessage"]) == 2


def test_a_deleted_user_is_told_by_mail_from_then_on(stage: Stage) -> None:
    maria = stage.staff(MARIA)
    stage.slack.users[maria.id]["deleted"] = True
    case = stage.lotskoping.report()
    stage.deliver()
    stage.deliver()
    (mail,) = [q.message for q in mail_to_maria(stage) if case.number in q.message.text]
    assert "/arenden/" in mail.text
    assert not knows_maria(stage)

    later = stage.lotskoping.report()
    stage.deliver()
    assert any(later.number in q.message.text for q in mail_to_maria(stage))


@pytest.mark.parametrize("code", ["token_revoked", "missing_scope", "invalid_auth"])
def test_a_lost_installation_is_logged_and_mail_takes_over(stage: Stage, code: str) -> None:
    stage.staff(MARIA)
    stage.slack.fail("*", {"ok": False, "error": code})
    with stage.lotskoping.unit_of_work() as uow:
        uow.outbox.add(a_digest().message, stage.lotskoping.clock())
        uow.commit()
    with capture_logs() as logs:
        stage.deliver()
        stage.deliver()
    assert {"event": "slack delivery refused", "error": code} in [
        {"event": line["event"], "error": line.get("error")} for line in logs
    ]
    assert len(mail_to_maria(stage)) == 1
    assert knows_maria(stage)


def test_a_lost_installation_does_not_stop_the_alert(stage: Stage) -> None:
    stage.staff(INGER)
    stage.slack.fail("*", {"ok": False, "error": "token_revoked"})
    stage.lotskoping.report("Något lugnt skrivet.", harm="death")
    stage.deliver()
    assert INGER in {q.message.person_id for q in stage.post.sent}


def test_a_report_is_taken_while_slack_answers_nothing(stage: Stage) -> None:
    anna = stage.user()
    stage.slack.fail("*", {"ok": False, "error": "token_revoked"})
    ack = anna.say("Dörren stod öppen hela natten")
    assert ack.status == 200
    stage.settled()
    with stage.lotskoping.unit_of_work() as uow:
        draft = uow.drafts.latest(f"slack:T0LOTSEN:{ANNA}")
    assert draft is not None
    assert draft.state.answers["what"].text == "Dörren stod öppen hela natten"


def test_the_reporter_gets_the_managers_answer_where_the_report_was_made(stage: Stage) -> None:
    anna = stage.user()
    case = stage.lotskoping.report(conversation=f"slack:T0LOTSEN:{ANNA}")
    with stage.lotskoping.unit_of_work() as uow:
        desk = stage.lotskoping.desk(uow, case, MARIA)
        case_handling.assess_risk(desk, severity=Severity.MINOR, likelihood=Likelihood.RARE)
        case_handling.write_feedback(desk, text="Tack. Sängen har nu en grind.")
        case_handling.close_without_investigation(desk, reason="Enstaka händelse")
        uow.commit()
    stage.deliver()
    anna.waits_to_read("Sängen har nu en grind")

    anna.tap(f"👍 Svaret om {case.number} hjälpte")
    anna.waits_to_read("Tack! Ditt svar är sparat.")
    with stage.lotskoping.unit_of_work() as uow:
        (sent,) = uow.reports.sent_by(f"slack:T0LOTSEN:{ANNA}", "")
        assert uow.reports.vote_of(sent.report_id) is True

    feedback = next(m for m in stage.slack.messages if "grind" in m["text"])
    anna.send(anna.tap_payload(f"Lägg till i {case.number}", feedback), "payload")
    anna.waits_for("Vad vill du lägga till?")
    anna.write("Grinden sitter löst")
    anna.waits_for("Det här lägger jag till")
    anna.submit()
    anna.waits_for("Det är tillagt i ärende")
    stage.settled()
    with stage.lotskoping.unit_of_work() as uow:
        _, added = uow.reports.all_of_case(case.id)
    assert added.text_of("more") == "Grinden sitter löst"


def test_a_lost_installation_told_by_slack_is_logged(stage: Stage) -> None:
    with capture_logs() as logs:
        stage.slack.deliver(event_of({"type": "tokens_revoked", "tokens": {"bot": ["U0BOT"]}}))
        stage.settled()
    assert "slack installation lost" in [line["event"] for line in logs]


def test_a_digest_with_several_things_has_a_button_for_each_and_one_for_the_list(
    stage: Stage,
) -> None:
    maria = stage.staff(MARIA)
    queued = a_digest(number=3)
    things = tuple(
        Button(
            f"AVV-2026-{n:05d}: Ta emot ärendet",
            f"http://127.0.0.1:8000/arenden/{n}",
            "Öppna ärendet. Tryck på Ta emot." if n % 2 else "Läs brevet. " * 15,
        )
        for n in range(60)
    )
    stage.door.channel.send(replace(queued, message=replace(queued.message, buttons=things)))
    found = maria.last_message()["blocks"]
    assert len(found) <= 50
    links = [b["accessory"]["url"] for b in found if "accessory" in b]
    assert links == [one.link for one in things[: len(links)]]
    assert "\n".join(maria.reads()).count("Så gör du: Öppna ärendet. Tryck på Ta emot.") == 1
    assert len(links) == 40
    spoken = [b["accessory"]["accessibility_label"] for b in found if "accessory" in b]
    assert len(spoken) == len(set(spoken))
    assert spoken[3] == "Öppna AVV-2026-00003: Ta emot ärendet"
    assert "Och 20 till i listan." in maria.reads()
    assert "Öppna listan" in maria.reads()


def test_what_a_digest_names_together_stands_under_its_step_with_one_button(stage: Stage) -> None:
    maria = stage.staff(MARIA)
    queued = a_digest(number=3)
    named = ", ".join(f"AVV-2026-{n:05d} (senast 2026-06-02)" for n in range(TOGETHER))
    step = "Ta emot ärendet"
    link = "http://127.0.0.1:8000/att-gora"
    together = Button(f"Även: {step} ({TOGETHER})", link, "Tryck på Ta emot.", step, named)
    changed = replace(queued.message, buttons=(together,))
    stage.door.channel.send(replace(queued, message=changed))
    [section] = [b for b in maria.last_message()["blocks"] if "accessory" in b]
    text = section["text"]["text"]
    assert text == f"Även: {step} ({TOGETHER})\n{named}\nSå gör du: Tryck på Ta emot."
    assert section["accessory"]["url"] == link
