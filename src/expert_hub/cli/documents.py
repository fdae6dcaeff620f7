"""`expert-hub documents`: check what is stored for a room."""

import typer

from expert_hub.cli.entry import FAILED, app, opened_hub, out, run
from expert_hub.rooms.documents.checking import Outcome, check_room

documents = typer.Typer(help="Bid documents.", no_args_is_help=True)
app.add_typer(documents, name="documents")


@documents.callback()
def _group() -> None:
    """Bid documents."""


@documents.command()
def check(room: str) -> None:
    """Hash everything that is stored for a room again and name what differs."""

    async def work() -> Outcome:
        async with opened_hub() as hub:
            return await check_room(hub.database, hub.documents.storage, room)

    outcome = run(work())
    for line in outcome.differing:
        out.print(line, markup=False)
    verdict = "FAIL" if outcome.differing else "PASS"
    out.print(f"{outcome.checked} documents, {len(outcome.differing)} missing or altered: {verdict}", markup=False)
    if outcome.differing:
        raise typer.Exit(FAILED)
