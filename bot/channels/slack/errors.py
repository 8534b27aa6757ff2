"""What Slack's error codes mean for us: try again, stop writing to a person, or call the operator."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from slack_sdk.errors import SlackApiError

# Everything that a call can fail with before Slack has answered.
NETWORK_FAULTS = (OSError, TimeoutError)

_TEMPORARY = frozenset(
    {"ratelimited", "rate_limited", "fatal_error", "internal_error", "service_unavailable",
     "request_timeout", "team_added_to_org"}
)  # fmt: skip
_PERSON_GONE = frozenset(
    {"user_not_found", "users_not_found", "user_disabled", "channel_not_found", "is_archived",
     "user_not_visible", "cannot_dm_bot", "user_is_restricted", "not_in_channel"}
)  # fmt: skip
_INSTALLATION = frozenset(
    {"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive",
     "missing_scope", "no_permission", "ekm_access_denied", "team_access_not_granted",
     "org_login_required", "not_allowed_token_type", "messages_tab_disabled", "access_denied"}
)  # fmt: skip
_TRIGGER_GONE = frozenset(
    {"expired_trigger_id", "trigger_expired", "exchanged_trigger_id", "trigger_exchanged",
     "invalid_trigger_id"}
)  # fmt: skip
_VIEW_GONE = frozenset({"not_found", "view_not_found", "hash_conflict"})


class Trouble(StrEnum):
    TEMPORARY = "temporary"
    PERSON_GONE = "person_gone"
    INSTALLATION = "installation"  # token, scope or app: the operator has to act
    TRIGGER_GONE = "trigger_gone"  # three seconds have passed, or it was used already
    VIEW_GONE = "view_gone"  # the person has closed the window
    REFUSED = "refused"  # anything else: our mistake, or a code that is new


def code_of(error: SlackApiError) -> str:
    return str(_body(error).get("error", "")) or f"http_{error.response.status_code}"


def trouble_of(error: SlackApiError) -> Trouble:
    code = code_of(error)
    status = error.response.status_code
    if status == 429 or status >= 500 or code in _TEMPORARY:
        return Trouble.TEMPORARY
    known = (
        (_PERSON_GONE, Trouble.PERSON_GONE),
        (_INSTALLATION, Trouble.INSTALLATION),
        (_TRIGGER_GONE, Trouble.TRIGGER_GONE),
        (_VIEW_GONE, Trouble.VIEW_GONE),
    )
    return next((trouble for codes, trouble in known if code in codes), Trouble.REFUSED)


def retry_after(error: SlackApiError) -> timedelta | None:
    """Return how long Slack asks us to wait, when it says so."""
    headers: Mapping[str, str] = error.response.headers or {}
    for name, value in headers.items():
        if name.casefold() == "retry-after" and str(value).isdigit():
            return timedelta(seconds=int(value))
    return None


def _body(error: SlackApiError) -> Mapping[str, object]:
    data = error.response.data
    return data if isinstance(data, Mapping) else {}
