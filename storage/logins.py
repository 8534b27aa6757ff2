"""Logins: those that have begun at the identity provider, and the sessions that came of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from handlers.domain.deadline import lies_ahead
from storage import access_tables

_FLOWS = access_tables.login_flows
_SESSIONS = access_tables.login_sessions
_FLOW_LIVES = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginFlow:
    flow: Mapping[str, Any]  # what msal needs to finish: state, nonce, code verifier
    onward: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginSession:
    person_id: str
    started_at: datetime
    seen_at: datetime

    def lasts(self, now: datetime, *, login: timedelta, idle: timedelta) -> bool:
        if lies_ahead(self.started_at, now) or lies_ahead(self.seen_at, now):
            return False  # nobody knows how long ago that was
        return now - self.started_at < login and now - self.seen_at < idle


class SqlLogins:
    """Keys are kept as hashes, so that nobody who reads the tables can use them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self, key: str, flow: Mapping[str, Any], onward: str, now: datetime) -> None:
        forgotten = _FLOWS.c.started_at < now - _FLOW_LIVES
        self._connection.execute(delete(_FLOWS).where(forgotten))
        self._connection.execute(
            insert(_FLOWS).values(id=_hash(key), flow=dict(flow), onward=onward, started_at=now)
        )

    def take(self, key: str, now: datetime) -> LoginFlow | None:
        """Return a login that has begun and forget it: an answer works once."""
        here = _FLOWS.c.id == _hash(key)
        taken = self._connection.execute(delete(_FLOWS).where(here).returning(*_FLOWS.c)).first()
        if taken is None or taken.started_at < now - _FLOW_LIVES:
            return None
        if lies_ahead(taken.started_at, now):
            return None
        return LoginFlow(flow=taken.flow, onward=taken.onward)

    def start(self, key: str, person_id: str, now: datetime) -> None:
        self._connection.execute(
            insert(_SESSIONS).values(
                id=_hash(key), person_id=person_id, started_at=now, seen_at=now
            )
        )

    def find(self, key: str) -> LoginSession | None:
        here = _SESSIONS.c.id == _hash(key)
        row = self._connection.execute(select(_SESSIONS).where(here)).first()
        if row is None:
            return None
        return LoginSession(person_id=row.person_id, started_at=row.started_at, seen_at=row.seen_at)

    def seen(self, key: str, now: datetime) -> None:
        here = _SESSIONS.c.id == _hash(key)
        self._connection.execute(update(_SESSIONS).where(here).values(seen_at=now))

    def end(self, key: str) -> None:
        self._connection.execute(delete(_SESSIONS).where(_SESSIONS.c.id == _hash(key)))

    def end_all_of(self, person_id: str) -> None:
        self._connection.execute(delete(_SESSIONS).where(_SESSIONS.c.person_id == person_id))


def _hash(key: str) -> str:
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
