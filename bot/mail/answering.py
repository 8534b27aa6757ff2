"""Who never gets an automatic answer. In doubt nobody: a loop is worse than a missing receipt."""

from bot.mail.nature import VIA_LIST
from bot.mail.phrases import mail_phrases
from handlers.domain.mail import IncomingMail, MailNature

_NO_MAIL_THERE = (".invalid", ".localhost")


def may_answer(mail: IncomingMail, *, own_addresses: frozenset[str] = frozenset()) -> bool:
    return not refusal(mail, own_addresses=own_addresses)


def refusal(mail: IncomingMail, *, own_addresses: frozenset[str] = frozenset()) -> str:
    """Return why this mail is not answered automatically, as a code; '' when it may be."""
    if mail.nature is not MailNature.PERSONAL:
        return mail.nature.value
    address = mail.sender_address
    local, _, domain = address.rpartition("@")
    phrases = mail_phrases()
    reasons = {
        "no_address": not local or not domain or domain.endswith(_NO_MAIL_THERE),
        "own_address": _without_token(address) in own_addresses,
        "robot": phrases.robot_sender.match(address) is not None,
        "mail_server": phrases.bounce_sender.match(address) is not None
        or local.startswith("postmaster"),
        "list": VIA_LIST in mail.nature_reasons,
        # The answer would go to somebody whose address was only used.
        "forged": mail.authentication.failed,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def _without_token(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
