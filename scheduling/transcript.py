"""Digests and seeds of XD-1. Standard library only."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scheduling.canonical import encode
from scheduling.seed import h, u64

PROTOCOL = "XD-1"
SUITE = "intl"
FIRST_PARTIES = ("centre", "supervisor")


def lottery_hash(document: dict[str, Any]) -> str:
    """Return ``h("lottery", canonical(document))``, hex.

    Source: XD-1 section 4
    """
    return h("lottery", encode(document)).hex()


def policy_hash(policy: dict[str, Any]) -> str:
    """Return ``h("policy", canonical(policy))``, hex.

    Source: XD-1 section 2
    """
    return h("policy", encode(policy)).hex()


def commit_digest(body: dict[str, Any]) -> str:
    """Return ``h("commit", canonical(body))``, hex: what is published before the randomness exists.

    Source: domain DR-21
    """
    return h("commit", encode(body)).hex()


def transcript_digest(transcript: dict[str, Any]) -> str:
    """Return ``h("transcript", canonical(transcript without "digest"))``, hex.

    Source: XD-1 section 3
    """
    return h("transcript", encode({key: value for key, value in transcript.items() if key != "digest"})).hex()


def signed_digest(context: str, digest: bytes) -> bytes:
    """Return what a party signs: ``h("sign", context, digest)``.

    Source: XD-1 section 1
    """
    return h("sign", context.encode(), digest)


def outcome_digest(commitment: str, place: tuple[int, int, int], outcome: str) -> bytes:
    """Return what the supervisor signs about a member who leaves.

    Args:
        commitment: commit digest, hex.
        place: number of the drawing, seat, position.
        outcome: kind, without ``draws/``.

    Source: XD-1 section 8
    """
    return h("outcome", bytes.fromhex(commitment), *(u64(number) for number in place), outcome.encode())


@dataclass(frozen=True, slots=True)
class BeaconValue:
    """Randomness of a beacon round.

    Args:
        level: ``public`` or ``federated``.
        chain: chain hash, hex.
        round: number of the round.
        signature, previous: hex; previous only in the chained scheme.

    Source: XD-1 section 6
    """

    level: str
    chain: str
    round: int
    signature: str
    previous: str | None = None

    @property
    def randomness(self) -> bytes:
        """SHA-256 of the signature, 32 bytes."""
        return hashlib.sha256(bytes.fromhex(self.signature)).digest()


def beacon_parts(beacon: BeaconValue | None) -> tuple[bytes, ...]:
    """Return what the beacon adds to a seed: level, chain, round, randomness; empty strings without a beacon.

    Source: XD-1 section 6
    """
    if beacon is None:
        return (b"parties", b"", b"", b"")
    return (beacon.level.encode(), bytes.fromhex(beacon.chain), u64(beacon.round), beacon.randomness)


def draw_seed(commitment: str, links: Sequence[bytes], beacon: BeaconValue | None) -> bytes:
    """Return the seed of the first drawing, 32 bytes.

    Args:
        commitment: commit digest, hex.
        links: in the order of the parties of the commitment.
        beacon: None at the level ``parties``.

    Source: XD-1 section 6
    """
    return h("seed", bytes.fromhex(commitment), *links, *beacon_parts(beacon))


def replacement_seed(seed: bytes, number: int, links: Sequence[bytes], beacon: BeaconValue | None) -> bytes:
    """Return the seed of replacement ``number`` (1, 2, ...), 32 bytes.

    Source: XD-1 section 9
    """
    return h("replace", seed, u64(number), *links, *beacon_parts(beacon))


def exclusion_document(counts: Mapping[str, int], k_anonymity: int) -> dict[str, Any]:
    """Return persons per ground, those below k merged, and the sum hidden when it is below k itself.

    Source: domain CF-08
    """
    shown = {ground: count for ground, count in sorted(counts.items()) if count >= k_anonymity}
    rest = sum(counts.values()) - sum(shown.values())
    return {
        "shown": [[ground, count] for ground, count in shown.items()],
        "merged": rest if rest >= k_anonymity else None,
    }
