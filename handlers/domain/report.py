"""What a reporter handed in, as it was said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

UNKNOWN = "unknown"  # the answer "vet inte", first-class everywhere
SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`value` is a choice's value, or empty for free text; `text` is what the person wrote."""

    value: str = ""
    text: str = ""

    @property
    def is_known(self) -> bool:
        return self.value not in (UNKNOWN, SKIPPED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """Where the answers to a reporter go: a channel and an address in it."""

    channel: str  # webchat, mail, console, slack, teams
    address: str  # conversation id or mail address; empty when nobody can be reached
    person_id: str = ""
    language: str = "sv"
    confidential: bool = False  # only whoever may see reporters of such cases may know who it is
    code_hash: str = ""  # of the code that an anonymous reporter reads the answer with


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    id: str
    draft_id: str  # unique: one draft becomes one report, however often it is sent
    form_id: str
    form_version: int
    reporter: Reporter
    answers: Mapping[str, Answer] = field(default_factory=dict)
    submitted_at: datetime

    def text_of(self, question_id: str) -> str:
        answer = self.answers.get(question_id)
        return answer.text if answer else ""
