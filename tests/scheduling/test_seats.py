from scheduling.seats import scarcity_order


def test_dr_07_scarcest_quota_comes_first() -> None:
    assert scarcity_order([2, 2, 4], [10, 3, 10]) == [1, 2, 0]
    assert scarcity_order([1, 1], [5, 5]) == [0, 1]
