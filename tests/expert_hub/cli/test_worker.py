"""`expert-hub worker`: every reason not to start as one sentence; that it works is shown with its processes."""

from typing import Any

from expert_hub.foundation.db import WriterLock


def test_it_starts_on_no_other_schema(command_line: Any) -> None:
    assert command_line.refused("worker")[0] == "hub/database-not-migrated"


def test_on_sqlite_it_does_not_write_beside_a_server(command_line: Any) -> None:
    assert command_line.run("migrate").code == 0
    server = WriterLock(command_line.home / "var" / "hub.db")
    server.acquire()
    try:
        assert command_line.refused("worker")[0] == "hub/database-in-use"
    finally:
        server.release()


def test_unsafe_and_incomplete_settings_are_refused(command_line: Any) -> None:
    code, _, en = command_line.refused("worker", EXPERT_HUB_BEHIND_TLS="true")
    assert code == "hub/unsafe-settings"
    assert "console notifier" in en
    code, _, en = command_line.refused("worker", EXPERT_HUB_NOTIFIER="webhook,smtp", EXPERT_HUB_SMTP_HOST="mail")
    assert code == "hub/settings-invalid"
    assert "needs EXPERT_HUB_WEBHOOK_URL, EXPERT_HUB_WEBHOOK_SECRET, EXPERT_HUB_PUBLIC_URL" in en
