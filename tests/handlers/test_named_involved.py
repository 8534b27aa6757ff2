"""Anybody can be named as involved: nothing of the case reaches them, and the next in line acts."""

from datetime import timedelta

import pytest

from bot.schedule import sweep
from handlers import alerts, case_handling, investigation, shielding, tracks
from handlers.access import access_of, cases_for
from handlers.domain.case import Case
from handlers.domain.injury import MisconductDegree
from handlers.domain.moves import Machine
from handlers.errors import NotAllowed, UserFault
from handlers.permissions import Action
from handlers.records import OutboxMessage, Purpose
from handlers.reporting import receiver_of
from handlers.sent_on import sent_on_by
from handlers.todo import todos_of
from tests.lotskoping import (
    AGNETA,
    BENGT,
    DAVID,
    ERIK,
    INGER,
    JONAS,
    MARIA,
    MONIKA,
    Lotskoping,
)

LEILA = "leila-sandemo"  # deputy of SAS
TOMAS = "tomas-ryvall"  # area manager of home care


def mark(lotskoping: Lotskoping, case: Case, by: str, *named: str) -> Case:
    with lotskoping.unit_of_work() as uow:
        hidden = shielding.shield(lotskoping.desk(uow, case, by), named=named)
        uow.commit()
    return hidden


def knows(lotskoping: Lotskoping, case: Case, person_id: str) -> list[str]:
    """Return every way in which somebody can see, count or hear of a case."""
    services, found = lotskoping.services, []
    with lotskoping.unit_of_work() as uow:
        access = access_of(uow, services.municipality, person_id, lotskoping.clock())
        for action in (Action.LIST, Action.COUNT, Action.EXPORT):
            if case.id in {
                one.id for one in cases_for(uow, access, open_only=False, action=action)
            }:
                found.append(str(action))
        try:
            case_handling.note_read(lotskoping.desk(uow, case, person_id))
            found.append("open")
        except NotAllowed:
            pass
        todos = todos_of(uow, services.municipality, person_id, lotskoping.clock())
        found += [row.step for row in todos if row.case_id == case.id or row.number == case.number]
        found += [
            one.number
            for one in sent_on_by(uow, services.municipality, person_id, lotskoping.clock())
        ]
    return found


@pytest.mark.parametrize(
    ("named", "by"),
    [(AGNETA, MONIKA), (INGER, MONIKA), (MONIKA, INGER), (BENGT, MONIKA), (DAVID, MONIKA)],
)
def test_whoever_is_named_knows_nothing_and_is_told_nothing(
    lotskoping: Lotskoping, named: str, by: str
):
    case = lotskoping.report(harm="death")
    mark(lotskoping, case, by, named)
    before = {q.message.dedupe_key for q in lotskoping.outbox()}
    for _ in range(60):
        lotskoping.clock.now += timedelta(hours=20)
        sweep(lotskoping.services)
    assert knows(lotskoping, case, named) == []
    told = [q.message for q in lotskoping.outbox() if q.message.dedupe_key not in before]
    about = [m for m in told if m.case_id == case.id or case.number in m.text]
    assert about
    assert named not in {message.person_id for message in about}
    assert "fallback" in {message.person_id for message in about}


def test_with_the_area_manager_named_sas_acts_and_the_unit_is_not_the_one_to_know(
    lotskoping: Lotskoping,
):
    case = mark(lotskoping, lotskoping.report(), MONIKA, AGNETA)
    assert case.manager_involved_ids == (AGNETA,)
    with lotskoping.unit_of_work() as uow:
        assert receiver_of(uow, case, lotskoping.clock()).id == MONIKA
    assert knows(lotskoping, case, AGNETA) == []
    assert knows(lotskoping, case, MARIA) == []


def test_an_alert_that_waits_with_somebody_involved_goes_on_at_once(lotskoping: Lotskoping):
    case = lotskoping.report(harm="death")
    mark(lotskoping, case, MONIKA, INGER)
    with lotskoping.unit_of_work() as uow:
        waiting = [one for one in uow.alerts.of_case(case.id) if one.acknowledged_at is None]
    assert INGER not in {one.recipient_id for one in waiting}
    assert DAVID in {one.recipient_id for one in waiting}


def test_one_more_can_be_named_later_and_nobody_is_let_in_by_it(lotskoping: Lotskoping):
    case = mark(lotskoping, lotskoping.report(), MONIKA)
    assert set(case.manager_involved_ids) == {MARIA, JONAS}
    again = mark(lotskoping, case, MONIKA, AGNETA)
    assert set(again.manager_involved_ids) == {MARIA, JONAS, AGNETA}
    assert mark(lotskoping, again, MONIKA, AGNETA).version == again.version
    assert knows(lotskoping, again, AGNETA) == []


def test_nobody_unknown_can_be_named(lotskoping: Lotskoping):
    with pytest.raises(UserFault):
        mark(lotskoping, lotskoping.report(), MONIKA, "nobody")


def test_a_case_sent_on_before_it_was_marked_is_hidden_from_who_sent_it(lotskoping: Lotskoping):
    case = lotskoping.report()
    with lotskoping.unit_of_work() as uow:
        case_handling.acknowledge(lotskoping.desk(uow, case, MARIA))
        case_handling.move_to_unit(lotskoping.desk(uow, case, MARIA), unit_id="hemtjanst-norr")
        uow.commit()
    hidden = mark(lotskoping, case, MONIKA)
    assert {MARIA, JONAS, ERIK} <= set(hidden.manager_involved_ids)
    assert knows(lotskoping, case, MARIA) == []


def test_mas_leads_lex_sarah_when_sas_and_the_deputy_are_involved(lotskoping: Lotskoping):
    case = mark(lotskoping, lotskoping.report(), INGER, MONIKA, LEILA)
    with lotskoping.unit_of_work() as uow:
        tracks.start(lotskoping.desk(uow, case, INGER), Machine.LEX_SARAH, reason="Så här.")
        uow.commit()
        assert [one.lead_id for one in uow.work.tracks.where(case_id=case.id)] == [INGER]


def alerted(lotskoping: Lotskoping, case: Case, rule: str) -> set[str]:
    with lotskoping.unit_of_work() as uow:
        return {a.recipient_id for a in uow.alerts.of_case(case.id) if rule in a.rule_ids}


def test_misconduct_is_told_to_the_manager_above_too(lotskoping: Lotskoping):
    case = lotskoping.report()
    with lotskoping.unit_of_work() as uow:
        desk = lotskoping.desk(uow, case, MARIA)
        investigation.classify(desk, misconduct=MisconductDegree.MISCONDUCT)
        uow.commit()
    assert {MONIKA, AGNETA} <= alerted(lotskoping, case, "A5")


def test_the_manager_above_of_another_area_works_on_and_leaves_the_first_ones_alert(
    lotskoping: Lotskoping,
):
    case = mark(lotskoping, lotskoping.report(), INGER)
    with lotskoping.unit_of_work() as uow:
        case_handling.move_to_unit(lotskoping.desk(uow, case, MONIKA), unit_id="hemtjanst-norr")
        case_handling.acknowledge(lotskoping.desk(uow, case, TOMAS))
        uow.commit()
        [found] = [one for one in uow.alerts.of_case(case.id) if one.role == "area_manager"]
    assert (found.recipient_id, found.acknowledged_at) == (AGNETA, None)


def test_an_involved_manager_is_told_to_sas_and_the_manager_above(lotskoping: Lotskoping):
    case = mark(lotskoping, lotskoping.report(), INGER)
    assert alerted(lotskoping, case, "A16") == {MONIKA, AGNETA}


def test_an_involved_area_manager_is_passed_over(lotskoping: Lotskoping):
    case = mark(lotskoping, lotskoping.report(), INGER, AGNETA)
    assert alerted(lotskoping, case, "A16") == {MONIKA}
    assert Purpose.ALERT in {q.message.purpose for q in lotskoping.outbox()}


def test_nobody_is_called_out_for_the_manager_above_when_sas_has_taken_it(lotskoping: Lotskoping):
    case = mark(lotskoping, lotskoping.report(), INGER)
    with lotskoping.unit_of_work() as uow:
        [found] = [one for one in uow.alerts.of_case(case.id) if one.role == "sas"]
        alerts.acknowledge(uow, found.id, MONIKA, lotskoping.clock())
        uow.commit()
    for _ in range(30):
        lotskoping.clock.advance(hours=1)
        sweep(lotskoping.services)
    assert alerted(lotskoping, case, "A16") == {MONIKA, AGNETA}


@pytest.mark.parametrize(
    ("by", "named"),
    [
        (AGNETA, (INGER, DAVID, MONIKA, LEILA)),
        (AGNETA, (MONIKA,)),
        (BENGT, (INGER,)),
        (MONIKA, (INGER, DAVID, MONIKA, LEILA)),
        (MONIKA, (INGER, DAVID, MONIKA, LEILA, AGNETA, BENGT, MARIA, JONAS)),
    ],
)
def test_nobody_names_away_everybody_who_watches_over_the_case(
    lotskoping: Lotskoping, by: str, named: tuple[str, ...]
):
    case = lotskoping.report(unit="unknown" if by == BENGT else "bjorkgarden")
    with pytest.raises(UserFault, match=r"nobody_left|only_mas_or_sas_name"):
        mark(lotskoping, case, by, *named)
    assert not lotskoping.case(case.id).manager_involved


def test_the_watching_are_not_named_away_one_by_one(lotskoping: Lotskoping):
    case = lotskoping.report()
    for one in (INGER, DAVID, LEILA):
        mark(lotskoping, case, MONIKA, one)
    with pytest.raises(UserFault, match="nobody_left"):
        mark(lotskoping, case, MONIKA, MONIKA)
    assert "open" in knows(lotskoping, case, MONIKA)


def cleared(lotskoping: Lotskoping, case: Case, by: str, person_id: str) -> Case:
    with lotskoping.unit_of_work() as uow:
        desk = lotskoping.desk(uow, case, by)
        stored = shielding.take_back(desk, person_id=person_id, reason="Det var en annan Agneta.")
        uow.commit()
    return stored


def test_a_name_that_was_wrong_is_taken_back_and_the_case_stays_hidden(lotskoping: Lotskoping):
    case = mark(lotskoping, mark(lotskoping, lotskoping.report(), MONIKA), MONIKA, AGNETA)
    with pytest.raises(NotAllowed):
        cleared(lotskoping, case, AGNETA, AGNETA)
    before = {q.message.dedupe_key for q in lotskoping.outbox()}
    again = cleared(lotskoping, case, INGER, AGNETA)
    assert set(again.manager_involved_ids) == {MARIA, JONAS}
    assert "open" in knows(lotskoping, case, AGNETA)
    assert knows(lotskoping, case, MARIA) == []
    told = [q.message for q in lotskoping.outbox() if q.message.dedupe_key not in before]
    assert {m.person_id for m in told if m.purpose == Purpose.ALERT} == {MONIKA}
    with lotskoping.unit_of_work() as uow:
        [comment] = uow.work.comments.where(case_id=case.id)
        events = [e.actor_id for e in uow.cases.events(case.id) if e.kind == "involved_cleared"]
    assert (comment.text, events) == ("Det var en annan Agneta.", [INGER])


def test_the_last_name_is_not_taken_back_and_mas_and_sas_only_by_each_other(
    lotskoping: Lotskoping,
):
    case = mark(lotskoping, lotskoping.report(), MONIKA, INGER)
    with pytest.raises(UserFault, match="last_involved"):
        cleared(lotskoping, case, MONIKA, INGER)
    mark(lotskoping, case, MONIKA, MARIA)
    with pytest.raises(UserFault, match="only_mas_or_sas_name"):
        cleared(lotskoping, case, AGNETA, INGER)
    assert cleared(lotskoping, case, MONIKA, INGER).manager_involved_ids == (MARIA,)


def messages_to(lotskoping: Lotskoping, *people: str) -> list[OutboxMessage]:
    return [q.message for q in lotskoping.outbox() if q.message.person_id in people]


def test_a_notice_that_waits_is_never_sent_to_whoever_may_no_longer_know(lotskoping: Lotskoping):
    case = lotskoping.report("Personen föll i duschen och slog i armen.")
    [waits] = [m for m in messages_to(lotskoping, MARIA) if m.case_id == case.id]
    lotskoping.clock.advance(hours=1)
    mark(lotskoping, case, MONIKA, AGNETA)
    assert waits not in messages_to(lotskoping, MARIA, JONAS, AGNETA)
    assert MONIKA in {q.message.person_id for q in lotskoping.outbox()}


def test_a_digest_that_waits_keeps_its_other_lines_and_counts_only_those(lotskoping: Lotskoping):
    seen, hidden = lotskoping.report(), lotskoping.report()
    lotskoping.clock.advance(days=2)
    sweep(lotskoping.services)
    [digest] = [m for m in messages_to(lotskoping, MARIA) if m.purpose == Purpose.DIGEST]
    assert {seen.number, hidden.number} <= set(digest.text.replace(":", " ").split())
    lotskoping.clock.advance(hours=1)
    mark(lotskoping, hidden, MONIKA)
    [left] = [m for m in messages_to(lotskoping, MARIA) if m.purpose == Purpose.DIGEST]
    assert hidden.number not in left.text
    assert seen.number in left.text
    counts = [int(m.subject.split()[2]) for m in (digest, left)]
    assert counts == [4, 3]
    assert left.text.count("Så gör du:") == 3
    assert left.text.startswith("God dag.")


def test_a_message_that_was_on_its_way_when_the_case_was_hidden_goes_no_other_way(
    lotskoping: Lotskoping,
):
    case = lotskoping.report()
    [queued] = [q for q in lotskoping.outbox() if q.message.person_id == MARIA]
    mark(lotskoping, case, MONIKA)
    with lotskoping.unit_of_work() as uow:
        assert uow.outbox.bury(queued.id, "PermanentDeliveryError") is False
        assert list(uow.outbox.dead()) == []
