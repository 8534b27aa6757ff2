"""What a dialogue knows between two steps, what goes in, and what comes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from handlers.dialogue.story import StoryReader
from handlers.domain.report import Answer
from handlers.texts import Catalogue

SUMMARY = "summary"


class DraftStatus(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    SUBMITTED = "submitted"


class Command(StrEnum):
    NONE = ""
    START = "start"
    BACK = "back"
    SKIP = "skip"
    UNKNOWN = "unknown"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    REGRET = "regret"
    CHANGE = "change"  # `choice` names the question
    KEEP = "keep"  # let the answer stand as it is, and go on
    TICK = "tick"  # the box at the summary
    UNTICK = "untick"
    SUBMIT = "submit"
    SUGGESTED = "suggested"  # the shell hands over the model's suggestion
    USE_ROLES = "use_roles"  # write the role in the place of a name
    WAYS = "ways"  # what else a person may have come for
    REPORT = "report"  # the ways in; each begins its form
    RISK = "risk"
    MISCONDUCT = "misconduct"
    PASS_ON = "pass_on"  # noqa: S105
    SUGGEST = "suggest"
    NURSE = "nurse"
    DRAFTS = "drafts"
    MY_REPORTS = "my_reports"
    ATTACH = "attach"  # the shell has put files beside the draft
    DETACH = "detach"  # `choice` names the file
    SWEDISH = "sv"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class UserInput:
    """One turn: words, a tapped choice, or a command; channels fill what they have."""

    text: str = ""
    choice: str = ""
    command: Command = Command.NONE
    suggestions: tuple[str, ...] = ()  # category codes, best first
    certain: bool = False
    mentions: tuple["Mention", ...] = ()  # filled in by the shell


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A name in a text; `label` is colleague or name."""

    name: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogueState:
    draft_id: str
    form_id: str
    form_version: int
    language: str
    answers: Mapping[str, Answer] = field(default_factory=dict)
    current: str = ""  # question id, SUMMARY, or empty before the start
    changing: bool = False  # after this answer back to the summary
    rejected: int = 0  # wrong answers in a row to the current question
    suggestions: tuple[str, ...] | None = None  # None: not asked for yet
    certain: bool = False
    all_categories: bool = False
    fitting_units: tuple[str, ...] = ()  # when several fit what was typed
    status: DraftStatus = DraftStatus.ACTIVE
    case_number: str = ""
    # What Lotsen has picked out of the story and the person has not confirmed yet.
    guesses: Mapping[str, Answer] = field(default_factory=dict)
    guessed: tuple[str, ...] = ()  # questions whose guess was sent as it stood
    flags: tuple[str, ...] = ()  # what the story was recognised as
    mentions: tuple[Mention, ...] = ()  # names that stand in the answers
    about: str = ""  # the case that an addition belongs to
    anonymous: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedFile:
    """A picture or file beside the draft, as its list shows it."""

    id: str
    name: str
    size: int  # bytes


class PromptKind(StrEnum):
    INTRO = "intro"
    QUESTION = "question"
    ADVICE = "advice"
    REJECTION = "rejection"
    NOTICE = "notice"
    SUMMARY = "summary"
    RECEIPT = "receipt"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptChoice:
    label: str
    choice: str = ""
    command: Command = Command.NONE
    selected: bool = False  # it is the answer that stands there already


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryLine:
    question_id: str
    label: str
    answer: str
    guessed: bool = False  # picked out of the story; the answer says so too


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    kind: PromptKind
    text: str
    help: str = ""
    question_id: str = ""
    choices: tuple[PromptChoice, ...] = ()  # answers
    commands: tuple[PromptChoice, ...] = ()  # back, skip, pause ...
    free_text: bool = False
    long_text: bool = False
    earlier_text: str = ""  # what was written here before
    lines: tuple[SummaryLine, ...] = ()
    position: int = 0  # 1 for the first question; 0 when it is none
    total: int = 0
    case_number: str = ""
    takes_files: bool = False
    files: tuple[AttachedFile, ...] = ()


class EffectKind(StrEnum):
    RAISE_DANGER = "raise_danger"
    SUGGEST_CATEGORY = "suggest_category"  # feed the result into the next step
    SUBMIT_REPORT = "submit_report"
    SWITCH_FORM = "switch_form"  # go on in the form `text` with the same answers
    BEGIN_FORM = "begin_form"  # put this report away and begin one of the form `text`
    LIST_DRAFTS = "list_drafts"
    LIST_REPORTS = "list_reports"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    kind: EffectKind
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    state: DialogueState
    prompts: tuple[Prompt, ...] = ()
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A unit or a category as the person sees it."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogueContext:
    catalogue: Catalogue
    units: tuple[Option, ...]  # the person's own unit first, where it is known
    categories: tuple[Option, ...]  # in the person's language
    reader: StoryReader | None = None  # None: nothing is picked out of stories
    now: datetime | None = None
    own_unit: str = ""
    files: tuple[AttachedFile, ...] = ()  # beside the draft
    kept_for: timedelta = timedelta(days=14)  # so long a cancelled report can be taken back
