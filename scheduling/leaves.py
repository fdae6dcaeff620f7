"""The leaves of the pool: pseudonyms, salts, everybody's place, and proofs that open one. Standard library only.

A leaf is ``[pid, salt, class, block, unit, name, grounds]``. Everything about a person is derived from the key of the
draw, so that the key alone turns a position back into a person, and nothing else does.
"""

import hmac
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scheduling.canonical import decode
from scheduling.errors import CommitmentBrokenError
from scheduling.pool_tree import PoolTree, leaf_hash
from scheduling.seed import h

KEY_BYTES = 32
PID, SALT, CLASS, BLOCK, UNIT, NAME, GROUNDS = range(7)
Leaf = list[Any]


@dataclass(frozen=True, slots=True)
class Pseudonym:
    """What the key of a draw makes of one candidate.

    Args:
        pid: 32 bytes, stands for the candidate.
        salt: 16 bytes, hides the leaf until it is opened.
        name_salt: 16 bytes, hides the name until it is published.

    Source: XD-1 section 3
    """

    pid: bytes
    salt: bytes
    name_salt: bytes


def masked(draw_key: bytes, candidate_id: str) -> bytes:
    """Return HMAC-SHA-512 of a candidate under the key of the draw; it begins with the pid, so it sorts like one.

    Source: RFC 2104; XD-1 section 3
    """
    return hmac.digest(draw_key, candidate_id.encode(), "sha512")


def cut(octets: bytes) -> Pseudonym:
    """Return pseudonym and salts out of a masked candidate.

    Source: XD-1 section 3
    """
    return Pseudonym(octets[:32], octets[32:48], octets[48:])


def pseudonym(draw_key: bytes, candidate_id: str) -> Pseudonym:
    """Return the pseudonym and salts of a candidate.

    Source: XD-1 section 3
    """
    return cut(masked(draw_key, candidate_id))


def candidates_by_pid(draw_key: bytes, candidate_ids: Iterable[str]) -> dict[str, str]:
    """Return candidate_id by pid (hex), for the one who holds the key.

    Source: engineering choice
    """
    return {pseudonym(draw_key, candidate_id).pid.hex(): candidate_id for candidate_id in candidate_ids}


def name_commitment(name_salt: bytes, name: str) -> str:
    """Return ``h("name", name_salt, name)``, hex.

    Source: XD-1 section 3
    """
    return h("name", name_salt, name.encode()).hex()


def unit_tag(draw_key: bytes, unit: str, candidate_id: str) -> str:
    """Return the tag of an employer, or one of its own for a candidate without.

    Source: domain C14; XD-1 section 3
    """
    if unit:
        return h("unit", draw_key, unit.encode()).hex()
    return h("alone", draw_key, candidate_id.encode()).hex()


def eligible_leaf(of: Pseudonym, place: tuple[int, int], unit: str, name: str) -> bytes:
    """Return the canonical bytes of the leaf of an eligible candidate.

    Args:
        of: pseudonym and salts.
        place: class and block.
        unit: tag.
        name: commitment.

    Source: XD-1 section 3
    """
    # Written directly: the general encoder takes ten times as long, and there may be a million leaves.
    return f'["{of.pid.hex()}","{of.salt.hex()}",{place[0]},{place[1]},"{unit}","{name}",[]]'.encode()


def excluded_leaf(of: Pseudonym, grounds: Sequence[str]) -> bytes:
    """Return the canonical bytes of the leaf of an excluded candidate.

    Source: XD-1 section 3
    """
    listed = ",".join(f'"{ground}"' for ground in grounds)
    return f'["{of.pid.hex()}","{of.salt.hex()}",null,null,"","",[{listed}]]'.encode()


class Leaves:
    """All leaves of a pool in order, as canonical bytes, with their tree.

    Args:
        texts: canonical bytes of each leaf.

    Source: XD-1 section 3
    """

    __slots__ = ("_tree", "texts")

    def __init__(self, texts: Sequence[bytes]) -> None:
        self.texts = list(texts)
        self._tree: PoolTree | None = None

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def tree(self) -> PoolTree:
        """The tree, built when it is first asked for."""
        if self._tree is None:
            self._tree = PoolTree(b"".join(map(leaf_hash, self.texts)))
        return self._tree

    def leaf(self, position: int) -> Leaf:
        """Return the leaf at a position."""
        leaf: Any = decode(self.texts[position])
        return list(leaf)

    def unit_of(self, position: int) -> str:
        """Return the unit tag at a position."""
        return str(self.leaf(position)[UNIT])

    def opening(self, position: int) -> list[Any]:
        """Return ``[position, leaf, proof]``."""
        return [position, self.leaf(position), self.tree.proof(position)]

    def position_of(self, pid: str) -> int | None:
        """Return the position of a pseudonym, None when the pool has no such candidate."""
        start = f'["{pid}"'.encode()
        return next((place for place, text in enumerate(self.texts) if text.startswith(start)), None)

    def to_bytes(self) -> bytes:
        """Return the leaves packed, to be kept until the draw is over."""
        return zlib.compress(b"\n".join(self.texts), 1)

    @staticmethod
    def from_bytes(raw: bytes, root: str) -> "Leaves":
        """Read what ``to_bytes`` wrote.

        Raises:
            CommitmentBrokenError: the leaves do not have this root.
        """
        packed = zlib.decompress(raw)
        leaves = Leaves(packed.split(b"\n") if packed else [])
        if leaves.tree.root != root:
            raise CommitmentBrokenError(part="pool")
        return leaves


def ground_counts(grounds: Iterable[Sequence[str]]) -> Mapping[str, int]:
    """Return the number of persons per ground.

    Source: domain CF-08
    """
    counts: dict[str, int] = {}
    for codes in grounds:
        for code in codes:
            counts[code] = counts.get(code, 0) + 1
    return counts
