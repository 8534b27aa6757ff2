"""What Lotsen does in Slack about a delivery, decided before anything is sent."""

from dataclasses import dataclass

from bot.channels.slack.blocks import Message, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    view: View | None = None  # in the modal
    messages: tuple[Message, ...] = ()  # in the private conversation
    replacement: Message | None = None  # of the message that was tapped
    whisper: Message | None = None  # to one person, in the channel where it happened
    home: View | None = None
    without_view: Message | None = None  # in its place when the modal is gone


NOTHING = Reaction()
