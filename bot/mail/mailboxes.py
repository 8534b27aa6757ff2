"""Which mailboxes there are: a TOML file, checked at start, and the sources made from it."""

import tomllib
from pathlib import Path
from typing import Annotated, Literal, assert_never

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.mail.graph import GraphSource
from bot.mail.imap import ImapSource
from bot.mail.imap_connection import AfterStoring, ImapAccount, Security
from bot.mail.maildir import MaildirSource, make_maildir
from bot.mail.microsoft import GRAPH_SCOPE, IMAP_SCOPE, GraphClient, MicrosoftTokens
from bot.mail.sources import MailSource
from handlers.errors import ConfigurationFault

_STRICT = ConfigDict(extra="forbid", frozen=True)


class MicrosoftAccess(BaseModel):
    """An app registration in Entra ID: a secret, or a certificate with its key; each in a file."""

    model_config = _STRICT

    tenant_id: str = Field(min_length=1)
    client_id: str = Field(min_length=1)
    secret_file: Path | None = None
    certificate_file: Path | None = None
    key_file: Path | None = None

    @model_validator(mode="after")
    def _has_one_credential(self) -> "MicrosoftAccess":
        has_certificate = self.certificate_file is not None and self.key_file is not None
        if (self.secret_file is not None) == has_certificate:
            raise ValueError("ska ha antingen secret_file eller certificate_file och key_file")
        return self

    def tokens(self, scope: str) -> MicrosoftTokens:
        return MicrosoftTokens(
            tenant_id=self.tenant_id,
            client_id=self.client_id,
            credential=self._credential(),
            scope=scope,
        )

    def _credential(self) -> str | dict[str, str]:
        if self.certificate_file is not None and self.key_file is not None:
            return {
                "private_key": _secret(self.key_file),
                "public_certificate": _secret(self.certificate_file),
            }
        return _secret(self.secret_file) if self.secret_file else ""


class _Mailbox(BaseModel):
    model_config = _STRICT

    name: str = Field(pattern=r"^[a-z0-9-]{1,30}$")  # of health pages and keys: never change it
    address: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")
    report_kind: Literal["", "complaint", "deviation"] = ""  # "": the text decides
    unit_id: str = ""  # of cases that name no unit
    language: Literal["sv", "en"] = "sv"  # of answers to mail that could be in either
    poll_seconds: float = Field(default=30, ge=0, le=3600)  # between two looks


class MaildirMailbox(_Mailbox):
    kind: Literal["maildir"]
    path: Path
    poll_seconds: float = Field(default=0, ge=0, le=3600)  # files cost nothing: every round


class ImapMailbox(_Mailbox):
    """Log in by password or, with `microsoft`, by XOAUTH2."""

    kind: Literal["imap"]
    host: str = Field(min_length=1)
    port: int = Field(default=993, ge=1, le=65535)
    security: Security = Security.TLS
    user: str = ""  # the address when empty
    password_file: Path | None = None
    microsoft: MicrosoftAccess | None = None
    folder: str = "INBOX"
    handled_folder: str = "Lotsen"
    after_storing: AfterStoring = AfterStoring.MOVE

    @model_validator(mode="after")
    def _has_one_login(self) -> "ImapMailbox":
        if (self.password_file is None) == (self.microsoft is None):
            raise ValueError("ska ha antingen password_file eller microsoft")
        return self

    def account(self) -> ImapAccount:
        return ImapAccount(
            host=self.host,
            port=self.port,
            user=self.user or self.address,
            password=_secret(self.password_file) if self.password_file else "",
            tokens=self.microsoft.tokens(IMAP_SCOPE) if self.microsoft else None,
            security=self.security,
            folder=self.folder,
            handled_folder=self.handled_folder,
            after_storing=self.after_storing,
        )


class GraphMailbox(_Mailbox):
    kind: Literal["graph"]
    microsoft: MicrosoftAccess
    folder: str = "inbox"
    handled_folder: str = "Lotsen"


AnyMailbox = MaildirMailbox | ImapMailbox | GraphMailbox
Mailbox = Annotated[AnyMailbox, Field(discriminator="kind")]


class _File(BaseModel):
    model_config = _STRICT

    mailbox: tuple[Mailbox, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_are_unique(self) -> "_File":
        names = [mailbox.name for mailbox in self.mailbox]
        if len(set(names)) < len(names):
            raise ValueError("två brevlådor har samma name")
        return self


def load_mailboxes(path: Path) -> tuple[AnyMailbox, ...]:
    """Return the mailboxes of the file; a ConfigurationFault names file and item of every fault."""
    try:
        return _File.model_validate(tomllib.loads(path.read_text("utf-8"))).mailbox
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationFault(f"{path}: går inte att läsa ({type(error).__name__}).") from error
    except ValidationError as error:
        faults = (
            f"{path}: {'.'.join(str(part) for part in fault['loc'])}: "
            f"{fault['msg'].removeprefix('Value error, ')}"
            for fault in error.errors()
        )
        raise ConfigurationFault("\n".join(faults)) from error


def open_source(mailbox: AnyMailbox) -> MailSource:
    """Return the source; nothing is connected before its first fetch()."""
    match mailbox:
        case MaildirMailbox():
            make_maildir(mailbox.path)
            return MaildirSource(mailbox.path, mailbox=mailbox.name)
        case ImapMailbox():
            return ImapSource(mailbox.account(), mailbox=mailbox.name)
        case GraphMailbox():
            return GraphSource(
                GraphClient(mailbox.microsoft.tokens(GRAPH_SCOPE)),
                user=mailbox.address,
                mailbox=mailbox.name,
                folder=mailbox.folder,
                handled_folder=mailbox.handled_folder,
            )
        case _:
            assert_never(mailbox)


def _secret(path: Path) -> str:
    try:
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationFault(f"{path}: går inte att läsa.") from error
