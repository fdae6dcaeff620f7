from pathlib import Path

import pytest
from pydantic import ValidationError

from expert_hub.foundation.settings import Settings


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgresql://u@h/d", "postgresql+asyncpg://u@h/d"),
        ("postgres://u@h/d", "postgresql+asyncpg://u@h/d"),
        ("postgresql+asyncpg://u@h/d", "postgresql+asyncpg://u@h/d"),
        ("sqlite:///x.db", "sqlite+aiosqlite:///x.db"),
    ],
)
def test_plain_addresses_get_an_asynchronous_driver(given: str, used: str) -> None:
    assert Settings(database_url=given).effective_database_url == used


def test_without_an_address_the_database_is_a_file_under_var(tmp_path: Path) -> None:
    settings = Settings(database_url=None, var_dir=tmp_path)
    assert settings.effective_database_url == f"sqlite+aiosqlite:///{tmp_path / 'hub.db'}"


def test_the_environment_sets_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXPERT_HUB_PORT", "8123")
    monkeypatch.setenv("DATABASE_URL", "postgres://u@h/d")
    settings = Settings()
    assert (settings.port, settings.database_url) == (8123, "postgres://u@h/d")


def test_relays_of_a_beacon_are_web_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().beacon_relays == []
    monkeypatch.setenv("EXPERT_HUB_BEACON_RELAYS", '["https://one.example", "http://127.0.0.1:8080/drand"]')
    assert Settings().beacon_relays == ["https://one.example", "http://127.0.0.1:8080/drand"]


@pytest.mark.parametrize(
    "relay",
    ["", "one.example", "ftp://one.example", "https://", "https://a:b", "http://[::x", "http://a/?b", "http://a#b"],
)
def test_other_texts_are_no_relay(relay: str) -> None:
    with pytest.raises(ValidationError, match="https://HOST"):
        Settings(beacon_relays=[relay])
