"""`expert-hub documents`: check what is stored for a room."""

import typer

from expert_hub.cli.entry import FAILED, app, language, opened_hub, out, run, say
from expert_hub.rooms.documents.checking import Outcome, check_room

documents = typer.Typer(help="Bid documents.", no_args_is_help=True)
app.add_typer(documents, name="documents")


@documents.callback()
def _group() -> None:
    """Bid documents."""


@documents.command()
def check(room: str) -> None:
    """Hash everything that is stored for a room again, compare it with the ledger, and name what differs."""

    async def work() -> Outcome:
        async with opened_hub() as hub:
            return await check_room(hub.database, hub.documents.storage, room)

    outcome = run(work())
    for difference in outcome.differing:
        out.print(difference.told(language()), markup=False)
    verdict, count = "FAIL" if outcome.differing else "PASS", len(outcome.differing)
    say(
        f"{outcome.checked} 个文件，{count} 处不符：{verdict}",
        f"{outcome.checked} documents, {count} differences: {verdict}",
    )
    if outcome.differing:
        raise typer.Exit(FAILED)
