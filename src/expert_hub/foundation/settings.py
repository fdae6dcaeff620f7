"""Settings of one hub, from the environment (`EXPERT_HUB_*`, `DATABASE_URL`) or given by the command line."""

import re
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import AwareDatetime, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

CHANNELS = ("console", "file", "smtp", "webhook")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


class Settings(BaseSettings):
    """Everything an operator may set. Nothing here is a rule of law: those are rule packs."""

    model_config = SettingsConfigDict(env_prefix="EXPERT_HUB_", populate_by_name=True, extra="ignore")

    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL")
    redis_url: str | None = Field(default=None, validation_alias="REDIS_URL")
    var_dir: Path = Path("var")
    keys_dir: Path | None = None
    packs_dir: Path | None = None
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    workers: int = Field(default=1, ge=1, le=64)
    allowed_origins: list[str] = []
    behind_tls: bool = False
    language: Literal["zh", "en"] = "zh"
    public_url: str | None = None
    notifier: str = "console"
    notifier_timeout_s: float = Field(default=10, gt=0, le=60)
    smtp_host: str | None = None
    smtp_port: int | None = Field(default=None, ge=1, le=65535)
    smtp_tls: Literal["starttls", "implicit", "none"] = "starttls"
    smtp_ca_file: Path | None = None
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_from: str | None = None
    smtp_to: str | None = None
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    token_minutes: int = Field(default=720, ge=1, le=1440)
    logins_per_minute: int = Field(default=60, ge=1)
    frames_per_second: int = Field(default=100, ge=1)
    sockets_per_account: int = Field(default=20, ge=1)
    fonts_dir: Path | None = None
    documents_dir: Path | None = None
    documents_max_mib: int = Field(default=256, ge=1, le=4096)
    documents_bucket: str | None = Field(default=None, min_length=3, max_length=63)
    documents_prefix: str = ""
    documents_endpoint: str | None = None
    documents_region: str = "us-east-1"
    documents_key_id: SecretStr | None = None
    documents_key: SecretStr | None = None
    beacon_relays: list[str] = []
    beacons: list[Literal["quicknet", "default", "own"]] = ["quicknet"]
    own_beacon_period_s: int = Field(default=3, ge=1, le=600)
    beacon_lead_s: int = Field(default=60, ge=1, le=3000)
    beacon_patience_s: int = Field(default=1800, ge=1, le=86_400)
    training: bool = False
    training_speed: float = Field(default=1, ge=1, le=60)
    training_since: AwareDatetime | None = None
    origin: str = Field(default="expert-hub", pattern=r"^[^\s+/][^\s+]{0,99}$")

    @field_validator("database_url")
    @classmethod
    def _of_a_known_engine(cls, url: str | None) -> str | None:
        try:
            driver = make_url(_with_driver(url)).drivername if url else "sqlite+aiosqlite"
        except (ArgumentError, ValueError):
            driver = ""
        if driver not in ("postgresql+asyncpg", "sqlite+aiosqlite"):
            # Without the value: it may hold a password.
            raise ValueError("postgresql://USER:PASSWORD@HOST:PORT/NAME or sqlite:////PATH")
        return url

    @field_validator("beacon_relays")
    @classmethod
    def _web_addresses(cls, relays: list[str]) -> list[str]:
        for relay in relays:
            try:
                parts = urlsplit(relay)
                fits = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
            except ValueError:
                fits = False
            if not fits or parts.query or parts.fragment:
                raise ValueError('["https://HOST", ...]')
        return relays

    @field_validator("notifier")
    @classmethod
    def _of_known_channels(cls, names: str) -> str:
        channels = _split(names)
        if not channels or len(set(channels)) != len(channels) or not set(channels) <= set(CHANNELS):
            raise ValueError(f"one or several of {', '.join(CHANNELS)}, each once, with commas between them")
        return names

    @field_validator("public_url", "webhook_url", "documents_endpoint")
    @classmethod
    def _an_address_of_the_web(cls, url: str | None) -> str | None:
        try:
            parts = urlsplit(url or "http://none")
            is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
            is_plain = not parts.query and not parts.fragment and (parts.port or 0) >= 0
        except ValueError:
            is_web = is_plain = False
        if not (is_web and is_plain):
            raise ValueError("http(s)://HOST[:PORT][/PATH], without a password in it")
        return url.rstrip("/") if url else url

    @field_validator("webhook_secret")
    @classmethod
    def _hard_to_guess(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and len(secret.get_secret_value()) < 32:
            raise ValueError("at least 32 characters")
        return secret

    @field_validator("smtp_from")
    @classmethod
    def _one_address(cls, address: str | None) -> str | None:
        if address is not None and not _ADDRESS.fullmatch(address):
            raise ValueError("NAME@DOMAIN")
        return address

    @field_validator("smtp_to")
    @classmethod
    def _with_a_place_for_the_number(cls, template: str | None) -> str | None:
        if template is not None and not _ADDRESS.fullmatch(template.replace("{mobile}", "1", 1)):
            raise ValueError("the address of the gateway, such as {mobile}@sms.example.org")
        if template is not None and ("{mobile}" not in template or set(template.replace("{mobile}", "")) & set("{}")):
            raise ValueError("{mobile} stands for the number, and there is no other brace")
        return template

    @model_validator(mode="after")
    def _with_what_the_channels_need(self) -> Self:
        needs = {
            "smtp": ("smtp_host", "smtp_from", "smtp_to"),
            "webhook": ("webhook_url", "webhook_secret", "public_url"),
        }
        wanted = [name for channel in self.channels for name in needs.get(channel, ())]
        missing = [f"EXPERT_HUB_{name.upper()}" for name in wanted if getattr(self, name) is None]
        if (self.smtp_user is None) != (self.smtp_password is None):
            missing.append("EXPERT_HUB_SMTP_USER and EXPERT_HUB_SMTP_PASSWORD together or not at all")
        if missing:
            raise ValueError(f"EXPERT_HUB_NOTIFIER={self.notifier} needs {', '.join(missing)}")
        return self

    @model_validator(mode="after")
    def _with_real_time_outside_of_training(self) -> Self:
        if self.training_speed != 1 and (not self.training or self.training_since is None):
            raise ValueError("EXPERT_HUB_TRAINING_SPEED needs EXPERT_HUB_TRAINING=1 and EXPERT_HUB_TRAINING_SINCE")
        return self

    @model_validator(mode="after")
    def _with_what_a_bucket_needs(self) -> Self:
        wanted = ("documents_endpoint", "documents_key_id", "documents_key") if self.documents_bucket else ()
        missing = [f"EXPERT_HUB_{name.upper()}" for name in wanted if getattr(self, name) is None]
        if missing:
            raise ValueError(f"EXPERT_HUB_DOCUMENTS_BUCKET needs {', '.join(missing)}")
        return self

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels of messages in the order in which they are tried."""
        return _split(self.notifier)

    @property
    def effective_database_url(self) -> str:
        """The database in use, with an asynchronous driver."""
        if not self.database_url:
            return f"sqlite+aiosqlite:///{(self.var_dir / 'hub.db').resolve()}"
        return _with_driver(self.database_url)

    @property
    def effective_keys_dir(self) -> Path:
        """Where the signing key and the key of personal data lie: never in the database."""
        return self.keys_dir or self.var_dir / "keys"

    @property
    def effective_documents_dir(self) -> Path:
        """Where bid documents lie, or, with a bucket, where they are looked into and marked."""
        return self.documents_dir or self.var_dir / "documents"

    @property
    def outbox_dir(self) -> Path:
        """Where the file notifier puts its messages."""
        return self.var_dir / "outbox"


def _split(names: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in names.split(",") if name.strip())


def _with_driver(url: str) -> str:
    for plain, driver in (
        ("postgresql://", "postgresql+asyncpg://"),
        ("postgres://", "postgresql+asyncpg://"),
        ("sqlite://", "sqlite+aiosqlite://"),
    ):
        if url.startswith(plain):
            return driver + url.removeprefix(plain)
    return url
