"""In what capacity somebody writes: relative, person cared for, staff, other care, authority.

A guess from address and words, shown as such. What follows from it never takes a right away: every
mail of a person becomes a case or stays where a person sees it.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handlers.case_records import PartyKind
from handlers.domain.mail import CheckResult, IncomingMail, SenderRole
from handlers.domain.people import Organisation
from handlers.errors import ConfigurationFault

_LOOKED_AT = 20_000  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderRules:
    patterns: Mapping[tuple[str, str], tuple[re.Pattern[str], ...]]

    def role_of(
        self, mail: IncomingMail, organisation: Organisation, staff_domains: Iterable[str]
    ) -> SenderRole:
        local, _, domain = mail.sender_address.lower().rpartition("@")
        if not mail.authentication.failed:
            if self._is_authority(mail, local, domain):
                return SenderRole.AUTHORITY
            if self._is_staff(mail.sender_address, domain, organisation, staff_domains):
                return SenderRole.STAFF
            if self._is_whole("provider", "domains", domain):
                return SenderRole.PROVIDER
        text = f"{mail.subject}\n{mail.text}"[:_LOOKED_AT].lower()
        for role in (SenderRole.RELATIVE, SenderRole.CARED_FOR, SenderRole.PROVIDER):
            if self._finds(role, "words", text):
                return role
        return SenderRole.UNKNOWN

    def party_kind(self, address: str) -> PartyKind:
        domain = address.lower().rpartition("@")[2]
        is_region = self._is_whole("provider", "region_domains", domain)
        return PartyKind.REGION if is_region else PartyKind.PROVIDER

    def _is_authority(self, mail: IncomingMail, local: str, domain: str) -> bool:
        if self._is_whole("authority", "domains", domain):
            return True
        if self._is_whole("authority", "local_parts", local):
            return True
        vouched = mail.authentication.dmarc is CheckResult.PASSED
        return vouched and self._finds("authority", "names", mail.sender_name.lower())

    def _is_staff(
        self, address: str, domain: str, organisation: Organisation, domains: Iterable[str]
    ) -> bool:
        known = {person.email.lower() for person in organisation.people}
        return address.lower() in known or domain in {one.lower() for one in domains}

    def _is_whole(self, group: str, name: str, text: str) -> bool:
        return any(p.fullmatch(text) for p in self.patterns.get((group, name), ()))

    def _finds(self, group: str, name: str, text: str) -> bool:
        return any(p.search(text) for p in self.patterns.get((group, name), ()))


NO_RULES = SenderRules(patterns={})


def load_sender_rules(folder: Path | None = None) -> SenderRules:
    path = (folder or Path(__file__).parent) / "senders.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        return SenderRules(patterns=dict(_patterns(data)))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationFault(f"{path.name}: kan inte läsas: {error}") from error
    except re.error as error:
        raise ConfigurationFault(f"{path.name}: {error}") from error


def _patterns(
    data: Mapping[str, Any],
) -> Iterable[tuple[tuple[str, str], tuple[re.Pattern[str], ...]]]:
    for group, lists in data.items():
        if isinstance(lists, Mapping):
            for name, found in lists.items():
                compiled = tuple(re.compile(one, re.IGNORECASE) for one in found)
                yield (group, name), compiled
