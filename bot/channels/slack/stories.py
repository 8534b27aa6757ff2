"""What somebody has written before the dialogue had a question for it.

It is kept with the person and stands in the first free-text question when that is shown.
"""

from dataclasses import dataclass, replace

from bot.app import Services
from bot.channels.slack.people import Directory, Visitor
from bot.conversation import current
from handlers.dialogue.state import DraftStatus, Prompt
from handlers.forms.form import Form, Question, QuestionType
from handlers.records import Draft

MOST_WORDS_OF_ANSWER = 3  # a longer text is no answer to a question with fixed choices


@dataclass(frozen=True, slots=True)
class Stories:
    services: Services
    directory: Directory

    def add(self, visitor: Visitor, text: str) -> Visitor:
        if text in visitor.story:  # the same delivery again
            return visitor
        told = replace(visitor, story="\n".join(t for t in (visitor.story, text) if t))
        self.directory.save(told)
        return told

    def is_one(self, draft: Draft, text: str) -> bool:
        """Whether a text is the story, typed while a question with fixed choices was open."""
        form = self.services.forms[draft.state.form_id]
        question = form.question(draft.state.current)
        story = story_question(form)
        if question is None or story is None or story.id in draft.state.answers:
            return False
        fixed = question.type == QuestionType.CHOICE and not question.free_text
        return fixed and len(text.split()) > MOST_WORDS_OF_ANSWER

    def without_used(self, visitor: Visitor) -> Visitor:
        """Forget the story when its question is behind, or the report cancelled."""
        draft = current(self.services, visitor.address)
        if not visitor.story or draft is None:
            return visitor
        story = story_question(self.services.forms[draft.state.form_id])
        is_answered = story is not None and story.id in draft.state.answers
        if not is_answered and draft.state.status != DraftStatus.CANCELLED:
            return visitor
        used = replace(visitor, story="")
        self.directory.save(used)
        return used

    def filled_in(
        self, visitor: Visitor, prompts: tuple[Prompt, ...], draft: Draft | None
    ) -> tuple[Prompt, ...]:
        if not visitor.story or draft is None:
            return prompts
        story = story_question(self.services.forms[draft.state.form_id])
        return tuple(
            replace(p, earlier_text=p.earlier_text or visitor.story)
            if story is not None and p.question_id == story.id
            else p
            for p in prompts
        )


def story_question(form: Form) -> Question | None:
    """Return the first question that is answered in free text."""
    return next((q for q in form.questions if q.type == QuestionType.TEXT), None)
