"""`expert-hub draw`: verify a draw without trusting anybody."""

from pathlib import Path
from typing import Annotated

import typer

from expert_hub.cli.entry import FAILED, app, out
from scheduling.replay import replay

draw = typer.Typer(help="Draws of experts.", no_args_is_help=True)
app.add_typer(draw, name="draw")


@draw.callback()
def _group() -> None:
    """Draws of experts."""


@draw.command()
def verify(
    transcript: Path,
    commitment: Annotated[
        str | None, typer.Option("--commitment", help="Digest published before the draw, to be compared.")
    ] = None,
) -> None:
    """Recompute a draw from its transcript; prints PASS or FAIL with the rules that failed."""
    verdict = replay(transcript.read_bytes(), commitment)
    for finding in verdict.findings:
        out.print(f"{finding.rule_id}: {finding.message}", markup=False)
    out.print(f"draw verified: {'PASS' if verdict.ok else 'FAIL'}", markup=False)
    if not verdict.ok:
        raise typer.Exit(FAILED)
