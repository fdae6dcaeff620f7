"""The Merkle tree of RFC 6962 as a fold: the frontier of complete subtrees is all that appending needs.

Source: RFC 6962 section 2.1 (leaf hashes have prefix 0, inner nodes prefix 1).
"""

import hashlib
from collections.abc import Iterable

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(content: bytes) -> bytes:
    """Hash of one entry, 32 bytes."""
    return hashlib.sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node, 32 bytes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def grow(frontier: list[bytes], size: int, leaf: bytes) -> list[bytes]:
    """The frontier after one more leaf.

    Args:
        frontier: roots of the complete subtrees of a tree of `size` leaves, largest first; one for each 1 bit of
            `size`.
        size: number of leaves before.
        leaf: hash of the new leaf.
    """
    out = list(frontier)
    node = leaf
    while size & 1:
        node = node_hash(out.pop(), node)
        size >>= 1
    return [*out, node]


def root_of(frontier: list[bytes]) -> bytes:
    """Root of the tree with this frontier."""
    if not frontier:
        return EMPTY_ROOT
    root = frontier[-1]
    for subtree in reversed(frontier[:-1]):
        root = node_hash(subtree, root)
    return root


def root_of_leaves(leaves: Iterable[bytes]) -> bytes:
    """Root over leaf hashes in order, by growing a frontier."""
    frontier: list[bytes] = []
    for size, leaf in enumerate(leaves):
        frontier = grow(frontier, size, leaf)
    return root_of(frontier)
