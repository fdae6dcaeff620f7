"""`expert-hub migrate`: the schema of the database."""

import typer
from alembic.util import CommandError

from expert_hub.cli.entry import FAILED, app, err, run, say, settings
from expert_hub.foundation.db import Database
from expert_hub.foundation.errors import HubError
from expert_hub.foundation.migrations import differences, downgrade, revisions, upgrade

migrate = typer.Typer(help="Bring the database to the schema of this program.", invoke_without_command=True)
app.add_typer(migrate, name="migrate")


class RevisionUnknown(HubError):
    """The history of the schema has no such revision."""

    code = "hub/revision-unknown"
    zh = "数据库结构没有版本 {revision}，或无法由当前版本降至该版本。"
    en = "The schema has no revision {revision}, or it cannot be reached by going down."


@migrate.callback()
def up(context: typer.Context) -> None:
    """Upgrade the schema to the newest revision; without a subcommand."""
    if context.invoked_subcommand is not None:
        return

    async def work() -> None:
        database = Database(settings().effective_database_url)
        try:
            await database.ping()
            before, _ = await revisions(database)
            await upgrade(database)
            after, _ = await revisions(database)
        finally:
            await database.close()
        say(f"数据库结构：{before or '空'} → {after}", f"Schema: {before or 'empty'} → {after}")

    run(work())


@migrate.command()
def check() -> None:
    """Compare the database with the tables of this program."""

    async def work() -> list[str]:
        database = Database(settings().effective_database_url)
        try:
            await database.ping()
            found, wanted = await revisions(database)
            return [f"revision {found}, wanted {wanted}"] if found != wanted else await differences(database)
        finally:
            await database.close()

    faults = run(work())
    for fault in faults:
        err.print(fault, markup=False)
    if faults:
        raise typer.Exit(FAILED)
    say("数据库结构与程序一致。", "The database has the schema of this program.")


@migrate.command()
def down(revision: str) -> None:
    """Take the schema down to REVISION ("base" is the empty database)."""

    async def work() -> None:
        database = Database(settings().effective_database_url)
        try:
            await database.ping()
            await downgrade(database, revision)
        except CommandError:
            raise RevisionUnknown(revision=revision) from None
        finally:
            await database.close()

    run(work())
    say(f"数据库结构已降至 {revision}。", f"The schema is down to {revision}.")
