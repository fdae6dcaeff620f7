"""Products of small tables on one thread: to share them costs more than it saves, most of all on a busy machine."""

import numpy as np
from numpy.typing import NDArray

Singles = NDArray[np.float32]
# Multiplications up to which the usual linear algebra libraries keep a product on one thread.
PIECE = 1 << 18


def product(left: Singles, right: Singles) -> Singles:
    """Return left @ right, computed in pieces.

    Args:
        left: shape (m, k); small whole numbers, so that the order of summation does not matter.
        right: shape (k, n).

    Source: engineering choice
    """
    wide = right.shape[1]
    rows = max(1, min(len(left), PIECE // max(1, wide)))
    deep = max(1, PIECE // max(1, rows * wide))
    found = np.zeros((len(left), wide), dtype=np.float32)
    for top in range(0, len(left), rows):
        for start in range(0, left.shape[1], deep):
            found[top : top + rows] += left[top : top + rows, start : start + deep] @ right[start : start + deep]
    return found
