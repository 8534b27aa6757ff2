"""What kind a case is: praise that is a complaint becomes one, and no duty to answer goes away."""

from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest

from bot.case_package import export_case
from handlers import case_handling, dismissing, kinds, shielding
from handlers.domain.case import Case, CaseKind
from handlers.domain.deadline import add_working_days
from handlers.errors import NotAllowed, UserFault
from handlers.records import Purpose
from handlers.registering import entry_of
from tests.bot.post import Post
from tests.bot.web.test_casework import Browser
from tests.handlers.test_investigation import do
from tests.handlers.test_merged_clocks import swept
from tests.handlers.test_moved_case import told
from tests.lotskoping import AGNETA, BENGT, ERIK, INGER, MARIA, Lotskoping


def of_kind(lotskoping: Lotskoping, kind: CaseKind, **changes: object) -> Case:
    case = lotskoping.report("Tack för ingenting. Ni glömde pappas medicin två dagar i rad.")
    municipality = lotskoping.services.municipality
    with lotskoping.unit_of_work() as uow:
        clocked = replace(
            case,
            kind=kind,
            possible_medical_harm=False,
            confirm_on=municipality.confirm_for(kind, case.received_on),
            answer_on=municipality.answer_clock(kind, case.received_on),
        )
        stored = uow.cases.save(replace(clocked, **changes))  # type: ignore[arg-type]
        uow.commit()
    return stored


def changed(
    lotskoping: Lotskoping, case: Case, kind: CaseKind, person: str = MARIA, reason: str = ""
) -> Case:
    return do(lotskoping, case, lambda d: kinds.change_kind(d, kind=kind, reason=reason), person)


def test_praise_that_is_a_complaint_gets_its_clocks_from_the_day_it_came_in(
    lotskoping: Lotskoping,
):
    case = of_kind(lotskoping, CaseKind.PRAISE)
    assert (case.answer_on, case.must_be_answered) == (None, False)
    lotskoping.clock.advance(days=3)
    complaint = changed(lotskoping, case, CaseKind.COMPLAINT)
    works = lotskoping.services.municipality.is_working_day
    assert complaint.confirm_on == add_working_days(case.received_on, 2, works)
    assert complaint.answer_on == add_working_days(case.received_on, 10, works)
    assert "gate.answer" in complaint.missing_for_closing(by_mas=True)
    swept(lotskoping, days=14)
    assert any(case.number in text for text in told(lotskoping, MARIA))


def test_the_change_stands_in_the_history_the_register_and_the_list_of_cases(
    lotskoping: Lotskoping,
):
    case = of_kind(lotskoping, CaseKind.PRAISE)
    changed(lotskoping, case, CaseKind.COMPLAINT, reason="Det står tack, men inget är bra.")
    with lotskoping.unit_of_work() as uow:
        [line] = [one for one in uow.cases.events(case.id) if one.kind == "kind_changed"]
        entry = entry_of(uow, case.id)
        comments = [one.text for one in uow.work.comments.where(case_id=case.id)]
    assert line.actor_id == MARIA
    assert (line.values["before"], line.values["to"]) == ("praise", "complaint")
    assert entry is not None
    assert entry.matter == "Klagomål"
    assert comments == ["Det står tack, men inget är bra."]


def test_whoever_wrote_is_told_that_an_answer_comes(lotskoping: Lotskoping):
    case = of_kind(lotskoping, CaseKind.PRAISE)
    lotskoping.outbox()
    changed(lotskoping, case, CaseKind.COMPLAINT)
    mine = [q.message for q in lotskoping.outbox() if q.message.recipient == "webchat:test"]
    assert any(m.purpose == Purpose.NOTICE and "klagomål" in m.text for m in mine)


@pytest.mark.parametrize("kind", [CaseKind.PRAISE, CaseKind.SUGGESTION, CaseKind.DEVIATION])
def test_a_manager_does_not_take_the_answer_from_whoever_complained(
    lotskoping: Lotskoping, kind: CaseKind
):
    case = of_kind(lotskoping, CaseKind.COMPLAINT)
    for person in (MARIA, AGNETA):
        with pytest.raises(UserFault, match="kind_owed"):
            changed(lotskoping, case, kind, person, "Det är inget klagomål")
    for person in (BENGT, INGER):
        with pytest.raises(UserFault, match="empty_text"):
            changed(lotskoping, case, kind, person)
    assert changed(lotskoping, case, kind, BENGT, "Det är ett tack").kind == kind


def test_a_hidden_case_stays_with_those_who_may_open_it(lotskoping: Lotskoping):
    case = of_kind(lotskoping, CaseKind.DEVIATION)
    do(lotskoping, case, shielding.shield, INGER)
    with pytest.raises(UserFault, match="kind_hidden"):
        changed(lotskoping, case, CaseKind.COMPLAINT, INGER, "En närstående skrev")


def test_what_may_be_misconduct_is_for_mas_or_sas_to_call_a_complaint(lotskoping: Lotskoping):
    case = of_kind(lotskoping, CaseKind.DEVIATION, possible_misconduct=True)
    with pytest.raises(UserFault, match="kind_grave"):
        changed(lotskoping, case, CaseKind.COMPLAINT)
    done = changed(lotskoping, case, CaseKind.COMPLAINT, INGER)
    assert done.kind == CaseKind.COMPLAINT
    with lotskoping.unit_of_work() as uow:
        rules = [one.rule_ids for one in uow.alerts.of_case(case.id)]
    assert ("A15",) in rules


def test_nobody_else_says_what_a_case_is(lotskoping: Lotskoping):
    case = of_kind(lotskoping, CaseKind.PRAISE)
    with pytest.raises(NotAllowed):
        changed(lotskoping, case, CaseKind.COMPLAINT, ERIK)


def test_a_proposal_to_dismiss_praise_does_not_end_a_complaint(lotskoping: Lotskoping):
    case = of_kind(lotskoping, CaseKind.PRAISE)
    do(lotskoping, case, case_handling.acknowledge)
    do(
        lotskoping,
        case,
        lambda d: dismissing.propose_dismissal(d, code="not_a_deviation", reason="Ett tack"),
    )
    assert changed(lotskoping, case, CaseKind.COMPLAINT).dismissal is None


def test_the_kind_is_changed_on_the_page(lotskoping: Lotskoping):
    case = of_kind(lotskoping, CaseKind.PRAISE)
    maria = Browser(lotskoping, MARIA)
    page = maria.do(case, "slag", kind="complaint", reason="")
    assert lotskoping.case(case.id).kind == CaseKind.COMPLAINT
    assert "Slaget ändrades från Beröm till Klagomål" in page
    assert 'value="praise"' not in page
    assert 'id="svara"' in page
    registrator = Browser(lotskoping, BENGT)
    assert 'value="praise"' in registrator.page(f"/arenden/{case.id}")


def mailed(lotskoping: Lotskoping, sender: str, kind: CaseKind = CaseKind.DEVIATION) -> Case:
    post = Post(lotskoping)
    post.comes("En boende fick vänta länge på hjälp i natt på Björkgården.", From=sender)
    [case] = post.cases()
    with lotskoping.unit_of_work() as uow:
        taken = replace(case, kind=kind, unit_id="bjorkgarden", answer_on=None)
        stored = uow.cases.save(replace(taken, manager_involved=False, look_on=None))
        uow.commit()
    return stored


def test_calling_a_report_of_staff_praise_shows_nobody_who_reported_it(lotskoping: Lotskoping):
    case = mailed(lotskoping, "Ylva <ylva@mail.example>")
    agneta = Browser(lotskoping, AGNETA)
    assert "ylva@mail" not in agneta.page(f"/arenden/{case.id}")
    with pytest.raises(UserFault, match="empty_text"):
        changed(lotskoping, case, CaseKind.PRAISE, AGNETA)
    page = agneta.do(case, "slag", kind="praise", reason="Det är ett tack")
    assert lotskoping.case(case.id).kind == CaseKind.PRAISE
    for text in (page, Browser(lotskoping, BENGT).page(f"/arenden/{case.id}")):
        assert "ylva@mail" not in text
        assert "Ylva" not in text
    assert "Ylva" in Browser(lotskoping, MARIA).page(f"/arenden/{case.id}")


def test_the_package_of_a_report_called_a_complaint_names_no_colleague(lotskoping: Lotskoping):
    case = mailed(lotskoping, "Ylva <ylva@mail.example>")
    changed(lotskoping, case, CaseKind.COMPLAINT, AGNETA, "En närstående skrev")
    for person, named in ((AGNETA, False), (MARIA, True)):
        with lotskoping.unit_of_work() as uow:
            desk = lotskoping.desk(uow, case, person)
            _, content = export_case(lotskoping.services, desk)
        assert any("avsandare" in name for name in ZipFile(BytesIO(content)).namelist()) == named


def test_mas_may_say_that_an_outsider_wrote_but_not_of_a_colleague(lotskoping: Lotskoping):
    outsider = mailed(lotskoping, "Ylva <ylva@mail.example>")
    changed(lotskoping, outsider, CaseKind.COMPLAINT, INGER)
    assert "ylva@mail" in Browser(lotskoping, BENGT).page(f"/arenden/{outsider.id}")


def test_mas_does_not_show_a_colleague_by_calling_her_report_a_complaint(lotskoping: Lotskoping):
    with lotskoping.unit_of_work() as uow:
        email = next(p.email for p in uow.organisation.people if p.id == ERIK)
    colleague = mailed(lotskoping, f"En kollega <{email}>")
    changed(lotskoping, colleague, CaseKind.COMPLAINT, INGER)
    page = Browser(lotskoping, BENGT).page(f"/arenden/{colleague.id}")
    assert email not in page
    assert "En kollega" not in page


def test_the_sender_of_what_came_as_a_complaint_stays_known_to_the_register(
    lotskoping: Lotskoping,
):
    case = mailed(lotskoping, "Ylva <ylva@mail.example>", CaseKind.PRAISE)
    changed(lotskoping, case, CaseKind.COMPLAINT)
    assert "ylva@mail" in Browser(lotskoping, BENGT).page(f"/arenden/{case.id}")
