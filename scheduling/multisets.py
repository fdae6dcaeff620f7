"""The sets of slots that members of one unit could fill, listed once for all templates."""

from dataclasses import dataclass

import numpy as np

from scheduling.cells import Floats, Integers


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """All multisets of j classes that occur as part of a template.

    Args:
        parents: number of the multiset without its last class, in the level before.
        classes: the classes, ascending, shape (multisets, j).
        masks: the sets of j slots as bit masks.
        places: number of the multiset per template and mask.

    Source: design of the draw, section 2, step 5
    """

    parents: Integers
    classes: Integers
    masks: Integers
    places: Integers


@dataclass(frozen=True, slots=True, eq=False)
class Slots:
    """Templates of equal length as slots.

    Args:
        classes: class per template and slot, ascending, shape (templates, k), k <= 12.
        chances: probability per template.
        levels: multisets of 1, 2, ... k classes.

    Source: design of the draw, section 2, step 5
    """

    classes: Integers
    chances: Floats
    levels: tuple[Level, ...]


def slots_of(templates: Integers, chances: Floats) -> Slots:
    """Write seats per class as one class per slot, ascending.

    Source: engineering choice
    """
    numbers = np.arange(templates.shape[1])
    classes = np.stack([np.repeat(numbers, row) for row in templates])
    return Slots(classes, chances, _levels(classes))


def _levels(classes: Integers) -> tuple[Level, ...]:
    slots = classes.shape[1]
    every = np.arange(1 << slots)
    sizes = np.array([mask.bit_count() for mask in every.tolist()])
    tops = np.array([max(mask.bit_length() - 1, 0) for mask in every.tolist()])
    many = int(classes.max()) + 1
    place = np.zeros((len(classes), 1 << slots), dtype=np.int64)
    before = np.zeros((1, 0), dtype=np.int64)
    found = []
    for size in range(1, slots + 1):
        masks = every[sizes == size]
        keys = place[:, masks ^ (1 << tops[masks])] * many + classes[:, tops[masks]]
        listed, inverse = np.unique(keys, return_inverse=True)
        place[:, masks] = inverse.reshape(keys.shape)
        before = np.column_stack([before[listed // many], listed % many])
        found.append(Level(listed // many, before, masks, place[:, masks]))
    return tuple(found)
