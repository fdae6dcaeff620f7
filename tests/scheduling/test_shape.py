from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.shape import Shape, faults, flag, natural, one_of, optional, pattern, positive, text

SHAPE: Shape = {"a": natural, "b": [text], "c": (flag, optional(positive)), "d": pattern("[0-9]{2}"), "e": one_of("x")}
GOOD: dict[str, Any] = {"a": 0, "b": ["s"], "c": [True, None], "d": "07", "e": "x"}


def test_value_of_the_shape_has_no_fault() -> None:
    assert faults(GOOD, SHAPE) == []


@pytest.mark.parametrize(
    ("key", "value", "path"),
    [
        ("a", -1, "$.a"),
        ("a", True, "$.a"),
        ("a", "0", "$.a"),
        ("b", "s", "$.b"),
        ("b", ["s", 1], "$.b[1]"),
        ("c", [True], "$.c"),
        ("c", [1, None], "$.c[0]"),
        ("c", [True, 0], "$.c[1]"),
        ("d", "07\n", "$.d"),
        ("d", "٠٧", "$.d"),
        ("d", 7, "$.d"),
        ("e", "y", "$.e"),
        ("f", 1, "$.f"),
    ],
)
def test_fault_is_named_by_its_path(key: str, value: Any, path: str) -> None:
    assert faults({**GOOD, key: value}, SHAPE) == [path]


def test_missing_key_and_wrong_container() -> None:
    assert faults({key: value for key, value in GOOD.items() if key != "a"}, SHAPE) == ["$.a"]
    assert faults([], SHAPE) == ["$"]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcdef"), inner),
    max_leaves=8,
)


@given(anything)
def test_no_value_makes_the_check_raise(value: Any) -> None:
    assert isinstance(faults(value, SHAPE), list)
