from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, Table

from expert_hub.foundation import migrations
from tools import schema_check


async def test_the_migrations_make_the_tables_of_the_program():
    async with schema_check.new_sqlite() as url:
        assert await schema_check.there_and_back(url) == []


async def test_a_table_without_a_migration_is_found(monkeypatch):
    more = MetaData()
    for table in migrations.SQLModel.metadata.tables.values():
        table.to_metadata(more)
    Table("planted", more, Column("id", Integer, primary_key=True))
    monkeypatch.setattr(migrations.SQLModel, "metadata", more)
    async with schema_check.new_sqlite() as url:
        found = await schema_check.there_and_back(url)
    assert len(found) == 1
    assert "add_table" in found[0]
    assert "planted" in found[0]


@pytest.mark.parametrize(("ci", "status"), [("true", 1), ("", 0)])
async def test_a_missing_server_fails_only_under_ci(ci, status, monkeypatch, capsys):
    monkeypatch.setenv("EXPERT_HUB_TEST_POSTGRESQL", "postgresql://nobody@127.0.0.1:1")
    monkeypatch.setenv("CI", ci)
    assert await schema_check.check() == status
    assert "postgresql: left out" in capsys.readouterr().err


async def test_an_sqlite_database_leaves_nothing_behind():
    async with schema_check.new_sqlite() as url:
        folder = Path(url.removeprefix("sqlite+aiosqlite:///")).parent
        assert folder.is_dir()
    assert not folder.exists()
