"""The sheet as a grid: saved, on its way, kept offline, refused, empty."""

from typing import Any

import pytest

from evaluation.commands import Command, EnterScore, SubmitSheet, VoteCheck
from evaluation.commands_blind import EnterBlindScore
from expert_hub.seat_client.sheet import Mark, grid_of, next_empty, place_of, score_at

BIDS = [{"bid_id": bid, "bidder": f"bidder {bid}"} for bid in ("B1", "B2", "B3")]
CRITERIA = [
    {"criterion_id": "P", "title": "Price", "kind": "formula", "full": "30"},
    {"criterion_id": "T", "title": "Solution", "kind": "subjective", "full": "50"},
    {"criterion_id": "C", "title": "Record", "kind": "objective", "full": "20"},
]
SCORING: dict[str, Any] = {
    "stage": {"stage": "detailed"},
    "me": {},
    "bids": BIDS,
    "criteria": {"criteria": CRITERIA},
    "preliminary": {"result": {"valid": ["B1", "B3"]}},
    "my_sheet": {"scores": [{"bid_id": "B1", "criterion_id": "T", "value": "40"}]},
}
CHECKING: dict[str, Any] = {
    "stage": {"stage": "preliminary"},
    "me": {},
    "bids": BIDS,
    "checks": {"checks": [{"check_id": "K1", "title": "Signed"}]},
    "my_votes": [{"bid_id": "B1", "check_id": "K1", "passed": True}],
}


def test_formula_items_and_rejected_bids_have_no_place_in_the_sheet() -> None:
    grid = grid_of(SCORING, [], [], is_linked=True)
    assert grid is not None
    assert grid.columns == (("T", "Solution (50)"), ("C", "Record (20)"))
    assert [bid for bid, _ in grid.rows] == ["B1", "B3"]
    assert {place: str(cell) for place, cell in grid.cells.items()} == {
        ("B1", "T"): "40 ✓",
        ("B1", "C"): "·",
        ("B3", "T"): "·",
        ("B3", "C"): "·",
    }


@pytest.mark.parametrize(("is_linked", "mark"), [(True, Mark.SENDING), (False, Mark.OFFLINE)])
def test_what_has_no_answer_shows_its_last_value_and_where_it_is(is_linked: bool, mark: Mark) -> None:
    waiting: list[Command] = [EnterScore("B1", "T", "41"), EnterScore("B1", "T", "42"), SubmitSheet()]
    grid = grid_of(SCORING, waiting, [("B1", "T"), ("B3", "C")], is_linked=is_linked)
    assert grid is not None
    assert (grid.cells["B1", "T"].value, grid.cells["B1", "T"].mark) == ("42", mark)
    assert grid.cells["B3", "C"].mark is Mark.REFUSED


def test_blind_items_are_scored_by_place_and_not_by_bid() -> None:
    scores = [{"place": 2, "criterion_id": "T", "value": "40"}, {"bid_id": "B1", "criterion_id": "C", "value": "9"}]
    view = {**SCORING, "my_sheet": {"scores": scores}, "places": {"criteria": ["T"], "places": [1, 2]}}
    grid = grid_of(view, [EnterBlindScore(1, "T", "39")], [], is_linked=True)
    assert grid is not None
    assert [[str(grid.cells[row, item]) for item, _ in grid.columns] for row, _ in grid.rows] == [
        ["-", "9 ✓"],
        ["-", "·"],
        ["39 …", "-"],
        ["40 ✓", "-"],
    ]
    assert score_at(("#2", "T"), "41") == EnterBlindScore(2, "T", "41")
    assert score_at(("B1", "C"), "8") == EnterScore("B1", "C", "8")


def test_votes_on_checks_are_a_sheet_until_the_review_is_closed() -> None:
    grid = grid_of(CHECKING, [VoteCheck("B2", "K1", passed=False)], [], is_linked=True)
    assert grid is not None
    assert [str(cell) for cell in grid.cells.values()] == ["○ ✓", "× …", "·"]
    assert next_empty(grid, ("B3", "K1")) == ("B3", "K1")
    assert next_empty(grid, ("B1", "K1")) == ("B3", "K1")


@pytest.mark.parametrize("view", [{}, {"stage": {"stage": "check_in"}, "me": {}}, {**SCORING, "preliminary": None}])
def test_there_is_no_sheet_before_there_are_bids_to_judge(view: dict[str, Any]) -> None:
    assert grid_of(view, [], [], is_linked=True) is None


def test_only_scores_and_check_votes_have_a_place() -> None:
    assert place_of(EnterScore("B1", "T", "1")) == ("B1", "T")
    assert place_of(VoteCheck("B1", "K1", passed=True)) == ("B1", "K1")
    assert place_of(SubmitSheet()) is None
