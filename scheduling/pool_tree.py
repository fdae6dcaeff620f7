"""The Merkle tree over the leaves of the pool: root and proofs. Standard library only.

Leaf ``h("leaf", canonical(leaf))``, node ``h("node", left, right)``, shape of RFC 6962: a last node without partner
moves up as it is.
"""

import hashlib
from collections.abc import Sequence

from scheduling.seed import h, u64

_LEAF_PREFIX = u64(4) + b"leaf"
_NODE_PREFIX = u64(4) + b"node" + u64(32)
_NODE_MIDDLE = u64(32)
Level = list[bytes]


def leaf_hash(text: bytes) -> bytes:
    """Return the hash of a leaf, given its canonical bytes.

    Source: XD-1 section 1
    """
    return hashlib.sha256(_LEAF_PREFIX + u64(len(text)) + text).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE_PREFIX + left + _NODE_MIDDLE + right).digest()


class PoolTree:
    """All levels of the tree, from the leaves up.

    Args:
        hashes: leaf hashes in order.

    Source: RFC 6962 section 2.1 (shape)
    """

    __slots__ = ("_levels",)

    def __init__(self, hashes: Sequence[bytes]) -> None:
        self._levels: list[Level] = [list(hashes)]
        while len(level := self._levels[-1]) > 1:
            above = [_node(level[place], level[place + 1]) for place in range(0, len(level) - 1, 2)]
            self._levels.append(above + level[len(above) * 2 :])

    @property
    def root(self) -> str:
        """The root, hex."""
        top = self._levels[-1]
        return (top[0] if top else h("empty")).hex()

    def proof(self, position: int) -> list[str]:
        """Return the siblings from the leaf up, hex."""
        path = []
        for level in self._levels[:-1]:
            sibling = position ^ 1
            if sibling < len(level):
                path.append(level[sibling].hex())
            position >>= 1
        return path
