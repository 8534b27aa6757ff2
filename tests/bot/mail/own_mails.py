"""The invented Swedish mails of tests/mail and what is right for each of them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.mail.reading import read_mail
from handlers.domain.mail import IncomingMail

FOLDER = Path(__file__).parents[2] / "mail"
OWN_ADDRESS = "synpunkter@lotskoping.example"
LOOP_ID = "provkommun"


@dataclass(frozen=True)
class OwnMail:
    file: str
    expected: dict[str, Any]

    @property
    def raw(self) -> bytes:
        return (FOLDER / self.file).read_bytes()

    def read(self) -> IncomingMail:
        return read(self.raw)


def read(raw: bytes) -> IncomingMail:
    return read_mail(raw, own_addresses=frozenset({OWN_ADDRESS}), own_loop_id=LOOP_ID)


def own_mails() -> list[OwnMail]:
    lines = (FOLDER / "expected.jsonl").read_text("utf-8").splitlines()
    return [OwnMail(record["file"], record) for record in map(json.loads, lines)]


def squeezed(text: str) -> str:
    return " ".join(text.split())
