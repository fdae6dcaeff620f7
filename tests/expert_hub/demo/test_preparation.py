"""The folder of the demonstration is made afresh and nothing else is ever removed."""

import os
from pathlib import Path

import pytest

from expert_hub.demo.preparation import FolderNotOurs, fresh_folder, settings_in
from expert_hub.foundation.db import DatabaseInUse, WriterLock

MARK = ".expert-hub-demo"
MADE = ("hub.db", "hub.db-wal", "hub.db-shm", "hub.db.lock", "server.log", "seat-0.outbox", "seat-0.outbox-journal")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def left_by_a_demonstration(folder: Path) -> Path:
    fresh_folder(folder)
    for name in MADE:
        (folder / name).write_text(name)
    for name in ("sample", "keys", "outbox", "draw", "report"):
        (folder / name / "below").mkdir(parents=True)
    return folder


def test_a_new_folder_is_made_with_its_mark(tmp_path: Path) -> None:
    fresh_folder(tmp_path / "var" / "demo")
    assert names(tmp_path / "var" / "demo") == [MARK]


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    fresh_folder(tmp_path)
    assert names(tmp_path) == [MARK]


def test_what_an_earlier_demonstration_left_is_removed(tmp_path: Path) -> None:
    folder = left_by_a_demonstration(tmp_path / "demo")
    fresh_folder(folder)
    assert names(folder) == [MARK]


@pytest.mark.parametrize("name", ["thesis.txt", "hub", "Sample", ".git"])
def test_a_foreign_file_keeps_everything_where_it_is(tmp_path: Path, name: str) -> None:
    folder = left_by_a_demonstration(tmp_path / "demo")
    (folder / name).write_text("irreplaceable")
    before = names(folder)
    with pytest.raises(FolderNotOurs, match=str(folder)):
        fresh_folder(folder)
    assert names(folder) == before


def test_a_hub_that_no_demonstration_made_is_not_removed(tmp_path: Path) -> None:
    (tmp_path / "hub.db").write_text("a hub in use")
    with pytest.raises(FolderNotOurs):
        fresh_folder(tmp_path)
    assert names(tmp_path) == ["hub.db"]


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    folder = left_by_a_demonstration(tmp_path / "demo")
    before, lock = names(folder), WriterLock(folder / "hub.db")
    lock.acquire()
    with pytest.raises(DatabaseInUse, match=f"Process {os.getpid()} is writing to"):
        fresh_folder(folder)
    lock.release()
    assert names(folder) == before


def test_a_link_is_removed_and_not_what_it_leads_to(tmp_path: Path) -> None:
    folder, other = left_by_a_demonstration(tmp_path / "demo"), tmp_path / "other"
    other.mkdir()
    (other / "kept").touch()
    (folder / "hub.db-link").symlink_to(other)
    fresh_folder(folder)
    assert (names(folder), names(other)) == ([MARK], ["kept"])


def test_the_hub_keeps_everything_in_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("EXPERT_HUB_VAR_DIR", "EXPERT_HUB_NOTIFIER", "EXPERT_HUB_PORT"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("DATABASE_URL", "postgresql://hub@db.example/real")
    settings = settings_in(tmp_path, 4711)
    assert settings.effective_database_url == f"sqlite+aiosqlite:///{tmp_path / 'hub.db'}"
    assert (settings.effective_keys_dir, settings.outbox_dir) == (tmp_path / "keys", tmp_path / "outbox")
    assert (settings.notifier, settings.port) == ("file", 4711)
    assert "DATABASE_URL" not in os.environ
