"""Inclusion and consistency proofs of the ledger's tree, made and checked.

Source: RFC 9162 sections 2.1.3 and 2.1.4 (the tree is that of RFC 6962).
"""

from collections.abc import Sequence

from expert_hub.ledger.merkle import EMPTY_ROOT, node_hash


class LedgerTree:
    """The tree over leaf hashes, with its complete subtrees kept, so that many proofs cost little.

    Args:
        leaves: leaf hashes in order, 32 bytes each.
    """

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self._levels = [list(leaves)]
        while len(level := self._levels[-1]) > 1:
            pairs = range(0, len(level) - 1, 2)
            self._levels.append([node_hash(level[place], level[place + 1]) for place in pairs])

    def __len__(self) -> int:
        return len(self._levels[0])

    def root(self, size: int | None = None) -> bytes:
        """Root over the first `size` leaves, or over all."""
        size = len(self) if size is None else size
        return self._range(0, size) if size else EMPTY_ROOT

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """Proof that leaf `index` is among the first `size` leaves, from the bottom up.

        Raises:
            IndexError: it is not.
        """
        if not 0 <= index < size <= len(self):
            raise IndexError(index)
        return self._path(index, 0, size)

    def consistency(self, old: int, new: int) -> list[bytes]:
        """Proof that the first `old` leaves are the beginning of the first `new`; empty for `old` 0 or `new`.

        Raises:
            IndexError: `old` is larger than `new`, or `new` than the tree.
        """
        if not 0 <= old <= new <= len(self):
            raise IndexError(old)
        return self._subproof(old, 0, new, whole=True) if 0 < old < new else []

    def _range(self, start: int, end: int) -> bytes:
        size = end - start
        if size & (size - 1) == 0:
            level = size.bit_length() - 1
            return self._levels[level][start >> level]
        split = start + _split(size)
        return node_hash(self._range(start, split), self._range(split, end))

    def _path(self, index: int, start: int, end: int) -> list[bytes]:
        if end - start == 1:
            return []
        split = start + _split(end - start)
        if index < split:
            return [*self._path(index, start, split), self._range(split, end)]
        return [*self._path(index, split, end), self._range(start, split)]

    def _subproof(self, old: int, start: int, end: int, *, whole: bool) -> list[bytes]:
        if old == end:
            return [] if whole else [self._range(start, end)]
        split = start + _split(end - start)
        if old <= split:
            return [*self._subproof(old, start, split, whole=whole), self._range(split, end)]
        return [*self._subproof(old, split, end, whole=False), self._range(start, split)]


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """True if the proof shows that `leaf` stands at `index` of the tree with this size and root."""
    if not 0 <= index < size:
        return False
    place, last, node = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            node = node_hash(sibling, node)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and node == root


def is_consistent(old: tuple[int, bytes], new: tuple[int, bytes], proof: Sequence[bytes]) -> bool:
    """True if the proof shows that the tree `old` (size, root) is the beginning of the tree `new`."""
    (old_size, old_root), (new_size, new_root) = old, new
    if not 0 <= old_size <= new_size:
        return False
    if old_size in (0, new_size):
        return not proof and (old_root == (EMPTY_ROOT if old_size == 0 else new_root))
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    if not path:
        return False
    place, last = old_size - 1, new_size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    return _climbs(path, (place, last), old_root, new_root)


def _climbs(path: list[bytes], at: tuple[int, int], old_root: bytes, new_root: bytes) -> bool:
    place, last = at
    left = right = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            left, right = node_hash(sibling, left), node_hash(sibling, right)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            right = node_hash(right, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and left == old_root and right == new_root
