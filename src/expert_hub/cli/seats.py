"""`expert-hub seat`: one seat of a room from the command line."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from expert_hub.cli.entry import app, run
from expert_hub.seat_client.client import SeatClient
from expert_hub.seat_client.script import read_lines, run_script


@app.command()
def seat(
    url: Annotated[str, typer.Option("--url", help="ws(s)://HOST:PORT/api/v1/rooms/ROOM/socket")],
    token_file: Annotated[Path, typer.Option("--token-file", help="File with the access token.")],
    outbox: Annotated[Path | None, typer.Option("--outbox", help="File that keeps unanswered commands.")] = None,
    settle_s: Annotated[
        float | None, typer.Option("--settle", help="Seconds to wait for answers after the last line.")
    ] = None,
) -> None:
    """Read one JSON command per line from input; print answers and changes as JSON lines."""

    async def work() -> int:
        async with SeatClient(url, token_file.read_text(encoding="utf-8").strip(), outbox) as client:
            return await run_script(client, read_lines(sys.stdin), _print, settle_s)

    code = run(work())
    if code:
        raise typer.Exit(code)


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
