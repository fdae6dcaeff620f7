"""Inclusion and consistency against the recursive definitions of RFC 6962, and many wrong proofs."""

import hashlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.verify_draw import is_consistent, is_included, ledger_node, pool_node
from tests.scheduling.transcripts.world import consistency, inclusion, root_of

SIZES = range(1, 71)
LEAVES = [hashlib.sha256(bytes([number])).digest() for number in range(70)]
OTHER = hashlib.sha256(b"other").digest()


def wrong_proofs(proof):
    """Proofs that differ from a good one by one step."""
    for place in range(len(proof)):
        yield proof[:place] + proof[place + 1 :]
        yield [*proof[:place], OTHER, *proof[place + 1 :]]
        yield [*proof[:place], proof[place], *proof[place:]]
    for place, (one, other) in enumerate(pairwise(proof)):
        yield [*proof[:place], other, one, *proof[place + 2 :]]
    yield [*proof, OTHER]
    yield [OTHER, *proof]


@pytest.mark.parametrize("node", [ledger_node, pool_node])
def test_every_leaf_of_every_size_is_included(node):
    for size in SIZES:
        root = root_of(LEAVES[:size], node)
        for index in range(size):
            proof = inclusion(index, LEAVES[:size], node)
            assert is_included((index, size), LEAVES[index], proof, root, node)


def test_no_wrong_proof_includes():
    for size in SIZES:
        root = root_of(LEAVES[:size], ledger_node)
        for index in range(size):
            proof = inclusion(index, LEAVES[:size], ledger_node)
            for wrong in wrong_proofs(proof):
                assert not is_included((index, size), LEAVES[index], wrong, root, ledger_node)
            assert not is_included((index, size), OTHER, proof, root, ledger_node)
            assert not is_included((index, size), LEAVES[index], proof, OTHER, ledger_node)
            assert not is_included((size, size), LEAVES[index], proof, root, ledger_node)


def test_no_leaf_stands_at_another_index_of_its_tree():
    for size in range(2, 33):
        root = root_of(LEAVES[:size], ledger_node)
        for index in range(size):
            proof = inclusion(index, LEAVES[:size], ledger_node)
            others = [at for at in range(size) if at != index]
            assert not any(is_included((at, size), LEAVES[index], proof, root, ledger_node) for at in others)


def test_every_pair_of_sizes_is_consistent_and_no_wrong_proof_is():
    roots = {size: root_of(LEAVES[:size], ledger_node) for size in SIZES}
    for new in SIZES:
        for old in range(1, new + 1):
            proof = consistency(old, LEAVES[:new])
            states = (old, roots[old]), (new, roots[new])
            assert is_consistent(*states, proof)
            assert not any(is_consistent(*states, wrong) for wrong in wrong_proofs(proof))
            assert not is_consistent((old, OTHER), states[1], proof)
            assert not is_consistent(states[0], (new, OTHER), proof)


def test_no_other_sizes_fit_a_proof():
    """An older root that is said to be of another size is refused, whatever the proof."""
    roots = {size: root_of(LEAVES[:size], ledger_node) for size in range(1, 20)}
    for new in range(1, 20):
        for old in range(1, new + 1):
            proof = consistency(old, LEAVES[:new])
            said = [size for size in range(new + 2) if size != old]
            assert not any(is_consistent((size, roots[old]), (new, roots[new]), proof) for size in said)


def test_a_rolled_back_ledger_is_not_consistent():
    roots = [root_of(LEAVES[:size], ledger_node) for size in (5, 9)]
    proof = consistency(5, LEAVES[:9])
    assert not is_consistent((9, roots[1]), (5, roots[0]), proof)
    assert not is_consistent((0, roots[0]), (9, roots[1]), proof)
    assert not is_consistent((0, roots[0]), (9, roots[1]), [])


@given(
    st.tuples(st.integers(0, 2**53), st.integers(0, 2**53)),
    st.lists(st.sampled_from([*LEAVES[:4], OTHER]), max_size=70),
)
def test_invented_proofs_end_and_fail(place, proof):
    assert not is_included(place, LEAVES[0], proof, OTHER[::-1], ledger_node)
    assert not is_consistent((place[0], LEAVES[0]), (place[1], OTHER[::-1]), proof)
