import numpy as np
import pytest

from scheduling import products


@pytest.mark.parametrize("shape", [(1, 1, 1), (60, 138, 240), (7, 0, 5), (100, 20, 1500), (3, 400, 2)])
@pytest.mark.parametrize("piece", [1, 500, 1 << 18])
def test_pieces_add_up_to_the_product(shape, piece, monkeypatch):
    monkeypatch.setattr(products, "PIECE", piece)
    rows, inner, wide = shape if piece > 1 else (min(shape[0], 5), min(shape[1], 6), min(shape[2], 7))
    left = (np.arange(rows * inner) % 7 - 3).reshape(rows, inner).astype(np.float32)
    right = (np.arange(inner * wide) % 5 - 1).reshape(inner, wide).astype(np.float32)
    assert (products.product(left, right) == left @ right).all()
