"""Signed reply tokens: only who has our letter can write into its case.

A token stands in the Message-ID, and so comes back in In-Reply-To and References, and in the
Reply-To address. There it may be put in lower case and must leave the part before the @ within 64
characters (RFC 5321 4.5.3.1.1), so it is base32 in lower case: a mark, the case id, the signature.
"""

import base64
import binascii
import hmac
import re
from collections.abc import Iterable
from hashlib import sha256

SIGNATURE_CHARACTERS = 20  # 100 bits in base32: cannot be guessed by sending mail
_PACKED, _PLAIN = "cp", "ct"  # the id is base64 of bytes, as new ids are, or any other text
_TOKEN = re.compile(rf"\b(c[pt])([a-z2-7]{{7,120}})([a-z2-7]{{{SIGNATURE_CHARACTERS}}})\b")


def make_token(case_id: str, secret: str) -> str:
    packed = _unpadded_base64(case_id)
    mark, data = (_PACKED, packed) if packed is not None else (_PLAIN, case_id.encode())
    return f"{mark}{_base32(data)}{_signature(case_id, secret)}"


def find_case_id(texts: Iterable[str], secret: str) -> str:
    """Return the case of the first token whose signature holds; empty when there is none."""
    for text in texts:
        for found in _TOKEN.finditer(text.lower()):
            case_id = _case_id(found[1], found[2])
            if case_id and hmac.compare_digest(found[3], _signature(case_id, secret)):
                return case_id
    return ""


def _signature(case_id: str, secret: str) -> str:
    digest = hmac.new(secret.encode(), f"reply:{case_id}".encode(), sha256).digest()
    return _base32(digest)[:SIGNATURE_CHARACTERS]


def _case_id(mark: str, packed: str) -> str:
    try:
        data = base64.b32decode(packed.upper() + "=" * (-len(packed) % 8))
        if mark == _PACKED:
            return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")
        return data.decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _unpadded_base64(case_id: str) -> bytes | None:
    """Return the bytes whose URL-safe base64 the id is, None when it is none."""
    try:
        data = base64.urlsafe_b64decode(case_id.encode() + b"=" * (-len(case_id) % 4))
    except (binascii.Error, ValueError):
        return None
    is_same = base64.urlsafe_b64encode(data).decode("ascii").rstrip("=") == case_id
    return data if is_same else None


def _base32(data: bytes) -> str:
    return base64.b32encode(data).decode("ascii").rstrip("=").lower()
