"""A report's answers in words: the question's short name and what was chosen or typed."""

from collections.abc import Set
from dataclasses import dataclass

from bot.app import Services
from handlers.domain.report import Report
from handlers.letters import MAIL_FORM
from handlers.reporting import WHO_SAID

NAMING = frozenset({WHO_SAID})  # questions whose answer says who somebody is


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLine:
    label: str
    text: str


def answer_lines(
    services: Services, report: Report, language: str, *, hidden: Set[str] = frozenset()
) -> tuple[AnswerLine, ...]:
    """Return a line for each known answer in the form's order; none when the form is gone."""
    form = services.forms.get("complaint" if report.form_id == MAIL_FORM else report.form_id)
    say = services.municipality.catalogue.get
    lines = []
    for question in form.questions if form else ():
        answer = report.answers.get(question.id)
        if answer is None or not answer.is_known or question.id in hidden:
            continue
        choice = next((c.texts[language] for c in question.choices if c.value == answer.value), "")
        text = ". ".join(part for part in (choice, answer.text) if part)
        lines.append(AnswerLine(label=say(f"label.{question.id}", language), text=text))
    return tuple(lines)
