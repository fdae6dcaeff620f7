"""`expert-hub room`: what an operator does with a room from the command line."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from expert_hub.cli.entry import FAILED, app, language, opened_hub, out, run, say, settings
from expert_hub.rooms.replay import Replay, replay_room, told
from expert_hub.training.plan import TrainingPlan
from expert_hub.training.session import train as run_training

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


@room.command()
def train(
    part: Annotated[
        str, typer.Option("--as", help="What you practise: member, leader, host, or nobody to watch.", metavar="PART")
    ] = "member",
    seats: Annotated[int, typer.Option("--seats", help="Size of the committee: 5, 7 or 9.")] = 5,
    method: Annotated[str, typer.Option("--method", help="Evaluation method.")] = "comprehensive_scoring",
    speed: Annotated[float, typer.Option("--speed", min=1, max=60, help="How much faster the clock runs.")] = 10.0,
    pace_s: Annotated[float, typer.Option("--pace", min=0, help="Seconds that simulated colleagues think.")] = 1.0,
    folder: Annotated[Path, typer.Option("--folder", help="Made afresh each time.")] = Path("var/training"),
) -> None:
    """Practise alone: a room of invented bids on a hub of its own, with simulated colleagues (演练)."""
    plan = TrainingPlan(
        folder=folder,
        part=part,  # type: ignore[arg-type]
        seats=seats,
        method=method,
        port=settings().port,
        speed=speed,
        pace_s=pace_s,
    )
    run(run_training(plan, say))


def _tell(found: Replay) -> None:
    for difference in found.differences:
        out.print(told(difference, language()), markup=False)
    say(
        f"评标室 {found.room_id}：{found.records} 条记录，阶段 {found.stage}，摘要 {found.digest}：{found.verdict}",
        f"room {found.room_id}: {found.records} records, stage {found.stage}, digest {found.digest}: {found.verdict}",
    )
