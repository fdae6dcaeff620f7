"""`expert-hub account`: accounts, the first administrator among them."""

import sys
from typing import Annotated

import typer

from expert_hub.cli.entry import app, opened_hub, run, say
from expert_hub.foundation.chance import new_code
from expert_hub.identity.rules import Role
from expert_hub.identity.service import NewAccount, create_account, list_accounts

account = typer.Typer(help="Accounts and their roles.", no_args_is_help=True)
app.add_typer(account, name="account")


@account.command()
def create(
    username: str,
    role: Annotated[list[Role], typer.Option("--role", help="May be repeated where roles may go together.")],
    name: Annotated[str, typer.Option("--name", help="Name to show.")] = "",
    venue: Annotated[str | None, typer.Option("--venue", help="Venue of an operator.")] = None,
    organisation: Annotated[str | None, typer.Option("--organisation", help="Unified social credit code.")] = None,
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="Read the password from input.")] = False,
) -> None:
    """Create an account; without --password-stdin a random password is made and printed once."""

    async def work() -> str | None:
        async with opened_hub() as hub:
            given = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
            password = given if given is not None else new_code(hub.chance, 20)
            new = NewAccount(
                username=username,
                display_name=name or username,
                roles=frozenset(role),
                password=password,
                venue_id=venue,
                organisation_code=organisation,
            )
            async with hub.database.write() as session:
                await create_account(session, hub.clock, hub.chance, new)
            return None if given is not None else password

    password = run(work())
    say(f"已创建账号 {username}。", f"Account {username} created.")
    if password:
        say(f"密码（仅显示一次）：{password}", f"Password (shown once): {password}")


@account.command("list")
def show() -> None:
    """List accounts with their roles."""

    async def work() -> list[tuple[str, str, str]]:
        async with opened_hub() as hub, hub.database.read() as session:
            rows = await list_accounts(session)
            return [(row.username, ", ".join(row.roles), "" if row.is_active else "closed") for row in rows]

    for row in run(work()):
        # The console would turn the tabs into blanks.
        typer.echo("\t".join(row).rstrip())
