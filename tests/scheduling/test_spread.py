import numpy as np
import pytest

from scheduling.balance import Panels
from scheduling.cells import Cells, Row, satisfies
from scheduling.spread import spread
from scheduling.templates import Mixture, mix_templates

CELLS = Cells(
    np.repeat([0, 1, 2, 3], [9, 11, 8, 12]),
    np.array([9, 11, 8, 12]),
    (Row((0, 1, 2, 3), 8, 8), Row((0, 1), 3, 5), Row((0, 2), 3, 5)),
    8,
)


def bits(mixture):
    own = -float(mixture.chances @ np.log2(mixture.chances))
    return own + float(mixture.chances @ Panels(mixture.templates, CELLS.sizes).bits())


def test_uncertainty_grows_and_nobody_loses():
    targets = CELLS.sizes * 0.2
    before = mix_templates(CELLS, targets)
    after = spread(CELLS, before)
    assert bits(after) > bits(before) + 0.5
    assert after.chances @ after.templates == pytest.approx(targets, abs=1e-8)
    assert all(satisfies(CELLS, template) for template in after.templates)


def test_a_single_template_stays():
    one = Mixture(np.array([[2, 2, 2, 2]]), np.ones(1), exact=True)
    assert spread(CELLS, one) is one
