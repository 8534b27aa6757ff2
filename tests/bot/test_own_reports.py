"""Drafts, sent reports, additions, votes, confidential and anonymous reporters, hand-overs."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from bot.conversation import InboundMessage, receive
from bot.receipt_codes import DIGITS, code_of, conversation_of, hash_of, new_token
from handlers import case_handling
from handlers.access import access_of
from handlers.dialogue.state import Command, DraftStatus, Prompt, PromptKind, UserInput
from handlers.domain.case import Case
from handlers.domain.risk import Likelihood, Severity
from handlers.handing_over import open_handover
from handlers.permissions import Action
from storage import tables
from tests.lotskoping import AGNETA, INGER, JONAS, MARIA, MONIKA, Lotskoping

NADIA = "nadia-anstalld"  # of the staff, without a role


class Person:
    """Somebody who reports in one conversation."""

    def __init__(
        self,
        lotskoping: Lotskoping,
        conversation: str,
        *,
        person_id: str = "",
        form: str = "deviation",
        code_hash: str = "",
        unit_id: str = "",
    ) -> None:
        self.lotskoping = lotskoping
        self.conversation = conversation
        self.person_id = person_id
        self.form = form
        self.code_hash = code_hash
        self.unit_id = unit_id
        self.turns = 0

    def say(
        self, text: str = "", *, choice: str = "", command: Command = Command.NONE
    ) -> tuple[Prompt, ...]:
        self.turns += 1
        return receive(
            self.lotskoping.services,
            InboundMessage(
                channel=self.conversation.partition(":")[0],
                conversation_id=self.conversation,
                message_id=f"own-{self.turns}",
                user_input=UserInput(text=text, choice=choice, command=command),
                form_id=self.form,
                person_id=self.person_id,
                code_hash=self.code_hash,
                unit_id=self.unit_id,
            ),
        )

    def says(self, *lines: str) -> tuple[Prompt, ...]:
        prompts: tuple[Prompt, ...] = ()
        for line in lines:
            prompts = self.say(line)
        return prompts

    def begin(self) -> tuple[Prompt, ...]:
        return self.say(command=Command.RESUME)

    def misconduct(self, involved: str = "nej", identity: str = "Bara SAS och MAS") -> Case:
        self.form = "misconduct"
        self.begin()
        prompts = self.says(
            "nej",
            "På Solrosen låser man in en boende i går kväll",
            involved,
            "1",
            identity,
            "1",
            "ja",
        )
        with self.lotskoping.unit_of_work() as uow:
            case = uow.cases.find_number(prompts[-1].case_number)
        assert case is not None
        return case


def closed(lotskoping: Lotskoping, case: Case, feedback: str = "Tack, listan är ändrad.") -> None:
    with lotskoping.unit_of_work() as uow:
        desk = lotskoping.desk(uow, case, MARIA)
        case_handling.assess_risk(desk, severity=Severity.MINOR, likelihood=Likelihood.RARE)
        case_handling.write_feedback(desk, text=feedback)
        case_handling.close_without_investigation(desk, reason="Klart direkt.")
        uow.commit()


def stored_text(lotskoping: Lotskoping) -> str:
    """Everything that the database holds, as one text."""
    found = []
    with lotskoping.unit_of_work() as uow:
        for table in tables.metadata.sorted_tables:
            found += [repr(tuple(row)) for row in uow.connection.execute(select(table))]
    return "\n".join(found)


def test_a_report_begun_in_one_channel_goes_on_in_another_for_the_same_person(
    lotskoping: Lotskoping,
):
    in_teams = Person(lotskoping, "teams:t:1", person_id=MARIA)
    in_teams.begin()
    in_teams.says("nej", "Fel dos gavs")
    in_slack = Person(lotskoping, "slack:T:U", person_id=MARIA)
    prompts = in_slack.begin()
    assert "på ett annat ställe" in prompts[0].text
    assert prompts[-1].question_id == "when"
    with lotskoping.unit_of_work() as uow:
        draft = uow.drafts.latest("slack:T:U")
        assert uow.drafts.latest("teams:t:1") is None
    assert draft is not None
    assert draft.state.answers["what"].text == "Fel dos gavs"


def test_nobody_else_gets_a_draft(lotskoping: Lotskoping):
    Person(lotskoping, "teams:t:1", person_id=MARIA).say(command=Command.RESUME)
    first = Person(lotskoping, "teams:t:1", person_id=MARIA)
    first.turns = 10
    first.says("nej", "Fel dos gavs")
    for other in (
        Person(lotskoping, "slack:T:U", person_id=JONAS),
        Person(lotskoping, "slack:T:V", person_id=""),
    ):
        assert other.begin()[-1].question_id == "danger"
        assert other.say(choice=f"draft:{_draft_id(lotskoping)}")[-1].kind == PromptKind.NOTICE


def _draft_id(lotskoping: Lotskoping) -> str:
    with lotskoping.unit_of_work() as uow:
        draft = uow.drafts.latest("teams:t:1")
    assert draft is not None
    return draft.id


def test_another_form_begins_beside_what_is_written_and_the_draft_is_found_again(
    lotskoping: Lotskoping,
):
    person = Person(lotskoping, "webchat:a")
    person.begin()
    person.says("nej", "Fel dos gavs")
    assert person.say(command=Command.RISK)[-1].question_id == "danger"
    person.says("nej")
    listed = person.say(command=Command.DRAFTS)[-1]
    assert len(listed.choices) == 4
    prompts = person.say(choice=listed.choices[2].choice)
    assert prompts[-1].question_id == "when"


def test_a_thrown_away_draft_is_gone(lotskoping: Lotskoping):
    person = Person(lotskoping, "webchat:a")
    person.begin()
    person.says("nej", "Fel dos gavs")
    listed = person.say(command=Command.DRAFTS)[-1]
    prompts = person.say(choice=listed.choices[1].choice)
    assert "borta" in prompts[0].text
    with lotskoping.unit_of_work() as uow:
        assert uow.drafts.latest("webchat:a") is None


def test_my_reports_show_status_and_answer_and_take_a_vote(lotskoping: Lotskoping):
    case = lotskoping.report(conversation="webchat:a")
    person = Person(lotskoping, "webchat:a")
    listed = person.say(command=Command.MY_REPORTS)[-1]
    assert f"{case.number}: Inkommen" in listed.text
    assert [choice.choice for choice in listed.choices] == [f"add:{case.number}"]
    closed(lotskoping, case)
    listed = person.say("mina rapporter")[-1]
    assert "Svar: Tack, listan är ändrad." in listed.text
    assert "sparat" in person.say(choice=f"up:{case.number}")[0].text
    person.say(choice=f"down:{case.number}")
    now = lotskoping.clock()
    with lotskoping.unit_of_work() as uow:
        assert uow.reports.votes(now - timedelta(days=1), now + timedelta(days=1)) == (0, 1)


def test_nobody_votes_on_or_adds_to_the_report_of_another(lotskoping: Lotskoping):
    case = lotskoping.report(conversation="webchat:a")
    closed(lotskoping, case)
    stranger = Person(lotskoping, "webchat:b")
    for choice in (f"up:{case.number}", f"add:{case.number}"):
        assert "inte skickat någon rapport" in stranger.say(choice=choice)[-1].text
    now = lotskoping.clock()
    with lotskoping.unit_of_work() as uow:
        assert uow.reports.votes(now - timedelta(days=1), now + timedelta(days=1)) == (0, 0)


def test_an_addition_goes_into_the_case_and_tells_its_manager(lotskoping: Lotskoping):
    case = lotskoping.report(conversation="webchat:a")
    lotskoping.outbox()
    person = Person(lotskoping, "webchat:a")
    assert person.say(choice=f"add:{case.number}")[-1].question_id == "more"
    receipt = person.says("Det var fel rum", "ja")[-1]
    assert receipt.case_number == case.number
    person.say(command=Command.SUBMIT)
    with lotskoping.unit_of_work() as uow:
        reports = uow.reports.all_of_case(case.id)
        sent = uow.reports.sent_by("webchat:a", "")
    assert [report.form_id for report in reports] == ["deviation", "addition"]
    assert reports[1].text_of("more") == "Det var fel rum"
    assert len(sent) == 1
    told = [q.message for q in lotskoping.outbox() if "Mer i ärende" in q.message.subject]
    assert [message.person_id for message in told] == [MARIA]
    assert "rum" not in told[0].text


def test_misconduct_hides_who_reports_from_the_manager_and_still_answers(lotskoping: Lotskoping):
    person = Person(lotskoping, "slack:T:U", person_id="")
    case = person.misconduct()
    assert case.possible_misconduct
    with lotskoping.unit_of_work() as uow:
        shown = uow.reports.of_case(case.id)
        answered = uow.reports.reporter_of(case.id)
        mine = uow.reports.sent_by("slack:T:U", "")
    assert shown is not None
    assert answered is not None
    assert (shown.reporter.address, shown.reporter.confidential) == ("", True)
    assert answered.address == "slack:T:U"
    assert [one.case.number for one in mine] == [case.number]


def test_who_wants_it_reports_misconduct_openly(lotskoping: Lotskoping):
    case = Person(lotskoping, "slack:T:U").misconduct(identity="Den som tar hand om ärendet")
    with lotskoping.unit_of_work() as uow:
        shown = uow.reports.of_case(case.id)
    assert shown is not None
    assert shown.reporter.address == "slack:T:U"


def test_an_involved_manager_learns_nothing_and_the_one_above_and_sas_do(lotskoping: Lotskoping):
    case = Person(lotskoping, "slack:T:U").misconduct(involved="Ja, min chef är inblandad")
    told = {queued.message.person_id for queued in lotskoping.outbox()}
    assert {AGNETA, MONIKA} <= told
    assert not told & {JONAS, MARIA}
    with lotskoping.unit_of_work() as uow:
        for person_id, may in ((JONAS, False), (MARIA, False), (AGNETA, True), (MONIKA, True)):
            access = access_of(uow, lotskoping.services.municipality, person_id, lotskoping.clock())
            assert access.may(Action.OPEN, case) is may


def test_an_anonymous_report_leaves_nothing_of_its_person(lotskoping: Lotskoping):
    token, secret = new_token(), lotskoping.services.secret
    lotskoping.clock.advance(minutes=37)
    code = code_of(token, secret)
    person = Person(
        lotskoping,
        conversation_of(token),
        person_id=NADIA,
        code_hash=hash_of(code, secret),
    )
    case = person.misconduct()
    text = stored_text(lotskoping)
    digits = code.replace(" ", "")
    assert len(digits) == DIGITS
    for trace in (token, NADIA, code, digits):
        assert trace not in text
    assert (case.received_at.minute, case.received_at.second) == (0, 0)
    with lotskoping.unit_of_work() as uow:
        report = uow.reports.of_case(case.id)
        found = uow.reports.sent_with_code(hash_of(digits, secret))
        wrong = uow.reports.sent_with_code(hash_of("1234 5678 9012 3456", secret))
        nothing = uow.reports.sent_with_code(hash_of("", secret))
    assert report is not None
    assert (report.reporter.address, report.reporter.person_id) == ("", "")
    assert [one.case.id for one in found] == [case.id]
    assert not wrong
    assert not nothing


def test_closing_an_anonymous_case_sends_nothing_into_the_void(lotskoping: Lotskoping):
    token, secret = new_token(), lotskoping.services.secret
    code = hash_of(code_of(token, secret), secret)
    person = Person(lotskoping, conversation_of(token), code_hash=code)
    person.begin()
    prompts = person.says(
        "nej", "Fel dos på Björkgården i går", "nej", "1", "hoppa över", "hoppa över", "1", "ja"
    )
    with lotskoping.unit_of_work() as uow:
        case = uow.cases.find_number(prompts[-1].case_number)
    assert case is not None
    closed(lotskoping, case)
    assert all(queued.message.recipient for queued in lotskoping.outbox())


def handed_over(lotskoping: Lotskoping) -> Person:
    person = Person(lotskoping, "webchat:n", form="nurse")
    person.begin()
    person.says("nej", "Solrosen", "Trött och varm, vill inte äta", "hoppa över", "1", "1")
    person.says("temp 38,9", "nej", "Kommer hit nu", "070-174 06 05, undersköterska", "Klart")
    return person


def with_nurse_mail(lotskoping: Lotskoping) -> Lotskoping:
    services = lotskoping.services
    known = replace(services.municipality, nurse_email="jour@lotskoping.example")
    lotskoping.services = replace(services, municipality=known)
    return lotskoping


def test_the_nurse_on_duty_is_told_where_and_reads_whom_to_call(lotskoping: Lotskoping):
    handed_over(with_nurse_mail(lotskoping))
    [mail] = [one.message for one in lotskoping.outbox()]
    assert "Solrosens demensboende" in mail.text
    assert "070-174" not in mail.text
    assert "38,9" not in mail.text
    with lotskoping.unit_of_work() as uow:
        [kept] = uow.handovers.where()
    assert kept.unit_id == "solrosen"
    assert dict(kept.lines)["Ring tillbaka"] == "070-174 06 05, undersköterska"


def test_the_posters_unit_is_guessed_in_the_guide_for_the_nurse(lotskoping: Lotskoping):
    person = Person(lotskoping, "webchat:n", form="nurse", unit_id="gruppbostad-eken")
    person.begin()
    assert person.say("nej")[-1].question_id == "state"
    prompts = person.says("Trött och varm", "hoppa över", "1", "1", "hoppa över", "nej",
                          "Kommer hit nu", "hoppa över")  # fmt: skip
    [where] = [line for line in prompts[-1].lines if line.question_id == "where"]
    assert (where.answer, where.guessed) == ("Gruppbostaden Eken (jag gissar)", True)
    person.say("Klart")
    with lotskoping.unit_of_work() as uow:
        [kept] = uow.handovers.where()
    assert kept.unit_id == "gruppbostad-eken"


def test_a_hand_over_is_no_case_and_is_erased_with_every_turn_of_it(lotskoping: Lotskoping):
    handed_over(lotskoping)
    with lotskoping.unit_of_work() as uow:
        [kept] = uow.handovers.where()
        assert list(uow.cases.listed(None, open_only=False)) == []
        assert open_handover(uow, kept.id, INGER, lotskoping.clock()) is not None
        uow.commit()
    assert "38,9" in stored_text(lotskoping)
    lotskoping.clock.advance(hours=12)
    with lotskoping.unit_of_work() as uow:
        assert open_handover(uow, kept.id, INGER, lotskoping.clock()) is None
        uow.erase_due(lotskoping.clock())
        uow.commit()
    assert "38,9" not in stored_text(lotskoping)
    assert "070-174" not in stored_text(lotskoping)
    assert "vill inte äta" not in stored_text(lotskoping)


def test_a_hand_over_goes_on_as_a_report_with_what_was_said(lotskoping: Lotskoping):
    person = handed_over(lotskoping)
    prompts = person.say(command=Command.REPORT)
    assert prompts[-1].question_id == "danger"
    with lotskoping.unit_of_work() as uow:
        draft = uow.drafts.latest("webchat:n")
    assert draft is not None
    assert draft.state.form_id == "deviation"
    assert draft.state.answers["what"].text == "Trött och varm, vill inte äta"
    assert draft.state.answers["where"].value == "solrosen"


def test_a_turn_long_gone_shows_where_things_stand_and_does_nothing_again(lotskoping: Lotskoping):
    person = Person(lotskoping, "webchat:a")
    person.begin()
    person.says("nej", "Fel dos gavs")
    lotskoping.clock.advance(days=2)
    with lotskoping.unit_of_work() as uow:
        assert uow.erase_due(lotskoping.clock()) == 3
        uow.commit()
    person.turns -= 1
    assert person.say("Fel dos gavs")[-1].question_id == "when"


def test_a_draft_is_kept_two_weeks_and_then_erased(lotskoping: Lotskoping):
    person = Person(lotskoping, "webchat:a")
    person.begin()
    person.says("nej", "Fel dos gavs")
    for days, kept in ((13, True), (2, False)):
        lotskoping.clock.advance(days=days)
        with lotskoping.unit_of_work() as uow:
            uow.erase_due(lotskoping.clock())
            assert (uow.drafts.latest("webchat:a") is not None) is kept
            uow.commit()


def test_the_unit_of_the_poster_is_the_persons_own(lotskoping: Lotskoping):
    person = Person(lotskoping, "webchat:a", unit_id="solrosen")
    person.begin()
    prompts = person.says("nej", "Fel dos gavs")
    assert ("where", "Solrosens demensboende (jag gissar)") in [
        (line.question_id, line.answer) for prompt in prompts for line in prompt.lines
    ]


def test_a_matter_of_the_work_environment_is_routed_on_and_no_case(lotskoping: Lotskoping):
    person = Person(lotskoping, "webchat:w")
    person.begin()
    receipt = person.says(
        "nej", "Jag halkade på isen i går på Solrosen", "Bara oss som arbetar här", "ja"
    )[-1]
    assert receipt.case_number == "AM-2026-00001"
    assert [q.message.person_id for q in lotskoping.outbox()] == [JONAS]
    with lotskoping.unit_of_work() as uow:
        assert list(uow.cases.listed(None, open_only=False)) == []
        draft = uow.drafts.latest("webchat:w")
    assert draft is not None
    assert draft.state.status == DraftStatus.SUBMITTED
