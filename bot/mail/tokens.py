"""Signed reply tokens: only who has our letter can write into its case.

A token is `<case id>.<signature>` in a form that survives mail: letters, digits, - and _. It stands
in the Message-ID, and so comes back in In-Reply-To and References, and in the Reply-To address.
"""

import hmac
import re
from collections.abc import Iterable
from hashlib import sha256

SIGNATURE_CHARACTERS = 32  # 128 bits in hex
_TOKEN = re.compile(r"c\.([A-Za-z0-9_-]{10,64})\.([0-9a-f]{32})")


def make_token(case_id: str, secret: str) -> str:
    return f"c.{case_id}.{_signature(case_id, secret)}"


def find_case_id(texts: Iterable[str], secret: str) -> str:
    """Return the case of the first token whose signature holds; empty when there is none."""
    for text in texts:
        for found in _TOKEN.finditer(text):
            case_id, signature = found.groups()
            if hmac.compare_digest(signature, _signature(case_id, secret)):
                return case_id
    return ""


def _signature(case_id: str, secret: str) -> str:
    digest = hmac.new(secret.encode(), f"reply:{case_id}".encode(), sha256)
    return digest.hexdigest()[:SIGNATURE_CHARACTERS]
