from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from scheduling.canonical import decode, encode
from scheduling.errors import NotCanonicalError

scalars = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text()
keys = st.text(st.characters(max_codepoint=127))
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(keys, inner), max_leaves=12)


@given(values)
def test_rfc_8785_the_bytes_equal_those_of_the_reference_package(value: Any) -> None:
    assert encode(value) == rfc8785.dumps(value)


@given(values)
def test_decoding_gives_back_the_value(value: Any) -> None:
    assert decode(encode(value)) == value


@pytest.mark.parametrize(
    "value", [1.0, float("nan"), 2**53, -(2**53), (1,), {"键": 1}, {1: 2}, b"", "\ud800", {"a": {1}}]
)
def test_value_outside_the_subset_is_refused(value: Any) -> None:
    with pytest.raises(NotCanonicalError):
        encode(value)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b" 1",
        b"1 ",
        b"1.0",
        b"1e2",
        b"-0",
        b"NaN",
        b"Infinity",
        b'{"a":1,"a":1}',
        b'{"b":1,"a":1}',
        b'"\\u0041"',
        b"\xff",
        b'"\\ud800"',
        b"[" * 100000,
        b"9" * 100000,
        b"9007199254740992",
        b'{"a": 1}',
        b"\xef\xbb\xbf1",
    ],
)
def test_bytes_that_are_not_exactly_canonical_are_refused(raw: bytes) -> None:
    with pytest.raises(NotCanonicalError):
        decode(raw)


def test_deeply_nested_value_is_refused() -> None:
    value: Any = 1
    for _ in range(100_000):
        value = [value]
    with pytest.raises(NotCanonicalError):
        encode(value)
