"""SPF, DKIM and DMARC as the receiving server stated them (RFC 8601)."""

import re

from bot.mail.headers import Headers
from handlers.domain.mail import CheckResult, MailAuthentication

_COMMENT = re.compile(r"\([^()]{0,1000}\)")
_RESULT = re.compile(r"(?:^|[;\s])(spf|dkim|dmarc)\s*=\s*([a-z]+)", re.IGNORECASE)
_RECEIVED_SPF = re.compile(r"^\s*([a-z]+)", re.IGNORECASE)
# softfail, temperror and permerror (a slip in the domain's own record) shut nobody out.
_FAILED = frozenset({"fail", "hardfail"})


def read_authentication(headers: Headers, trusted_server: str = "") -> MailAuthentication:
    """Return what the receiving server found.

    Only the header of `trusted_server` counts, or the topmost one when no name is given: a sender
    can write such headers too, but ours stands above. Of several DKIM signatures one suffices.
    """
    found: dict[str, set[str]] = {"spf": set(), "dkim": set(), "dmarc": set()}
    for text in _trusted(headers, trusted_server.lower()):
        for method, result in _RESULT.findall(text):
            found[method.lower()].add(result.lower())
    if not found["spf"] and headers.has("received-spf"):
        stated = _RECEIVED_SPF.match(headers.text("received-spf"))
        found["spf"] = {stated[1].lower()} if stated else set()
    return MailAuthentication(**{method: _result(words) for method, words in found.items()})


def _trusted(headers: Headers, server: str) -> list[str]:
    texts = [_COMMENT.sub(" ", text) for text in headers.texts("authentication-results")[:20]]
    if not server and texts:
        server = _server_name(texts[0])
    return [text for text in texts if _server_name(text) == server]


def _server_name(text: str) -> str:
    first = text.partition(";")[0].split()
    return first[0].lower() if first and "=" not in first[0] else ""


def _result(words: set[str]) -> CheckResult:
    if "pass" in words:
        return CheckResult.PASSED
    return CheckResult.FAILED if words & _FAILED else CheckResult.NONE
