"""Who or what wrote a mail, by its headers first, its subject next and its words last."""

import re
from dataclasses import dataclass

from bot.mail.bounces import (
    BounceEvidence,
    BounceFinding,
    find_bounce,
    is_null_path,
    person_wrote,
)
from bot.mail.headers import Headers
from bot.mail.marks import automatic_field, is_auto_submitted
from bot.mail.phrases import MailPhrases
from handlers.domain.mail import MailNature

LOOP_HEADER = "x-lotsen-loop"
OWN_MESSAGE_ID = re.compile(r"^lotsen\.[a-z0-9._-]{8,200}@(.+)$")
VIA_LIST = "via-list"

_MASS_HEADERS = frozenset(
    {
        "feedback-id",
        "list-unsubscribe-post",
        "x-campaign",
        "x-campaignid",
        "x-campaign-id",
        "x-mailchimp-id",
        "x-mc-user",
        "x-csa-complaints",
        "x-mailgun-tag",
        "x-sg-eid",
        "x-report-abuse-to",
        "x-mailer-recptid",
        "x-job",
    }
)
_LIST_HEADERS = frozenset(
    {
        "list-id",
        "list-post",
        "list-archive",
        "mailing-list",
        "x-mailing-list",
        "x-beenthere",
        "x-mailman-version",
        "x-ml-name",
        "x-loop",
    }
)
_LIST_OWNER = re.compile(r"\bowner-|-(?:bounces?|admin|owner|request)[@+]", re.IGNORECASE)
_SHORT_TEXT = 1_200
_AWAY_NEEDED = 2  # one sentence of absence is what people write as well
_HEAD_OF_TEXT = 1_500
_MESSAGE_CLASS = re.compile(r"oof|rules\.(?:oof|reply)|\.ndr$|\.ipnr?n$", re.IGNORECASE)
_READING_PROGRAM = re.compile(
    r"autorespon|auto-?repl|vacation|out.?of.?office|robot|responder", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NatureFinding:
    nature: MailNature
    reasons: tuple[str, ...]
    bounce: BounceFinding


def find_nature(
    evidence: BounceEvidence,
    phrases: MailPhrases,
    *,
    own_addresses: frozenset[str],
    own_loop_id: str,
) -> NatureFinding:
    """Decide in the order own, bounce, automatic, list; whatever is left a person wrote."""
    nothing = BounceFinding(reasons=())
    own = _own_reasons(evidence, own_addresses, own_loop_id)
    if own:
        return NatureFinding(nature=MailNature.OWN, reasons=own, bounce=nothing)
    bounce = find_bounce(evidence, phrases)
    if bounce.reasons:
        return NatureFinding(nature=MailNature.BOUNCE, reasons=bounce.reasons, bounce=bounce)
    automatic = _stated_automatic(evidence.headers) or _automatic_by_words(evidence, phrases)
    if automatic:
        return NatureFinding(nature=MailNature.AUTOMATIC, reasons=automatic, bounce=nothing)
    mass = _mass_reasons(evidence, phrases)
    if mass:
        return NatureFinding(nature=MailNature.LIST, reasons=mass, bounce=nothing)
    reasons = (VIA_LIST,) if _is_from_list(evidence.headers) else ()
    return NatureFinding(nature=MailNature.PERSONAL, reasons=reasons, bounce=nothing)


def _own_reasons(
    evidence: BounceEvidence, own_addresses: frozenset[str], own_loop_id: str
) -> tuple[str, ...]:
    """A sender can be forged and staff may write from the mailbox itself: only our marks count."""
    if own_loop_id and own_loop_id in evidence.headers.texts(LOOP_HEADER):
        return (LOOP_HEADER,)
    own_id = OWN_MESSAGE_ID.match(evidence.headers.text("message-id").strip("<> ").lower())
    domains = {address.rpartition("@")[2] for address in own_addresses}
    if own_id and own_id[1] in domains:
        return ("message-id",)
    return ()


def _stated_automatic(headers: Headers) -> tuple[str, ...]:
    """Return what in the header says so outright (RFC 3834 and the usage before it)."""
    if is_auto_submitted(headers):
        return ("auto-submitted",)
    if name := automatic_field(headers):
        return (name,)
    if headers.text("precedence").lower().strip() in {"auto_reply", "auto-reply", "autoreply"}:
        return ("precedence",)
    if _MESSAGE_CLASS.search(headers.text("x-message-class") or headers.text("x-ms-message-class")):
        return ("message-class",)
    if headers.text("x-post-messageclass").startswith("9"):
        return ("x-post-messageclass",)
    if _READING_PROGRAM.search(headers.text("x-mailer") or headers.text("user-agent")):
        return ("program",)
    delivered = headers.text("delivered-to").lower()
    return ("delivered-to",) if delivered == "autoresponder" else ()


def _automatic_by_words(evidence: BounceEvidence, phrases: MailPhrases) -> tuple[str, ...]:
    """Judge by subject, sender and text; a forward never, for a person passes it on."""
    subject = evidence.subject
    if _is_disposition_report(evidence.headers):
        return ("disposition-notification",)
    if phrases.forward_subject.match(subject):
        return ()
    if phrases.automatic_subject.match(subject) and not phrases.reply_subject.match(subject):
        return ("subject",)
    if phrases.automatic_anywhere.search(subject) and not _is_conversation(evidence):
        return ("subject",)
    if phrases.robot_sender.match(evidence.sender) and "list-post" not in evidence.headers.names:
        return ("sender",)
    if _LIST_OWNER.search(evidence.sender) and _is_list_server(evidence.headers):
        return ("list-server",)
    return _automatic_by_text(evidence, phrases)


def _automatic_by_text(evidence: BounceEvidence, phrases: MailPhrases) -> tuple[str, ...]:
    head = " ".join(evidence.text[:_HEAD_OF_TEXT].split())
    hints = _technical_hints(evidence.headers)
    if phrases.automatic_text.search(head) and (hints or not _is_conversation(evidence)):
        return ("text", *hints)
    away = sum(pattern.search(head) is not None for pattern in phrases.away_texts)
    is_short = len(evidence.text) < _SHORT_TEXT
    weak = phrases.automatic_weak_subject.match(evidence.subject) is not None
    support = bool(hints) + weak + (evidence.is_answer and is_short and "?" not in head)
    if away and support and away + support > _AWAY_NEEDED:
        return ("away", *hints)
    # Some mailboxes keep people's own mail with an empty return path.
    if hints == ("null-return-path",) and person_wrote(evidence.headers):
        return hints if evidence.is_answer else ()
    return hints if "null-return-path" in hints or len(hints) > 1 else ()


def _technical_hints(headers: Headers) -> tuple[str, ...]:
    """Return what machines write but people's servers sometimes add as well."""
    precedence = headers.text("precedence").lower().strip()
    is_bulk = precedence in {"junk", "bulk"} and not _LIST_HEADERS & headers.names
    hints = {
        "null-return-path": is_null_path(headers),
        "precedence": is_bulk and not _is_from_list(headers),
        "x-auto-response-suppress": "x-auto-response-suppress" in headers.names,
    }
    return tuple(name for name, holds in hints.items() if holds)


def _is_from_list(headers: Headers) -> bool:
    if _LIST_HEADERS & headers.names or headers.text("precedence").lower().strip() == "list":
        return True
    return _LIST_OWNER.search(headers.text("sender")) is not None


def _is_list_server(headers: Headers) -> bool:
    return _is_from_list(headers) or "x-mlserver" in headers.names


def _is_conversation(evidence: BounceEvidence) -> bool:
    """Whether people talk about such mails: a reply from a people's program, or on a list."""
    is_reply = evidence.headers.has("in-reply-to") and evidence.is_answer
    program = evidence.headers.has("user-agent") or evidence.headers.has("x-mailer")
    return (is_reply and program) or _is_from_list(evidence.headers)


def _is_disposition_report(headers: Headers) -> bool:
    stated = headers.text("content-type").lower()
    return "multipart/report" in stated and "disposition-notification" in stated


def _mass_reasons(evidence: BounceEvidence, phrases: MailPhrases) -> tuple[str, ...]:
    """A newsletter lets one unsubscribe but not write back to everybody."""
    headers = evidence.headers
    if (_LIST_HEADERS - {"list-id"}) & headers.names or headers.has("in-reply-to"):
        return ()
    marks = sorted(_MASS_HEADERS & headers.names)
    if phrases.list_mailer.search(headers.text("x-mailer")):
        marks.append("x-mailer")
    if phrases.list_sender.match(evidence.sender):
        marks.append("sender")
    # Older list servers mark each person's mail as bulk that one can unsubscribe from.
    if not marks and _is_from_list(headers) and person_wrote(headers):
        return ()
    if headers.text("precedence").lower().strip() in {"bulk", "junk"}:
        marks.append("precedence")
    can_leave = "list-unsubscribe" in headers.names
    if can_leave and marks:
        return ("list-unsubscribe", *marks)
    return tuple(marks) if len(marks) > 1 and "precedence" in marks else ()
