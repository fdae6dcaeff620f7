"""`expert-hub seat`: one seat of a room from the command line; `expert-hub conformance`: is a client one?"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from expert_hub.cli.entry import FAILED, app, language, out, run
from expert_hub.seat_client.client import SeatClient
from expert_hub.seat_client.conformance import Finding, conform
from expert_hub.seat_client.errors import SeatMisconfigured
from expert_hub.seat_client.screen import SeatScreen
from expert_hub.seat_client.script import read_lines, run_script
from expert_hub.seat_client.settings import LinkSettings

_Url = Annotated[
    str, typer.Option("--url", envvar="EXPERT_HUB_SOCKET", help="ws(s)://HOST:PORT/api/v1/rooms/ROOM/socket")
]
_TokenFile = Annotated[Path | None, typer.Option("--token-file", help="File with the access token.")]
_Token = Annotated[str | None, typer.Option(envvar="EXPERT_HUB_TOKEN", hidden=True)]


@app.command()
def seat(
    url: _Url,
    token_file: _TokenFile = None,
    token: _Token = None,
    outbox: Annotated[
        Path | None, typer.Option("--outbox", envvar="EXPERT_HUB_OUTBOX", help="File that keeps unanswered commands.")
    ] = None,
    settle_s: Annotated[
        float | None, typer.Option("--settle", help="Seconds to wait for answers after the last line.")
    ] = None,
    heartbeat_s: Annotated[
        float,
        typer.Option(
            "--heartbeat", envvar="EXPERT_HUB_HEARTBEAT_S", min=0.1, max=45, help="Seconds between two pings."
        ),
    ] = 15.0,
) -> None:
    """Read one JSON command per line from input; print answers and changes as JSON lines.

    The token may also come in EXPERT_HUB_TOKEN.
    """
    settings = LinkSettings(heartbeat_s=heartbeat_s, dead_after_s=3 * heartbeat_s)

    async def work() -> int:
        async with SeatClient(url, _token(token_file, token), outbox, settings=settings) as client:
            return await run_script(client, read_lines(sys.stdin), _print, settle_s)

    code = run(work())
    if code:
        raise typer.Exit(code)


@app.command()
def desk(
    url: _Url,
    token_file: _TokenFile = None,
    token: _Token = None,
    outbox: Annotated[
        Path | None, typer.Option("--outbox", envvar="EXPERT_HUB_OUTBOX", help="File that keeps unanswered commands.")
    ] = None,
) -> None:
    """One seat as a terminal screen: check in, vote, score, answer alerts and sign with the keyboard."""

    async def work() -> int:
        async with SeatClient(url, _token(token_file, token), outbox) as client:
            return await SeatScreen(client, language()).run_async() or 0

    code = run(work())
    if code:
        raise typer.Exit(code)


@app.command()
def conformance(
    program: Annotated[list[str], typer.Argument(help="The client program and its arguments, after --.")],
    url: _Url,
    token_file: _TokenFile = None,
    token: _Token = None,
    patience_s: Annotated[float, typer.Option("--patience", help="Seconds to wait for each step.")] = 60.0,
) -> None:
    """Drive a client program through cuts, refusals and unknown fields in front of a room made for it.

    The token is that of the room's host operator; the room must be waiting for check-in.
    See docs/protocol/conformance.md.
    """

    async def work() -> list[Finding]:
        return await conform(program, url, _token(token_file, token), patience_s)

    findings = run(work())
    for finding in findings:
        verdict = "PASS" if finding.is_kept else f"FAIL {finding.why}"
        out.print(f"{finding.step}: {verdict}", markup=False)
    if not all(finding.is_kept for finding in findings):
        raise typer.Exit(FAILED)


def _token(token_file: Path | None, token: str | None) -> str:
    if token_file is not None:
        return token_file.read_text(encoding="utf-8").strip()
    if token is None:
        raise SeatMisconfigured(why="--token-file or EXPERT_HUB_TOKEN")
    return token


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
