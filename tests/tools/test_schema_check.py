import sys
from pathlib import Path

import pytest

from tools import schema_check


def stand_in(folder: Path, status: int) -> Path:
    """A program that writes its arguments and database down and ends with a status on `check`."""
    program = folder / "hub"
    program.write_text(
        f"#!{sys.executable}\n"
        "import os, pathlib, sys\n"
        f"with pathlib.Path({str(folder / 'log')!r}).open('a') as log:\n"
        "    print(*sys.argv[1:], os.environ['DATABASE_URL'], file=log)\n"
        f"sys.exit({status} if 'check' in sys.argv else 0)\n",
        encoding="utf-8",
    )
    program.chmod(0o755)
    return program


def test_a_database_is_migrated_compared_and_taken_back(tmp_path):
    assert schema_check.there_and_back("sqlite:///x", stand_in(tmp_path, 0)) == 0
    assert (tmp_path / "log").read_text(encoding="utf-8").splitlines() == [
        "migrate sqlite:///x",
        "migrate check sqlite:///x",
        "migrate down base sqlite:///x",
        "migrate sqlite:///x",
        "migrate check sqlite:///x",
    ]


def test_a_difference_fails(tmp_path, capsys):
    assert schema_check.there_and_back("sqlite:///x", stand_in(tmp_path, 1)) == 1
    assert capsys.readouterr().err == "sqlite: migrate check failed\n"


@pytest.mark.parametrize(("ci", "status"), [("true", 1), ("", 0)])
def test_a_missing_server_fails_only_under_ci(ci, status, monkeypatch, capsys):
    monkeypatch.setattr(schema_check, "there_and_back", lambda url: 0)
    monkeypatch.setenv("EXPERT_HUB_TEST_POSTGRESQL", "postgresql://nobody@127.0.0.1:1")
    monkeypatch.setenv("CI", ci)
    assert schema_check.main() == status
    assert "postgresql: left out" in capsys.readouterr().err


def test_an_sqlite_database_leaves_nothing_behind():
    with schema_check.new_sqlite() as url:
        folder = Path(url.removeprefix("sqlite:///")).parent
        assert folder.is_dir()
    assert not folder.exists()
