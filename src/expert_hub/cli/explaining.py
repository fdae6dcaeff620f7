"""`expert-hub draw explain`: tell a draw, paint it, and verify it where a policy is given."""

from pathlib import Path
from typing import Annotated

import typer

from expert_hub.cli.draws import draw, judge
from expert_hub.cli.entry import choose_language, language
from expert_hub.cli.telling import tell_steps, tell_values
from expert_hub.draws.explaining.account import steps_of
from expert_hub.draws.explaining.account_form import Story
from expert_hub.draws.explaining.explanation import Explanation, explain_fair, explain_transcript
from expert_hub.draws.explaining.lottery_form import read_fair
from expert_hub.draws.explaining.picture import draw_picture
from expert_hub.draws.explaining.picture_png import png_of
from expert_hub.draws.explaining.transcript_form import (
    MAX_BYTES,
    Members,
    read_entries,
    read_form,
    read_transcript_form,
)


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
    regions = _regions(members)
    content = _content(transcript or lottery_file or Path())
    explanation = _told_lottery(content, lottery_file.name) if lottery_file else _told_draw(content, transcript)
    tell_values(explanation, language())
    if svg is not None or png is not None:
        _paint(draw_picture(explanation, language(), regions), svg, png)
    if policy is not None:
        judge(content, policy, [])


def _regions(members: Path | None) -> list[str]:
    return [] if members is None else [item.region_code for item in read_form(_content(members), Members, members.name)]


def _content(path: Path) -> bytes:
    """As much of a file as may be read at all; one that is longer is refused by its reader."""
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


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
