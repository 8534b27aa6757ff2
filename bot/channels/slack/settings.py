"""Settings of the Slack door. The prefix is LOTSEN_SLACK_; without a token the door is closed."""

from enum import StrEnum
from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.config import ENV_FILE, loaded

PREFIX = "LOTSEN_SLACK_"


class Transport(StrEnum):
    HTTP = "http"  # Slack calls us
    SOCKET = "socket"  # we call Slack: Socket Mode, for servers that nobody reaches from outside


class SlackSettings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=ENV_FILE,
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        populate_by_name=True,
    )

    bot_token: SecretStr = SecretStr("")  # xoxb-…
    signing_secret: SecretStr = SecretStr("")
    app_token: SecretStr = SecretStr("")  # xapp-…, Socket Mode only
    transport: Transport = Transport.HTTP
    heartbeat_channel: str = ""  # a channel for the socket's own proof of delivery
    api_url: str = "https://slack.com/api/"
    quiet_seconds: float = Field(default=600.0, gt=0)  # silence that the socket has to explain
    proof_seconds: float = Field(default=30.0, gt=0)
    ping_seconds: float = Field(default=10.0, gt=0)
    recover_seconds: float = Field(default=10.0, gt=0)

    @property
    def enabled(self) -> bool:
        return bool(self.bot_token.get_secret_value())

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if not self.enabled:
            return self
        if self.transport == Transport.HTTP and not self.signing_secret.get_secret_value():
            raise ValueError(f"{PREFIX}SIGNING_SECRET: saknas fast {PREFIX}TRANSPORT är http")
        if self.transport == Transport.SOCKET and not self.app_token.get_secret_value():
            raise ValueError(f"{PREFIX}APP_TOKEN: saknas fast {PREFIX}TRANSPORT är socket")
        return self


def load_slack_settings() -> SlackSettings:
    return loaded(SlackSettings)
