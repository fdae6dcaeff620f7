"""`expert-hub draw`: verify a draw without trusting anybody, and build a fair lottery from two tables."""

import json
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

from expert_hub.cli.entry import FAILED, app, out
from expert_hub.draws.explaining.table_text import read_table
from scheduling.canonical import encode
from scheduling.fair import FairLottery, build_fair_lottery, fair_document, problem_from_csv
from scheduling.verify_draw import verify as verified

draw = typer.Typer(help="Draws of experts.", no_args_is_help=True)
app.add_typer(draw, name="draw")


@draw.callback()
def _group() -> None:
    """Draws of experts."""


@draw.command()
def verify(
    transcript: Path,
    policy: Annotated[Path, typer.Option("--policy", help="The pinned policy: keys and limits that are trusted.")],
    commitment: Annotated[
        list[str] | None, typer.Option("--commitment", help="Digest that was published; may be repeated.")
    ] = None,
) -> None:
    """Recompute a draw from its transcript; prints PASS or FAIL with the rules that failed."""
    judge(transcript.read_bytes(), policy, commitment or [])


def judge(transcript: bytes, policy: Path, commitments: Sequence[str]) -> None:
    """Print what the verifier finds; a draw that does not stand ends the command with code 1."""
    verdict = verified(transcript, policy.read_bytes(), tuple(commitments))
    for finding in verdict.findings:
        out.print(f"{finding.rule}: {finding.message}", markup=False)
    for note in verdict.notes:
        out.print(f"note: {note}", markup=False)
    out.print(f"draw verified: {'PASS' if verdict.ok else 'FAIL'}", markup=False)
    if not verdict.ok:
        raise typer.Exit(FAILED)


@draw.command()
def lottery(
    people: Annotated[Path, typer.Option("--people", help="CSV, one row a person, one column per category.")],
    quotas: Annotated[Path, typer.Option("--quotas", help="CSV: category,feature,min,max or feature,value,min,max.")],
    distinct: Annotated[
        str | None, typer.Option("--distinct", help="Column of which each value may occur once, such as employer.")
    ] = None,
    seats: Annotated[int | None, typer.Option("--seats", min=1, help="Needed when the quotas leave it open.")] = None,
    out_file: Annotated[Path | None, typer.Option("--out", help="Where the lottery is written.")] = None,
) -> None:
    """Build the fairest lottery the quotas allow; prints one JSON object with what it achieves."""
    texts = read_table(people), read_table(quotas)
    start = perf_counter()
    built = build_fair_lottery(problem_from_csv(*texts, seats, distinct))
    seconds = perf_counter() - start
    if out_file is not None:
        out_file.write_bytes(encode(fair_document(built)))
    out.print(json.dumps(_summary(built, seconds)), markup=False)


def _summary(built: FairLottery, seconds: float) -> dict[str, float | int | bool]:
    figures = built.figures
    return {
        "seconds": round(seconds, 4),
        "people": built.people,
        "seats": built.seats,
        "classes": len(built.classes),
        "templates": len(built.templates),
        "never": len(built.never),
        "min_probability": figures.min_probability,
        "upper_bound": figures.upper_bound,
        "gini": figures.gini,
        "entropy_bits": figures.entropy_bits,
        "max_pair_probability": figures.max_pair_probability,
        "pair_is_exact": figures.pair_is_exact,
        "max_probability": figures.max_probability,
    }
