"""What a view or a message of ours remembers of the turn that it asks for."""

from dataclasses import dataclass
from typing import Self

from bot.scene import Position
from handlers.records import Draft

NOWHERE = "-"  # where a dialogue stands that has asked nothing yet
_MARK = "|"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """`nonce` is new for every rendering, so that a double tap is one turn."""

    draft_id: str
    question_id: str
    nonce: str

    @property
    def position(self) -> Position:
        return Position(draft_id=self.draft_id, question_id=self.question_id)

    def fits(self, draft: Draft | None) -> bool:
        """Whether the draft stands where this asks."""
        at = (draft.id, draft.state.current or NOWHERE) if draft else None
        return at == (self.draft_id, self.question_id)

    def encode(self) -> str:
        return _MARK.join((self.draft_id, self.question_id, self.nonce))

    @classmethod
    def decode(cls, text: str) -> Self | None:
        """Return the turn in private metadata or a block id (which has a row's name behind it)."""
        parts = text.split(_MARK)
        if len(parts) < 3 or not all(parts[:3]):
            return None
        return cls(draft_id=parts[0], question_id=parts[1], nonce=parts[2])


# Action ids. A tap's value says what is meant: "choice:…", "command:…" or "change:…".
ANSWER = "lotsen_answer"  # followed by a number: ids are unique within a block
OPEN = "lotsen_open"
OPEN_COMPLAINT = "lotsen_open_complaint"
OWN = "lotsen_own"  # followed by a number: something about a report of one's own
OWN_WINDOW = "lotsen_own_window"  # … that is done in a window
LANGUAGE = "lotsen_language"
RECEIVE = "lotsen_receive"
RISK = "lotsen_risk"
SNOOZE = "lotsen_snooze"
ALERT = "lotsen_alert"
LINK = "lotsen_link"  # goes to a page; Slack tells us of the tap all the same

# Callback ids.
REPORT_VIEW = "lotsen_report"
RISK_VIEW = "lotsen_risk_view"
SNOOZE_VIEW = "lotsen_snooze_view"
NOTE_VIEW = "lotsen_note"
REPORT_SHORTCUT = "lotsen_report_shortcut"
COMPLAINT_SHORTCUT = "lotsen_complaint_shortcut"
MESSAGE_SHORTCUT = "lotsen_message_shortcut"
COMMAND = "/avvikelse"

CHOICE, COMMANDED, CHANGED = "choice:", "command:", "change:"
