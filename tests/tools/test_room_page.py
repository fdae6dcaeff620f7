from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import pytest

from evaluation.commands import OpenCheckIn, VoteCheck
from evaluation.stages import Stage
from tools.room_page import TARGET, fields, meaning, page, summary, values

PAGE = (Path(__file__).resolve().parents[2] / TARGET).read_text(encoding="utf-8")


class Inner(msgspec.Struct):
    """Inside. Source: A 1."""

    at: datetime


class Outer(msgspec.Struct, rename={"since": "from"}):
    """Member or leader: give it.

    Source: A 2
    """

    since: Annotated[int, msgspec.Meta(ge=0)] | None
    inner: tuple[Inner, ...]
    by: dict[str, Literal["b", "a"]]
    stage: Stage = Stage.CREATED
    pairs: tuple[tuple[str, str], ...] = ()


def test_the_page_says_what_the_code_says():
    assert page(PAGE) == PAGE, "run: make format"


def test_rows_that_are_wrong_missing_or_too_many_are_written_anew_and_the_text_between_stays():
    spoiled = PAGE.replace("| `open_check_in` | host_operator |", "| `open_check_in` | anybody |")
    spoiled = spoiled.replace(
        "| `archive` | host_operator |", "| `dance` | nobody | - | - | - |\n| `archive` | nobody |"
    )
    assert spoiled.count("`dance`") == 1
    lines = [line for line in spoiled.split("\n") if not line.startswith("| `pong`")]
    assert page("\n".join(lines)) == PAGE


def test_a_page_without_one_of_the_tables_is_refused():
    with pytest.raises(LookupError, match="| Section |"):
        page(PAGE.replace("| Section | Content |", "| Part | Content |"))


def test_a_field_is_said_in_the_words_of_the_page():
    assert fields(Outer) == (
        '`from` (integer or null), `inner` (list of Inner), `by` (object of "a" / "b"), `stage` (stage, optional), '
        "`pairs` (list of pair of text, optional)"
    )
    assert fields(OpenCheckIn) == "-"
    assert values([Outer]) == [Inner]


def test_who_gives_a_command_is_not_part_of_what_it_means():
    assert meaning(Outer) == "Give it."
    assert meaning(OpenCheckIn) == "Open check-in once the start is reached."
    assert summary(VoteCheck).startswith("Member: does this bid pass this check")
