"""`expert-hub draw`: verify a draw without trusting anybody, look at it, and build a fair lottery from two tables."""

import json
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

from expert_hub.cli.entry import FAILED, app, choose_language, language, out
from expert_hub.cli.explaining import tell_steps, tell_values
from expert_hub.draws.account import Story, steps_of
from expert_hub.draws.explanation import Explanation, explain_fair, explain_transcript
from expert_hub.draws.lottery_form import read_fair
from expert_hub.draws.picture import draw_picture
from expert_hub.draws.picture_png import png_of
from expert_hub.draws.table_text import read_table
from expert_hub.draws.transcript_form import Members, read_entries, read_form, read_transcript_form
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
    _judge(transcript.read_bytes(), policy, commitment or [])


def _judge(transcript: bytes, policy: Path, commitments: Sequence[str]) -> None:
    verdict = verified(transcript, policy.read_bytes(), tuple(commitments))
    for finding in verdict.findings:
        out.print(f"{finding.rule}: {finding.message}", markup=False)
    for note in verdict.notes:
        out.print(f"note: {note}", markup=False)
    out.print(f"draw verified: {'PASS' if verdict.ok else 'FAIL'}", markup=False)
    if not verdict.ok:
        raise typer.Exit(FAILED)


@draw.command()
def explain(
    transcript: Annotated[Path | None, typer.Argument(help="The transcript of a draw.")] = None,
    lottery_file: Annotated[
        Path | None, typer.Option("--lottery", help="What `draw lottery --out` wrote, instead of a transcript.")
    ] = None,
    policy: Annotated[Path | None, typer.Option("--policy", help="Also verify, against this pinned policy.")] = None,
    svg: Annotated[Path | None, typer.Option("--svg", help="Where the picture is written as SVG.")] = None,
    png: Annotated[Path | None, typer.Option("--png", help="Where the picture is written as PNG.")] = None,
    members: Annotated[
        Path | None, typer.Option("--members", help='JSON [{"seat", "region_code"}]: places of members for the map.')
    ] = None,
    lang: Annotated[str, typer.Option("--lang", help="zh or en", metavar="zh|en")] = "",
) -> None:
    """Tell a draw step by step, and paint it; what the file says, no verdict unless --policy is given."""
    choose_language(lang)
    if (transcript is None) == (lottery_file is None) or (policy is not None and transcript is None):
        raise typer.BadParameter("give a transcript, or --lottery without --policy")
    regions = (
        [] if members is None else [item.region_code for item in read_form(members.read_bytes(), Members, members.name)]
    )
    content = (transcript or lottery_file or Path()).read_bytes()
    explanation = _told_lottery(content, lottery_file.name) if lottery_file else _told_draw(content, transcript)
    tell_values(explanation, language())
    if svg is not None or png is not None:
        _paint(draw_picture(explanation, language(), regions), svg, png)
    if policy is not None:
        _judge(content, policy, [])


def _told_lottery(content: bytes, file: str) -> Explanation:
    return explain_fair(read_fair(content, file), file)


def _told_draw(content: bytes, transcript: Path | None) -> Explanation:
    file = transcript.name if transcript else ""
    form = read_transcript_form(content, file)
    explanation = explain_transcript(form, file)
    story = Story(form, read_entries(form, file), explanation.quotas, language())
    tell_steps(steps_of(story), language())
    return explanation


def _paint(picture: str, svg: Path | None, png: Path | None) -> None:
    if svg is not None:
        svg.write_text(picture, encoding="utf-8")
    if png is not None:
        png.write_bytes(png_of(picture))


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
