"""Settings of one hub, from the environment (`EXPERT_HUB_*`, `DATABASE_URL`) or given by the command line."""

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError


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
    notifier: Literal["console", "file"] = "console"
    token_minutes: int = Field(default=720, ge=1, le=1440)
    logins_per_minute: int = Field(default=60, ge=1)
    fonts_dir: Path | None = None
    beacon_relays: list[str] = []

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
    def outbox_dir(self) -> Path:
        """Where the file notifier puts its messages."""
        return self.var_dir / "outbox"


def _with_driver(url: str) -> str:
    for plain, driver in (
        ("postgresql://", "postgresql+asyncpg://"),
        ("postgres://", "postgresql+asyncpg://"),
        ("sqlite://", "sqlite+aiosqlite://"),
    ):
        if url.startswith(plain):
            return driver + url.removeprefix(plain)
    return url
