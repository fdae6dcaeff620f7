import numpy as np

from scheduling.patterns import find_patterns


def test_units_with_equal_weights_are_one_pattern():
    labels = np.array([0, 1, 0, 1, 0, 0, -1, 1])
    units = np.array([3, 3, 5, 5, -1, 7, 3, -1])
    weights = np.array([2.0, 1.0, 2.0, 1.0, 4.0, 4.0, 9.0, 4.0])
    found = find_patterns(labels, weights, units, 2)
    assert sorted(zip(found.weights.tolist(), found.counts.tolist(), strict=True)) == [
        ([0.0, 4.0], 1),
        ([2.0, 1.0], 2),
        ([4.0, 0.0], 2),
    ]
    for person, pattern in enumerate(found.of_person.tolist()):
        assert (pattern < 0) == (labels[person] < 0)
    assert found.weights[found.of_person[[0, 1, 2, 3]]].tolist() == [[2.0, 1.0]] * 4
    assert found.weights[found.of_person[[4, 5]]].tolist() == [[4.0, 0.0]] * 2


def test_the_heaviest_pattern_comes_first():
    found = find_patterns(np.array([0, 0, 0]), np.array([1.0, 5.0, 2.0]), np.array([-1, -1, -1]), 1)
    assert found.weights.tolist() == [[5.0], [2.0], [1.0]]
