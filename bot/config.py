"""Settings from the environment and .env, read once in bot/app.py. The prefix is LOTSEN_."""

import os
from collections.abc import Iterator
from datetime import date, timedelta
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from handlers.errors import ConfigurationFault

AnySettings = TypeVar("AnySettings", bound=BaseSettings)
CHECKOUT = Path(__file__).resolve().parent.parent
ENV_FILE = CHECKOUT / ".env"
LONGEST_CLOSURE_DAYS = 90
PREFIX = "LOTSEN_"
_SENTENCES = {  # by pydantic's type of fault
    "bool_parsing": "ska vara true eller false",
    "date_from_datetime_parsing": "ska vara en dag, som 2026-05-15",
    "date_parsing": "ska vara en dag, som 2026-05-15",
    "enum": "ska vara {expected}",
    "float_parsing": "ska vara ett tal",
    "greater_than": "ska vara större än {gt}",
    "greater_than_equal": "ska vara minst {ge}",
    "int_parsing": "ska vara ett heltal",
    "less_than_equal": "ska vara högst {le}",
}


# What the web chat can show or hand out safely, by the ending that people know.
MEDIA_TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "pdf": "application/pdf",
    "txt": "text/plain",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
}


class Mode(StrEnum):
    DEMO = "demo"
    LIVE = "live"


class MailDelivery(StrEnum):
    MAILDIR = "maildir"
    SMTP = "smtp"
    GRAPH = "graph"


class ChatPolicy(StrEnum):
    """Where free text may be typed in Slack and Teams (docs/adr/0007)."""

    DIALOG = "dialog"
    STRICT = "strict"
    OPEN = "open"


class SmtpSecurity(StrEnum):
    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=ENV_FILE,
        env_file_encoding="utf-8",
        env_ignore_empty=True,  # LOTSEN_X= is as good as no line; an empty path would be "."
        extra="ignore",
    )

    mode: Mode = Mode.DEMO
    data_dir: Path = CHECKOUT / "var"
    database_url: str = ""
    base_url: str = ""  # where people reach the pages; made of host and port when empty
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    secret_key: SecretStr = SecretStr("")

    oidc_issuer: str = ""  # the identity provider; the demo login is for when there is none
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_person_claim: str = "preferred_username"  # holds the person's address as we know it
    oidc_scopes: str = "email"  # beside openid and profile
    oidc_ca_file: Path | None = None  # of a provider with the municipality's own certificates

    municipality_name: str = "Lotsköpings kommun"
    contact: str = "vård och omsorg"
    fallback_email: str = "jour@lotskoping.example"
    target_months: int = Field(default=1, ge=1, le=12)
    draft_days: int = Field(default=14, ge=7, le=90)  # a report that is not sent is kept so long
    handover_hours: int = Field(default=12, ge=1, le=72)  # SBAR to the nurse
    work_system: str = ""  # where the employer keeps matters of the work environment
    nurse_email: str = ""  # where the nurse on duty gets the link; empty: read aloud only
    upload_files: int = Field(default=5, ge=0, le=20)  # of one report in the web chat; 0: none
    upload_megabytes: int = Field(default=10, ge=1, le=50)  # of one file
    upload_types: Annotated[tuple[str, ...], NoDecode] = tuple(MEDIA_TYPES)
    closures: Annotated[tuple[date, ...], NoDecode] = ()

    mail_address: str = "synpunkter@lotskoping.example"
    mailboxes: Path | None = None  # a TOML file (bot.mail.mailboxes); else the one Maildir
    mail_inbox: Path | None = None  # a Maildir; var/mail/inbox when empty
    mail_trusted_server: str = ""  # whose word on SPF, DKIM and DMARC counts
    staff_domains: Annotated[tuple[str, ...], NoDecode] = ()  # besides the staff's own addresses
    reopen_days: int = Field(default=90, ge=0, le=3650)  # a later reply makes a linked case
    diary_pattern: str = "VO {year}/{number:04d}"
    texts_dir: Path | None = None  # texts_sv.toml and texts_en.toml there go before ours
    mail_delivery: MailDelivery = MailDelivery.MAILDIR
    smtp_host: str = ""
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_security: SmtpSecurity = SmtpSecurity.STARTTLS
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")

    chat_policy: ChatPolicy = ChatPolicy.DIALOG  # one for all chats

    worker_seconds: float = Field(default=2.0, gt=0, le=3600)
    sweep_seconds: float = Field(default=60.0, gt=0, le=86400)
    model_seconds: float = Field(default=3.0, ge=0.1, le=60)  # then keywords answer a text

    @field_validator("closures", "staff_domains", "upload_types", mode="before")
    @classmethod
    def _split_days(cls, value: object) -> object:
        """Take days and spans of days: 2026-05-15,2026-07-06..2026-07-10."""
        if not isinstance(value, str):
            return value
        days: list[object] = []
        for part in (part.strip() for part in value.split(",") if part.strip()):
            first, dots, last = part.partition("..")
            days += _span(first, last) if dots else [part]
        return days

    @field_validator("upload_types")
    @classmethod
    def _known_types(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        unknown = [ending for ending in value if ending not in MEDIA_TYPES]
        if unknown:
            raise ValueError(f"{', '.join(unknown)}: ska vara bland {', '.join(MEDIA_TYPES)}")
        return value

    @field_validator("base_url")
    @classmethod
    def _without_slash(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("ska börja med http:// eller https://")
        return value.rstrip("/")

    @field_validator("diary_pattern")
    @classmethod
    def _numbers(cls, value: str) -> str:
        try:
            distinct = value.format(year=2026, number=1) != value.format(year=2026, number=2)
        except (KeyError, IndexError, ValueError) as error:
            raise ValueError("ska ha {number} och kan ha {year}") from error
        if not distinct or len(value) > 40:
            raise ValueError("ska ha {number} och kan ha {year}")
        return value

    @field_validator("mail_address", "fallback_email")
    @classmethod
    def _an_address(cls, value: str) -> str:
        if value.count("@") != 1 or value.startswith("@") or value.endswith("@"):
            raise ValueError("ska vara en e-postadress")
        return value

    @field_validator("oidc_issuer")
    @classmethod
    def _over_tls(cls, value: str) -> str:
        if value and not value.startswith("https://"):
            raise ValueError("ska börja med https://")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _whole(self) -> "Settings":
        self.base_url = self.base_url or f"http://{self.host}:{self.port}"
        if lacking := "\n".join(self._lacking()):
            raise ValueError(lacking)
        return self

    def _lacking(self) -> Iterator[str]:
        """Say what each of the other settings asks for and is not there."""
        live = self.mode == Mode.LIVE
        if live and len(self.secret_key.get_secret_value()) < 32:
            yield "LOTSEN_SECRET_KEY: ska ha minst 32 tecken i skarp drift"
        if live and not self.oidc_issuer:
            yield "LOTSEN_OIDC_ISSUER: saknas; utan den kan ingen logga in"
        if self.oidc_issuer and not self.oidc_client_id:
            yield "LOTSEN_OIDC_CLIENT_ID: saknas fast LOTSEN_OIDC_ISSUER är satt"
        if self.oidc_issuer and not self.oidc_client_secret.get_secret_value():
            yield "LOTSEN_OIDC_CLIENT_SECRET: saknas fast LOTSEN_OIDC_ISSUER är satt"
        if self.mail_delivery == MailDelivery.SMTP and not self.smtp_host:
            yield "LOTSEN_SMTP_HOST: saknas fast LOTSEN_MAIL_DELIVERY är smtp"
        if self.mail_delivery == MailDelivery.GRAPH and self.mailboxes is None:
            yield "LOTSEN_MAILBOXES: saknas fast LOTSEN_MAIL_DELIVERY är graph"

    @property
    def url_of_database(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'lotsen.db'}"

    @property
    def upload_media_types(self) -> tuple[str, ...]:
        return tuple(MEDIA_TYPES[ending] for ending in self.upload_types)

    @property
    def inbox_maildir(self) -> Path:
        return self.mail_inbox or self.data_dir / "mail" / "inbox"

    @property
    def sent_maildir(self) -> Path:
        return self.data_dir / "mail" / "sent"

    @property
    def model_dir(self) -> Path:
        return self.data_dir / "model"


def _span(first: str, last: str) -> list[date]:
    begins, ends = date.fromisoformat(first), date.fromisoformat(last)
    length = (ends - begins).days + 1
    if not 0 < length <= LONGEST_CLOSURE_DAYS:
        raise ValueError(f"{first}..{last}: ska vara 1 till {LONGEST_CLOSURE_DAYS} dagar")
    return [begins + timedelta(days=number) for number in range(length)]


def load_settings(**overrides: object) -> Settings:
    return loaded(Settings, **overrides)


def loaded(kind: type[AnySettings], **overrides: object) -> AnySettings:
    """Return the settings of this kind; every fault names its item and where it may stand."""
    try:
        return kind(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        where = f"miljön eller {ENV_FILE.name}"
        prefix = kind.model_config.get("env_prefix", "")
        lines = []
        for fault in error.errors():
            item = str(fault["loc"][0]).upper() if fault["loc"] else ""
            message = in_swedish(fault)
            told = [f"{prefix}{item}: {message}"] if item else message.split("\n")
            lines += [f"{where}: {one}" for one in told]
        raise ConfigurationFault("\n".join(lines)) from error


def in_swedish(fault: ErrorDetails) -> str:
    """Return what pydantic found wrong; its English stands only for what nobody has met."""
    sentence = _SENTENCES.get(fault["type"])
    if sentence is None:
        return fault["msg"].removeprefix("Value error, ")
    return sentence.format(**fault.get("ctx", {})).replace(" or ", " eller ")


def unknown_names(*models: type[BaseSettings]) -> list[str]:
    """Return a sentence for each LOTSEN_ name that no setting has, such as a misspelt one."""
    known = {name for model in models for name in names_of(model)}
    environment = os.environ  # noqa: TID251 - names only; this is where settings come from
    given = {name for name in (*environment, *_names_in_file()) if name.startswith(PREFIX)}
    where = f"miljön eller {ENV_FILE.name}"
    return [
        f"{where}: {name}: ingen inställning heter så{_meant(name, known)}"
        for name in sorted(given - known)
    ]


def _meant(name: str, known: set[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"; menas {near[0]}?" if near else ""


def _names_in_file() -> Iterator[str]:
    if ENV_FILE.is_file():
        for line in ENV_FILE.read_text(encoding="utf-8").splitlines():
            yield line.partition("=")[0].strip()


def names_of(model: type[BaseSettings]) -> Iterator[str]:
    """Yield what each setting is called in the environment."""
    for name, field in model.model_fields.items():
        alias = field.validation_alias
        prefixed = f"{model.model_config.get('env_prefix', '')}{name}".upper()
        yield alias if isinstance(alias, str) else prefixed
