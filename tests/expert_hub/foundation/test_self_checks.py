from pathlib import Path

import pytest

from expert_hub.foundation.self_checks import UnsafeSettings, ensure_safe, unsafe_settings
from expert_hub.foundation.settings import Settings


def _settings(tmp_path: Path, **changes: object) -> Settings:
    return Settings(**{"database_url": None, "var_dir": tmp_path, **changes})  # type: ignore[arg-type]


def test_the_defaults_are_safe(tmp_path: Path) -> None:
    assert unsafe_settings(_settings(tmp_path)) == []


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"workers": 2}, "PostgreSQL"),
        ({"host": "0.0.0.0"}, "TLS"),
        ({"allowed_origins": ["*"]}, "origin"),
    ],
)
def test_unsafe_settings_are_named(tmp_path: Path, changes: dict[str, object], word: str) -> None:
    with pytest.raises(UnsafeSettings, match=word):
        ensure_safe(_settings(tmp_path, **changes))


SMTP = {"notifier": "smtp", "smtp_from": "hub@example.org", "smtp_to": "{mobile}@example.org"}
WEBHOOK = {"notifier": "webhook", "webhook_secret": "s" * 32, "public_url": "https://hub.example.org"}


@pytest.mark.parametrize(
    ("changes", "is_safe"),
    [
        (SMTP | {"smtp_host": "mail.example.org", "smtp_tls": "none"}, False),
        (SMTP | {"smtp_host": "mail.example.org"}, True),
        (SMTP | {"smtp_host": "127.0.0.1", "smtp_tls": "none"}, True),
        (WEBHOOK | {"webhook_url": "http://gateway.example.org/calls"}, False),
        (WEBHOOK | {"webhook_url": "https://gateway.example.org/calls"}, True),
        (WEBHOOK | {"webhook_url": "http://127.0.0.1:9/calls"}, True),
    ],
)
def test_numbers_and_codes_leave_the_machine_under_tls_only(
    tmp_path: Path, changes: dict[str, object], is_safe: bool
) -> None:
    faults = unsafe_settings(_settings(tmp_path, **changes))
    assert [("without TLS" in why) for why in faults] == ([] if is_safe else [True])


@pytest.mark.parametrize(
    ("endpoint", "is_safe"),
    [("http://s3.example.org", False), ("https://s3.example.org", True), ("http://127.0.0.1:9000", True)],
)
def test_bids_leave_the_machine_under_tls_only(tmp_path: Path, endpoint: str, is_safe: bool) -> None:
    bucket = {"documents_bucket": "bids", "documents_key_id": "id", "documents_key": "key"}
    faults = unsafe_settings(_settings(tmp_path, **bucket, documents_endpoint=endpoint))
    assert ["in clear" in why for why in faults] == ([] if is_safe else [True])


def test_several_workers_may_serve_postgresql(tmp_path: Path) -> None:
    assert unsafe_settings(_settings(tmp_path, workers=4, database_url="postgresql://u@h/d")) == []


def test_loose_key_files_are_named(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.mkdir()
    (keys / "token-signing.key").write_bytes(bytes(32))
    (keys / "token-signing.key").chmod(0o644)
    with pytest.raises(UnsafeSettings, match="token-signing"):
        ensure_safe(_settings(tmp_path))


@pytest.mark.parametrize("changes", [{"behind_tls": True}, {"host": "0.0.0.0"}])
def test_messages_do_not_go_to_the_log_of_a_hub_that_others_reach(tmp_path: Path, changes: dict[str, object]) -> None:
    assert any("console notifier" in why for why in unsafe_settings(_settings(tmp_path, **changes)))
    assert not any("notifier" in why for why in unsafe_settings(_settings(tmp_path, notifier="file", **changes)))
