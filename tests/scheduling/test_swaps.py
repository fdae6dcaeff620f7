import numpy as np

from scheduling.cells import Cells, Row, satisfies
from scheduling.swaps import Swaps

CELLS = Cells(
    np.array([0, 0, 1, 1, 2, 3]),
    np.array([2, 2, 1, 1]),
    (Row((0, 1, 2, 3), 3, 3), Row((0, 1), 1, 2), Row((1, 3), 1, 2)),
    3,
)


def test_moves_are_exactly_those_that_keep_all_rows():
    swaps = Swaps(CELLS, np.zeros(4, dtype=np.int64), CELLS.sizes)
    template = np.array([1, 0, 1, 1])
    giving, taking, allowed = swaps.moves(template)
    found = set()
    for source, sink in np.argwhere(allowed).tolist():
        found.add((int(giving[source]), int(taking[sink])))
    wanted = set()
    for source in range(4):
        for sink in range(4):
            moved = template.copy()
            moved[source] -= 1
            moved[sink] += 1
            if source != sink and satisfies(CELLS, moved):
                wanted.add((source, sink))
    assert found == wanted


def test_climbing_never_loses_and_keeps_rows():
    swaps = Swaps(CELLS, np.zeros(4, dtype=np.int64), CELLS.sizes)
    prices = np.array([0.0, 3.0, 1.0, 2.0])
    top = swaps.climb(np.array([1, 0, 1, 1]), prices)
    assert satisfies(CELLS, top)
    assert prices @ top >= 3.0
