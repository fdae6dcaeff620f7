"""Digests and layout of the commitment and the transcript. Standard library only."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from scheduling.canonical import encode
from scheduling.seed import h

PROTOCOL = "XD-1/first-form"
PARTIES = ("centre", "supervisor")
# Fields of a leaf, in this order.
PID, SALT, UNIT, QUOTAS, CLASSES, GROUNDS = range(6)
Leaf = list[Any]


def merkle_root(leaves: Sequence[Leaf]) -> str:
    """Return the root over the leaves in their order, hex.

    Leaf: ``h("leaf", canonical(leaf))``; node: ``h("node", left, right)``; a last node without partner moves up as it
    is; no leaf at all: ``h("empty")``.

    Source: RFC 6962 section 2.1 (shape of the tree)
    """
    level = [h("leaf", encode(leaf)) for leaf in leaves]
    while len(level) > 1:
        paired = [h("node", level[place], level[place + 1]) for place in range(0, len(level) - 1, 2)]
        level = paired + level[len(paired) * 2 :]
    return (level[0] if level else h("empty")).hex()


def lottery_hash(document: dict[str, Any]) -> str:
    """Return ``h("lottery", canonical(document))``, hex.

    Source: XD-1, step COMMIT
    """
    return h("lottery", encode(document)).hex()


def commit_digest(body: dict[str, Any]) -> str:
    """Return ``h("commit", canonical(body))``, hex: the value that is published before the randomness exists.

    Source: domain DR-21
    """
    return h("commit", encode(body)).hex()


def transcript_digest(transcript: dict[str, Any]) -> str:
    """Return ``h("transcript", canonical(transcript without "digest"))``, hex.

    Source: engineering choice
    """
    return h("transcript", encode({key: value for key, value in transcript.items() if key != "digest"})).hex()


def contribution_commitment(secret: bytes) -> str:
    """Return what a party publishes before the draw: SHA-256 of its secret, hex.

    Source: domain DR-21
    """
    return hashlib.sha256(secret).hexdigest()


def draw_seed(digest: str, contributions: Mapping[str, bytes]) -> bytes:
    """Return ``h("seed", commit digest, centre secret, supervisor secret)``, 32 bytes.

    Args:
        digest: commit digest, hex; it enters as its 32 bytes.
        contributions: secret per party.

    Source: XD-1, step SEED
    """
    return h("seed", bytes.fromhex(digest), *(contributions[party] for party in PARTIES))


def exclusion_document(leaves: Sequence[Leaf], k_anonymity: int) -> dict[str, Any]:
    """Return persons per ground, those below k merged, and the sum hidden when it is below k itself.

    Source: domain CF-08
    """
    counts: dict[str, int] = {}
    for leaf in leaves:
        for ground in leaf[GROUNDS]:
            counts[ground] = counts.get(ground, 0) + 1
    shown = {ground: count for ground, count in sorted(counts.items()) if count >= k_anonymity}
    rest = sum(counts.values()) - sum(shown.values())
    return {
        "shown": [[ground, count] for ground, count in shown.items()],
        "merged": rest if rest >= k_anonymity else None,
    }


def eligible_counts(leaves: Sequence[Leaf], quotas: int) -> list[int]:
    """Return the number of eligible candidates per quota position.

    Source: XD-1, step COMMIT
    """
    counts = [0] * quotas
    for leaf in leaves:
        for quota in leaf[QUOTAS]:
            counts[quota] += 1
    return counts
