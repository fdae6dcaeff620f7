import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.canonical import encode
from scheduling.seed import h
from scheduling.transcript import (
    commit_digest,
    contribution_commitment,
    draw_seed,
    eligible_counts,
    exclusion_document,
    lottery_hash,
    merkle_root,
    transcript_digest,
)

Leaf = list[object]


def leaf(number: int, quotas: tuple[int, ...] = (), grounds: tuple[str, ...] = ()) -> Leaf:
    return [f"{number:064x}", "0" * 32, "0" * 64, list(quotas), [], list(grounds)]


def tree(hashes: list[bytes]) -> bytes:
    """RFC 6962: split at the largest power of two below the number of leaves."""
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return h("node", tree(hashes[:split]), tree(hashes[split:]))


@given(st.integers(1, 40))
def test_rfc_6962_shape_of_the_tree(size: int) -> None:
    leaves = [leaf(number) for number in range(size)]
    assert merkle_root(leaves) == tree([h("leaf", encode(list(item))) for item in leaves]).hex()


def test_root_without_leaves_and_with_other_leaves() -> None:
    assert merkle_root([]) == h("empty").hex()
    assert len({merkle_root([leaf(0), leaf(1)]), merkle_root([leaf(1), leaf(0)]), merkle_root([leaf(0)])}) == 3


def test_digests_of_different_purposes_differ() -> None:
    assert len({commit_digest({}), lottery_hash({}), transcript_digest({})}) == 3
    assert transcript_digest({"a": 1, "digest": "x"}) == transcript_digest({"a": 1})


def test_dr_21_seed_takes_the_parties_in_fixed_order() -> None:
    secrets = {"supervisor": b"s" * 32, "centre": b"c" * 32}
    assert draw_seed("ab" * 32, secrets) == h("seed", b"\xab" * 32, b"c" * 32, b"s" * 32)
    assert contribution_commitment(b"c") == hashlib.sha256(b"c").hexdigest()


@pytest.mark.parametrize(
    ("k", "expected"),
    [
        (1, {"shown": [["C01", 3], ["C16", 2], ["Q1", 1]], "merged": None}),
        (2, {"shown": [["C01", 3], ["C16", 2]], "merged": None}),
        (3, {"shown": [["C01", 3]], "merged": 3}),
        (7, {"shown": [], "merged": None}),
    ],
)
def test_cf_08_small_counts_are_merged_or_hidden(k: int, expected: dict[str, object]) -> None:
    leaves = [leaf(0, grounds=("C01", "C16")), leaf(1, grounds=("C01", "C16")), leaf(2, grounds=("C01", "Q1"))]
    assert exclusion_document(leaves, k) == expected


def test_eligible_counts_are_per_quota() -> None:
    assert eligible_counts([leaf(0, (0, 2)), leaf(1, (2,)), leaf(2)], 3) == [1, 0, 2]
