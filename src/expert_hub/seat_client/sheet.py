"""The sheet of a member as a grid of bids and items: what is entered, and how far each entry has come."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

import msgspec

from evaluation.commands import Command, EnterScore, VoteCheck
from evaluation.commands_blind import EnterBlindScore

View = Mapping[str, Any]
Place = tuple[str, str]


class Mark(StrEnum):
    """How far an entry has come, as a sign to be shown with it."""

    EMPTY = "·"
    SAVED = "✓"
    SENDING = "…"
    OFFLINE = "⇅"
    REFUSED = "!"
    NONE = "-"


class Cell(msgspec.Struct, frozen=True):
    """One entry."""

    value: str
    mark: Mark

    def __str__(self) -> str:
        return f"{self.value} {self.mark.value}".strip()


class Grid(msgspec.Struct, frozen=True):
    """A sheet.

    Attributes:
        kind: "scores" or "checks".
        columns: id and title of every item.
        rows: id and bidder of every bid.
        cells: every place by bid and item.
    """

    kind: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, str], ...]
    cells: dict[Place, Cell]

    @property
    def shape(self) -> tuple[Any, ...]:
        """What does not change while cells are filled."""
        return self.kind, self.columns, self.rows


def blind_row(place: int) -> str:
    """The row of a place at which bids are scored blind."""
    return f"#{place}"


def score_at(place: Place, value: str) -> Command:
    """The command that enters a value at a place of the sheet."""
    row, item = place
    if row.startswith("#"):
        return EnterBlindScore(int(row.removeprefix("#")), item, value)
    return EnterScore(row, item, value)


def place_of(command: Command) -> Place | None:
    """The place that a command fills, or none if it fills none."""
    if isinstance(command, EnterScore):
        return command.bid_id, command.criterion_id
    if isinstance(command, EnterBlindScore):
        return blind_row(command.place), command.criterion_id
    return (command.bid_id, command.check_id) if isinstance(command, VoteCheck) else None


def grid_of(view: View, waiting: Iterable[Command], refused: Iterable[Place], *, is_linked: bool) -> Grid | None:
    """The sheet that is open now, or none.

    Args:
        view: the member's view.
        waiting: commands without an answer, oldest first.
        refused: places whose last entry was refused.
        is_linked: whether a connection is open.
    """
    if "bids" not in view or "me" not in view:
        return None
    waits = {place: _value(command) for command in waiting if (place := place_of(command)) is not None}
    mark = Mark.SENDING if is_linked else Mark.OFFLINE
    if view["stage"]["stage"] == "preliminary" and view.get("preliminary") is None:
        saved = {(vote["bid_id"], vote["check_id"]): _passed(vote["passed"]) for vote in view["my_votes"]}
        items = [(check["check_id"], check["title"]) for check in view["checks"]["checks"]]
        return _grid("checks", items, view["bids"], _Entries(saved, waits, set(refused), mark))
    if not view.get("preliminary") or "my_sheet" not in view:
        return None
    saved = {(_row(score), score["criterion_id"]): score["value"] for score in view["my_sheet"]["scores"]}
    found = [one for one in view["criteria"]["criteria"] if one["kind"] != "formula"]
    items = [(one["criterion_id"], f"{one['title']} ({one['full']})") for one in found]
    valid = view["preliminary"]["result"]["valid"]
    blind = view.get("places") or {"criteria": [], "places": []}
    rows = [bid for bid in view["bids"] if bid["bid_id"] in valid]
    rows += [{"bid_id": blind_row(place), "bidder": ""} for place in blind["places"]]
    entries = _Entries(saved, waits, set(refused), mark, frozenset(blind["criteria"]))
    return _grid("scores", items, rows, entries)


def _row(score: View) -> str:
    return str(score["bid_id"]) if "bid_id" in score else blind_row(score["place"])


class _Entries(msgspec.Struct, frozen=True):
    saved: dict[Place, str]
    waiting: dict[Place, str]
    refused: set[Place]
    mark: Mark
    blind: frozenset[str] = frozenset()

    def cell(self, place: Place) -> Cell:
        if place[0].startswith("#") is not (place[1] in self.blind):
            return Cell("", Mark.NONE)
        if place in self.waiting:
            return Cell(self.waiting[place], self.mark)
        mark = Mark.REFUSED if place in self.refused else Mark.SAVED if place in self.saved else Mark.EMPTY
        return Cell(self.saved.get(place, ""), mark)


def _grid(kind: str, items: list[tuple[str, str]], bids: list[View], entries: _Entries) -> Grid:
    rows = tuple((bid["bid_id"], bid["bidder"]) for bid in bids)
    cells = {(bid, item): entries.cell((bid, item)) for bid, _ in rows for item, _ in items}
    return Grid(kind, tuple(items), rows, cells)


def _value(command: Command) -> str:
    return _passed(command.passed) if isinstance(command, VoteCheck) else getattr(command, "value", "")


def _passed(passed: bool) -> str:
    return "○" if passed else "×"


def next_empty(grid: Grid, after: Place) -> Place | None:
    """The next place without an entry behind another, row by row and round again; none if all are filled."""
    places = list(grid.cells)
    start = places.index(after) + 1
    return next((one for one in (*places[start:], *places[:start]) if grid.cells[one].mark is Mark.EMPTY), None)
