import pytest

from expert_hub.ledger.merkle import EMPTY_ROOT, leaf_hash, root_of_leaves
from expert_hub.ledger.proofs import LedgerTree, is_consistent, is_included

LEAVES = [leaf_hash(str(number).encode()) for number in range(70)]


def test_roots_of_all_sizes_are_those_of_the_fold() -> None:
    tree = LedgerTree(LEAVES)
    assert tree.root(0) == EMPTY_ROOT
    assert [tree.root(size) for size in range(1, 71)] == [root_of_leaves(LEAVES[:size]) for size in range(1, 71)]


def test_inclusion_is_shown_for_every_leaf_and_nothing_else() -> None:
    tree = LedgerTree(LEAVES)
    for size in range(1, 34):
        root = tree.root(size)
        for index in range(size):
            proof = tree.inclusion(index, size)
            assert is_included(LEAVES[index], index, size, proof, root)
            wrong = [
                is_included(LEAVES[index], other, size, proof, root) for other in range(size + 2) if other != index
            ]
            wrong += [
                is_included(LEAVES[index + 1], index, size, proof, root),
                is_included(LEAVES[index], index, size, [*proof, EMPTY_ROOT], root),
                is_included(LEAVES[index], index, size, proof, EMPTY_ROOT),
                is_included(LEAVES[index], index, size, proof[1:], root) if proof else False,
            ]
            assert not any(wrong)


def test_consistency_is_shown_for_every_pair_of_sizes_and_nothing_else() -> None:
    tree = LedgerTree(LEAVES)
    for new in range(40):
        for old in range(new + 1):
            proof = tree.consistency(old, new)
            states = (old, tree.root(old)), (new, tree.root(new))
            assert is_consistent(*states, proof)
            assert not is_consistent((old, leaf_hash(b"x")), states[1], proof)
            assert not is_consistent(states[0], states[1], [*proof, EMPTY_ROOT])
            if 0 < old < new:
                assert not is_consistent(states[0], (new, leaf_hash(b"x")), proof)
                assert not is_consistent(states[0], states[1], proof[:-1])
                assert not is_consistent((old - 1, tree.root(old - 1)), states[1], proof) or old == 1
            if old < new:
                assert not is_consistent(states[1], states[0], proof)


@pytest.mark.parametrize(("old", "new"), [(-1, 3), (4, 3), (0, 71)])
def test_proofs_outside_the_tree_are_refused(old: int, new: int) -> None:
    tree = LedgerTree(LEAVES)
    with pytest.raises(IndexError):
        tree.consistency(old, new)
    with pytest.raises(IndexError):
        tree.inclusion(71 if new > 70 else -1, new)
