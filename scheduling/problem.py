"""The problem of a fair lottery in its general form: kinds of people, rows over kinds, and who may not sit together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scheduling.cells import Row

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class LotteryProblem:
    """What a lottery is built from.

    Args:
        kinds: shape (people,): number of the person's kind, 0..K-1; persons of one kind are alike in every row.
        rows: bounds in seats over kinds.
        seats: size of the panel.
        units: shape (people,): employer number, -1 for none; None without such a rule.
        unit_max: most members from one unit.
        edges: pairs of people that never sit together, smaller number first, sorted.

    Source: domain DR-07, C13, C14
    """

    kinds: Integers
    rows: tuple[Row, ...]
    seats: int
    units: Integers | None
    unit_max: int = 1
    edges: tuple[tuple[int, int], ...] = ()
