import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.canonical import encode
from scheduling.errors import CommitmentBrokenError
from scheduling.leaves import (
    Leaves,
    candidates_by_pid,
    eligible_leaf,
    excluded_leaf,
    ground_counts,
    name_commitment,
    pseudonym,
    unit_tag,
)
from scheduling.pool_tree import leaf_hash
from scheduling.seed import h

KEY = b"k" * 32
TEXTS = [eligible_leaf(pseudonym(KEY, f"e{n}"), (n, 0), unit_tag(KEY, "", f"e{n}"), "00" * 32) for n in range(5)]


def test_a_pseudonym_is_a_keyed_digest_cut_in_three() -> None:
    octets = hmac.digest(KEY, b"e1", "sha512")
    found = pseudonym(KEY, "e1")
    assert (found.pid, found.salt, found.name_salt) == (octets[:32], octets[32:48], octets[48:])
    assert pseudonym(b"l" * 32, "e1") != found
    assert candidates_by_pid(KEY, ["e1", "e2"])[found.pid.hex()] == "e1"


def test_colleagues_share_a_tag_and_nobody_else_does() -> None:
    assert unit_tag(KEY, "u", "a") == unit_tag(KEY, "u", "b") != unit_tag(KEY, "v", "a")
    assert unit_tag(KEY, "", "a") != unit_tag(KEY, "", "b")
    assert unit_tag(KEY, "a", "x") != unit_tag(KEY, "", "a")


@given(st.text(max_size=8), st.integers(0, 999), st.integers(0, 9))
def test_leaves_are_written_canonically(candidate: str, group: int, block: int) -> None:
    of = pseudonym(KEY, candidate)
    unit, name = unit_tag(KEY, "u", candidate), name_commitment(of.name_salt, candidate)
    assert eligible_leaf(of, (group, block), unit, name) == encode(
        [of.pid.hex(), of.salt.hex(), group, block, unit, name, []]
    )
    assert excluded_leaf(of, ("C01", "Q1")) == encode([of.pid.hex(), of.salt.hex(), None, None, "", "", ["C01", "Q1"]])


def test_leaves_are_packed_opened_and_found_again() -> None:
    leaves = Leaves(TEXTS)
    again = Leaves.from_bytes(leaves.to_bytes(), leaves.tree.root)
    assert again.texts == TEXTS
    assert len(again) == 5
    position, leaf, proof = again.opening(2)
    assert (position, encode(leaf)) == (2, TEXTS[2])
    assert proof == leaves.tree.proof(2)
    assert again.position_of(pseudonym(KEY, "e3").pid.hex()) == 3
    assert again.position_of("00" * 32) is None
    assert again.unit_of(4) == unit_tag(KEY, "", "e4")


def test_changed_leaves_are_refused() -> None:
    leaves = Leaves(TEXTS)
    with pytest.raises(CommitmentBrokenError):
        Leaves.from_bytes(Leaves(TEXTS[1:]).to_bytes(), leaves.tree.root)


def test_an_empty_pool_survives() -> None:
    empty = Leaves([])
    assert Leaves.from_bytes(empty.to_bytes(), h("empty").hex()).texts == []


def test_hashes_and_counts() -> None:
    assert leaf_hash(TEXTS[0]) == h("leaf", TEXTS[0])
    assert ground_counts([("C01",), ("C01", "C16"), ()]) == {"C01": 2, "C16": 1}
