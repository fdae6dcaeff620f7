"""`expert-hub room`: what an operator does with a room from the command line."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from expert_hub.cli.entry import FAILED, app, language, opened_hub, out, run, say
from expert_hub.rooms.replay import Replay, replay_room, told

room = typer.Typer(help="Evaluation rooms.", no_args_is_help=True)
app.add_typer(room, name="room")


@room.callback()
def _group() -> None:
    """Evaluation rooms."""


@room.command()
def replay(
    room_id: Annotated[str, typer.Argument(metavar="ROOM", help="Id of the room.")],
    report: Annotated[Path | None, typer.Option("--report", help="A kept report.json to compare as well.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything that was found as JSON.")] = False,
) -> None:
    """Rebuild a room from its records and compare what is stored: PASS, or the first difference of each store."""

    async def work() -> Replay:
        kept = report.read_bytes() if report else None
        async with opened_hub() as hub, hub.database.read() as session:
            return await replay_room(session, room_id, kept)

    found = run(work())
    if as_json:
        out.print(msgspec.json.encode(found).decode(), markup=False)
    else:
        _tell(found)
    if found.differences:
        raise typer.Exit(FAILED)


def _tell(found: Replay) -> None:
    for difference in found.differences:
        out.print(told(difference, language()), markup=False)
    say(
        f"评标室 {found.room_id}：{found.records} 条记录，阶段 {found.stage}，摘要 {found.digest}：{found.verdict}",
        f"room {found.room_id}: {found.records} records, stage {found.stage}, digest {found.digest}: {found.verdict}",
    )
