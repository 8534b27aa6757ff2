"""The words of a search, sealed: they may name somebody, and stand readable in no address.

The seal opens for the person who searched only, and no longer than a login lasts. It lets a search
be gone back to, and paged through, though nothing of it is kept here.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken

from bot.app import Services
from bot.web.session import LOGIN_LIVES

NAME = "sok"


def seal(services: Services, person_id: str, words: Sequence[str]) -> str:
    content = json.dumps([person_id, *words]).encode()
    return _box(services).encrypt_at_time(content, _now(services)).decode("ascii")


def unseal(services: Services, person_id: str, sealed: str) -> tuple[str, ...]:
    """Return the words; none when it is too old, somebody else's, or no seal of ours."""
    lives = int(LOGIN_LIVES.total_seconds())
    try:
        content = _box(services).decrypt_at_time(sealed.encode(), lives, _now(services))
    except InvalidToken:
        return ()
    whose, *words = json.loads(content)
    return tuple(words) if whose == person_id else ()


def _box(services: Services) -> Fernet:
    key = sha256(f"search/{services.secret}".encode()).digest()
    return Fernet(urlsafe_b64encode(key))


def _now(services: Services) -> int:
    return int(services.clock().timestamp())
