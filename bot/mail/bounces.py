"""Delivery reports: recognised, and whom the mail could not reach."""

import email
import email.policy
import logging
import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from email.message import Message

from flufl.bounce import all_failures

from bot.mail.charsets import decode_bytes
from bot.mail.headers import Headers
from bot.mail.marks import automatic_field, is_auto_submitted
from bot.mail.mime import Entity, decoded_body
from bot.mail.phrases import MailPhrases

_REPORT_TYPES = {
    "message/delivery-status",
    "message/global-delivery-status",
    "message/feedback-report",
}
_RECIPIENT = re.compile(
    r"^(?:Final|Original)-Recipient\s*:\s*(?:[^;\n]{0,40};)?\s*<?([^\s<>@;]{1,120}@[^\s<>;]{1,250}?)>?\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_ACTION = re.compile(r"^Action\s*:\s*([a-z]+)", re.IGNORECASE | re.MULTILINE)
_STATUS = re.compile(r"^Status\s*:\s*([245])\.", re.IGNORECASE | re.MULTILINE)
_ADDRESS = re.compile(r"[A-Za-z0-9._%+=-]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}")
_TEMPORARY = re.compile(
    r"delay|will (?:keep|continue|retry)|still (?:trying|being)|warning|tempor|förs(?:en|öker)"
    r"|retry|4\.\d\.\d",
    re.IGNORECASE,
)
_SERVER_PROGRAM = re.compile(r"daemon|bounce|server|gateway|mts|internet mail")
_MESSAGE_ID = re.compile(
    r"^message-id[ \t]*:\s{0,5}<([^<>\s]{1,400})>", re.IGNORECASE | re.MULTILINE
)
_MACHINE = {"sender", "system-sender", "null-return-path", "auto-submitted", "no-sender"}
_FIRST_PARTS = 40  # a report stands among these
_FLUFL_SAMPLE = 120_000
_TEXT_SAMPLE = 6_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BounceFinding:
    reasons: tuple[str, ...]  # empty: no delivery report
    recipients: tuple[str, ...] = ()
    is_permanent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BounceEvidence:
    headers: Headers
    root: Entity
    raw: bytes
    sender: str
    sender_name: str
    subject: str
    text: str
    is_answer: bool  # it refers to another mail or its subject says so


def find_bounce(evidence: BounceEvidence, phrases: MailPhrases) -> BounceFinding:
    """Decide whether a mail server wrote this about a mail that did not arrive."""
    report = _report_text(evidence.root)
    reasons = _structural_reasons(evidence.headers, report) or _weighed_reasons(evidence, phrases)
    if not reasons:
        return BounceFinding(reasons=())
    failed, delayed = _recipients(evidence, report)
    return BounceFinding(
        reasons=tuple(reasons),
        recipients=failed or delayed,
        is_permanent=_is_permanent(evidence, report, has_failed=bool(failed)),
    )


def returned_ids(root: Entity, text: str) -> tuple[str, ...]:
    """Return the Message-IDs of the mails that a report sends back, whole, as header or as text."""
    found = list(_MESSAGE_ID.findall(text))
    for index, part in enumerate(root.walk()):
        if index > _FIRST_PARTS:
            break
        if part.media_type in {"text/rfc822-headers", "message/global-headers"}:
            found += _MESSAGE_ID.findall(decode_bytes(decoded_body(part)[0], "utf-8")[0])
        elif index and part.headers.has("message-id"):
            found.append(part.headers.text("message-id").strip("<> "))
    return tuple(dict.fromkeys(found))


def _report_text(root: Entity) -> str:
    """Return the machine-readable part of a report, '' when there is none."""
    pieces = []
    for index, part in enumerate(root.walk()):
        if index > _FIRST_PARTS:
            break
        if part.media_type in _REPORT_TYPES:
            pieces.append(decode_bytes(decoded_body(part)[0][:200_000], "utf-8")[0])
    return "\n".join(pieces).replace("\r", "")


def _structural_reasons(headers: Headers, report: str) -> list[str]:
    reasons = []
    stated = headers.text("content-type").lower()
    if headers.raw("x-failed-recipients"):
        reasons.append("x-failed-recipients")
    is_report = "multipart/report" in stated and "disposition-notification" not in stated
    if is_report and ("delivery-status" in stated or report):
        reasons.append("delivery-status")
    elif report and re.search(
        r"reporting-mta|final-recipient|feedback-type", report, re.IGNORECASE
    ):
        reasons.append("delivery-status-part")
    return reasons


def _weighed_reasons(evidence: BounceEvidence, phrases: MailPhrases) -> list[str]:
    """Weigh who wrote it, what the subject says and what the text says.

    A person's mail may tell of such a report: without a machine as its sender it needs the
    server's own words, and an answered or forwarded report needs more than its text.
    """
    text = evidence.text[:_TEXT_SAMPLE]
    subject = evidence.subject
    weights = {
        "sender": 2 * (phrases.bounce_sender.match(evidence.sender) is not None),
        "system-sender": _is_system(evidence, phrases),
        "null-return-path": is_null_path(evidence.headers),
        "auto-submitted": _says_automatic(evidence.headers),
        "subject": phrases.bounce_subject.match(subject) is not None,
        "no-sender": not evidence.sender,
        "code": phrases.bounce_code.search(text) is not None,
        "text": phrases.bounce_text.search(text) is not None,
    }
    reasons = [name for name, weight in weights.items() if weight]
    is_about = {"sender", "system-sender", "subject"} & set(reasons)
    is_about |= {"no-sender"} if {"no-sender", "null-return-path"} <= set(reasons) else set()
    is_forwarded = phrases.forward_subject.match(subject) is not None
    is_passed_on = is_forwarded or phrases.reply_subject.match(subject) is not None
    if not _MACHINE & set(reasons):
        told = "code" in reasons or ("text" in reasons and _returns_a_mail(evidence.root))
        told &= "subject" in reasons and not subject.rstrip().endswith("?")
        return reasons if told and not is_passed_on and not person_wrote(evidence.headers) else []
    # Some servers report below "Re:" and the failed mail's subject, in words of servers only.
    is_answered_by_server = not is_forwarded and not person_wrote(evidence.headers)
    codes = {found.group().lower() for found in phrases.bounce_code.finditer(text)}
    needed = 2
    if is_passed_on:
        needed = 2 if is_answered_by_server and len(codes) > 1 else 4
    is_told = {"sender", "subject", "code", "text"} & set(reasons)
    return reasons if is_about and is_told and sum(weights.values()) >= needed else []


def _says_automatic(headers: Headers) -> bool:
    return is_auto_submitted(headers) or bool(automatic_field(headers))


def _returns_a_mail(root: Entity) -> bool:
    parts = (part for index, part in enumerate(root.walk()) if 0 < index <= _FIRST_PARTS)
    return any(part.is_message or part.media_type == "text/rfc822-headers" for part in parts)


def _is_system(evidence: BounceEvidence, phrases: MailPhrases) -> bool:
    return (
        phrases.bounce_weak_sender.match(evidence.sender) is not None
        or phrases.bounce_name.match(evidence.sender_name) is not None
        or phrases.robot_sender.match(evidence.sender) is not None
    )


def is_null_path(headers: Headers) -> bool:
    return any(
        value.strip() in {b"<>", b"< >", b"<MAILER-DAEMON>"}
        for value in headers.raw_all("return-path")
    )


def person_wrote(headers: Headers) -> bool:
    """Whether a mail program for people made it and nothing says automatic."""
    programs = f"{headers.text('user-agent')} {headers.text('x-mailer')}".lower()
    return bool(programs.strip()) and _SERVER_PROGRAM.search(programs) is None


def _recipients(evidence: BounceEvidence, report: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return whom it failed for and whom it is only late for."""
    failed: dict[str, None] = {}
    delayed: dict[str, None] = {}
    for block in re.split(r"\n\s*\n", report):
        action = _ACTION.search(block)
        kind = action[1].lower() if action else "failed"
        target = delayed if kind == "delayed" else failed if kind == "failed" else None
        for address in _RECIPIENT.findall(block):
            if target is not None:
                target[address.lower()] = None
    stated = _ADDRESS.findall(evidence.headers.text("x-failed-recipients"))
    failed.update(dict.fromkeys(address.lower() for address in stated))
    if not failed and not delayed:
        temporary, permanent = _flufl(evidence.raw)
        failed.update(dict.fromkeys(permanent))
        delayed.update(dict.fromkeys(address for address in temporary if address not in failed))
    return tuple(failed), tuple(delayed)


def _flufl(raw: bytes) -> tuple[Sequence[str], Sequence[str]]:
    """Ask Mailman's detectors, which know dozens of dialects; they raise on odd input."""
    # Its tracebacks would carry pieces of the mail into our log.
    logging.getLogger("flufl.bounce").disabled = True
    try:
        message = email.message_from_bytes(raw[:_FLUFL_SAMPLE], policy=email.policy.compat32)
        temporary, permanent = all_failures(_checked(message))
    except (LookupError, ValueError, TypeError, AttributeError, AssertionError, RecursionError):
        return (), ()
    return _as_text(temporary), _as_text(permanent)


def _checked(message: Message) -> Message:
    if message.get_content_maintype() == "multipart" and not message.is_multipart():
        raise ValueError("multipart without parts")
    return message


def _as_text(found: Set[bytes]) -> list[str]:
    return sorted(address.decode("ascii", "replace").lower() for address in found)


def _is_permanent(evidence: BounceEvidence, report: str, *, has_failed: bool) -> bool:
    actions = {action.lower() for action in _ACTION.findall(report)}
    if actions:
        return "failed" in actions and "4" not in _STATUS.findall(report)[:1]
    if "feedback-type" in report.lower():
        return False
    told = f"{evidence.subject}\n{evidence.text[:1_500]}"
    return has_failed or _TEMPORARY.search(told) is None
