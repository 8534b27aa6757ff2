"""What becomes of a finished form: a case, a hand-over, or an addition to a case."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.scene import Prompts, Scene
from handlers import asides, handing_over, own_reports, reporting
from handlers.dialogue.engine import receipt
from handlers.dialogue.prompts import summary_prompt
from handlers.dialogue.state import (
    Command,
    DraftStatus,
    Prompt,
    PromptChoice,
    PromptKind,
)
from handlers.domain.case import FROM_OUTSIDE, Case
from handlers.domain.report import Answer
from handlers.forms.form import Form, Outcome, QuestionType
from handlers.ports import TextAnalysis
from handlers.records import Draft, Handover


@dataclass(frozen=True, slots=True)
class Sending:
    scene: Scene

    def submit(self, draft: Draft) -> tuple[Draft, Prompts]:
        self.scene.save(draft)
        match self.scene.services.forms[draft.state.form_id].outcome:
            case Outcome.CASE:
                return self._submit_case(draft)
            case Outcome.HANDOVER:
                return self._hand_over(draft)
            case Outcome.ADDITION:
                case = self._added(draft)
                return self._sent(draft, _receipt_of(draft, case), case.number)

    def _added(self, draft: Draft) -> Case:
        services = self.scene.services
        words = own_words(services.forms[draft.state.form_id], draft.state.answers)
        analysis = services.analyst.analyse(words)
        return own_reports.add_to_case(
            self.scene.uow,
            draft,
            self.scene.now,
            services.municipality,
            analysis,
            told_at=services.clock(),
        )

    def _submit_case(self, draft: Draft) -> tuple[Draft, Prompts]:
        number = self.scene.uow.reports.case_number_of_draft(draft.id)
        told: Prompts = ()
        if number is None:
            services = self.scene.services
            form = services.forms[draft.state.form_id]
            words = own_words(form, draft.state.answers)
            analysis = services.analyst.analyse(words)
            case = reporting.submit_report(
                self.scene.uow,
                draft,
                analysis,
                self.scene.now,
                services.municipality,
                code_hash=self.scene.message.code_hash if self.scene.message.is_anonymous else "",
                told_at=services.clock(),
            )
            number = case.number
            told = (*self._advice(case, analysis), *self._work_too(draft))
        anonymous = self.scene.message.is_anonymous
        key = "dialogue.receipt_anonymous" if anonymous else "dialogue.receipt"
        sent, prompts = self._sent(draft, key, number)
        return sent, (*told, *prompts)

    def _advice(self, case: Case, analysis: TextAnalysis) -> Prompts:
        """Tell what to do with a device that failed, before it is thrown away or mended."""
        rules = self.scene.services.municipality.alert_rules
        advice = asides.advice_of(case.category, analysis.rule_ids, rules)
        keys = asides.words_for(advice, staff=case.kind not in FROM_OUTSIDE)
        return tuple(self.scene.notice(key) for key in keys)

    def _work_too(self, draft: Draft) -> Prompts:
        """Route a matter on that is about the staff's work environment too."""
        if draft.state.answers.get("matter", Answer()).value != "both":
            return ()
        copy = self.scene.in_form(draft, handing_over.WORK)
        found = self._handed_over(copy)
        return (self.scene.notice(_above("dialogue.work_too", found)),)

    def _hand_over(self, draft: Draft) -> tuple[Draft, Prompts]:
        found = self._handed_over(draft)
        municipality = self.scene.services.municipality
        if found.form_id == handing_over.WORK:
            return self._sent(draft, _above("dialogue.receipt_work", found), found.number)
        key = "dialogue.receipt_nurse"
        key = key if municipality.nurse_email else f"{key}_alone"
        link = municipality.handover_link(found.id)
        text = self.scene.say(key, link=link, hours=municipality.handover_hours)
        onward = PromptChoice(label=self.scene.say("choice.make_report"), command=Command.REPORT)
        done = replace(draft, state=replace(draft.state, status=DraftStatus.SUBMITTED))
        return done, (Prompt(kind=PromptKind.RECEIPT, text=text, choices=(onward,)),)

    def _handed_over(self, draft: Draft) -> Handover:
        form = self.scene.services.forms[draft.state.form_id]
        lines = summary_prompt(form, draft.state, self.scene.context(draft.state)).lines
        municipality = self.scene.services.municipality
        analyst = self.scene.services.analyst
        return handing_over.hand_over(
            self.scene.uow,
            draft,
            lines,
            self.scene.now,
            municipality,
            analysis=analyst.analyse(own_words(form, draft.state.answers)),
        )

    def _sent(self, draft: Draft, key: str, number: str) -> tuple[Draft, Prompts]:
        sent = replace(draft.state, case_number=number, status=DraftStatus.SUBMITTED)
        return replace(draft, state=sent), (receipt(key, sent, self.scene.context(sent)),)


def _receipt_of(draft: Draft, case: Case) -> str:
    """Return the words for an addition; of a held one it is not said that it is held."""
    if case.number == draft.state.about:
        return "dialogue.receipt_addition"
    return "dialogue.receipt" if case.is_held else "dialogue.receipt_continues"


def _above(key: str, found: Handover) -> str:
    """Return the words for a matter that goes past the manager, or those above too, or neither."""
    if found.past_above_ids:
        return f"{key}_past"
    return f"{key}_above" if found.past_manager else key


def own_words(form: Form, given: Mapping[str, Answer]) -> str:
    """Everything that was written, so that what stands under "what was done" can alarm too."""
    own = [q.id for q in form.questions if q.type in (QuestionType.TEXT, QuestionType.CHOICE)]
    answers = (given.get(question_id, Answer()) for question_id in own)
    return "\n".join(answer.text for answer in answers if answer.text)
