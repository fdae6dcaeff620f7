"""`expert-hub demo`: the whole job on sample data."""

from pathlib import Path
from typing import Annotated

import typer

from expert_hub.cli.entry import app, run, say, settings
from expert_hub.demo.story import Plan, play_story


@app.command()
def demo(
    ends: Annotated[bool, typer.Option("--exit", help="End when the story is over.")] = False,
    experts: Annotated[int, typer.Option("--experts", min=150, help="Size of the sample library.")] = 2000,
    folder: Annotated[Path, typer.Option("--folder", help="Made afresh each time.")] = Path("var/demo"),
) -> None:
    """Import a sample library, draw, evaluate over real sockets, rank, report; then serve until Ctrl-C."""
    run(play_story(Plan(folder, experts, settings().port, ends), say))
