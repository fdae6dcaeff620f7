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


SMTP = {"smtp_host": "mail", "smtp_from": "hub@example.org", "smtp_to": "{mobile}@sms.example.org"}
WEBHOOK = {"webhook_url": "https://gateway/calls", "webhook_secret": "s" * 32, "public_url": "https://hub/"}


def test_channels_are_tried_in_the_order_in_which_they_are_named() -> None:
    settings = Settings(notifier="webhook, smtp", **SMTP, **WEBHOOK)  # type: ignore[arg-type]
    assert settings.channels == ("webhook", "smtp")
    assert settings.public_url == "https://hub"
    assert Settings().channels == ("console",)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"notifier": "pigeon"}, "console, file, smtp, webhook"),
        ({"notifier": ""}, "console, file, smtp, webhook"),
        ({"notifier": "file,file"}, "each once"),
        ({"documents_bucket": "bids"}, "needs EXPERT_HUB_DOCUMENTS_ENDPOINT, EXPERT_HUB_DOCUMENTS_KEY_ID"),
        ({"notifier": "smtp"}, "needs EXPERT_HUB_SMTP_HOST, EXPERT_HUB_SMTP_FROM, EXPERT_HUB_SMTP_TO"),
        ({"notifier": "webhook", **WEBHOOK, "public_url": None}, "needs EXPERT_HUB_PUBLIC_URL"),
        ({**WEBHOOK, "webhook_secret": "short"}, "32 characters"),
        ({**WEBHOOK, "webhook_url": "gateway"}, "http"),
        ({**WEBHOOK, "webhook_url": "https://u:p@gateway"}, "without a password"),
        ({**WEBHOOK, "public_url": "https://hub:x"}, "http"),
        ({**SMTP, "smtp_to": "sms@example.org"}, "{mobile}"),
        ({**SMTP, "smtp_to": "{mobile}{name}@example.org"}, "no other brace"),
        ({**SMTP, "smtp_to": "{mobile}"}, "such as"),
        ({**SMTP, "smtp_from": "hub"}, "NAME@DOMAIN"),
        ({**SMTP, "smtp_user": "u"}, "together"),
    ],
)
def test_settings_of_channels_are_checked_at_the_start_and_not_shown(changes: dict[str, object], named: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        Settings(**changes)  # type: ignore[arg-type]
    said = "; ".join(fault["msg"] for fault in refusal.value.errors())
    assert named in said
    assert "u:p" not in said
    assert "short" not in said


def test_secrets_are_not_in_the_text_of_the_settings() -> None:
    settings = Settings(**SMTP, **WEBHOOK, smtp_user="u", smtp_password="hidden-word")  # type: ignore[arg-type]
    assert "hidden-word" not in repr(settings)
    assert "ssss" not in repr(settings)
