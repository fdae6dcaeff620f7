import pytest

from scheduling.pool_tree import PoolTree, leaf_hash
from scheduling.seed import h


def _root(hashes: list[bytes]) -> bytes:
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return h("node", _root(hashes[:split]), _root(hashes[split:]))


def _climb(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes:
    last = size - 1
    for sibling in proof:
        while index == last and not index & 1:
            index, last = index >> 1, last >> 1
        leaf = h("node", sibling, leaf) if index & 1 else h("node", leaf, sibling)
        index, last = index >> 1, last >> 1
    return leaf


@pytest.mark.parametrize("size", range(1, 40))
def test_root_and_proofs_have_the_shape_of_rfc_6962(size: int) -> None:
    hashes = [leaf_hash(str(number).encode()) for number in range(size)]
    tree = PoolTree(b"".join(hashes))
    assert tree.root == _root(hashes).hex()
    for index in range(size):
        proof = [bytes.fromhex(node) for node in tree.proof(index)]
        assert _climb(hashes[index], index, size, proof).hex() == tree.root


def test_leaf_and_empty_root_are_domain_separated() -> None:
    assert leaf_hash(b"x") == h("leaf", b"x")
    assert PoolTree(b"").root == h("empty").hex()
