"""What the Teams door needs to know from the environment. The prefix is LOTSEN_TEAMS_."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.config import ENV_FILE, loaded

PREFIX = "LOTSEN_TEAMS_"
# Where the Bot Connector of the public cloud and of the government clouds answers.
SERVICE_HOSTS = (
    "smba.trafficmanager.net",
    "smba.infra.gcc.teams.microsoft.com",
    "smba.infra.gov.teams.microsoft.us",
    "smba.infra.dod.teams.microsoft.us",
)


class TeamsSettings(BaseSettings):
    """Empty without a client id: then there is no Teams door."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=ENV_FILE,
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        populate_by_name=True,
    )

    client_id: str = ""  # the bot's application id in Entra
    tenant_id: str = ""  # the municipality's; activities from other tenants are refused
    client_secret: SecretStr = SecretStr("")
    managed_identity: str = ""  # client id of a managed identity, or "system", instead of a secret
    service_hosts: Annotated[tuple[str, ...], NoDecode] = SERVICE_HOSTS
    # Then a tap hears that it is taken, and its card follows; Teams gives up after five.
    invoke_patience_seconds: float = Field(default=0.7, gt=0, le=4)

    @field_validator("service_hosts", mode="before")
    @classmethod
    def _split_hosts(cls, value: object) -> object:
        if isinstance(value, str):
            return [part.strip().lower() for part in value.split(",") if part.strip()]
        return value

    @model_validator(mode="after")
    def _whole(self) -> "TeamsSettings":
        if not self.client_id:
            return self
        for name, value in (("CLIENT_ID", self.client_id), ("TENANT_ID", self.tenant_id)):
            try:
                UUID(value)
            except ValueError as error:
                raise ValueError(f"LOTSEN_TEAMS_{name}: ska vara ett id ur Entra") from error
        if not self.client_secret.get_secret_value() and not self.managed_identity:
            raise ValueError("LOTSEN_TEAMS_CLIENT_SECRET: saknas, och ingen MANAGED_IDENTITY")
        return self

    @property
    def enabled(self) -> bool:
        return bool(self.client_id)


def load_teams_settings() -> TeamsSettings:
    return loaded(TeamsSettings)
