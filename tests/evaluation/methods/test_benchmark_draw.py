from collections import Counter

import pytest
from msgspec.structs import replace

from evaluation.methods.benchmark_draw import draw_term, is_honest
from evaluation.refusals_methods import OptionsMalformed

OPTIONS = ("0.3", "0.4", "0.5")


def test_the_same_public_seed_gives_everyone_the_same_value():
    drawn = draw_term("k", OPTIONS, bytes(range(32)))
    assert drawn == draw_term("k", OPTIONS, bytes(range(32)))
    assert (drawn.value, drawn.seed) == ("0.3", bytes(range(32)).hex())
    assert is_honest(drawn)


@pytest.mark.parametrize("change", [{"value": "0.5"}, {"seed": "00" * 32}, {"seed": "xy"}, {"options": ("0.5",)}])
def test_a_record_that_does_not_follow_from_its_seed_is_found(change):
    assert not is_honest(replace(draw_term("k", OPTIONS, bytes(range(32))), **change))


def test_every_option_comes_up_about_as_often():
    drawn = Counter(draw_term("f", OPTIONS, number.to_bytes(32, "big")).value for number in range(3000))
    assert set(drawn) == set(OPTIONS)
    assert all(900 < times < 1100 for times in drawn.values())


@pytest.mark.parametrize(
    ("options", "seed"), [(("0.3",), bytes(32)), (("0.3", "0.30"), bytes(32)), (("0", "2"), bytes(32)), (OPTIONS, b"1")]
)
def test_nothing_is_drawn_from_senseless_options_or_a_short_seed(options, seed):
    with pytest.raises(OptionsMalformed):
        draw_term("k", options, seed)
