"""Units that hold the same weight in every class are alike: one pattern stands for all of them."""

from dataclasses import dataclass

import numpy as np

from scheduling.cells import Floats, Integers


@dataclass(frozen=True, slots=True, eq=False)
class Patterns:
    """Weights of units by class, equal units once.

    Args:
        weights: total weight of a unit's members per class, shape (patterns, classes), largest first.
        counts: number of units per pattern.
        of_person: pattern of each person's unit, -1 for persons in no class. Who has no unit is one alone.

    Source: design of the draw, section 2, step 5
    """

    weights: Floats
    counts: Integers
    of_person: Integers


def find_patterns(labels: Integers, weights: Floats, units: Integers, classes: int) -> Patterns:
    """Return the patterns of these people.

    Args:
        labels: class per person, -1 for none.
        weights: weight per person.
        units: unit per person, -1 for none.
        classes: number of classes.

    Source: design of the draw, section 2, step 5
    """
    people = np.flatnonzero(labels >= 0)
    sizes = np.bincount(units[people][units[people] >= 0], minlength=int(units.max(initial=-1)) + 1)
    shared = units[people] >= 0
    shared[shared] = sizes[units[people][shared]] > 1
    table, of_shared = _shared(labels, weights, units, people[shared], classes)
    singles = people[~shared]
    alone, of_single = np.unique(
        np.column_stack([labels[singles].astype(np.float64), weights[singles]]), axis=0, return_inverse=True
    )
    rows = np.zeros((len(alone), classes))
    rows[np.arange(len(alone)), alone[:, 0].astype(np.int64)] = alone[:, 1]
    whole = np.concatenate([table.weights, rows])
    counts = np.concatenate([table.counts, np.bincount(of_single.ravel(), minlength=len(alone))])
    order = np.argsort(-whole.max(axis=1), kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    of_person = np.full(len(labels), -1, dtype=np.int64)
    of_person[people[shared]] = rank[of_shared]
    of_person[singles] = rank[len(table.counts) + of_single.ravel()]
    return Patterns(whole[order], counts[order], of_person)


def _shared(
    labels: Integers, weights: Floats, units: Integers, people: Integers, classes: int
) -> tuple[Patterns, Integers]:
    numbers, ranks = np.unique(units[people], return_inverse=True)
    sums = np.bincount(ranks * classes + labels[people], weights=weights[people], minlength=len(numbers) * classes)
    table = np.asarray(sums.reshape(len(numbers), classes), dtype=np.float64)
    rows, of_unit, counts = np.unique(table, axis=0, return_inverse=True, return_counts=True)
    return Patterns(rows, counts, np.zeros(0, dtype=np.int64)), of_unit.ravel()[ranks]
