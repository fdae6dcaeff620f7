from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.decimals import plain
from evaluation.errors import CommitteeUnlawful
from evaluation.methods.aggregation import aggregate


def mean(values, trim_over=None):
    return plain(aggregate([Decimal(str(value)) for value in values], trim_over))


def test_5_7_plain_mean_of_three_and_five_members():
    assert mean([40, 44, 47]) == "43.67"
    assert mean([42, 44, 45, 46, 48.5]) == "45.10"
    assert mean([42, 44, 45, 46, 48.5], trim_over=5) == "45.10"


def test_5_7_seven_members_drop_one_of_each_extreme_where_the_pack_says_so():
    seven = [38, 44, 44.5, 45, 46, 46.5, 47]
    assert mean(seven, trim_over=5) == "45.20"
    assert mean(seven) == "44.43"
    assert mean([38, 38, 44.5, 45, 46, 47, 47], trim_over=5) == "44.10"


@pytest.mark.parametrize("members", [0, 1, 2, 4, 6, 8])
def test_5_7_an_unlawful_committee_is_a_hard_error_and_never_an_average(members):
    with pytest.raises(CommitteeUnlawful):
        aggregate([Decimal(40)] * members, 5)


@given(st.lists(st.decimals(min_value=0, max_value=100, places=2), min_size=3, max_size=9).filter(lambda v: len(v) % 2))
def test_a_mean_lies_between_the_extremes_and_ignores_the_order_of_members(values):
    assert min(values) <= aggregate(values, None) <= max(values)
    assert aggregate(values, 5) == aggregate(sorted(values), 5)
