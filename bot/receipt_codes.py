"""The code that an anonymous reporter keeps.

It is made from a token that only the browser holds, so that a page sent again shows the same code,
and the store holds a keyed hash of it, so that nobody who reads the store can use it.
"""

import hmac
import secrets
from hashlib import sha256

from bot.scene import ANONYMOUS

DIGITS = 16


def new_token() -> str:
    return secrets.token_urlsafe(32)


def conversation_of(token: str) -> str:
    """Return the conversation's id, from which nobody gets back to the token."""
    return f"{ANONYMOUS}{sha256(token.encode()).hexdigest()[:48]}"


def code_of(token: str, secret: str) -> str:
    """Return the sixteen digits in groups of four."""
    digest = hmac.digest(secret.encode(), f"receipt/{token}".encode(), "sha256")
    digits = f"{int.from_bytes(digest) % 10**DIGITS:0{DIGITS}}"
    return " ".join(digits[start : start + 4] for start in range(0, DIGITS, 4))


def hash_of(code: str, secret: str) -> str:
    """Return what the store keeps of a code, however the person has grouped it; empty for none."""
    digits = "".join(c for c in code if c.isascii() and c.isdigit())
    if len(digits) != DIGITS:
        return ""
    return hmac.new(secret.encode(), f"stored/{digits}".encode(), "sha256").hexdigest()
