"""The committed lottery as plain integers over positions of the pool. Standard library only.

A class is a run of positions; its blocks are members of equal weight. A template says how many members of which class
take seats of which quota. Numbers and rules: ``docs/protocol/draw.md``, section 5.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Literal

Method = Literal["plain", "rejection"]
MAX_TRIES = 1_000_000
ACCEPT_SCALE = 1 << 40
INCLUSION_SCALE = 10**12


@dataclass(frozen=True, slots=True, order=True)
class Block:
    """Members of one class with the same weight.

    Args:
        count: members, at least 1.
        weight: integer weight of each.
        inclusion: achieved probability of a seat for each, in parts of ``INCLUSION_SCALE``.

    Source: XD-1 section 5
    """

    count: int
    weight: int
    inclusion: int


@dataclass(frozen=True, slots=True, order=True)
class LotteryClass:
    """Candidates that may take the same seats.

    Args:
        quotas: positions of the quotas they may fill, ascending.
        blocks: in the order of their positions.

    Source: XD-1 section 5
    """

    quotas: tuple[int, ...]
    blocks: tuple[Block, ...]

    @property
    def size(self) -> int:
        """Members of the class."""
        return sum(block.count for block in self.blocks)


@dataclass(frozen=True, slots=True, order=True)
class Template:
    """Seats per class and quota.

    Args:
        weight: integer weight, at least 1.
        accept: chance that independently drawn members fit together, in parts of ``ACCEPT_SCALE``.
        cells: (class, quota, seats), ascending, seats at least 1.

    Source: XD-1 section 5
    """

    weight: int
    accept: int
    cells: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """What is published about a lottery; nothing is drawn from it. Source: XD-1 section 5."""

    min_probability: str
    max_probability: str
    upper_bound: str
    gini: str
    entropy_bits: str
    max_pair_probability: str
    pair_is_exact: bool


@dataclass(frozen=True, slots=True)
class Lottery:
    """A complete lottery over panels.

    Args:
        method: how members of a template are drawn.
        seats: of the panel.
        unit_max: most members of one unit, 0 for no limit.
        classes: class c occupies consecutive positions, from 0 on in the order of the classes.
        templates: sorted by cells.
        edges: pairs of positions that may not sit together, smaller first, sorted.
        never: eligible candidates who are in no feasible panel.
        figures: published figures.
        max_tries: give up after so many rejections.

    Source: XD-1 section 5
    """

    method: Method
    seats: int
    unit_max: int
    classes: tuple[LotteryClass, ...]
    templates: tuple[Template, ...]
    edges: tuple[tuple[int, int], ...]
    never: int
    figures: Figures
    max_tries: int = MAX_TRIES

    def starts(self) -> list[int]:
        """Return the first position of every class, and at the end the number of all positions."""
        return list(accumulate((group.size for group in self.classes), initial=0))


def lottery_document(lottery: Lottery) -> dict[str, Any]:
    """Return the lottery as canonical-ready builtins.

    Source: XD-1 section 5
    """
    figures = lottery.figures
    return {
        "kind": "leximin",
        "method": lottery.method,
        "seats": lottery.seats,
        "unit_max": lottery.unit_max,
        "max_tries": lottery.max_tries,
        "classes": [
            {"quotas": list(group.quotas), "blocks": [[b.count, b.weight, b.inclusion] for b in group.blocks]}
            for group in lottery.classes
        ],
        "templates": [[item.weight, item.accept, [list(cell) for cell in item.cells]] for item in lottery.templates],
        "edges": [list(edge) for edge in lottery.edges],
        "never": lottery.never,
        "figures": {
            "min_probability": figures.min_probability,
            "max_probability": figures.max_probability,
            "upper_bound": figures.upper_bound,
            "gini": figures.gini,
            "entropy_bits": figures.entropy_bits,
            "max_pair_probability": figures.max_pair_probability,
            "pair_is_exact": figures.pair_is_exact,
        },
    }


def lottery_from_document(document: dict[str, Any]) -> Lottery:
    """Return the lottery written in ``document``, which ``lottery_document`` made.

    Source: engineering choice
    """
    return Lottery(
        method=document["method"],
        seats=document["seats"],
        unit_max=document["unit_max"],
        classes=tuple(
            LotteryClass(tuple(item["quotas"]), tuple(Block(*block) for block in item["blocks"]))
            for item in document["classes"]
        ),
        templates=tuple(
            Template(weight, accept, tuple((c, q, x) for c, q, x in cells))
            for weight, accept, cells in document["templates"]
        ),
        edges=tuple((a, b) for a, b in document["edges"]),
        never=document["never"],
        figures=Figures(**document["figures"]),
        max_tries=document["max_tries"],
    )


class Places:
    """Positions of a lottery made ready to be looked up: class of a position, member by weight.

    Source: XD-1 section 7
    """

    __slots__ = ("_blocks", "_sums", "starts")

    def __init__(self, lottery: Lottery) -> None:
        self.starts = lottery.starts()
        self._blocks = [group.blocks for group in lottery.classes]
        self._sums = [list(accumulate(b.count * b.weight for b in group.blocks)) for group in lottery.classes]

    def class_of(self, position: int) -> int:
        """Return the class that holds a position."""
        return bisect_right(self.starts, position) - 1

    def weight_of(self, number: int) -> int:
        """Return the total weight of a class."""
        return self._sums[number][-1]

    def at(self, number: int, point: int) -> int:
        """Return the position in a class whose range of the running weights holds ``point``."""
        sums, blocks = self._sums[number], self._blocks[number]
        place = bisect_right(sums, point)
        before = sums[place - 1] if place else 0
        start = self.starts[number] + sum(block.count for block in blocks[:place])
        return start + (point - before) // blocks[place].weight

    def block_of(self, position: int) -> tuple[int, int]:
        """Return class and block of a position."""
        number = self.class_of(position)
        ends = list(accumulate(block.count for block in self._blocks[number]))
        return number, bisect_right(ends, position - self.starts[number])


def seats_per_class(template: Template) -> dict[int, int]:
    """Return the seats of each class of a template, all its quotas together, classes ascending.

    Source: XD-1 section 7
    """
    seats: dict[int, int] = {}
    for number, _, count in template.cells:
        seats[number] = seats.get(number, 0) + count
    return seats


def quota_counts(lottery: Lottery, quotas: int) -> Sequence[int]:
    """Return the eligible candidates per quota.

    Source: XD-1 section 4
    """
    counts = [0] * quotas
    for group in lottery.classes:
        for quota in group.quotas:
            counts[quota] += group.size
    return counts
