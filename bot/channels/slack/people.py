"""Who writes: a Slack user, tied to a person here by the mail address that Slack has verified."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.app import Services
from bot.channels.slack.errors import NETWORK_FAULTS, code_of
from handlers.forms.form import LANGUAGES
from storage.chat_addresses import KnownChat

CHANNEL = "slack"
CHECKED_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    team: str
    user: str
    person_id: str = ""  # empty: a reporter without a role here
    language: str = "sv"
    checked_at: str = ""

    @property
    def address(self) -> str:
        """The conversation's id, and where notices and answers go."""
        return address_of(self.team, self.user)

    def reference(self) -> dict[str, str]:
        return {"language": self.language, "checked_at": self.checked_at}


def address_of(team: str, user: str) -> str:
    return f"{CHANNEL}:{team}:{user}"


def user_of(address: str) -> str:
    return address.rpartition(":")[2]


class Directory:
    def __init__(self, services: Services, api: AsyncWebClient) -> None:
        self._services = services
        self._api = api

    async def visitor(self, team: str, user: str) -> Visitor:
        """Return who it is, asking Slack on first contact and once a day.

        When Slack does not answer, an unknown user is a reporter without a role: reporting has to
        work, and a role is never guessed.
        """
        known = await asyncio.to_thread(self._find, team, user)
        if known is not None and self._is_fresh(known):
            return known
        try:
            answer = await self._api.users_info(user=user, include_locale=True)
        except SlackApiError as error:
            structlog.get_logger().warning("slack user not read", error=code_of(error))
            return known or Visitor(team=team, user=user)
        except NETWORK_FAULTS as error:
            structlog.get_logger().warning("slack user not read", error=type(error).__name__)
            return known or Visitor(team=team, user=user)
        profile: Mapping[str, Any] = answer.get("user") or {}
        return await asyncio.to_thread(self._checked, team, user, known, profile)

    def save(self, visitor: Visitor) -> None:
        """Keep what a visitor has chosen or written."""
        with self._services.unit_of_work() as uow:
            uow.chat_addresses.save(
                KnownChat(
                    channel=CHANNEL,
                    address=visitor.address,
                    person_id=visitor.person_id,
                    reference=visitor.reference(),
                ),
                self._services.clock(),
            )
            uow.commit()

    def _find(self, team: str, user: str) -> Visitor | None:
        with self._services.unit_of_work(read_only=True) as uow:
            known = uow.chat_addresses.find(CHANNEL, address_of(team, user))
        if known is None:
            return None
        kept = known.reference
        return Visitor(
            team=team,
            user=user,
            person_id=known.person_id,
            language=str(kept.get("language", "sv")),
            checked_at=str(kept.get("checked_at", "")),
        )

    def _is_fresh(self, known: Visitor) -> bool:
        if not known.checked_at:
            return False
        age = self._services.clock() - datetime.fromisoformat(known.checked_at)
        return abs(age) < CHECKED_FOR

    def _checked(
        self, team: str, user: str, known: Visitor | None, profile: Mapping[str, Any]
    ) -> Visitor:
        found = Visitor(
            team=team,
            user=user,
            person_id=self._person_id(team, profile),
            language=known.language if known else _language_of(profile),
            checked_at=self._services.clock().isoformat(),
        )
        self.save(found)
        return found

    def _person_id(self, team: str, profile: Mapping[str, Any]) -> str:
        """Return whose verified address it is; nobody's for guests from other workspaces."""
        if not _is_colleague(team, profile):
            return ""
        address = str((profile.get("profile") or {}).get("email") or "").casefold()
        if not address:
            return ""
        with self._services.unit_of_work(read_only=True) as uow:
            people = uow.organisation.people
        return next((p.id for p in people if p.email.casefold() == address), "")


def _is_colleague(team: str, profile: Mapping[str, Any]) -> bool:
    if profile.get("team_id") != team or not profile.get("is_email_confirmed"):
        return False
    outside = ("deleted", "is_bot", "is_stranger", "is_restricted", "is_ultra_restricted")
    return not any(profile.get(name) for name in outside)


def _language_of(profile: Mapping[str, Any]) -> str:
    language = str(profile.get("locale") or "sv").partition("-")[0]
    return language if language in LANGUAGES else "sv"
