"""The Merkle tree over the leaves of the pool: root and proofs. Standard library only.

Leaf ``h("leaf", canonical(leaf))``, node ``h("node", left, right)``, shape of RFC 6962: a last node without partner
moves up as it is.
"""

import hashlib

from scheduling.seed import h, u64

_LEAF_PREFIX = u64(4) + b"leaf"
_NODE_PREFIX = u64(4) + b"node" + u64(32)
_NODE_MIDDLE = u64(32)
HASH = 32


def leaf_hash(text: bytes) -> bytes:
    """Return the hash of a leaf, given its canonical bytes.

    Source: XD-1 section 1
    """
    return hashlib.sha256(_LEAF_PREFIX + u64(len(text)) + text).digest()


class PoolTree:
    """All levels of the tree, from the leaves up, each as one string of hashes: a million of them fit into 64 MB.

    Args:
        hashes: leaf hashes in order, joined.

    Source: RFC 6962 section 2.1 (shape)
    """

    __slots__ = ("_levels",)

    def __init__(self, hashes: bytes) -> None:
        self._levels = [hashes]
        while len(level := self._levels[-1]) > HASH:
            self._levels.append(_above(level))

    @property
    def root(self) -> str:
        """The root, hex."""
        return (self._levels[-1] or h("empty")).hex()

    def proof(self, position: int) -> list[str]:
        """Return the siblings from the leaf up, hex."""
        path = []
        for level in self._levels[:-1]:
            start = (position ^ 1) * HASH
            if start < len(level):
                path.append(level[start : start + HASH].hex())
            position >>= 1
        return path


def _above(level: bytes) -> bytes:
    pairs = range(0, len(level) - HASH, 2 * HASH)
    nodes = [
        hashlib.sha256(
            _NODE_PREFIX + level[start : start + HASH] + _NODE_MIDDLE + level[start + HASH : start + 2 * HASH]
        ).digest()
        for start in pairs
    ]
    return b"".join(nodes) + level[len(nodes) * 2 * HASH :]
