"""What Teams sends, as far as Lotsen reads it; everything else in an activity is let go."""

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError
from pydantic.alias_generators import to_camel

from handlers.dialogue.state import Command

TEXT_INPUT = "text"  # the id of every input that takes a person's words
PERSONAL = "personal"
HTML = "text/html"  # Teams repeats a written message as such an attachment


class _Incoming(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore")


class Account(_Incoming):
    id: str = ""
    aad_object_id: str | None = None


class Conversation(_Incoming):
    id: str
    tenant_id: str | None = None
    conversation_type: str | None = None


class Tenant(_Incoming):
    id: str = ""


class ChannelData(_Incoming):
    tenant: Tenant | None = None


class FileNote(_Incoming):
    """That something is attached, and of what kind; never its content."""

    content_type: str = ""


class Activity(_Incoming):
    type: str
    id: str = ""
    service_url: str = ""
    sender: Account = Field(alias="from")
    recipient: Account = Account()
    conversation: Conversation
    channel_data: ChannelData | None = None
    reply_to_id: str = ""
    name: str = ""  # of an invoke
    action: str = ""  # of an installation update
    text: str | None = None
    value: JsonValue = None
    locale: str = ""
    members_added: tuple[Account, ...] = ()
    attachments: tuple[FileNote, ...] = ()

    @property
    def tenant_id(self) -> str:
        tenant = self.channel_data.tenant if self.channel_data else None
        return (tenant.id if tenant else "") or self.conversation.tenant_id or ""

    @property
    def user_id(self) -> str:
        """Return the person's id in Entra; it is the same in every conversation."""
        return self.sender.aad_object_id or self.sender.id

    @property
    def is_personal(self) -> bool:
        return self.conversation.conversation_type == PERSONAL

    @property
    def bot_was_added(self) -> bool:
        return any(member.id == self.recipient.id for member in self.members_added)

    @property
    def has_files(self) -> bool:
        return any(not a.content_type.startswith("text/") for a in self.attachments)

    def to_store(self, mask: Callable[[str], str]) -> bytes:
        """Return what is kept: the words masked, and none of what was written among others."""
        words = mask(self.text) if self.text and self.is_personal else None
        kept = self.model_copy(update={"text": words, "value": _masked(self.value, mask)})
        return kept.model_dump_json(by_alias=True, exclude_none=True).encode()


class Tap(_Incoming):
    """What a button of ours carries, with the inputs of its card."""

    model_config = ConfigDict(extra="ignore")

    verb: str = ""
    nonce: str = Field(default="", max_length=80)
    draft: str = Field(default="", max_length=80)
    question: str = Field(default="", max_length=40)
    choice: str = Field(default="", max_length=80)
    command: Command = Command.NONE
    card: str = Field(default="", max_length=200)  # the chat card that a dialog belongs to
    case: str = Field(default="", max_length=64)
    version: int = 0
    language: str = Field(default="", max_length=5)
    alert: str = Field(default="", max_length=64)
    severity: str = Field(default="", max_length=1)
    likelihood: str = Field(default="", max_length=1)
    asked: str = Field(default="", max_length=20)  # what the card asked beside the risk
    laws: str = Field(default="", max_length=20)  # several with a comma
    told: str = Field(default="", max_length=10)
    until: str = Field(default="", max_length=2)  # days to put reminders off
    because: str = Field(default="", max_length=20)
    form: str = Field(default="", max_length=20)
    text: str = ""


def tap_of(activity: Activity) -> Tap | None:
    """Return what was tapped; None when the activity carries nothing that we made."""
    value: Any = activity.value
    if isinstance(value, dict):
        value = value.get("action", value)
    if isinstance(value, dict):
        value = value.get("data", value)
    if not isinstance(value, dict) or "verb" not in value:
        return None
    try:
        tap = Tap.model_validate(value)
    except ValidationError:
        return None
    # Only the machine says this, never a person.
    return None if tap.command == Command.SUGGESTED else tap


def _masked(value: JsonValue, mask: Callable[[str], str]) -> JsonValue:
    if isinstance(value, list):
        return [_masked(one, mask) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: mask(one) if key == TEXT_INPUT and isinstance(one, str) else _masked(one, mask)
        for key, one in value.items()
    }
