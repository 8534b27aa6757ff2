"""A report from the staff about their own manager, through the dialogue of every door."""

import pytest

from bot.conversation import InboundMessage, receive
from handlers.dialogue.state import Command, Prompt, PromptKind, UserInput
from handlers.domain.case import Case
from handlers.handing_over import open_handover
from handlers.permissions import Action
from handlers.records import Handover, Purpose
from handlers.todo import todos_of
from tests.bot.test_access_log import browser
from tests.handlers.test_held_case import todos, told_of_case
from tests.handlers.test_involved_manager import listed
from tests.lotskoping import AGNETA, BENGT, INGER, JONAS, MARIA, MONIKA, SKIP, Lotskoping

ORDINARY = "Vi hittade personen på golvet vid sängen i morse. Ingen synlig skada."
ABOUT = (
    "Chefen slog den boende i ansiktet vid lunchen.",
    "Enhetschefen gav fel medicin till en boende och sa åt oss att inte rapportera.",
    "Min chef är inblandad. Hon tog pengar ur en boendes plånbok.",
)
BOX = "Min chef är inblandad"


class Staff:
    """Somebody who reports in one of the doors."""

    def __init__(self, lotskoping: Lotskoping, conversation: str, form: str) -> None:
        self.lotskoping = lotskoping
        self.conversation = conversation
        self.form = form
        self.steps = 0

    def say(self, said: UserInput) -> Prompt:
        self.steps += 1
        turn = InboundMessage(
            channel=self.conversation.partition(":")[0],
            conversation_id=self.conversation,
            message_id=f"{self.conversation}-{self.form}-{self.steps}",
            user_input=said,
            form_id=self.form,
            new_report=self.steps == 1,
        )
        return receive(self.lotskoping.services, turn)[-1]

    def to_summary(self, story: str, **more: str) -> Prompt:
        answers = {
            "danger": "no", "when": "today", "where": "bjorkgarden", "background": "no",
            "harm": "nobody", "could": "mild", "category": "other", "who": "relative", **more,
        }  # fmt: skip
        prompt = self.say(UserInput(command=Command.RESUME))
        while prompt.kind != PromptKind.SUMMARY:
            wanted = prompt.question_id
            if wanted == "what":
                prompt = self.say(UserInput(text=story))
            elif wanted in {"category", "who", "done"} or wanted not in answers:
                options = [one.choice for one in prompt.choices if one.choice]
                known = UserInput(choice=options[0]) if options else UserInput(text="Ja, en")
                prompt = self.say(SKIP if wanted == "prevent" else known)
            else:
                prompt = self.say(UserInput(choice=answers[wanted]))
            assert self.steps < 25
        return prompt

    def sent(self) -> Prompt:
        return self.say(UserInput(command=Command.SUBMIT))

    def case(self) -> Case:
        number = self.sent().case_number
        with self.lotskoping.unit_of_work() as uow:
            case = uow.cases.find_number(number)
        assert case is not None
        return case


def box_of(prompt: Prompt) -> str:
    [label] = [one.label for one in prompt.commands if BOX in one.label]
    return label


@pytest.mark.parametrize("form", ["deviation", "risk", "passed_on", "work"])
@pytest.mark.parametrize("conversation", ["webchat:a", "slack:a", "teams:a", "console:a"])
def test_the_box_stands_at_the_summary_in_every_door(
    lotskoping: Lotskoping, form: str, conversation: str
):
    staff = Staff(lotskoping, conversation, form)
    summary = staff.to_summary(ORDINARY)
    assert box_of(summary) == f"☐ {BOX}"
    assert "chef" in summary.help
    ticked = staff.say(UserInput(command=Command.TICK))
    assert (ticked.kind, box_of(ticked)) == (PromptKind.SUMMARY, f"☑ {BOX}")
    assert ("Chefen inblandad", "Ja") in [(one.label, one.answer) for one in ticked.lines]
    again = staff.say(UserInput(command=Command.TICK))
    assert box_of(again) == f"☑ {BOX}"
    assert box_of(staff.say(UserInput(command=Command.UNTICK))) == f"☐ {BOX}"
    assert box_of(staff.say(UserInput(text=BOX))) == f"☑ {BOX}"


def test_the_box_costs_no_step_and_is_never_asked(lotskoping: Lotskoping):
    staff = Staff(lotskoping, "webchat:a", "deviation")
    summary = staff.to_summary(ORDINARY)
    assert summary.kind == PromptKind.SUMMARY
    assert staff.steps <= 9
    assert "manager_involved" not in {one.question_id for one in summary.lines}


@pytest.mark.parametrize("form", ["deviation", "risk"])
def test_a_ticked_report_goes_to_the_manager_above_and_to_sas_and_never_to_the_manager(
    lotskoping: Lotskoping, form: str
):
    staff = Staff(lotskoping, "webchat:a", form)
    staff.to_summary(ORDINARY)
    staff.say(UserInput(command=Command.TICK))
    case = staff.case()
    assert (case.manager_involved, case.is_held) == (True, False)
    told = told_of_case(lotskoping, case)
    assert {AGNETA, MONIKA} <= told
    assert not {MARIA, JONAS, BENGT} & told
    for action in (Action.LIST, Action.COUNT, Action.EXPORT, Action.BE_TOLD):
        assert listed(lotskoping, MARIA, action) == []
    with lotskoping.unit_of_work() as uow:
        report = uow.reports.of_case(case.id)
    assert report is not None
    assert report.reporter.confidential


def test_an_unticked_report_goes_to_the_manager_as_before(lotskoping: Lotskoping):
    staff = Staff(lotskoping, "webchat:a", "deviation")
    staff.to_summary(ORDINARY)
    for command in (Command.TICK, Command.UNTICK):
        staff.say(UserInput(command=command))
    case = staff.case()
    assert not case.manager_involved
    assert MARIA in told_of_case(lotskoping, case)


@pytest.mark.parametrize("story", ABOUT)
@pytest.mark.parametrize("form", ["deviation", "risk", "misconduct"])
def test_a_report_whose_words_may_be_about_the_manager_is_held_like_a_complaint(
    lotskoping: Lotskoping, story: str, form: str
):
    staff = Staff(lotskoping, "slack:a", form)
    staff.to_summary(story, manager_involved="unknown", identity="hidden")
    case = staff.case()
    assert case.is_held
    assert listed(lotskoping, MARIA) == []
    told = told_of_case(lotskoping, case)
    assert MONIKA in told
    assert not {MARIA, JONAS, BENGT} & told
    assert [one.step for one in todos(lotskoping, MONIKA) if one.number == case.number]
    with lotskoping.unit_of_work() as uow:
        [rules] = {a.rule_ids for a in uow.alerts.of_case(case.id) if "A16" in a.rule_ids}
    assert rules


def test_whoever_says_no_to_the_question_of_misconduct_is_taken_at_their_word(
    lotskoping: Lotskoping,
):
    staff = Staff(lotskoping, "webchat:a", "misconduct")
    staff.to_summary(ABOUT[0], manager_involved="no", identity="hidden")
    assert not staff.case().manager_involved


def test_what_the_staff_report_is_not_the_registrators_to_look_at(lotskoping: Lotskoping):
    staff = Staff(lotskoping, "webchat:a", "deviation")
    staff.to_summary(ABOUT[0])
    case = staff.case()
    assert listed(lotskoping, BENGT) == []
    assert listed(lotskoping, AGNETA) == []
    for person in (MONIKA, INGER):
        assert listed(lotskoping, person) == [case.id]


def test_a_ticked_report_about_the_manager_above_goes_past_her_too(lotskoping: Lotskoping):
    staff = Staff(lotskoping, "webchat:a", "deviation")
    staff.to_summary("Verksamhetschefen slog en boende i matsalen.")
    staff.say(UserInput(command=Command.TICK))
    case = staff.case()
    assert (case.manager_involved, case.is_held) == (True, False)
    assert AGNETA not in told_of_case(lotskoping, case)
    assert listed(lotskoping, AGNETA) == []


def only_matter(lotskoping: Lotskoping) -> Handover:
    with lotskoping.unit_of_work() as uow:
        [found] = uow.handovers.where(form_id="work")
    return found


def has_matter(lotskoping: Lotskoping, person: str) -> bool:
    with lotskoping.unit_of_work() as uow:
        found = todos_of(uow, lotskoping.services.municipality, person, lotskoping.clock())
    return any(one.step == "todo.work" for one in found)


@pytest.mark.parametrize(
    ("story", "ticks"), [("Vi har för lite folk.", True), ("Min chef skriker åt oss.", False)]
)
def test_a_matter_of_the_work_environment_about_the_manager_goes_to_the_manager_above(
    lotskoping: Lotskoping, story: str, ticks: bool
):
    staff = Staff(lotskoping, "webchat:a", "work")
    summary = staff.to_summary(story)
    if ticks:
        summary = staff.say(UserInput(command=Command.TICK))
        assert "chefs chef" in summary.text
        assert summary.choices[0].label == "Skicka förbi min chef"
    assert "chefens chef" in staff.sent().text
    matter = only_matter(lotskoping)
    told = {q.message.person_id for q in lotskoping.outbox() if q.message.purpose == Purpose.NOTICE}
    assert AGNETA in told
    assert not {MARIA, JONAS} & told
    assert has_matter(lotskoping, AGNETA)
    assert not has_matter(lotskoping, MARIA)
    with lotskoping.unit_of_work() as uow:
        now = lotskoping.clock()
        assert open_handover(uow, matter.id, MARIA, now) is None
        assert open_handover(uow, matter.id, AGNETA, now) is not None
    above = browser(lotskoping, AGNETA)
    assert "kan handla om enhetens chef" in above.get(f"/overlamning/{matter.id}").text
    assert browser(lotskoping, MARIA).get(f"/overlamning/{matter.id}").status_code == 404
    above.post(f"/overlamning/{matter.id}/forts")
    assert "Fråga din chef" not in lotskoping.outbox()[-1].message.text
    assert matter.number in lotskoping.outbox()[-1].message.subject


@pytest.mark.parametrize("ticks", [True, False])
def test_a_matter_about_the_manager_above_goes_past_her_to_sas(lotskoping: Lotskoping, ticks: bool):
    staff = Staff(lotskoping, "webchat:a", "work")
    staff.to_summary(
        "Verksamhetschefen Agneta Holmlid skriker åt oss varje dag och hotar oss. "
        "Vi är rädda för chefen."
    )
    if ticks:
        staff.say(UserInput(command=Command.TICK))
    receipt = staff.sent().text
    assert "till någon annan" in receipt
    assert "till chefens chef" not in receipt
    matter = only_matter(lotskoping)
    told = {q.message.person_id for q in lotskoping.outbox() if q.message.purpose == Purpose.NOTICE}
    assert told == {MONIKA}
    assert not has_matter(lotskoping, AGNETA)
    assert has_matter(lotskoping, MONIKA)
    for manager in (AGNETA, MARIA):
        assert browser(lotskoping, manager).get(f"/overlamning/{matter.id}").status_code == 404
        answer = browser(lotskoping, manager).post(f"/overlamning/{matter.id}/forts")
        assert answer.status_code == 404
    sas = browser(lotskoping, MONIKA)
    assert "om chefen ovanför" in sas.get(f"/overlamning/{matter.id}").text
    sas.post(f"/overlamning/{matter.id}/forts")
    assert "chefens chef" not in lotskoping.outbox()[-1].message.text


def test_an_ordinary_matter_goes_to_the_manager(lotskoping: Lotskoping):
    staff = Staff(lotskoping, "webchat:a", "work")
    staff.to_summary("Vi har för lite folk på kvällarna.")
    assert "till din chef" in staff.sent().text
    assert has_matter(lotskoping, MARIA)


def test_what_is_both_care_and_work_passes_the_manager_in_both(lotskoping: Lotskoping):
    story = "Jag fick ett slag i ryggen när en boende föll i duschen. Det är en arbetsskada."
    staff = Staff(lotskoping, "webchat:a", "deviation")
    staff.to_summary(story, matter="both")
    staff.say(UserInput(command=Command.TICK))
    case = staff.case()
    assert case.manager_involved
    assert only_matter(lotskoping).past_manager


@pytest.mark.parametrize("conversation", ["webchat:a", "slack:a", "teams:a"])
def test_what_is_added_about_the_manager_is_held_beside_the_case_that_the_manager_reads(
    lotskoping: Lotskoping, conversation: str
):
    staff = Staff(lotskoping, conversation, "deviation")
    staff.to_summary(ORDINARY)
    first = staff.case()
    before = {q.message.dedupe_key for q in lotskoping.outbox()}
    staff.say(UserInput(choice=f"add:{first.number}"))
    staff.say(UserInput(text="Chefen slog henne och låste in henne."))
    receipt = staff.sent()
    assert receipt.case_number != first.number
    assert "tillagt" not in receipt.text
    with lotskoping.unit_of_work() as uow:
        held = uow.cases.find_number(receipt.case_number)
        assert held is not None
        assert [one.kind for one in uow.cases.events(first.id)] == ["opened"]
    assert lotskoping.case(first.id).version == first.version
    assert held.number in staff.say(UserInput(command=Command.MY_REPORTS)).text
    assert held.is_held
    assert (held.unit_id, set(held.manager_involved_ids)) == ("bjorkgarden", {MARIA, JONAS})
    new = [q.message for q in lotskoping.outbox() if q.message.dedupe_key not in before]
    assert MONIKA in {one.person_id for one in new}
    assert not {MARIA, JONAS} & {one.person_id for one in new}
    assert listed(lotskoping, MARIA) == [first.id]


def test_an_ordinary_addition_goes_into_the_case(lotskoping: Lotskoping):
    staff = Staff(lotskoping, "webchat:a", "deviation")
    staff.to_summary(ORDINARY)
    first = staff.case()
    staff.say(UserInput(choice=f"add:{first.number}"))
    staff.say(UserInput(text="Hon har lite ont i armen i dag."))
    assert staff.sent().case_number == first.number
